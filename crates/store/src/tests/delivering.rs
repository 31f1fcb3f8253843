//! Shares that other processes merged: the same store as by an import of one's own.

use std::fs;

use chrono::NaiveDate;
use corpus::Tweet;
use tempfile::TempDir;

use super::{MEGABYTE, all, import, tree, tweets};
use crate::{Delivered, Importer, Share, Store, StoreError, deliver};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();

/// Delivers the tweets of the first of March in shares, and adopts what was delivered.
fn delivered(folder: &std::path::Path, of: u32, tweets: &[Tweet]) -> crate::Imported {
    let mut importer = Importer::open(folder, MEGABYTE).unwrap();
    for number in 0..of {
        let share = Share { number, of };
        let inside = tweets.iter().filter(|tweet| Share::number(tweet.id, of) == number).cloned();
        let told = deliver(folder, DAY, share, inside, &format!("by-{number}.parquet")).unwrap();
        let line = serde_json::to_string(&told).unwrap();
        importer.adopt(serde_json::from_str::<Delivered>(&line).unwrap()).unwrap();
    }
    importer.commit().unwrap()
}

/// The same tweets with other counts.
fn later(mut tweets: Vec<Tweet>) -> Vec<Tweet> {
    for tweet in &mut tweets {
        tweet.metrics.likes = Some(1_000);
    }
    tweets
}

#[test]
fn what_is_delivered_is_what_an_import_makes() {
    for of in [1, 4] {
        let (ours, others) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let first = tweets((1..200).chain(1..20));
        let second = later(tweets(100..300));
        for batch in [&first, &second, &second] {
            let expected = import(ours.path(), MEGABYTE, batch);
            let told = delivered(others.path(), of, batch);
            assert_eq!(all(ours.path()), all(others.path()), "{of} shares");
            let counts =
                |of: &crate::Imported| (of.received, of.added, of.updated, of.unchanged, of.repeated);
            assert_eq!((counts(&told), told.days), (counts(&expected), expected.days), "{of} shares");
        }
        assert_eq!(Store::open(others.path()).unwrap().divisions().unwrap()[&DAY], of);
        if of == 1 {
            assert_eq!(tree(ours.path()), tree(others.path()), "byte for byte");
        }
    }
}

#[test]
fn what_no_import_adopts_is_rubbish() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(1..20));
    let before = tree(folder.path());
    let importer = Importer::open(folder.path(), MEGABYTE).unwrap();
    deliver(folder.path(), DAY, Share { number: 0, of: 1 }, tweets(50..60), "dead.parquet").unwrap();
    drop(importer);
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_share_of_another_division_is_refused() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(1..20));
    let importer = Importer::open(folder.path(), MEGABYTE).unwrap();
    let refused = deliver(folder.path(), DAY, Share { number: 1, of: 2 }, tweets(50..60), "half.parquet");
    assert!(matches!(refused, Err(StoreError::Damaged { .. })), "{refused:?}");
    drop(importer);
    assert!(fs::read_dir(folder.path().join("_staging")).unwrap().next().is_none());
}
