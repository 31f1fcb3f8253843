//! The moment at which an import takes effect: a journal that is on the disk is done, whatever happens afterwards.
//!
//! New parts wait in `_staging/`, flushed. Then the journal appears (written, flushed, renamed, folder flushed), then the
//! parts move to their days, the old ones go, the folders are flushed, and the journal goes. Whoever finds a journal
//! does the rest of this; doing it twice does no harm.

use std::{collections::BTreeSet, fs, io};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, columns, disk,
    layout::{Layout, PartName},
    locks,
};

/// What an import changes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    schema: serde_json::Value,
    pub(crate) adds: Vec<Add>,
    pub(crate) removes: Vec<Remove>,
}

/// A file that moves from `_staging/` to its day.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Add {
    /// Its number in `_staging/`.
    pub(crate) staged: u32,
    pub(crate) day: NaiveDate,
    pub(crate) part: PartName,
}

/// A part that is replaced.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remove {
    pub(crate) day: NaiveDate,
    pub(crate) part: PartName,
}

/// Makes the changes visible, all at one moment for our readers.
pub(crate) fn commit(layout: &Layout, mut journal: Journal) -> Result<(), StoreError> {
    journal.schema = columns::VERSION_NUMBER.into();
    disk::sync_folder(&layout.staging())?;
    // Before the journal, so that a folder that cannot be made leaves all as it was.
    journal.adds.iter().try_for_each(|add| disk::create_folder(&layout.day(add.day)))?;
    disk::sync_folder(&layout.root)?;
    let text = serde_json::to_string(&journal).unwrap_or_default() + "\n";
    let temporary = layout.staging().join("_journal.json");
    disk::write_whole(&temporary, text.as_bytes())?;
    disk::rename(&temporary, &layout.journal())?;
    disk::sync_folder(&layout.root)?;
    recover(layout)
}

/// Does what the journal says, if there is one, once those who read have ended. Readers that come now find the journal
/// and wait for the same: so they cannot keep the commit waiting by coming in turns.
pub(crate) fn recover(layout: &Layout) -> Result<(), StoreError> {
    if !exists(layout) {
        return Ok(());
    }
    let _alone = locks::alone(&layout.root)?;
    match read(layout)? {
        Some(journal) => apply(layout, &journal),
        None => Ok(()),
    }
}

pub(crate) fn exists(layout: &Layout) -> bool {
    layout.journal().exists()
}

/// Asked again under the lock: another process may have finished in the meantime.
fn read(layout: &Layout) -> Result<Option<Journal>, StoreError> {
    let path = layout.journal();
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io("read", &path)(error)),
    };
    let version: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| StoreError::damaged(&path, error))?;
    let found = version.get("schema").cloned().unwrap_or_default();
    if found != columns::VERSION_NUMBER {
        return Err(StoreError::Schema { path, found: found.to_string() });
    }
    serde_json::from_value(version).map(Some).map_err(|error| StoreError::damaged(&path, error))
}

fn apply(layout: &Layout, journal: &Journal) -> Result<(), StoreError> {
    for Add { staged, day, part } in &journal.adds {
        let (from, to) = (layout.staged(*staged), layout.part(*day, part));
        if from.exists() {
            disk::create_folder(&layout.day(*day))?;
            disk::rename(&from, &to)?;
        } else if !to.exists() {
            return Err(StoreError::damaged(&to, "the import's journal names it, and it is nowhere"));
        }
    }
    for Remove { day, part } in &journal.removes {
        disk::remove(&layout.part(*day, part))?;
    }
    let days: BTreeSet<NaiveDate> =
        journal.adds.iter().map(|add| add.day).chain(journal.removes.iter().map(|gone| gone.day)).collect();
    days.into_iter().try_for_each(|day| disk::sync_folder(&layout.day(day)))?;
    disk::sync_folder(&layout.staging())?;
    disk::remove(&layout.journal())?;
    disk::sync_folder(&layout.root)
}
