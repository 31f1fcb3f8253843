//! The rules for two records of one tweet, and a store against a model of it in memory.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use corpus::{Metrics, Tweet, TweetId};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    all, import,
    strategy::{cut, meeting_tweets},
    tweet,
};
use crate::merge::{fold, supersede};

fn folded(mut one: Tweet, other: &Tweet) -> Tweet {
    fold(&mut one, other.clone());
    one
}

fn superseded(old: &Tweet, mut new: Tweet) -> Tweet {
    let changed = supersede(&mut new, old.clone());
    assert_eq!(changed, new != *old, "{new:?} {old:?}");
    new
}

fn with_likes(likes: Option<u64>, views: Option<u64>) -> Tweet {
    Tweet { metrics: Metrics { likes, views, ..Metrics::default() }, ..tweet(1) }
}

#[test]
fn within_an_import_the_larger_count_wins_and_later_the_later() {
    let (many, few) = (with_likes(Some(9), None), with_likes(Some(3), Some(5)));
    assert_eq!(folded(many.clone(), &few), with_likes(Some(9), Some(5)));
    assert_eq!(superseded(&many, few.clone()), few);
    assert_eq!(superseded(&few, many), with_likes(Some(9), Some(5)), "an unknown count erases none");
}

#[test]
fn the_fuller_record_gives_the_words() {
    let cut = Tweet { text: "tweet 1…".into(), lang: None, promoted: Some(true), ..tweet(1) };
    let whole = Tweet { promoted: Some(true), ..tweet(1) };
    assert_eq!(folded(cut.clone(), &tweet(1)), whole);
    assert_eq!(superseded(&tweet(1), cut.clone()), whole);
    assert_eq!(superseded(&cut, tweet(1)), whole);
    let mut renamed = tweet(1);
    renamed.author.name = "Anna".into();
    assert_eq!(superseded(&tweet(1), renamed.clone()), renamed, "as full, and later");
    let mut elsewhere = tweet(1);
    elsewhere.source.file = "copy.jsonl".into();
    assert_eq!(superseded(&tweet(1), elsewhere.clone()), tweet(1), "the same, read elsewhere");
    assert_eq!(folded(tweet(1), &elsewhere), elsewhere, "the first by name");
}

/// The rules in the plainest form: all days in memory.
#[derive(Default)]
struct Model(BTreeMap<(NaiveDate, TweetId), Tweet>);

impl Model {
    fn import(&mut self, tweets: &[Tweet]) {
        let mut brought: BTreeMap<(NaiveDate, TweetId), Tweet> = BTreeMap::new();
        for tweet in tweets.iter().cloned().map(cut) {
            let key = (tweet.created_at.date_naive(), tweet.id);
            let known = brought.remove(&key);
            brought.insert(key, known.map_or(tweet.clone(), |known| folded(known, &tweet)));
        }
        for (key, tweet) in brought {
            let new = self.0.get(&key).map_or(tweet.clone(), |old| superseded(old, tweet));
            self.0.insert(key, new);
        }
    }

    fn tweets(&self) -> Vec<Tweet> {
        let mut tweets: Vec<Tweet> = self.0.values().cloned().collect();
        tweets.sort_by_key(|tweet| (tweet.created_at, tweet.id));
        tweets
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn folding_knows_no_order(tweets in meeting_tweets()) {
        let mut tweets = tweets.into_iter().map(|tweet| Tweet { id: TweetId(1), ..tweet });
        if let (Some(a), Some(b), Some(c)) = (tweets.next(), tweets.next(), tweets.next()) {
            prop_assert_eq!(folded(a.clone(), &a), a.clone());
            prop_assert_eq!(folded(a.clone(), &b), folded(b.clone(), &a));
            prop_assert_eq!(folded(folded(a.clone(), &b), &c), folded(a.clone(), &folded(b.clone(), &c)));
            let once = superseded(&a, b.clone());
            prop_assert_eq!(superseded(&once, b), once);
        }
    }

    #[test]
    fn a_store_does_what_the_rules_say(
        imports in prop::collection::vec((meeting_tweets(), prop::sample::select(vec![8_000_u64, 1 << 20])), 1..4)
    ) {
        let (folder, mut model) = (TempDir::new().unwrap(), Model::default());
        for (tweets, budget) in imports {
            import(folder.path(), budget, &tweets);
            model.import(&tweets);
            prop_assert_eq!(all(folder.path()), model.tweets());
        }
    }
}
