//! Where things stand in a store, and which names are ours.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{StoreError, columns, disk};

/// The folder of a store. A path only: nothing is read to make one.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    schema: serde_json::Value,
    program: String,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn marker(&self) -> PathBuf {
        self.root.join("_store.json")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("_journal.json")
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.root.join("_staging")
    }

    /// A file on its way.
    pub(crate) fn staged(&self, number: u32) -> PathBuf {
        self.staging().join(format!("{number}.parquet"))
    }

    pub(crate) fn day(&self, day: NaiveDate) -> PathBuf {
        self.root.join(format!("day={day}"))
    }

    pub(crate) fn part(&self, day: NaiveDate, part: &PartName) -> PathBuf {
        self.day(day).join(part.to_string())
    }

    /// Refuses a folder without marker, and a marker of another schema.
    pub(crate) fn check_marker(&self) -> Result<(), StoreError> {
        let path = self.marker();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::NotAStore(self.root.clone()));
            }
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        };
        let marker: Marker =
            serde_json::from_slice(&bytes).map_err(|error| StoreError::damaged(&path, error))?;
        if marker.schema == columns::VERSION_NUMBER {
            return Ok(());
        }
        Err(StoreError::Schema { path, found: marker.schema.to_string() })
    }

    /// Refuses a folder that is no store and holds other things, so that a mistyped path does not fill somebody's folder.
    pub(crate) fn check_importable(&self) -> Result<(), StoreError> {
        match self.check_marker() {
            Err(StoreError::NotAStore(_)) if self.is_vacant() => Ok(()),
            checked => checked,
        }
    }

    /// Makes an empty folder a store; one that is a store already is left alone. `_staging/` is there.
    pub(crate) fn mark(&self) -> Result<(), StoreError> {
        if self.marker().exists() {
            return Ok(());
        }
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let marker = Marker { schema: columns::VERSION_NUMBER.into(), program };
        let text = serde_json::to_string(&marker).unwrap_or_default() + "\n";
        let temporary = self.staging().join("_store.json");
        disk::write_whole(&temporary, text.as_bytes())?;
        disk::rename(&temporary, &self.marker())?;
        disk::sync_folder(&self.root)
    }

    /// Holds at most what an import that died at its start has left.
    fn is_vacant(&self) -> bool {
        let mut names = fs::read_dir(&self.root).into_iter().flatten().flatten();
        names.all(|entry| ["_lock", "_gate", "_staging"].iter().any(|ours| entry.file_name() == *ours))
    }

    /// Days that have a folder, in order.
    pub(crate) fn days(&self) -> Result<Vec<NaiveDate>, StoreError> {
        let day = |name: &String| name.strip_prefix("day=")?.parse().ok();
        // chrono reads `2026-1-4` too; such a folder is none of ours.
        let ours = |day: &NaiveDate, name: &String| format!("day={day}") == *name;
        let names = names(&self.root)?;
        let days = names.iter().filter_map(|name| day(name).filter(|day| ours(day, name)));
        let mut days: Vec<NaiveDate> = days.collect();
        days.sort_unstable();
        Ok(days)
    }

    /// The parts of a day, in order of their numbers; files with other names are none of ours and are ignored.
    pub(crate) fn parts(&self, day: NaiveDate) -> Result<Vec<PartName>, StoreError> {
        let mut parts: Vec<PartName> =
            names(&self.day(day))?.iter().filter_map(|name| name.parse().ok()).collect();
        parts.sort_unstable();
        Ok(parts)
    }
}

/// Names in a folder that is there; none of one that is not.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("read", folder)(error)),
    };
    let name = |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.file_name().into_string().ok());
    let names: io::Result<Vec<Option<String>>> = entries.map(name).collect();
    Ok(names.map_err(StoreError::io("read", folder))?.into_iter().flatten().collect())
}

/// `part-<k>-<hash8>.parquet`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct PartName {
    /// Which share of the day's ids it holds.
    pub(crate) number: u32,
    /// The start of the file's hash.
    pub(crate) hash: String,
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part-{}-{}.parquet", self.number, self.hash)
    }
}

impl FromStr for PartName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let words = name.strip_prefix("part-").and_then(|rest| rest.strip_suffix(".parquet"));
        let part = words
            .and_then(|words| words.split_once('-'))
            .and_then(|(number, hash)| Some(Self { number: number.parse().ok()?, hash: hash.to_owned() }));
        let is_hash = |hash: &str| hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        part.filter(|part| is_hash(&part.hash) && part.to_string() == name)
            .ok_or_else(|| format!("`{name}` is no name of a part"))
    }
}

impl TryFrom<String> for PartName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<PartName> for String {
    fn from(part: PartName) -> Self {
        part.to_string()
    }
}
