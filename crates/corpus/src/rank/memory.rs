//! What earlier reports told, given as data: which of today's topics go on, and which tweets were cited already.
//!
//! A topic goes on when it shares a tweet, a retweeted or a quoted tweet with an earlier one, or is like one by its terms.
//! Not a search through old tweets: an earlier day is its topics' terms and ids.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

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
    /// Tweets that it cited, and the originals of cited retweets.
    pub cited: Vec<TweetId>,
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

/// The ids under which a tweet counts as cited: its own, and of a retweet the original's.
pub fn cited_ids(tweet: &Tweet) -> impl Iterator<Item = TweetId> {
    story_ids(tweet).take(if tweet.kind == Kind::Retweet { 2 } else { 1 })
}

/// A memory, indexed.
pub(super) struct Recall<'m> {
    cited: FxHashSet<TweetId>,
    /// The dates of all earlier topics.
    dates: Vec<NaiveDate>,
    by_tweet: FxHashMap<TweetId, Vec<usize>>,
    /// Per term: the topics that have it, with the term's weight there, the topic's terms scaled to length 1.
    by_term: BTreeMap<&'m str, Vec<(usize, f64)>>,
    rarity: BTreeMap<&'m str, f64>,
}

impl<'m> Recall<'m> {
    pub(super) fn new(memory: &'m Memory) -> Self {
        let told: Vec<(NaiveDate, &MemoryTopic)> =
            memory.days.iter().flat_map(|day| day.topics.iter().map(|topic| (day.date, topic))).collect();
        let mut recall = Self {
            cited: memory.days.iter().flat_map(|day| &day.cited).copied().collect(),
            dates: told.iter().map(|(date, _)| *date).collect(),
            by_tweet: FxHashMap::default(),
            by_term: BTreeMap::new(),
            rarity: rarity(told.iter().map(|(_, topic)| *topic)),
        };
        for (place, (_, topic)) in told.iter().enumerate() {
            for tweet in &topic.tweets {
                recall.by_tweet.entry(*tweet).or_default().push(place);
            }
            for (term, weight) in recall.scaled(&topic.terms) {
                recall.by_term.entry(term).or_default().push((place, weight));
            }
        }
        recall
    }

    /// Whether an earlier report cited the tweet, one that it copies or, of a retweet, the original.
    pub(super) fn cited(&self, unique: &Unique) -> bool {
        cited_ids(&unique.tweet).chain(unique.copies.iter().copied()).any(|id| self.cited.contains(&id))
    }

    /// The earlier topic that is likest; of equals the newest.
    pub(super) fn likest(&self, terms: &[(String, f64)], tweets: &[&Unique]) -> Option<Earlier> {
        let mut likeness: BTreeMap<usize, f64> = BTreeMap::new();
        for (term, weight) in self.scaled(terms) {
            for (place, other) in self.by_term.get(term).into_iter().flatten() {
                *likeness.entry(*place).or_default() += weight * other;
            }
        }
        let ids = tweets.iter().flat_map(|unique| story_ids(&unique.tweet).chain(unique.copies.iter().copied()));
        for place in ids.filter_map(|id| self.by_tweet.get(&id)).flatten() {
            likeness.insert(*place, 1.0);
        }
        let earlier = likeness
            .into_iter()
            .filter_map(|(place, likeness)| Some(Earlier { date: *self.dates.get(place)?, likeness }));
        earlier.max_by(|a, b| a.likeness.total_cmp(&b.likeness).then(a.date.cmp(&b.date)))
    }

    /// Terms weighted by how rare they are among earlier topics, scaled to length 1.
    fn scaled<'t>(&self, terms: &'t [(String, f64)]) -> Vec<(&'t str, f64)> {
        let unseen = ((self.dates.len() + 1) as f64).ln();
        let weigh = |(term, weight): &'t (String, f64)| {
            (term.as_str(), weight * self.rarity.get(term.as_str()).copied().unwrap_or(unseen))
        };
        let weighed: Vec<(&str, f64)> = terms.iter().map(weigh).collect();
        let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
        weighed.into_iter().map(|(term, weight)| (term, weight * scale)).collect()
    }
}

/// `ln(1 + topics / topics with the term)`: a word of every day's report tells no story.
fn rarity<'m>(topics: impl Iterator<Item = &'m MemoryTopic> + Clone) -> BTreeMap<&'m str, f64> {
    let all = topics.clone().count() as f64;
    let mut found: BTreeMap<&str, f64> = BTreeMap::new();
    for (term, _) in topics.flat_map(|topic| &topic.terms) {
        *found.entry(term).or_default() += 1.0;
    }
    found.into_iter().map(|(term, count)| (term, (1.0 + all / count).ln())).collect()
}

/// The cosine of two topics' terms.
pub(super) fn likeness(a: &[(String, f64)], b: &[(String, f64)]) -> f64 {
    let length = |terms: &[(String, f64)]| terms.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    let shared: f64 = a
        .iter()
        .filter_map(|(term, weight)| Some(weight * b.iter().find(|(other, _)| other == term)?.1))
        .sum();
    let lengths = length(a) * length(b);
    if lengths > 0.0 { shared / lengths } else { 0.0 }
}
