//! What an import keeps, counts and leaves alone.

use std::{collections::BTreeMap, fs};

use corpus::{Tweet, TweetId};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    MEGABYTE, all, import,
    strategy::{any_tweet, cut},
    tree, try_import, tweet, tweets,
};
use crate::{Importer, Refused, StoreError};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_tweet_comes_back_as_it_was(tweets in prop::collection::vec(any_tweet(), 1..20)) {
        let mut wanted: Vec<Tweet> = tweets.into_iter().map(|tweet| (tweet.id, tweet)).collect::<BTreeMap<_, _>>().into_values().collect();
        let folder = TempDir::new().unwrap();
        import(folder.path(), 4 * MEGABYTE, &wanted);
        wanted = wanted.into_iter().map(cut).collect();
        wanted.sort_by_key(|tweet| (tweet.created_at, tweet.id));
        prop_assert_eq!(all(folder.path()), wanted);
    }
}

#[test]
fn the_report_adds_up_and_a_second_import_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let first = import(folder.path(), MEGABYTE, &[tweets(0..2000), tweets(0..5)].concat());
    assert_eq!((first.received, first.added, first.repeated, first.days.len()), (2005, 2000, 5, 2));
    let before = tree(folder.path());
    let parts = before
        .iter()
        .filter(|(path, _)| path.starts_with("day=2026-03-01") || path.starts_with("day=2026-03-02"));
    assert_eq!(first.bytes_written, parts.map(|(_, bytes)| bytes.len() as u64).sum::<u64>());
    let second = import(folder.path(), MEGABYTE, &tweets(0..2000));
    assert_eq!((second.unchanged, second.days.len(), second.bytes_written), (2000, 0, 0));
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn only_days_with_news_are_written() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(0..4000));
    let before = tree(folder.path());
    let mut more = tweets(1500..1600);
    more[3].metrics.likes = Some(9_999);
    let imported = import(folder.path(), MEGABYTE, &more);
    assert_eq!((imported.updated, imported.unchanged), (1, 99));
    assert_eq!(imported.days, ["2026-03-02".parse().unwrap()]);
    let changed: Vec<_> =
        tree(folder.path()).into_iter().filter(|(path, _)| !before.contains_key(path)).collect();
    assert_eq!(changed.len(), 1, "one new part");
    assert_eq!(tree(folder.path()).len(), before.len(), "in place of one");
}

#[test]
fn any_order_and_any_chunks_make_the_same_bytes() {
    let mut records = [tweets(0..300), tweets(100..200)].concat();
    records.iter_mut().skip(300).for_each(|tweet| tweet.metrics.likes = None);
    for budget in [MEGABYTE, 80_000] {
        let [one, other] = [(); 2].map(|()| TempDir::new().unwrap());
        import(one.path(), budget, &records);
        let mut importer = Importer::open(other.path(), budget).unwrap();
        records.iter().rev().for_each(|tweet| importer.add(vec![tweet.clone()]).unwrap());
        importer.commit().unwrap();
        assert_eq!(tree(one.path()), tree(other.path()), "budget {budget}");
        assert_eq!(all(one.path()), tweets(0..300));
    }
}

#[test]
fn a_day_beyond_the_budget_becomes_several_parts_and_grows() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), 100_000, &tweets(0..100));
    let few = tree(folder.path()).len();
    let imported = import(folder.path(), 100_000, &tweets(50..1000));
    assert_eq!((imported.added, imported.unchanged), (900, 50));
    let before = tree(folder.path());
    assert!(before.len() > few && few > 2, "{few} files, then {}", before.len());
    assert_eq!(all(folder.path()), tweets(0..1000));
    import(folder.path(), 100_000, &tweets(0..1000));
    assert_eq!(tree(folder.path()), before, "nothing new");
    let mut one = tweet(7);
    one.metrics.views = Some(1);
    import(folder.path(), 100_000, &[one]);
    let kept = tree(folder.path()).into_iter().filter(|file| before.get(&file.0) == Some(&file.1)).count();
    assert_eq!(kept, before.len() - 1, "only the part with the tweet is new");
    import(folder.path(), 4 * MEGABYTE, &tweets(1000..1001));
    assert_eq!(tree(folder.path()).len(), 2, "with room, one part again");
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut odd = tweets(0..5);
    odd[0].id = TweetId(1 << 63);
    odd[1].reference = Some(corpus::Reference { id: Some(TweetId(u64::MAX)), ..Default::default() });
    odd[2].metrics.views = Some(u64::MAX);
    odd[3].created_at = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let folder = TempDir::new().unwrap();
    let imported = import(folder.path(), MEGABYTE, &odd);
    assert_eq!(imported.refused, Refused { ids: 2, counts: 1, dates: 1 });
    assert_eq!(all(folder.path()), tweets(4..5));
}

#[test]
fn a_second_import_at_the_same_time_is_refused() {
    let folder = TempDir::new().unwrap();
    let importer = Importer::open(folder.path(), MEGABYTE).unwrap();
    assert!(matches!(Importer::open(folder.path(), MEGABYTE), Err(StoreError::Busy(_))));
    drop(importer);
    import(folder.path(), MEGABYTE, &tweets(0..1));
}

#[test]
fn a_folder_of_other_things_is_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let refused = try_import(folder.path(), MEGABYTE, &tweets(0..1));
    assert!(matches!(refused, Err(StoreError::NotAStore(_))), "{refused:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_import_that_is_given_up_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), 5_000, &tweets(0..20));
    let before = tree(folder.path());
    let mut importer = Importer::open(folder.path(), 5_000).unwrap();
    importer.add(tweets(0..500)).unwrap();
    assert!(tree(folder.path()).len() > before.len(), "there are runs");
    drop(importer);
    assert_eq!(tree(folder.path()), before);
}
