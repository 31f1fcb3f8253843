//! Where the corpus is: paths, globs and addresses become files and stores, in a fixed order, each once.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use corpus::is_data_file;
use globset::Glob;
use store::Store;
use walkdir::WalkDir;

use crate::{
    exit::{Code, Failure, OrFail},
    fetching,
    mappings::Mappings,
    settings::Settings,
};

/// The path that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// What the corpus is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// Raw files.
    pub(crate) files: BTreeSet<PathBuf>,
    /// Folders that are stores of tweets.
    pub(crate) stores: BTreeSet<PathBuf>,
}

impl Places {
    fn len(&self) -> usize {
        self.files.len() + self.stores.len()
    }
}

/// The places that these settings name. What is on the network is taken as it was fetched last.
pub(crate) fn places(settings: &Settings) -> Result<Places, Failure> {
    let mappings = Mappings::of(&settings.corpus.mapping)?;
    let mut found = Places::default();
    for path in &settings.corpus.paths {
        let before = found.len();
        if fetching::is_address(path) {
            found.files.insert(fetching::fetched(settings, path)?);
        } else if path.contains(['*', '?', '[', '{']) && !Path::new(path).exists() {
            matches(path, &mappings, &mut found)?;
        } else {
            below(Path::new(path), &mappings, &mut found).map_err(|error| unreadable(path, error))?;
        }
        if found.len() == before && !Path::new(path).exists() && path != STDIN {
            return Err(Failure::say(Code::Input, format!("no file matches `{path}`"))
                .hint("check the pattern, or name a folder"));
        }
    }
    for folder in fetching::folders(settings)? {
        below(&folder, &mappings, &mut found)
            .map_err(|error| unreadable(&folder.display().to_string(), error))?;
    }
    Ok(found)
}

pub(crate) fn unreadable(path: &str, error: io::Error) -> Failure {
    let failure = Failure::new(
        Code::Input,
        anyhow::Error::new(error).context(format!("cannot read the corpus `{path}`")),
    );
    failure.hint("name the files or folders with --corpus, or set `corpus.paths` in tuibao.toml")
}

/// Regular files below a path, and stores; hidden files, pictures and pages are no corpus, unless a mapping is for
/// them.
fn below(path: &Path, mappings: &Mappings, found: &mut Places) -> io::Result<()> {
    if path == Path::new(STDIN) || !std::fs::metadata(path)?.is_dir() {
        found.files.insert(path.to_owned());
        return Ok(());
    }
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut walk = WalkDir::new(path).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(io::Error::from)?;
        let is_folder = entry.file_type().is_dir();
        if entry.depth() > 0 && hidden(entry.file_name()) {
            if is_folder {
                walk.skip_current_dir();
            }
        } else if is_folder && Store::is_store(entry.path()) {
            walk.skip_current_dir();
            found.stores.insert(entry.into_path());
        } else if entry.file_type().is_file() && is_data(entry.path(), mappings) {
            found.files.insert(entry.into_path());
        }
    }
    Ok(())
}

fn is_data(path: &Path, mappings: &Mappings) -> bool {
    is_data_file(&path.to_string_lossy()) || mappings.of_file(path).is_some()
}

fn matches(pattern: &str, mappings: &Mappings, found: &mut Places) -> Result<(), Failure> {
    let glob = Glob::new(pattern).or_fail(Code::Usage)?.compile_matcher();
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let root = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    let mut all = Places::default();
    below(root, mappings, &mut all).map_err(|error| unreadable(pattern, error))?;
    let named = |paths: BTreeSet<PathBuf>| {
        let plain = paths.into_iter().map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path));
        plain.filter(|path| glob.is_match(path)).collect::<Vec<_>>()
    };
    found.files.extend(named(all.files));
    found.stores.extend(named(all.stores));
    Ok(())
}
