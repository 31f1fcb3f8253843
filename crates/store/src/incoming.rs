//! What an import brings for one day: tweets in memory, and files of those for which there was no room.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::PathBuf,
};

use corpus::{Tweet, TweetId};

use crate::{StoreError, layout::Layout, merge::fold, rows, share::Share, write};

/// What an import brings for a day.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    buffer: Vec<Tweet>,
    buffered: u64,
    runs: Vec<PathBuf>,
    rows: u64,
    memory: u64,
}

impl Incoming {
    pub(crate) fn push(&mut self, tweet: Tweet, memory: u64) {
        self.buffer.push(tweet);
        self.buffered += memory;
        self.memory += memory;
        self.rows += 1;
    }

    /// Bytes of tweets in memory.
    pub(crate) fn buffered(&self) -> u64 {
        self.buffered
    }

    /// Tweets received.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// What all of it would take in memory, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        self.memory
    }

    /// Moves the buffer to a file.
    pub(crate) fn spill(&mut self, layout: &Layout, number: u32) -> Result<(), StoreError> {
        let path = layout.staged(number);
        write::run(&path, &self.buffer)?;
        self.buffer = Vec::new();
        self.buffered = 0;
        self.runs.push(path);
        Ok(())
    }

    /// The tweets of a share, each id once. Takes the buffer, which must be the whole share; runs stay for the next one.
    pub(crate) fn take(&mut self, share: Share) -> Result<BTreeMap<TweetId, Tweet>, StoreError> {
        let mut tweets = BTreeMap::new();
        for tweet in std::mem::take(&mut self.buffer) {
            insert(&mut tweets, tweet);
        }
        for run in &self.runs {
            for tweet in rows::run(run)? {
                let tweet = tweet?;
                if share.holds(tweet.id) {
                    insert(&mut tweets, tweet);
                }
            }
        }
        Ok(tweets)
    }
}

fn insert(tweets: &mut BTreeMap<TweetId, Tweet>, tweet: Tweet) {
    match tweets.entry(tweet.id) {
        Entry::Occupied(earlier) => fold(earlier.into_mut(), tweet),
        Entry::Vacant(place) => drop(place.insert(tweet)),
    }
}
