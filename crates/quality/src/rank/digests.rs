//! How high the tweets stand that people's digests cited, among all tweets of their day.

use std::collections::{BTreeMap, BTreeSet};

use corpus::{Tweet, TweetId, Words};
use serde::{Deserialize, Serialize};

use super::{days::mix, lexrank::lexrank, tfidf::TfIdf};

/// A digest and what it cites.
#[derive(Clone, Debug, Deserialize)]
pub struct Digest {
    /// Its file.
    pub report: String,
    /// Its date.
    pub date: chrono::NaiveDate,
    /// The tweets that it cites.
    pub cited_tweet_ids: Vec<TweetId>,
}

/// A day's tweets under the scores of each method.
pub struct DigestDay<'a> {
    /// All tweets of the day.
    pub tweets: Vec<&'a Tweet>,
    /// Those that the digest cites.
    pub cited: BTreeSet<TweetId>,
    /// Our score of each; a tweet without one stands last.
    pub ours: BTreeMap<TweetId, f64>,
}

/// What one method's order is worth; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DigestFigures {
    /// Share of the cited tweets that stand in the better half of the day.
    pub recall_half: f64,
    /// Normalised discounted cumulative gain over the whole day, a cited tweet gaining 1 (Järvelin & Kekäläinen 2002).
    pub ndcg: f64,
}

/// The methods, ours first; the last is what no order can beat.
pub const METHODS: [&str; 6] = ["tuibao", "likes", "followers", "LexRank", "random", "best possible"];

/// The figures of each of [`METHODS`] on one day. A count that is not told is a 0 to the peers.
pub fn eval_digest(day: &DigestDay<'_>, words: &Words) -> Vec<DigestFigures> {
    let texts: Vec<&str> = day.tweets.iter().map(|tweet| tweet.text.as_str()).collect();
    let central = lexrank(&TfIdf::new(&texts, words));
    let count = |count: Option<u64>| count.unwrap_or(0) as f64;
    let likes = day.tweets.iter().map(|tweet| count(tweet.metrics.likes)).collect();
    let followers = day.tweets.iter().map(|tweet| count(tweet.author.followers)).collect();
    let ours = day
        .tweets
        .iter()
        .map(|tweet| day.ours.get(&tweet.id).copied().unwrap_or(f64::NEG_INFINITY))
        .collect();
    let random = vec![0.0; day.tweets.len()];
    let best = day.tweets.iter().map(|tweet| if day.cited.contains(&tweet.id) { 1.0 } else { 0.0 }).collect();
    let scored: [Vec<f64>; 6] = [ours, likes, followers, central, random, best];
    scored.iter().map(|scores| day.figures(scores)).collect()
}

/// Orders of equal scores over which a figure is the mean.
const TIES: u64 = 200;

impl DigestDay<'_> {
    /// The mean over many orders of equal scores, so that no method gains by the order of the files.
    fn figures(&self, scores: &[f64]) -> DigestFigures {
        let orders: Vec<DigestFigures> =
            (0..TIES).map(|seed| figures(&self.relevant(scores, seed))).collect();
        let of = |term: fn(&DigestFigures) -> f64| orders.iter().map(term).sum::<f64>() / TIES as f64;
        DigestFigures { recall_half: of(|figures| figures.recall_half), ndcg: of(|figures| figures.ndcg) }
    }

    /// Whether each tweet is cited, best score first.
    fn relevant(&self, scores: &[f64], seed: u64) -> Vec<bool> {
        let mut order: Vec<(f64, u64, bool)> = self
            .tweets
            .iter()
            .zip(scores)
            .map(|(tweet, score)| (*score, mix(seed, tweet.id.0), self.cited.contains(&tweet.id)))
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.into_iter().map(|(_, _, cited)| cited).collect()
    }
}

fn figures(order: &[bool]) -> DigestFigures {
    let cited = order.iter().filter(|cited| **cited).count();
    let half = order.len().div_ceil(2);
    let found = order.iter().take(half).filter(|cited| **cited).count();
    let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
    let reached: f64 =
        order.iter().enumerate().filter(|(_, cited)| **cited).map(|(place, _)| gain(place)).sum();
    let ideal: f64 = (0..cited).map(gain).sum();
    DigestFigures {
        recall_half: found as f64 / cited.max(1) as f64,
        ndcg: if ideal > 0.0 { reached / ideal } else { 0.0 },
    }
}

/// The means of several days' figures, by method.
pub fn mean(days: &[Vec<DigestFigures>]) -> Vec<DigestFigures> {
    let count = days.len().max(1) as f64;
    let of = |method: usize, term: fn(&DigestFigures) -> f64| {
        days.iter().filter_map(|day| day.get(method)).map(term).sum::<f64>() / count
    };
    let mean = |method| DigestFigures {
        recall_half: of(method, |figures| figures.recall_half),
        ndcg: of(method, |figures| figures.ndcg),
    };
    (0..METHODS.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let best = figures(&[true, true, false, false]);
        assert_eq!((best.recall_half, best.ndcg), (1.0, 1.0));
        let worst = figures(&[false, false, false, true]);
        assert!(
            worst.recall_half.abs() < 1e-9 && (worst.ndcg - 1.0 / 5_f64.log2()).abs() < 1e-9,
            "{worst:?}"
        );
        // Four cited of five: only three can stand in the better half, and do.
        let most = figures(&[true, true, true, false, true]);
        assert!((most.recall_half - 0.75).abs() < 1e-9, "{most:?}");
    }
}
