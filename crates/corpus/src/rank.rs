//! **rank**: clusters become topics in order of salience; the tweets that say most stand first in each.
//!
//! Salience is a weighted sum of named terms, each kept for the audit. A topic may be one tweet alone, if that says enough;
//! the other singletons are left out and counted.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Cluster, Metrics, TweetId, Unique, Window, substance::substance};

/// How topics are ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankSettings {
    /// Weight of each term of the salience.
    pub weights: Weights,
    /// A topic needs a tweet of at least this substance (0 to 1): two jokes that share a word are no story.
    pub min_substance: f64,
    /// A tweet alone becomes a topic only with at least this relevance.
    pub single_min_relevance: f64,
    /// At most this many topics; the rest is left out (0 = no limit).
    pub max_topics: usize,
}

/// A weight for each term of [`Salience`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the weight of the salience term of its name")]
pub struct Weights {
    pub authors: f64,
    pub engagement: f64,
    pub recency: f64,
    pub centrality: f64,
    pub relevance: f64,
    pub substance: f64,
    pub promotion: f64,
}

/// The terms of a topic's salience, each from 0 to 1, and their weighted sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Salience {
    /// Distinct authors, on a logarithmic scale (1 = twelve or more).
    pub authors: f64,
    /// Engagement's rank among the day's topics; 0.5 where no count is known.
    pub engagement: f64,
    /// Place of the newest tweet in the window.
    pub recency: f64,
    /// Mean cosine of the tweets to the topic's mean, of a tweet alone 0.
    pub centrality: f64,
    /// How strongly the tweets speak of the subject (1 = weight 6 and more).
    pub relevance: f64,
    /// How much is said: names, figures, length.
    pub substance: f64,
    /// Share of tweets that are half suspected of being adverts; counts against the topic.
    pub promotion: f64,
    /// The weighted sum.
    pub total: f64,
}

/// A topic of the report.
#[derive(Clone, Debug)]
pub struct Topic {
    /// What sets it apart, strongest first.
    pub terms: Vec<(String, f64)>,
    /// Its tweets: first those that represent it best.
    pub tweets: Vec<Unique>,
    /// Why it stands where it stands.
    pub salience: Salience,
}

impl Topic {
    /// All who posted about it, lower case, each once, in the order of the tweets.
    pub fn authors(&self) -> Vec<&str> {
        let mut authors: Vec<&str> = Vec::new();
        for author in self.tweets.iter().flat_map(|unique| &unique.authors) {
            if !authors.contains(&author.as_str()) {
                authors.push(author);
            }
        }
        authors
    }
}

/// The stage's result: in = tweets of topics + left out.
#[derive(Debug, Default)]
pub struct Ranked {
    /// Most salient first.
    pub topics: Vec<Topic>,
    /// Tweets that say too little for a topic, and those of topics beyond the limit, in order of time.
    pub left_out: Vec<Unique>,
}

/// Ranks clusters of `unique`.
pub fn rank(unique: Vec<Unique>, clusters: &[Cluster], window: Window, settings: &RankSettings) -> Ranked {
    let mut slots: Vec<Option<Unique>> = unique.into_iter().map(Some).collect();
    let mut ranked = Ranked::default();
    for cluster in clusters {
        let tweets = represent(&mut slots, cluster);
        let stands = match tweets.as_slice() {
            [alone] => stands_alone(alone, settings),
            several => several.iter().any(|unique| substance(&unique.tweet) >= settings.min_substance),
        };
        if !stands {
            ranked.left_out.extend(tweets);
            continue;
        }
        let salience = measure(&tweets, cluster, window);
        ranked.topics.push(Topic { terms: cluster.terms.clone(), tweets, salience });
    }
    place_engagement(&mut ranked.topics);
    order(&mut ranked, settings);
    ranked
}

/// Whether one tweet is a topic: it says enough, about the subject, and does not sell.
fn stands_alone(alone: &Unique, settings: &RankSettings) -> bool {
    !alone.suspect
        && substance(&alone.tweet) >= settings.min_substance
        && alone.relevance >= settings.single_min_relevance
}

fn order(ranked: &mut Ranked, settings: &RankSettings) {
    for topic in &mut ranked.topics {
        topic.salience.total = total(&topic.salience, &settings.weights);
    }
    ranked
        .topics
        .sort_by(|a, b| b.salience.total.total_cmp(&a.salience.total).then_with(|| first(a).cmp(&first(b))));
    if settings.max_topics > 0 && ranked.topics.len() > settings.max_topics {
        let beyond = ranked.topics.split_off(settings.max_topics);
        ranked.left_out.extend(beyond.into_iter().flat_map(|topic| topic.tweets));
    }
    ranked.left_out.sort_by_key(|unique| (unique.tweet.created_at, unique.tweet.id));
}

