//! An import whose days are merged by other processes: each delivers shares into `_staging/`, and the [`Importer`] that
//! holds the lock takes them over. A process that dies leaves rubbish there, which no import takes over.

use std::path::Path;

use chrono::NaiveDate;
use corpus::Tweet;
use serde::{Deserialize, Serialize};

use crate::{
    Importer, StoreError,
    day::{self, Stored, Tweets},
    disk,
    incoming::insert,
    journal::{Add, Remove},
    layout::{Layout, PartName},
    share::Share,
    write,
};

/// A share of a day, merged with what the store has of it; not yet a part of the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivered {
    /// The day (UTC).
    pub day: NaiveDate,
    /// Tweets given, in any number of records.
    pub received: u64,
    /// Not in the store before.
    pub added: u64,
    /// In the store, now with other counts or a fuller record.
    pub updated: u64,
    /// In the store, just so or fresher.
    pub unchanged: u64,
    /// The file, if anything changed.
    file: Option<NewPart>,
    replaces: Vec<PartName>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewPart {
    staged: String,
    part: PartName,
    bytes: u64,
}

/// Merges tweets of one share with the store's and leaves the result as `name` in `_staging/`, which an import has open.
/// `name` must be of no other process. The tweets may come in any order and more than once.
///
/// # Errors
///
/// [`StoreError`], naming the file; [`StoreError::Damaged`] also when the day is divided otherwise than `share`.
pub fn deliver(
    root: &Path,
    day: NaiveDate,
    share: Share,
    tweets: impl IntoIterator<Item = Tweet>,
    name: &str,
) -> Result<Delivered, StoreError> {
    let layout = Layout::new(root);
    let stored = stored_of(&layout, day, share)?;
    let mut received = 0;
    let mut folded = Tweets::new();
    for tweet in tweets {
        received += 1;
        insert(&mut folded, tweet);
    }
    let outcome = day::merge_share(&layout, day, &stored, &mut folded, share)?;
    let day::Outcome { added, updated, unchanged, .. } = outcome;
    let mut delivered =
        Delivered { day, received, added, updated, unchanged, file: None, replaces: Vec::new() };
    if outcome.changed() {
        let tweets = day::in_order(folded);
        let written = write::part(&layout.staging().join(name), &tweets, share)?;
        let part = PartName { number: share.number, hash: written.hash };
        delivered.file = Some(NewPart { staged: name.to_owned(), part, bytes: written.bytes });
        delivered.replaces = stored.into_iter().map(|(part, _)| part).collect();
    }
    Ok(delivered)
}

/// The parts of exactly this share; any other that shares ids with it would be lost or doubled.
fn stored_of(layout: &Layout, day: NaiveDate, share: Share) -> Result<Stored, StoreError> {
    let mut stored = day::stored(layout, day)?;
    if let Some((part, footer)) = stored.iter().find(|(_, footer)| footer.share.of != share.of) {
        let reason =
            format!("it is one of {} parts, but a share of {} is delivered", footer.share.of, share.of);
        return Err(StoreError::damaged(&layout.part(day, part), reason));
    }
    stored.retain(|(_, footer)| footer.share == share);
    Ok(stored)
}

impl Importer {
    /// Takes over what another process delivered; [`Importer::commit`] makes it visible.
    ///
    /// # Errors
    ///
    /// When its file is not in `_staging/`.
    pub fn adopt(&mut self, delivered: Delivered) -> Result<(), StoreError> {
        let Delivered { day, received, added, updated, unchanged, file, replaces } = delivered;
        let mut bytes = 0;
        if let Some(file) = file {
            let staged = self.staging.next();
            disk::rename(
                &self.staging.layout.staging().join(&file.staged),
                &self.staging.layout.staged(staged),
            )?;
            bytes = file.bytes;
            let same = |part: &PartName| *part == file.part;
            let removes = replaces.into_iter().filter(|part| !same(part)).map(|part| Remove { day, part });
            self.journal.removes.extend(removes);
            self.journal.adds.push(Add { staged, day, part: file.part });
        }
        let outcome = day::Outcome { added, updated, unchanged, bytes_written: bytes, memory: 0 };
        self.report.received += received;
        self.report.count(day, received, &outcome);
        Ok(())
    }
}
