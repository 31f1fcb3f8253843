//! How strongly each tweet speaks of the report's subject: by the subject's own words, and by what stands beside them
//! that day.
//!
//! A lexicon knows last year's names; a new model's name is known by the company it keeps. So a tweet without enough words
//! of the subject gains by its likeness to a tweet of another author that has them, and by answering one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    Kind, Lexicon, Tweet, TweetId,
    vectors::{Vectors, dot},
    words::Words,
};

/// Relevance gained from a tweet on the subject at cosine 1; below [`LIKE`] nothing is gained.
const NEIGHBOUR_WEIGHT: f64 = 8.0;
const LIKE: f64 = 0.12;
/// Relevance gained by answering or quoting a tweet on the subject.
const ANSWER_WEIGHT: f64 = 2.0;
/// Relevance gained by a tweet with at least one word of the subject whose author posts on nothing else that day.
const AUTHOR_WEIGHT: f64 = 1.0;
/// An author is known by so many other tweets.
const FEW_TWEETS: usize = 3;
/// Rounds: what became relevant in one may make its neighbours so in the next.
const ROUNDS: usize = 2;

/// The relevance of each tweet, in the same order; tweets at `least` or above are on the subject.
pub fn relevance(tweets: &[&Tweet], subject: &Lexicon, words: &Words, least: f64) -> Vec<f64> {
    let own: Vec<f64> = tweets.iter().map(|tweet| relevance_alone(tweet, subject)).collect();
    let company = Company::new(tweets, words);
    let authors = by_author(tweets, &own, least);
    let own: Vec<f64> =
        own.iter().zip(authors).map(|(own, author)| if *own > 0.0 { own + author } else { 0.0 }).collect();
    let mut scores = own.clone();
    for _ in 0..ROUNDS {
        let sure: Vec<bool> = scores.iter().map(|score| *score >= least).collect();
        let ids: FxHashSet<TweetId> =
            tweets.iter().zip(&sure).filter(|(_, sure)| **sure).map(|(tweet, _)| tweet.id).collect();
        for (place, (score, own)) in scores.iter_mut().zip(&own).enumerate() {
            if *score < least
                && let Some(tweet) = tweets.get(place)
            {
                *score = own + company.best(place, &sure) + by_answer(tweet, &ids);
            }
        }
    }
    scores
}

/// The relevance of a tweet by itself. Its own words count in full, those of the tweet that it quotes by half, as do the
/// names of who speaks and who is spoken to: an AI company rarely says AI.
pub fn relevance_alone(tweet: &Tweet, subject: &Lexicon) -> f64 {
    let quoted = match (tweet.kind, &tweet.reference) {
        (Kind::Quote, Some(reference)) => reference.text.as_deref().map_or(0.0, |text| subject.score(text)),
        _ => 0.0,
    };
    subject.score(&tweet.text) + f64::midpoint(quoted, subject.score(&names(tweet)))
}

fn names(tweet: &Tweet) -> String {
    let author = [tweet.author.name.as_str(), tweet.author.handle.as_str()];
    let handles = tweet.mentions.iter().map(String::as_str);
    author.into_iter().chain(handles).collect::<Vec<_>>().join(" ").replace('_', " ")
}

/// By the share of its author's other tweets that are on the subject by their own words.
fn by_author(tweets: &[&Tweet], own: &[f64], least: f64) -> Vec<f64> {
    let mut known: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    let sure = |score: &f64| usize::from(*score >= least);
    for (tweet, score) in tweets.iter().zip(own) {
        let (all, on_subject) = known.entry(&tweet.author.handle).or_default();
        *all += 1;
        *on_subject += sure(score);
    }
    let share = |tweet: &&Tweet, score: &f64| {
        let (all, on_subject) = known.get(tweet.author.handle.as_str()).copied().unwrap_or_default();
        let others = all.saturating_sub(1);
        if others < FEW_TWEETS { 0.0 } else { (on_subject - sure(score)) as f64 / others as f64 }
    };
    tweets.iter().zip(own).map(|(tweet, score)| AUTHOR_WEIGHT * share(tweet, score)).collect()
}

/// The day's tweets by the words that they share.
struct Company<'t> {
    tweets: &'t [&'t Tweet],
    vectors: Vectors,
    postings: Vec<Vec<(u32, f32)>>,
}

impl<'t> Company<'t> {
    fn new(tweets: &'t [&'t Tweet], words: &Words) -> Self {
        let vectors = Vectors::new(tweets.iter().map(|tweet| words.terms(&tweet.text)));
        let postings = vectors.postings();
        Self { tweets, vectors, postings }
    }

    /// By the likest tweet on the subject of another author: one author's chat shares his pet words, not his subject.
    fn best(&self, place: usize, sure: &[bool]) -> f64 {
        let (Some(tweet), Some(vector)) = (self.tweets.get(place), self.vectors.unit.get(place)) else {
            return 0.0;
        };
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let mut best: f64 = 0.0;
        let shared = vector.iter().filter_map(|(term, _)| self.postings.get(*term as usize)).flatten();
        for other in shared.map(|(other, _)| *other as usize) {
            let sure = sure.get(other).copied().unwrap_or(false);
            let stranger =
                self.tweets.get(other).is_some_and(|other| other.author.handle != tweet.author.handle);
            if sure && stranger && seen.insert(other) {
                best = best.max(self.vectors.unit.get(other).map_or(0.0, |unit| dot(unit, vector)));
            }
        }
        if best >= LIKE { NEIGHBOUR_WEIGHT * best } else { 0.0 }
    }
}

fn by_answer(tweet: &Tweet, on_subject: &FxHashSet<TweetId>) -> f64 {
    let referred = tweet.reference.as_ref().and_then(|reference| reference.id);
    if referred.is_some_and(|id| on_subject.contains(&id)) { ANSWER_WEIGHT } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tweet(id: u64, handle: &str, text: &str) -> Tweet {
        let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text, "created_at": "2026-03-02T00:00:00Z"});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_new_name_is_known_by_its_company() {
        let subject = Lexicon::new([("大模型".to_owned(), 2.0)]).unwrap();
        let tweets = [
            tweet(1, "a", "Qingwu-72B 大模型开源，总参数 72B"),
            tweet(2, "b", "Qingwu-72B 总参数 72B, runs in my garage"),
            tweet(3, "c", "今天的羊肉很好吃，推荐大家去"),
            tweet(4, "a", "Qingwu-72B 周边贴纸"),
        ];
        let tweets: Vec<&Tweet> = tweets.iter().collect();
        let scores = relevance(&tweets, &subject, &Words::new([]), 2.0);
        assert!(scores[0] >= 2.0 && scores[1] > 1.0, "{scores:?}");
        assert!(scores[2] == 0.0, "chat stays chat: {scores:?}");
    }
}
