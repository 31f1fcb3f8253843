//! Reading a store: a window of tweets, or what days there are.

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use chrono::{DateTime, NaiveDate, Utc};
use corpus::Tweet;

use crate::{
    StoreError,
    day::stored,
    footer::Footer,
    journal,
    layout::Layout,
    locks::{self, Lock},
    rows::{self, Ordered, Stretch},
};

/// Tweets that [`Store::for_each_batch`] hands over at once.
const BATCH_TWEETS: usize = 4096;

/// A store to read from. Each call sees the state after a whole import; an import that runs does not disturb it.
#[derive(Clone, Debug)]
pub struct Store {
    layout: Layout,
}

impl Store {
    /// Whether the folder is a store, of whatever version.
    pub fn is_store(folder: &Path) -> bool {
        Layout::new(folder).marker().is_file()
    }

    /// Opens a store, and finishes the commit of an import that died in it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotAStore`], [`StoreError::Schema`] for one of another version, or what the disk says.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let layout = Layout::new(folder);
        layout.check_marker()?;
        journal::recover(&layout)?;
        Ok(Self { layout })
    }

    /// Days (UTC) with their numbers of tweets, in order; read from the footers of the files alone, which are not
    /// compared with the files' hashes as rows are.
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the file.
    pub fn days(&self) -> Result<Vec<(NaiveDate, u64)>, StoreError> {
        let _gate = self.gate()?;
        let mut days = Vec::new();
        for day in self.layout.days()? {
            let parts = self.layout.parts(day)?;
            let rows = parts.iter().map(|part| Ok(Footer::read(&self.layout.part(day, part))?.rows));
            days.push((day, rows.sum::<Result<u64, StoreError>>()?));
        }
        days.retain(|(_, rows)| *rows > 0);
        Ok(days)
    }

    /// The days of `from <= created_at < to` with the names of their files, which tell what is in them by a hash.
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the folder.
    pub fn parts(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        let _gate = self.gate()?;
        let mut names = Vec::new();
        for day in self.layout.days()?.into_iter().filter(|day| Stretch { from, to }.touches(*day)) {
            names.extend(self.layout.parts(day)?.iter().map(|part| format!("{day}/{part}")));
        }
        Ok(names)
    }

    /// Into how many shares each day is divided; read like [`Store::days`].
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the file.
    pub fn divisions(&self) -> Result<BTreeMap<NaiveDate, u32>, StoreError> {
        let _gate = self.gate()?;
        let mut divisions = BTreeMap::new();
        for day in self.layout.days()? {
            let shares = stored(&self.layout, day)?.into_iter().map(|(_, footer)| footer.share.of);
            divisions.extend(shares.max().map(|of| (day, of)));
        }
        Ok(divisions)
    }

    /// Tweets in all.
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the file.
    pub fn rows(&self) -> Result<u64, StoreError> {
        Ok(self.days()?.iter().map(|(_, rows)| rows).sum())
    }

    /// The tweets of `from <= created_at < to`, in the order of (`created_at`, `id`).
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the file.
    pub fn read(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Tweet>, StoreError> {
        let mut all = Vec::new();
        self.for_each_batch(from, to, |tweets| {
            all.extend(tweets);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Like [`Store::read`], some thousand tweets at a time and in the same order, so that any window fits in memory;
    /// ends when `each` breaks. `DateTime::<Utc>::MIN_UTC` and `MAX_UTC` mean all.
    ///
    /// A commit waits until this ends: `each` must not import into the same store.
    ///
    /// # Errors
    ///
    /// [`StoreError`], naming the file; batches of before it were handed over.
    pub fn for_each_batch(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        mut each: impl FnMut(Vec<Tweet>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let _gate = self.gate()?;
        let stretch = Stretch { from, to };
        for day in self.layout.days()? {
            if !stretch.touches(day) {
                continue;
            }
            let mut tweets = self.day(day, stretch)?;
            while let Some(batch) = next_batch(&mut tweets)? {
                if each(batch).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn day(&self, day: NaiveDate, stretch: Stretch) -> Result<Ordered, StoreError> {
        let parts = self.layout.parts(day)?;
        Ordered::new(parts.iter().map(|part| rows::part(&self.layout.part(day, part), part, stretch)))
    }

    /// The right to read. A journal is of a commit that waits for readers, or that died: either way it is done first.
    fn gate(&self) -> Result<Lock, StoreError> {
        loop {
            let gate = locks::shared(&self.layout.root)?;
            if !journal::exists(&self.layout) {
                return Ok(gate);
            }
            drop(gate);
            journal::recover(&self.layout)?;
        }
    }
}

fn next_batch(tweets: &mut Ordered) -> Result<Option<Vec<Tweet>>, StoreError> {
    let batch: Vec<Tweet> = tweets.take(BATCH_TWEETS).collect::<Result<_, _>>()?;
    Ok(Some(batch).filter(|batch| !batch.is_empty()))
}
