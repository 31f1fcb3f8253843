//! Bringing tweets in, in bounded memory. What is added waits in memory by day, then in files in `_staging/`;
//! [`Importer::commit`] merges it into the days and makes it visible.

use std::path::Path;

use chrono::{DateTime, Datelike as _, NaiveDate};
use corpus::{Reference, Tweet};

use crate::{
    StoreError,
    day::{Merger, Outcome},
    disk, encode,
    incoming::Piles,
    journal::{self, Journal},
    layout::Layout,
    locks::{self, Lock},
    staging::Staging,
};

/// What an import did, tweet by tweet: `received = added + updated + unchanged + repeated + refused.total()`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Tweets given to [`Importer::add`].
    pub received: u64,
    /// Not in the store before.
    pub added: u64,
    /// In the store, now with other counts or a fuller record.
    pub updated: u64,
    /// In the store, just so or fresher.
    pub unchanged: u64,
    /// Further records of a tweet that this import brings anyway.
    pub repeated: u64,
    /// What a store cannot hold.
    pub refused: Refused,
    /// Days (UTC) whose files changed, in order.
    pub days: Vec<NaiveDate>,
    /// Size of the new files.
    pub bytes_written: u64,
}

/// Tweets that a store cannot hold, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// Its id, or that of the tweet it refers to, is 2^63 or more.
    pub ids: u64,
    /// A count or line is 2^63 or more.
    pub counts: u64,
    /// Posted outside the years 1 to 9999.
    pub dates: u64,
}

impl Refused {
    /// All reasons together.
    pub fn total(&self) -> u64 {
        self.ids + self.counts + self.dates
    }
}

/// An import that runs; nothing is visible before [`Importer::commit`], and nothing stays when it is dropped without.
#[derive(Debug)]
pub struct Importer {
    pub(crate) staging: Staging,
    /// Bytes that waiting tweets may take, and the same again for the merge of a day.
    limit: u64,
    days: Piles<NaiveDate>,
    pub(crate) journal: Journal,
    pub(crate) report: Imported,
    /// A tweet was lost on its way to `_staging/`.
    incomplete: bool,
    _lock: Lock,
}

impl Importer {
    /// Starts an import into a store, a new or an empty folder, with about `budget` bytes of tweets in memory. An earlier
    /// import that died is finished or cleaned away first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] while another import runs, [`StoreError::NotAStore`] for a folder that holds other things.
    pub fn open(folder: &Path, budget: u64) -> Result<Self, StoreError> {
        let layout = Layout::new(folder);
        layout.check_importable()?;
        disk::create_folder(folder)?;
        let lock = locks::import(folder)?;
        disk::create_folder(&layout.staging())?;
        layout.mark()?;
        journal::recover(&layout)?;
        let (staging, limit, report) = (Staging::empty(layout)?, (budget / 2).max(1), Imported::default());
        let (days, journal) = (Piles::new(limit), Journal::default());
        Ok(Self { staging, limit, days, journal, report, incomplete: false, _lock: lock })
    }

    /// Takes tweets in, in any order. Times are cut to milliseconds.
    ///
    /// # Errors
    ///
    /// When memory is full and a file cannot be written. The store is as before, and this import cannot be committed.
    pub fn add(&mut self, tweets: Vec<Tweet>) -> Result<(), StoreError> {
        for mut tweet in tweets {
            self.report.received += 1;
            let Some(day) = fit(&mut tweet, &mut self.report.refused) else { continue };
            let pushed = self.days.push(day, tweet, &mut self.staging);
            pushed.inspect_err(|_| self.incomplete = true)?;
        }
        Ok(())
    }

    /// Merges all into the days and makes it visible at one moment.
    ///
    /// # Errors
    ///
    /// The store is as before, unless the disk failed after the decision (the journal): then the next reader or import
    /// finishes it.
    pub fn commit(mut self) -> Result<Imported, StoreError> {
        if self.incomplete {
            return Err(StoreError::Incomplete(self.staging.layout.root.clone()));
        }
        let mut journal = std::mem::take(&mut self.journal);
        while let Some((day, pile)) = self.days.pop() {
            let (rows, limit) = (pile.rows, self.limit);
            let merger = Merger { day, limit, staging: &mut self.staging, journal: &mut journal };
            let outcome = merger.merge(pile)?;
            self.report.count(day, rows, &outcome);
        }
        if !journal.adds.is_empty() {
            journal::commit(&self.staging.layout, journal)?;
        }
        self.report.days.sort_unstable();
        self.report.days.dedup();
        Ok(std::mem::take(&mut self.report))
    }
}

impl Imported {
    pub(crate) fn count(&mut self, day: NaiveDate, rows: u64, outcome: &Outcome) {
        self.added += outcome.added;
        self.updated += outcome.updated;
        self.unchanged += outcome.unchanged;
        self.repeated += rows - outcome.added - outcome.updated - outcome.unchanged;
        self.bytes_written += outcome.bytes_written;
        self.days.extend((outcome.bytes_written > 0).then_some(day));
    }
}

impl Drop for Importer {
    /// What is left in `_staging/` is of no use. A failure is no harm: the next import clears it.
    fn drop(&mut self) {
        if !journal::exists(&self.staging.layout) {
            drop(self.staging.clear());
        }
    }
}

/// Cuts the time to milliseconds and tells the day (UTC), or counts why the tweet cannot be stored.
pub fn fit(tweet: &mut Tweet, refused: &mut Refused) -> Option<NaiveDate> {
    let too_large = |number: u64| i64::try_from(number).is_err();
    let referred = tweet.reference.as_ref().and_then(|Reference { id, .. }| *id);
    let counts = encode::counts(&tweet.metrics).into_iter().chain([tweet.author.followers]).flatten();
    let time = DateTime::from_timestamp_millis(tweet.created_at.timestamp_millis());
    let time = time.filter(|time| (1..=9999).contains(&time.year()));
    if too_large(tweet.id.0) || referred.is_some_and(|id| too_large(id.0)) {
        refused.ids += 1;
    } else if counts.chain([tweet.source.line]).any(too_large) {
        refused.counts += 1;
    } else if let Some(time) = time {
        tweet.created_at = time;
        return Some(time.date_naive());
    } else {
        refused.dates += 1;
    }
    None
}
