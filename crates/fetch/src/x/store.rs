//! Pages on their way to a file, one a line.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::page::Page;
use crate::{FetchError, disk::Part};

/// Names that one date and tweet can have; more means that something else is wrong.
const MOST_NAMES: u32 = 1000;

/// The pages of one file that is not there yet.
pub(super) struct Batch {
    part: Part,
    date: NaiveDate,
    newest_id: Option<u64>,
}

impl Batch {
    /// An empty one, as of `now`.
    pub(super) fn new(folder: &Path, now: DateTime<Utc>) -> Result<Self, FetchError> {
        Ok(Self { part: Part::new(folder)?, date: now.date_naive(), newest_id: None })
    }

    pub(super) fn push(&mut self, page: &Page) -> Result<(), FetchError> {
        self.newest_id = self.newest_id.max(page.newest_id);
        self.part.write(&page.line)?;
        self.part.write(b"\n")
    }

    /// Puts the file into the folder, as `<date>-<newest id>.jsonl`; pages that came twice are two files.
    pub(super) fn commit(self, folder: &Path) -> Result<PathBuf, FetchError> {
        let stem = format!("{}-{}", self.date, self.newest_id.unwrap_or_default());
        let more = (2..=MOST_NAMES).map(|n| format!("{stem}-{n}.jsonl"));
        let names = std::iter::once(format!("{stem}.jsonl")).chain(more);
        self.part.add(names.map(|name| folder.join(name)))
    }
}
