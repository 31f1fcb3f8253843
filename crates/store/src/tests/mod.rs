//! Tests of the store as a whole; every test has a folder of its own.

mod crash;
mod damage;
mod delivering;
mod importing;
mod merging;
mod readable;
mod reading;
pub(crate) mod steps;
mod strategy;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use corpus::{Author, Kind, Metrics, Source, Tweet, TweetId};
use tempfile::TempDir;

use crate::{Imported, Importer, Store, StoreError};

const MEGABYTE: u64 = 1 << 20;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An invented tweet, posted `id` minutes after the first of March.
fn tweet(id: u64) -> Tweet {
    Tweet {
        id: TweetId(id),
        author: Author { handle: format!("ann{}", id % 7), name: "Ann 安".into(), followers: Some(id * 10) },
        created_at: time("2026-03-01T00:00:00Z") + TimeDelta::minutes(id.cast_signed()),
        text: format!("tweet {id} says nothing new 没有新消息"),
        lang: Some("en".into()),
        kind: Kind::Original,
        reference: None,
        metrics: Metrics { likes: Some(id), ..Metrics::default() },
        urls: Vec::new(),
        hashtags: vec!["AI".into()],
        cashtags: Vec::new(),
        mentions: Vec::new(),
        media: Vec::new(),
        promoted: None,
        source: Source { file: Arc::from("march.jsonl"), line: id },
    }
}

fn tweets(ids: impl IntoIterator<Item = u64>) -> Vec<Tweet> {
    ids.into_iter().map(tweet).collect()
}

fn try_import(folder: &Path, budget: u64, tweets: &[Tweet]) -> Result<Imported, StoreError> {
    let mut importer = Importer::open(folder, budget)?;
    tweets.chunks(10).try_for_each(|some| importer.add(some.to_vec()))?;
    importer.commit()
}

fn import(folder: &Path, budget: u64, tweets: &[Tweet]) -> Imported {
    let imported = try_import(folder, budget, tweets).unwrap();
    let Imported { received, added, updated, unchanged, repeated, refused, .. } = &imported;
    assert_eq!(*received, added + updated + unchanged + repeated + refused.total(), "in = kept + dropped");
    imported
}

/// All tweets of a store.
fn all(folder: &Path) -> Vec<Tweet> {
    Store::open(folder).unwrap().read(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).unwrap()
}

/// Every file below a folder with its bytes, locks aside.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !["_lock", "_gate"].iter().any(|name| path.ends_with(name)) {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The same files in a folder of their own.
fn copy(folder: &Path) -> TempDir {
    let new = TempDir::new().unwrap();
    for (path, bytes) in tree(folder) {
        let path = new.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    new
}
