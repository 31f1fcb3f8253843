//! An audit read again for people: each line of a post with its sources and evidence.

use std::collections::BTreeMap;

use brief::{Citation, Evidence, Refused, Side, Withheld, Writer};
use corpus::{Tweet, TweetId};
use serde::Deserialize;

use crate::{
    audit::{AUDIT_SCHEMA_VERSION, Hashes},
    escape::{clean, escape},
};

/// An audit that tells nothing of a post.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// Not an audit.
    #[error("it is no audit file")]
    Json(#[from] serde_json::Error),
    /// An audit of another version.
    #[error("its schema version is {0}, this program knows {AUDIT_SCHEMA_VERSION}")]
    Version(u32),
}

/// What an audit tells of the lines of its post.
#[derive(Debug, Deserialize)]
pub struct Trace {
    schema_version: u32,
    hashes: Hashes,
    brief: TracedBrief,
    topics: Vec<TracedTopic>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TracedBrief {
    overview: Vec<TracedClaim>,
    key_points: Vec<TracedClaim>,
    sections: Vec<TracedSection>,
    refused: Vec<Refused>,
    withheld: Vec<Withheld>,
}

#[derive(Debug, Deserialize)]
struct TracedSection {
    id: String,
    claims: Vec<TracedClaim>,
}

#[derive(Debug, Deserialize)]
struct TracedTopic {
    tweets: Vec<TracedTweet>,
}

#[derive(Debug, Deserialize)]
struct TracedTweet {
    tweet: Tweet,
}

/// A claim as an audit tells it. It proves nothing by itself: only `brief` makes a `Claim`.
#[derive(Clone, Debug, Deserialize)]
pub struct TracedClaim {
    /// Id of its group; empty in the brief part.
    pub group: String,
    /// The bold words in front.
    pub lead: String,
    /// The sentence or two; plain text.
    pub text: String,
    /// The tweets that it rests on.
    pub cites: Vec<Citation>,
    /// Each fact with the tweet that holds it.
    pub evidence: Vec<Evidence>,
    /// Who wrote it.
    pub writer: Writer,
    /// Whether all that it is about goes on from an earlier report.
    #[serde(default)]
    pub continuing: bool,
    /// Whether all that it rests on is the word of one small account.
    #[serde(default)]
    pub sole_source: bool,
    /// What its sources say instead of one another.
    #[serde(default)]
    pub disputed: Vec<Side>,
}

/// A claim with its place in the post.
#[derive(Clone, Copy, Debug)]
pub struct Traced<'a> {
    /// The line of the post, counted from 1; `None` when no line of it says this.
    pub line: Option<usize>,
    /// `overview`, `key_points`, or the section's id.
    pub section: &'a str,
    /// The claim.
    pub claim: &'a TracedClaim,
}

impl Trace {
    /// Of an audit's bytes.
    ///
    /// # Errors
    /// When they are no audit of a version that this program knows.
    pub fn read(audit: &[u8]) -> Result<Self, TraceError> {
        let trace: Self = serde_json::from_slice(audit)?;
        let known = trace.schema_version == AUDIT_SCHEMA_VERSION;
        if known { Ok(trace) } else { Err(TraceError::Version(trace.schema_version)) }
    }

    /// Whether a post of these bytes is the one that it was written for.
    pub fn is_of(&self, post: &[u8]) -> bool {
        self.hashes.post == blake3::hash(post).to_hex().as_str()
    }

    /// All claims in the order of a post's lines; those that stand on none come last.
    pub fn lines(&self, markdown: &str) -> Vec<Traced<'_>> {
        let mut free: Vec<(usize, &str)> =
            markdown.lines().zip(1..).map(|(text, line)| (line, text)).collect();
        let mut traced: Vec<Traced<'_>> = self
            .claims()
            .map(|(section, claim)| Traced { line: take(&mut free, claim), section, claim })
            .collect();
        traced.sort_by_key(|one| one.line.unwrap_or(usize::MAX));
        traced
    }

    /// All claims, each with its part, as the audit has them.
    pub fn claims(&self) -> impl Iterator<Item = (&str, &TracedClaim)> {
        self.brief.claims()
    }

    /// Drafts that were not let through.
    pub fn refused(&self) -> &[Refused] {
        &self.brief.refused
    }

    /// Tweets that the model's moderation objected to.
    pub fn withheld(&self) -> &[Withheld] {
        &self.brief.withheld
    }

    /// The tweets of all topics, by id.
    pub fn tweets(&self) -> BTreeMap<TweetId, &Tweet> {
        let tweets = self.topics.iter().flat_map(|topic| &topic.tweets);
        tweets.map(|one| (one.tweet.id, &one.tweet)).collect()
    }
}

impl TracedBrief {
    /// All claims, each with its part: `overview`, `key_points`, or the section's id.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (&str, &TracedClaim)> {
        let part = |name: &'static str| move |claim| (name, claim);
        let sections = self.sections.iter();
        let detail =
            sections.flat_map(|section| section.claims.iter().map(|claim| (section.id.as_str(), claim)));
        let overview = self.overview.iter().map(part("overview"));
        overview.chain(self.key_points.iter().map(part("key_points"))).chain(detail)
    }
}

impl TracedClaim {
    /// Whether a line of plain text has this claim's words.
    pub fn is_in(&self, text: &str) -> bool {
        let words = clean(&self.text);
        !words.is_empty() && text.contains(&words)
    }
}

/// Takes the first free line with a claim's words, and with its first source if it has sources: a key point and a line of
/// the detail may say the same, and a line has one claim.
fn take(free: &mut Vec<(usize, &str)>, claim: &TracedClaim) -> Option<usize> {
    let words = escape(&claim.text);
    let cited = |text: &str| claim.cites.iter().any(|cite| text.contains(&format!("/status/{})", cite.id)));
    let says = |text: &str| text.contains(&words) && (cited(text) || !text.contains("/status/"));
    let place = free.iter().position(|(_, text)| !words.is_empty() && says(text))?;
    Some(free.remove(place).0)
}
