//! **filter**: keeps what belongs into the report; what it takes out has a reason.
//!
//! The reasons stand in a fixed order and a tweet has the first that holds. What is kept carries its two scores on, so that
//! a half-suspect tweet can rank lower without being lost.

use std::fmt;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    AdJudge, AdOutcome, AdScore, AdThresholds, Lexicon, Source, Tweet, TweetId,
    relevance::relevance,
    words::{Words, is_han_char},
};

/// A half-open stretch of time: `start <= t < end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Window {
    /// First instant inside.
    pub start: DateTime<Utc>,
    /// First instant after.
    pub end: DateTime<Utc>,
}

impl Window {
    /// Whether an instant lies inside.
    pub fn contains(&self, time: DateTime<Utc>) -> bool {
        self.start <= time && time < self.end
    }
}

/// Thresholds and lists of the filter, as written in the report profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterSettings {
    /// Languages to keep, as in `lang`; empty keeps all. A tweet of unknown language stays.
    pub languages: Vec<String>,
    /// Handles that are always left out.
    pub block: Vec<String>,
    /// Handles that are never an advert.
    pub allow: Vec<String>,
    /// From this probability of an advert on a tweet is dropped; 0 leaves it to the model's file.
    pub ad_drop: f64,
    /// From this probability of promotion on a tweet ranks lower; 0 leaves it to the model's file.
    pub ad_suspect: f64,
    /// Below this relevance a tweet is off topic.
    pub relevance_min: f64,
    /// Fewer columns of own text than this are too short (a Chinese character counts two, links and handles none).
    pub min_width: usize,
}

/// What the filter needs besides the tweets.
pub struct Sieve<'a> {
    /// Thresholds and lists.
    pub settings: &'a FilterSettings,
    /// The advert rules and their model.
    pub ads: &'a AdJudge,
    /// The subject's words.
    pub subject: &'a Lexicon,
    /// The dictionary.
    pub words: &'a Words,
}

/// A tweet that passed, with its scores.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The tweet.
    pub tweet: Tweet,
    /// Its advert score; the outcome is not [`AdOutcome::Drop`].
    pub ad: AdScore,
    /// Whether it is promotion without news: never a key point.
    pub suspect: bool,
    /// The weight of the subject's words in it.
    pub relevance: f64,
}

/// Why a tweet was left out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum DropReason {
    /// Posted before or after the report's window.
    OutOfWindow,
    /// By a blocked author.
    Blocked,
    /// In a language that the profile does not want.
    Language,
    /// An advert.
    Ad(AdScore),
    /// Not about the report's subject.
    OffTopic {
        /// The relevance reached.
        score: f64,
    },
    /// Nothing said.
    TooShort,
    /// The same id was read before.
    SameId,
    /// Folded into the tweet that it passes on.
    Retweet {
        /// The tweet that stands for it.
        into: TweetId,
    },
    /// Folded into a tweet of nearly the same text.
    Copy {
        /// The tweet that stands for it.
        into: TweetId,
    },
}

