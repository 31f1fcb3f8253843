//! What stands in a folder: path → bytes and time of change.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::SystemTime,
};

const LEDGER: &str = "state/ledger.sqlite";

/// Files by path; folders too, with a slash at the end and no bytes. The run ledger is left out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Tree(BTreeMap<String, (Vec<u8>, SystemTime)>);

impl Tree {
    pub(crate) fn of(root: &Path) -> Self {
        let mut tree = BTreeMap::new();
        gather(root, "", &mut tree);
        Self(tree)
    }

    /// File paths, without the lock file.
    pub(crate) fn files(&self) -> BTreeSet<&str> {
        self.0
            .keys()
            .map(String::as_str)
            .filter(|path| !path.ends_with(['/']) && !path.ends_with(".lock"))
            .collect()
    }

    pub(crate) fn bytes(&self, path: &str) -> &[u8] {
        &self.0.get(path).unwrap_or_else(|| panic!("no {path}")).0
    }

    /// Panics with the paths where bytes or times differ, folders and lock file included.
    #[track_caller]
    pub(crate) fn assert_untouched(&self, after: &Self) {
        let touched = differing(&self.0, &after.0);
        assert!(touched.is_empty(), "touched: {touched:#?}");
    }

    /// Panics with the paths where bytes differ; the lock file and all times are left out.
    #[track_caller]
    pub(crate) fn assert_same_bytes(&self, other: &Self) {
        let (one, other) = (self.contents(), other.contents());
        let differing = differing(&one, &other);
        assert!(differing.is_empty(), "not the same bytes: {differing:#?}");
    }

    /// Files whose bytes or times differ from `after`, without the lock file.
    pub(crate) fn changed<'a>(&'a self, after: &'a Self) -> BTreeSet<&'a str> {
        let all: BTreeSet<&str> = self.files().union(&after.files()).copied().collect();
        all.into_iter().filter(|path| self.0.get(*path) != after.0.get(*path)).collect()
    }

    fn contents(&self) -> BTreeMap<String, &[u8]> {
        self.files().into_iter().map(|path| (path.to_owned(), self.bytes(path))).collect()
    }
}

fn differing<'a, T: PartialEq>(
    one: &'a BTreeMap<String, T>,
    other: &'a BTreeMap<String, T>,
) -> Vec<&'a String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    paths.into_iter().filter(|path| one.get(*path) != other.get(*path)).collect()
}

fn gather(folder: &Path, below: &str, tree: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, changed) = (entry.path(), entry.metadata().unwrap().modified().unwrap());
        let name = format!("{below}{}", entry.file_name().into_string().unwrap());
        // The ledger tells when things were done, which is never the same.
        if name == LEDGER {
            continue;
        }
        if name == "state" {
            gather(&path, "state/", tree);
        } else if path.is_dir() {
            gather(&path, &format!("{name}/"), tree);
            tree.insert(format!("{name}/"), (Vec::new(), changed));
        } else {
            tree.insert(name, (fs::read(path).unwrap(), changed));
        }
    }
}
