//! What a tweet is worth by itself: how much it says, how it was received, whether it speaks of its author's own news.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Kind, Lexicon, Metrics, TweetId, Unique, substance::substance, words::is_han_char};

/// A weight for each term of [`Worth`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the weight of the term of its name")]
pub struct WorthWeights {
    pub substance: f64,
    pub engagement: f64,
    pub relevance: f64,
    pub news: f64,
    pub link: f64,
    pub chat: f64,
    pub promotion: f64,
}

/// The terms of a tweet's worth, each from 0 to 1, and their weighted sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worth {
    /// How much is said: names, figures, length.
    pub substance: f64,
    /// Place among the day's tweets by engagement, half as counted and half against the author's own usual; 0.5 where no
    /// count is known.
    pub engagement: f64,
    /// How strongly it speaks of the subject (1 = weight 6 and more).
    pub relevance: f64,
    /// Words of news, such as "released".
    pub news: f64,
    /// 1 with a link or a picture.
    pub link: f64,
    /// 1 for a short answer to somebody, 0.5 for a long one; counts against it.
    pub chat: f64,
    /// How surely it is promotion, of a suspect 1; counts against it.
    pub promotion: f64,
    /// The weighted sum.
    pub total: f64,
}

/// Weight of the subject's words at which relevance is full.
const FULL_RELEVANCE: f64 = 6.0;
/// Score of news words at which a tweet is news.
const FULL_NEWS: f64 = 2.0;
/// An answer of fewer columns is chat.
const SHORT_ANSWER: usize = 140;

/// The worth of each tweet of a day, by id.
pub(super) fn worths(unique: &[Unique], news: &Lexicon, weights: &WorthWeights) -> BTreeMap<TweetId, Worth> {
    let engagement = engagement(unique);
    let each = unique.iter().zip(engagement).map(|(one, engagement)| {
        let worth = Worth {
            substance: substance(&one.tweet),
            engagement,
            relevance: (one.relevance / FULL_RELEVANCE).min(1.0),
            news: (news.score(&one.tweet.text) / FULL_NEWS).min(1.0),
            link: if one.tweet.urls.is_empty() && one.tweet.media.is_empty() { 0.0 } else { 1.0 },
            chat: chat(one),
            promotion: promotion(one),
            total: 0.0,
        };
        (one.tweet.id, Worth { total: total(&worth, weights), ..worth })
    });
    each.collect()
}

fn total(worth: &Worth, weights: &WorthWeights) -> f64 {
    weights.substance * worth.substance
        + weights.engagement * worth.engagement
        + weights.relevance * worth.relevance
        + weights.news * worth.news
        + weights.link * worth.link
        - weights.chat * worth.chat
        - weights.promotion * worth.promotion
}

fn chat(unique: &Unique) -> f64 {
    let text = unique.tweet.text.trim_start();
    let answers = unique.tweet.kind == Kind::Reply || text.starts_with('@');
    let columns: usize = text.chars().map(|c| if is_han_char(c) { 2 } else { 1 }).sum();
    match (answers, columns < SHORT_ANSWER) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => 0.5,
    }
}

/// Engagement as one number: a repost or quote weighs two likes, a reply one; `None` where nothing is known.
pub(super) fn heat(metrics: &Metrics) -> Option<f64> {
    let parts = [(metrics.likes, 1.0), (metrics.reposts, 2.0), (metrics.quotes, 2.0), (metrics.replies, 1.0)];
    let known: Vec<f64> =
        parts.into_iter().filter_map(|(count, weight)| count.map(|count| count as f64 * weight)).collect();
    (!known.is_empty()).then(|| known.into_iter().sum())
}

/// Places among the day's tweets: by the logarithm of the heat, and by how far that is above the author's usual.
fn engagement(unique: &[Unique]) -> Vec<f64> {
    let heats: Vec<Option<f64>> = unique.iter().map(|one| heat(&one.engagement).map(f64::ln_1p)).collect();
    let usual = usual(unique, &heats);
    let above: Vec<Option<f64>> =
        heats.iter().zip(usual).map(|(heat, usual)| Some((*heat)? - usual?)).collect();
    let (counted, relative) = (places(&heats), places(&above));
    counted.into_iter().zip(relative).map(|(counted, relative)| f64::midpoint(counted, relative)).collect()
}

/// Per tweet what its author's tweets usually get: their median of the day; of an author seen once, what his followers
/// make likely. `None` where neither is known.
fn usual(unique: &[Unique], heats: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut by_author: FxHashMap<&str, Vec<f64>> = FxHashMap::default();
    for (one, heat) in unique.iter().zip(heats) {
        by_author.entry(one.tweet.speaker()).or_default().extend(heat);
    }
    let ratios: Vec<f64> = unique
        .iter()
        .zip(heats)
        .filter_map(|(one, heat)| Some((*heat)? - (one.tweet.author.followers? as f64).ln_1p()))
        .collect();
    let ratio = median(ratios);
    let usual = |one: &Unique| match by_author.get(one.tweet.speaker()).map(Vec::as_slice) {
        Some(several @ [_, _, ..]) => median(several.to_vec()),
        _ => Some((one.tweet.author.followers? as f64).ln_1p() + ratio?),
    };
    unique.iter().map(usual).collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Each value's place among the known ones, from 0 to 1, equal values at the middle of theirs; 0.5 where none is known.
pub(super) fn places(values: &[Option<f64>]) -> Vec<f64> {
    let mut known: Vec<f64> = values.iter().flatten().copied().collect();
    known.sort_by(f64::total_cmp);
    let place = |value: f64| {
        let below = known.partition_point(|other| *other < value);
        let upto = known.partition_point(|other| *other <= value);
        (below + upto) as f64 / (2 * known.len()).max(1) as f64
    };
    values.iter().map(|value| value.map_or(0.5, place)).collect()
}

/// How surely a tweet is promotion, from 0 to 1.
pub(super) fn promotion(unique: &Unique) -> f64 {
    if unique.suspect { 1.0 } else { unique.ad.promotion }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_count_is_neutral_and_order_is_kept() {
        assert_eq!(places(&[Some(1.0), None, Some(9.0)]), [0.25, 0.5, 0.75]);
        assert_eq!(places(&[Some(3.0), Some(3.0)]), [0.5, 0.5]);
        assert_eq!(heat(&Metrics::default()), None);
        assert_eq!(heat(&Metrics { likes: Some(3), reposts: Some(2), ..Metrics::default() }), Some(7.0));
    }
}