impl DropReason {
    /// The reason's short name, the key of all counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OutOfWindow => "out_of_window",
            Self::Blocked => "blocked",
            Self::Language => "language",
            Self::Ad(_) => "ad",
            Self::OffTopic { .. } => "off_topic",
            Self::TooShort => "too_short",
            Self::SameId => "same_id",
            Self::Retweet { .. } => "retweet",
            Self::Copy { .. } => "copy",
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A tweet that was left out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dropped {
    /// Which tweet.
    pub id: TweetId,
    /// Whose.
    pub handle: String,
    /// Where it was read.
    pub source: Source,
    /// Why.
    #[serde(flatten)]
    pub why: DropReason,
}

impl Dropped {
    pub(crate) fn new(tweet: &Tweet, why: DropReason) -> Self {
        Self { id: tweet.id, handle: tweet.author.handle.clone(), source: tweet.source.clone(), why }
    }
}

/// The filter's result: in = kept + dropped.
#[derive(Debug, Default)]
pub struct Sifted {
    /// In the order read.
    pub kept: Vec<Kept>,
    /// In the order read.
    pub dropped: Vec<Dropped>,
}

/// Sifts tweets for one window.
pub fn filter(tweets: &[Tweet], window: Window, sieve: &Sieve<'_>) -> Sifted {
    let judged = judge(tweets, window, sieve);
    let admitted: Vec<&Tweet> =
        tweets.iter().zip(&judged).filter(|(_, judged)| judged.is_ok()).map(|(tweet, _)| tweet).collect();
    let scores = relevance(&admitted, sieve.subject, sieve.words, sieve.settings.relevance_min);
    let mut scores = scores.into_iter();
    let mut sifted = Sifted::default();
    for (tweet, judged) in tweets.iter().zip(judged) {
        let kept = judged.and_then(|ad| {
            let score = scores.next().unwrap_or(0.0);
            keep(tweet, ad, score, sieve.settings)
        });
        match kept {
            Ok(kept) => sifted.kept.push(kept),
            Err(why) => sifted.dropped.push(Dropped::new(tweet, why)),
        }
    }
    suspect_brands(&mut sifted.kept);
    sifted
}

/// An account that advertises itself by name in one tweet is a brand, and suspect in its others too.
fn suspect_brands(kept: &mut [Kept]) {
    let brand = |kept: &&Kept| kept.suspect && kept.ad.own_name;
    let brands: FxHashSet<String> =
        kept.iter().filter(brand).map(|kept| kept.tweet.author.handle.clone()).collect();
    for kept in kept.iter_mut().filter(|kept| !kept.suspect && brands.contains(&kept.tweet.author.handle)) {
        kept.suspect = true;
        kept.ad.outcome = AdOutcome::Suspect;
        kept.ad.evidence.push("brand account".to_owned());
    }
}

struct Lists {
    block: FxHashSet<String>,
    allow: FxHashSet<String>,
    languages: FxHashSet<String>,
}

impl Lists {
    fn new(settings: &FilterSettings) -> Self {
        let set =
            |list: &[String]| list.iter().map(|item| item.trim_start_matches('@').to_lowercase()).collect();
        Self { block: set(&settings.block), allow: set(&settings.allow), languages: set(&settings.languages) }
    }
}

/// The reasons that a tweet has before the subject is looked at. Adverts are judged among what is left, so that the same
/// text again and again is seen.
fn judge(tweets: &[Tweet], window: Window, sieve: &Sieve<'_>) -> Vec<Result<AdScore, DropReason>> {
    let lists = Lists::new(sieve.settings);
    let places: Vec<Result<bool, DropReason>> =
        tweets.iter().map(|tweet| admit(tweet, window, &lists)).collect();
    let open: Vec<&Tweet> = tweets
        .iter()
        .zip(&places)
        .filter(|(_, place)| **place == Ok(false))
        .map(|(tweet, _)| tweet)
        .collect();
    let thresholds = AdThresholds { drop: sieve.settings.ad_drop, suspect: sieve.settings.ad_suspect };
    let mut scores = sieve.ads.judge(&open, thresholds).into_iter();
    let mut score =
        |allowed: bool| if allowed { AdScore::default() } else { scores.next().unwrap_or_default() };
    let advert = |ad: AdScore| if ad.outcome == AdOutcome::Drop { Err(DropReason::Ad(ad)) } else { Ok(ad) };
    places.into_iter().map(|place| place.and_then(|allowed| advert(score(allowed)))).collect()
}

/// Whether the author is on the allow list, or why the tweet is out whatever it says.
fn admit(tweet: &Tweet, window: Window, lists: &Lists) -> Result<bool, DropReason> {
    if !window.contains(tweet.created_at) {
        return Err(DropReason::OutOfWindow);
    }
    let handle = tweet.author.handle.to_lowercase();
    if lists.block.contains(&handle) {
        return Err(DropReason::Blocked);
    }
    let language = tweet.lang.as_deref().map(|lang| lang.split('-').next().unwrap_or(lang).to_lowercase());
    if !lists.languages.is_empty() && language.is_some_and(|language| !lists.languages.contains(&language)) {
        return Err(DropReason::Language);
    }
    Ok(lists.allow.contains(&handle))
}

/// The reasons that it has beside the day's other tweets.
fn keep(tweet: &Tweet, ad: AdScore, relevance: f64, settings: &FilterSettings) -> Result<Kept, DropReason> {
    if relevance < settings.relevance_min {
        return Err(DropReason::OffTopic { score: relevance });
    }
    if width(&tweet.text) < settings.min_width {
        return Err(DropReason::TooShort);
    }
    let suspect = ad.outcome == AdOutcome::Suspect;
    Ok(Kept { tweet: tweet.clone(), ad, suspect, relevance })
}

/// Columns of own text: a Chinese character counts two; links, handles, emoji and blanks none.
fn width(text: &str) -> usize {
    let own = text.split_whitespace().filter(|word| !word.starts_with("http") && !word.starts_with('@'));
    own.flat_map(str::chars)
        .map(|c| match c {
            c if is_han_char(c) => 2,
            c if c.is_alphanumeric() => 1,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_counts_words_only() {
        assert_eq!(width("gm 🔥🔥 https://t.co/x @friend"), 2);
        assert_eq!(width("大模型 AI"), 8);
    }
}