fn first(topic: &Topic) -> Option<(DateTime<Utc>, TweetId)> {
    topic.tweets.iter().map(|unique| (unique.tweet.created_at, unique.tweet.id)).min()
}

/// A cluster's tweets, best representatives first: central, substantial, no advert, no author twice before others had a turn.
fn represent(slots: &mut [Option<Unique>], cluster: &Cluster) -> Vec<Unique> {
    let members = cluster.members.iter().zip(&cluster.centrality);
    let mut scored: Vec<(f64, Unique)> = members
        .filter_map(|(member, central)| {
            slots.get_mut(*member)?.take().map(|unique| (worth(&unique, *central), unique))
        })
        .collect();
    scored.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.tweet.id.cmp(&y.tweet.id)));
    let mut turns: Vec<(usize, Unique)> = Vec::with_capacity(scored.len());
    for (_, unique) in scored {
        let speaker = unique.tweet.speaker().to_lowercase();
        let turn =
            turns.iter().filter(|(_, before)| before.tweet.speaker().to_lowercase() == speaker).count();
        turns.push((turn, unique));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, unique)| unique).collect()
}

fn worth(unique: &Unique, central: f64) -> f64 {
    let suspect = if unique.suspect { 0.5 } else { 0.0 };
    central + substance(&unique.tweet) + 0.1 * heat(&unique.engagement).unwrap_or(0.0).ln_1p() - suspect
}

fn measure(tweets: &[Unique], cluster: &Cluster, window: Window) -> Salience {
    let share = |count: f64| count / tweets.len().max(1) as f64;
    let mut authors: Vec<&String> = tweets.iter().flat_map(|unique| &unique.authors).collect();
    authors.sort_unstable();
    authors.dedup();
    let best = |measure: fn(&Unique) -> f64| tweets.iter().map(measure).fold(0.0, f64::max);
    let centrality = if tweets.len() > 1 { share(cluster.centrality.iter().sum()) } else { 0.0 };
    Salience {
        authors: ((authors.len() as f64).ln() / 12_f64.ln()).min(1.0),
        recency: tweets.iter().map(|unique| place(unique.tweet.created_at, window)).fold(0.0, f64::max),
        centrality,
        relevance: (best(|unique| unique.relevance) / 6.0).min(1.0),
        substance: best(|unique| substance(&unique.tweet)),
        promotion: share(tweets.iter().filter(|unique| unique.suspect).count() as f64),
        ..Salience::default()
    }
}

fn place(time: DateTime<Utc>, window: Window) -> f64 {
    let length = (window.end - window.start).num_seconds().max(1) as f64;
    ((time - window.start).num_seconds() as f64 / length).clamp(0.0, 1.0)
}

/// Engagement as one number: a repost or quote weighs two likes, a reply one; `None` where nothing is known.
fn heat(metrics: &Metrics) -> Option<f64> {
    let parts = [(metrics.likes, 1.0), (metrics.reposts, 2.0), (metrics.quotes, 2.0), (metrics.replies, 1.0)];
    let known: Vec<f64> =
        parts.into_iter().filter_map(|(count, weight)| count.map(|count| count as f64 * weight)).collect();
    (!known.is_empty()).then(|| known.into_iter().sum())
}

/// Engagement enters by rank, because counts differ by orders of magnitude between sources and days.
fn place_engagement(topics: &mut [Topic]) {
    let heats: Vec<Option<f64>> = topics
        .iter()
        .map(|topic| topic.tweets.iter().filter_map(|unique| heat(&unique.engagement)).reduce(|a, b| a + b))
        .collect();
    let mut known: Vec<f64> = heats.iter().flatten().copied().collect();
    known.sort_by(f64::total_cmp);
    for (topic, heat) in topics.iter_mut().zip(heats) {
        topic.salience.engagement = heat.map_or(0.5, |heat| {
            known.partition_point(|other| *other < heat) as f64 / known.len().saturating_sub(1).max(1) as f64
        });
    }
}

fn total(salience: &Salience, weights: &Weights) -> f64 {
    weights.authors * salience.authors
        + weights.engagement * salience.engagement
        + weights.recency * salience.recency
        + weights.centrality * salience.centrality
        + weights.relevance * salience.relevance
        + weights.substance * salience.substance
        - weights.promotion * salience.promotion
}
