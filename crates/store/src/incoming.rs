//! What an import brings, in bounded memory: tweets by day, or by share of a day, and files of those for which there was
//! no room.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::PathBuf,
};

use corpus::{Tweet, TweetId};

use crate::{StoreError, disk, merge::fold, rows, share::Share, size, staging::Staging};

/// Piles of tweets that together take no more than a limit of memory.
#[derive(Debug)]
pub(crate) struct Piles<K> {
    limit: u64,
    buffered: u64,
    by_key: BTreeMap<K, Pile>,
}

impl<K: Ord> Piles<K> {
    /// `limit` in bytes.
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, buffered: 0, by_key: BTreeMap::new() }
    }

    /// Adds to a pile; when there is no room, the biggest piles go to files until half of the room is free.
    pub(crate) fn push(&mut self, key: K, tweet: Tweet, staging: &mut Staging) -> Result<(), StoreError> {
        let memory = size::memory(&tweet);
        self.buffered += memory;
        self.by_key.entry(key).or_default().push(tweet, memory);
        while self.buffered > self.limit {
            self.spill(staging)?;
        }
        Ok(())
    }

    fn spill(&mut self, staging: &mut Staging) -> Result<(), StoreError> {
        while self.buffered > self.limit / 2 {
            let Some(biggest) = self.by_key.values_mut().max_by_key(|pile| pile.buffered) else { break };
            let freed = biggest.buffered;
            biggest.spill(staging)?;
            self.buffered -= freed;
        }
        Ok(())
    }

    /// The pile of the smallest key.
    pub(crate) fn pop(&mut self) -> Option<(K, Pile)> {
        let (key, pile) = self.by_key.pop_first()?;
        self.buffered -= pile.buffered;
        Some((key, pile))
    }
}

/// Tweets of one day or share.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    buffer: Vec<Tweet>,
    buffered: u64,
    runs: Vec<PathBuf>,
    /// Tweets received.
    pub(crate) rows: u64,
    /// What all of them would take in memory, in bytes.
    pub(crate) memory: u64,
}

impl Pile {
    fn push(&mut self, tweet: Tweet, memory: u64) {
        self.buffer.push(tweet);
        self.buffered += memory;
        self.memory += memory;
        self.rows += 1;
    }

    /// Moves the buffer to a file.
    pub(crate) fn spill(&mut self, staging: &mut Staging) -> Result<(), StoreError> {
        if !self.buffer.is_empty() {
            self.runs.push(staging.run(&self.buffer)?);
            self.buffer = Vec::new();
            self.buffered = 0;
        }
        Ok(())
    }

    /// Adds the pile to `tweets`, each id once. The files stay.
    pub(crate) fn fold_into(&mut self, tweets: &mut BTreeMap<TweetId, Tweet>) -> Result<(), StoreError> {
        for tweet in std::mem::take(&mut self.buffer) {
            insert(tweets, tweet);
        }
        for run in &self.runs {
            rows::run(run)?.try_for_each(|tweet| tweet.map(|tweet| insert(tweets, tweet)))?;
        }
        Ok(())
    }

    /// Deals the pile out to the shares of a division, all in files, so that each can be read more than once.
    pub(crate) fn divide(
        self,
        of: u32,
        limit: u64,
        staging: &mut Staging,
    ) -> Result<BTreeMap<u32, Pile>, StoreError> {
        let mut shares = Piles::new(limit);
        for tweet in self.buffer {
            shares.push(Share::number(tweet.id, of), tweet, staging)?;
        }
        for run in self.runs {
            for tweet in rows::run(&run)? {
                let tweet = tweet?;
                shares.push(Share::number(tweet.id, of), tweet, staging)?;
            }
            disk::remove(&run)?;
        }
        shares.by_key.values_mut().try_for_each(|pile| pile.spill(staging))?;
        Ok(shares.by_key)
    }
}

/// Adds a record of an import, beside which there may be others of the same tweet.
pub(crate) fn insert(tweets: &mut BTreeMap<TweetId, Tweet>, tweet: Tweet) {
    match tweets.entry(tweet.id) {
        Entry::Occupied(earlier) => fold(earlier.into_mut(), tweet),
        Entry::Vacant(place) => drop(place.insert(tweet)),
    }
}
