//! Windows, order, and reading beside an import.

use std::{
    fs,
    ops::ControlFlow,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::{MEGABYTE, all, import, time, tweet, tweets};
use crate::{Store, StoreError};

#[test]
fn a_window_is_half_open_and_in_order() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), 200_000, &tweets((0..3000).rev()));
    let store = Store::open(folder.path()).unwrap();
    for (from, to) in [(0, 3000), (5, 6), (5, 5), (6, 5), (1430, 1450), (2999, 9000), (1440, 2880)] {
        let at = |id| tweet(id).created_at;
        assert_eq!(store.read(at(from), at(to)).unwrap(), tweets(from..to.min(3000)), "{from}..{to}");
    }
    let soon = TimeDelta::microseconds(1);
    assert_eq!(store.read(tweet(5).created_at + soon, tweet(6).created_at + soon).unwrap(), tweets(6..7));
}

#[test]
fn days_and_rows_come_from_footers() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(1000..1500));
    let store = Store::open(folder.path()).unwrap();
    let days = [("2026-03-01".parse().unwrap(), 440), ("2026-03-02".parse().unwrap(), 60)];
    assert_eq!((store.days().unwrap(), store.rows().unwrap()), (days.to_vec(), 500));
}

#[test]
fn batches_hold_all_and_can_be_ended() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(0..9000));
    let store = Store::open(folder.path()).unwrap();
    let (mut seen, mut batches) = (Vec::new(), 0);
    let everything = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let mut each = |batch| {
        seen.extend(batch);
        batches += 1;
        if seen.len() >= 7000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    store.for_each_batch(everything.0, everything.1, &mut each).unwrap();
    assert!((7000..9000).contains(&seen.len()) && batches > 1);
    assert_eq!(seen, tweets(0..seen.len() as u64));
}

#[test]
fn groups_outside_the_window_are_not_decoded() {
    let folder = TempDir::new().unwrap();
    let mut many = tweets(0..40_000);
    for tweet in &mut many {
        tweet.created_at = time("2026-03-01T00:00:00Z") + TimeDelta::seconds(tweet.id.0.cast_signed());
    }
    import(folder.path(), 1 << 30, &many);
    let store = Store::open(folder.path()).unwrap();
    let [from, to] = [39_000, 39_010].map(|id: usize| many[id].created_at);
    assert_eq!(store.read(from, to).unwrap(), many[39_000..39_010]);
}

#[test]
fn what_is_not_ours_is_ignored() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(0..10));
    let day = folder.path().join("day=2026-03-01");
    for name in
        ["other.parquet", "part-x.parquet", "part-0-abc.parquet", "part-00-01234567.parquet", "notes.txt"]
    {
        fs::write(day.join(name), "not Parquet").unwrap();
    }
    for name in ["day=2026-3-1", "day=tomorrow", "month=2026-03"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("part-0-01234567.parquet"), "not Parquet").unwrap();
    }
    assert_eq!(all(folder.path()), tweets(0..10));
    import(folder.path(), MEGABYTE, &tweets(10..20));
    assert_eq!(all(folder.path()), tweets(0..20));
    assert!(day.join("other.parquet").exists());
}

#[test]
fn what_is_no_store_is_told() {
    let folder = TempDir::new().unwrap();
    assert!(!Store::is_store(folder.path()) && !Store::is_store(&folder.path().join("nowhere")));
    assert!(matches!(Store::open(folder.path()), Err(StoreError::NotAStore(_))));
    import(folder.path(), MEGABYTE, &[]);
    assert!(Store::is_store(folder.path()));
    assert!(all(folder.path()).is_empty());
}

/// Each import gives all tweets of three days the same new count; a reader must never see two counts.
#[test]
fn a_reader_beside_imports_sees_whole_imports() {
    let folder = TempDir::new().unwrap();
    let round = |likes| {
        let mut all = tweets((0..4000).step_by(40));
        for tweet in &mut all {
            tweet.metrics.likes = Some(likes);
        }
        all
    };
    import(folder.path(), 200_000, &round(0));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (store, mut reads) = (Store::open(folder.path()).unwrap(), 0);
            while !done.load(Ordering::Relaxed) {
                let tweets = store.read(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).unwrap();
                assert_eq!(tweets.len(), 100);
                assert!(tweets.iter().all(|tweet| tweet.metrics.likes == tweets[0].metrics.likes));
                reads += 1;
            }
            reads
        });
        (1..15).for_each(|likes| drop(import(folder.path(), 200_000, &round(likes))));
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
}
