//! How salient a topic is: named terms, each kept for the audit, and their weighted sum.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::worth::{Worth, heat, places, promotion};
use crate::{Cluster, TweetId, Unique, Window};

/// A weight for each term of [`Salience`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the weight of the salience term of its name")]
pub struct Weights {
    pub authors: f64,
    pub engagement: f64,
    pub novelty: f64,
    pub recency: f64,
    pub centrality: f64,
    pub relevance: f64,
    pub substance: f64,
    pub promotion: f64,
    pub echo: f64,
}

/// The terms of a topic's salience, each from 0 to 1, and their weighted sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Salience {
    /// Distinct authors, on a logarithmic scale (1 = a thousand or more).
    pub authors: f64,
    /// Engagement's rank among the day's topics; 0.5 where no count is known.
    pub engagement: f64,
    /// How unlike it is to all that earlier reports told; 1 where there are none.
    pub novelty: f64,
    /// Place of the newest tweet in the window.
    pub recency: f64,
    /// Mean cosine of the tweets to the topic's mean, of a tweet alone 0.
    pub centrality: f64,
    /// How strongly the tweets speak of the subject (1 = weight 6 and more).
    pub relevance: f64,
    /// How much is said: names, figures, length.
    pub substance: f64,
    /// Mean probability that its tweets are promotion; of a suspect 1. Counts against the topic.
    pub promotion: f64,
    /// How like it is to the likest topic that stands before it; counts against it (MMR, Carbonell & Goldstein 1998).
    pub echo: f64,
    /// The weighted sum.
    pub total: f64,
}

/// Authors at which the term is 1.
const MANY_AUTHORS: f64 = 1000.0;

/// All terms but those that need the other topics and earlier days.
pub(super) fn measure(
    tweets: &[Unique],
    cluster: &Cluster,
    worths: &BTreeMap<TweetId, Worth>,
    window: Window,
) -> Salience {
    let share = |count: f64, all: usize| count / all.max(1) as f64;
    let mut authors: Vec<&String> = tweets.iter().flat_map(|unique| &unique.authors).collect();
    authors.sort_unstable();
    authors.dedup();
    let best = |term: fn(&Worth) -> f64| {
        tweets.iter().filter_map(|unique| worths.get(&unique.tweet.id)).map(term).fold(0.0, f64::max)
    };
    let centrality = if cluster.members.len() > 1 {
        share(cluster.centrality.iter().sum(), cluster.members.len())
    } else {
        0.0
    };
    Salience {
        authors: ((authors.len().max(1) as f64).ln() / MANY_AUTHORS.ln()).min(1.0),
        novelty: 1.0,
        recency: tweets.iter().map(|unique| place(unique.tweet.created_at, window)).fold(0.0, f64::max),
        centrality,
        relevance: best(|worth| worth.relevance),
        substance: best(|worth| worth.substance),
        promotion: share(tweets.iter().map(promotion).sum(), tweets.len()),
        ..Salience::default()
    }
}

fn place(time: DateTime<Utc>, window: Window) -> f64 {
    let length = (window.end - window.start).num_seconds().max(1) as f64;
    ((time - window.start).num_seconds() as f64 / length).clamp(0.0, 1.0)
}

/// Engagement enters by rank, because counts differ by orders of magnitude between sources and days.
pub(super) fn engagement(topics: &[super::Topic]) -> Vec<f64> {
    let heats: Vec<Option<f64>> = topics
        .iter()
        .map(|topic| topic.tweets.iter().filter_map(|unique| heat(&unique.engagement)).reduce(|a, b| a + b))
        .collect();
    places(&heats)
}

pub(super) fn total(salience: &Salience, weights: &Weights) -> f64 {
    weights.authors * salience.authors
        + weights.engagement * salience.engagement
        + weights.novelty * salience.novelty
        + weights.recency * salience.recency
        + weights.centrality * salience.centrality
        + weights.relevance * salience.relevance
        + weights.substance * salience.substance
        - weights.promotion * salience.promotion
        - weights.echo * salience.echo
}
