//! Which tweets of a topic stand first: worth, and a submodular reward for what the ones before did not say.
//!
//! Lin & Bilmes (2011): the sum over a topic's terms of `weight · √(times told)` plus the sum over its authors of
//! `√(tweets chosen)` is monotone and submodular, so the greedy choice is within 1 − 1/e of the best. Linear in the tweets:
//! only [`CHOSEN`] are chosen, the others follow by worth.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use super::worth::Worth;
use crate::{Cluster, Unique};

/// Tweets that are chosen; a writer sees fewer.
const CHOSEN: usize = 12;
/// Reward for telling all terms of a topic for the first time, beside a worth of about 0 to 2.
const COVERAGE: f64 = 1.0;
/// Reward for an author who was not heard.
const VOICE: f64 = 0.6;
/// What the closeness to the topic's mean counts for the first tweet, which stands for all.
const CENTRALITY: f64 = 1.5;

/// What it counts that others passed a tweet on, by the logarithm of how many.
const PASSED_ON: f64 = 0.3;

/// A candidate.
struct Candidate {
    unique: Unique,
    worth: f64,
    central: f64,
    /// Places of the topic's terms that it tells.
    tells: Vec<usize>,
    speaker: String,
}

/// The tweets of a cluster, best representatives first.
pub(super) fn represent(members: Vec<(Unique, f64, Worth)>, cluster: &Cluster) -> Vec<Unique> {
    let weights = shares(cluster);
    let finder = finder(cluster);
    let mut rest: Vec<Candidate> = members
        .into_iter()
        .map(|(unique, central, worth)| Candidate {
            tells: finder.as_ref().map_or_else(Vec::new, |finder| told(finder, &unique.tweet.text)),
            speaker: unique.tweet.speaker().to_lowercase(),
            worth: worth.total + PASSED_ON * (unique.authors.len().max(1) as f64).ln(),
            central,
            unique,
        })
        .collect();
    rest.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.unique.tweet.id.cmp(&b.unique.tweet.id)));
    let mut chosen = Chosen { weights, told: vec![0; cluster.terms.len()], voices: BTreeMap::new() };
    let mut ordered = Vec::with_capacity(rest.len());
    while !rest.is_empty() && ordered.len() < CHOSEN {
        let first = ordered.is_empty();
        let best = chosen.best(&rest, first);
        let taken = rest.remove(best);
        chosen.take(&taken);
        ordered.push(taken.unique);
    }
    ordered.extend(rest.into_iter().map(|candidate| candidate.unique));
    ordered
}

/// What the tweets chosen so far tell.
struct Chosen {
    weights: Vec<f64>,
    told: Vec<u32>,
    voices: BTreeMap<String, u32>,
}

impl Chosen {
    /// The first of the best candidates.
    fn best(&self, rest: &[Candidate], first: bool) -> usize {
        let gains = rest.iter().enumerate().map(|(place, one)| (self.gain(one, first), place));
        gains.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map_or(0, |(_, place)| place)
    }

    fn gain(&self, one: &Candidate, first: bool) -> f64 {
        let step = |times: u32| f64::from(times + 1).sqrt() - f64::from(times).sqrt();
        let term = |place: &usize| Some(self.weights.get(*place)? * step(*self.told.get(*place)?));
        let coverage: f64 = one.tells.iter().filter_map(term).sum();
        let voice = step(self.voices.get(&one.speaker).copied().unwrap_or(0));
        let central = if first { CENTRALITY * one.central } else { 0.0 };
        one.worth + COVERAGE * coverage + VOICE * voice + central
    }

    fn take(&mut self, one: &Candidate) {
        for place in &one.tells {
            if let Some(times) = self.told.get_mut(*place) {
                *times += 1;
            }
        }
        *self.voices.entry(one.speaker.clone()).or_default() += 1;
    }
}

/// The terms' weights, as shares of their sum.
fn shares(cluster: &Cluster) -> Vec<f64> {
    let sum: f64 = cluster.terms.iter().map(|(_, weight)| weight).sum();
    cluster.terms.iter().map(|(_, weight)| if sum > 0.0 { weight / sum } else { 0.0 }).collect()
}

/// Finds the topic's terms; `None` for a topic without, or of one tweet, where there is nothing to choose.
fn finder(cluster: &Cluster) -> Option<AhoCorasick> {
    if cluster.members.len() < 2 || cluster.terms.is_empty() {
        return None;
    }
    AhoCorasick::builder().ascii_case_insensitive(true).build(cluster.terms.iter().map(|(term, _)| term)).ok()
}

fn told(finder: &AhoCorasick, text: &str) -> Vec<usize> {
    let mut told: Vec<usize> =
        finder.find_overlapping_iter(text).map(|hit| hit.pattern().as_usize()).collect();
    told.sort_unstable();
    told.dedup();
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: u64, handle: &str, text: &str, worth: f64) -> (Unique, f64, Worth) {
        let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
            "created_at": "2026-03-02T00:00:00Z"});
        let tweet: crate::Tweet = serde_json::from_value(json).unwrap();
        let unique = Unique {
            authors: vec![handle.to_owned()],
            engagement: tweet.metrics,
            ad: crate::AdScore::default(),
            suspect: false,
            relevance: 2.0,
            copies: Vec::new(),
            tweet,
        };
        (unique, 0.5, Worth { total: worth, ..Worth::default() })
    }

    #[test]
    fn what_is_new_and_who_was_not_heard_comes_before_a_repetition() {
        let terms = ["qingwu", "weights", "price", "licence"].map(|term| (term.to_owned(), 1.0));
        let cluster = Cluster { members: vec![0, 1, 2], terms: terms.to_vec(), centrality: vec![0.5; 3] };
        let members = vec![
            member(1, "a", "Qingwu weights are out", 1.0),
            member(2, "a", "Qingwu weights are out now", 1.0),
            member(3, "b", "the price and the licence of Qingwu", 0.8),
        ];
        let order: Vec<u64> = represent(members, &cluster).iter().map(|unique| unique.tweet.id.0).collect();
        assert_eq!(order, [3, 1, 2]);
    }
}
