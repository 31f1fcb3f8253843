//! What earlier reports told, given as data: which of today's topics go on, and which tweets were told already.
//!
//! A topic goes on when it shares a tweet, a retweeted or a quoted tweet with an earlier one, or is like one by its terms.
//! Not a search through old tweets: an earlier day is its topics' terms and ids.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::likeness::{Rarity, TermIndex};
use crate::{Kind, Tweet, TweetId, Unique};

/// What the reports of earlier days told, in any order; empty for a report that looks back on nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// One report each.
    pub days: Vec<MemoryDay>,
}

/// What one report told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryDay {
    /// The report's date.
    pub date: NaiveDate,
    /// Its topics.
    pub topics: Vec<MemoryTopic>,
    /// Tweets that its writer was given, and of retweets among them the originals.
    pub given: Vec<TweetId>,
}

/// A topic of an earlier report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryTopic {
    /// What set it apart, with weights.
    pub terms: Vec<(String, f64)>,
    /// Its tweets, their copies, and what they retweet, quote or answer.
    pub tweets: Vec<TweetId>,
}

/// That a topic was told before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Earlier {
    /// The last report that told it.
    pub date: NaiveDate,
    /// How alike the two are: 1 where they share a tweet, else the cosine of their terms.
    pub likeness: f64,
}

/// All ids by which a tweet belongs to a story: its own, and the tweet that it retweets, quotes or answers.
pub fn story_ids(tweet: &Tweet) -> impl Iterator<Item = TweetId> {
    [Some(tweet.id), tweet.reference.as_ref().and_then(|reference| reference.id)].into_iter().flatten()
}

/// The ids under which a tweet counts as given to a writer: its own, and of a retweet the original's.
pub fn given_ids(tweet: &Tweet) -> impl Iterator<Item = TweetId> {
    story_ids(tweet).take(if tweet.kind == Kind::Retweet { 2 } else { 1 })
}

/// A memory, indexed.
pub(super) struct Recall<'m> {
    given: FxHashSet<TweetId>,
    /// The dates of all earlier topics.
    dates: Vec<NaiveDate>,
    by_tweet: FxHashMap<TweetId, Vec<usize>>,
    by_term: TermIndex<'m>,
    rarity: Rarity<'m>,
}

impl<'m> Recall<'m> {
    pub(super) fn new(days: &'m [MemoryDay]) -> Self {
        let told: Vec<(NaiveDate, &MemoryTopic)> =
            days.iter().flat_map(|day| day.topics.iter().map(|topic| (day.date, topic))).collect();
        let mut recall = Self {
            given: days.iter().flat_map(|day| &day.given).copied().collect(),
            dates: told.iter().map(|(date, _)| *date).collect(),
            by_tweet: FxHashMap::default(),
            by_term: TermIndex::default(),
            rarity: Rarity::new(told.iter().map(|(_, topic)| topic.terms.as_slice())),
        };
        for (place, (_, topic)) in told.iter().enumerate() {
            for tweet in &topic.tweets {
                recall.by_tweet.entry(*tweet).or_default().push(place);
            }
            recall.by_term.add(place, recall.rarity.unit(&topic.terms));
        }
        recall
    }

    /// The day of an earlier topic.
    pub(super) fn date(&self, place: usize) -> Option<NaiveDate> {
        self.dates.get(place).copied()
    }

    /// Whether an earlier report was given the tweet, one that it copies or, of a retweet, the original.
    pub(super) fn told(&self, unique: &Unique) -> bool {
        given_ids(&unique.tweet).chain(unique.copies.iter().copied()).any(|id| self.given.contains(&id))
    }

    /// How like each topic of the days that has anything in common is, by its place among all.
    pub(super) fn likeness(
        &self,
        terms: &[(String, f64)],
        ids: impl Iterator<Item = TweetId>,
    ) -> BTreeMap<usize, f64> {
        let mut likeness = self.by_term.alike(&self.rarity.unit(terms));
        for place in ids.filter_map(|id| self.by_tweet.get(&id)).flatten() {
            likeness.insert(*place, 1.0);
        }
        likeness
    }

    /// The earlier topic that is likest; of equals the newest.
    pub(super) fn likest(&self, terms: &[(String, f64)], tweets: &[&Unique]) -> Option<Earlier> {
        let ids =
            tweets.iter().flat_map(|unique| story_ids(&unique.tweet).chain(unique.copies.iter().copied()));
        let earlier = self
            .likeness(terms, ids)
            .into_iter()
            .filter_map(|(place, likeness)| Some(Earlier { date: *self.dates.get(place)?, likeness }));
        earlier.max_by(|a, b| a.likeness.total_cmp(&b.likeness).then(a.date.cmp(&b.date)))
    }
}
