//! What a report told, read again from its audit: the memory of later reports.

use std::collections::BTreeSet;

use brief::{Brief, Claim};
use chrono::NaiveDate;
use corpus::{MemoryDay, MemoryTopic, Topic, Tweet, TweetId, cited_ids, story_ids};
use serde::Deserialize;

use crate::audit::AUDIT_SCHEMA_VERSION;

/// An audit that is no memory.
#[derive(Debug, thiserror::Error)]
pub enum RememberError {
    /// Not an audit.
    #[error("it is no audit file")]
    Json(#[from] serde_json::Error),
    /// An audit of another version.
    #[error("its schema version is {0}, this program knows {AUDIT_SCHEMA_VERSION}")]
    Version(u32),
}

#[derive(Deserialize)]
struct Told {
    schema_version: u32,
    topics: Vec<ToldTopic>,
    brief: ToldBrief,
}

#[derive(Deserialize)]
struct ToldTopic {
    terms: Vec<(String, f64)>,
    tweets: Vec<ToldTweet>,
}

#[derive(Deserialize)]
struct ToldTweet {
    tweet: Tweet,
    copies: Vec<TweetId>,
}

#[derive(Deserialize)]
struct ToldBrief {
    overview: Vec<ToldClaim>,
    key_points: Vec<ToldClaim>,
    sections: Vec<ToldSection>,
}

#[derive(Deserialize)]
struct ToldSection {
    claims: Vec<ToldClaim>,
}

#[derive(Deserialize)]
struct ToldClaim {
    cites: Vec<Cite>,
}

#[derive(Deserialize)]
struct Cite {
    id: TweetId,
}

/// What the report of `date` told, from its audit's bytes.
///
/// # Errors
/// When they are no audit of a version that this program knows.
pub fn remember(audit: &[u8], date: NaiveDate) -> Result<MemoryDay, RememberError> {
    let told: Told = serde_json::from_slice(audit)?;
    if told.schema_version != AUDIT_SCHEMA_VERSION {
        return Err(RememberError::Version(told.schema_version));
    }
    let ToldBrief { overview, key_points, sections } = &told.brief;
    let claims = overview.iter().chain(key_points).chain(sections.iter().flat_map(|section| &section.claims));
    let ids = claims.flat_map(|claim| &claim.cites).map(|cite| cite.id).collect();
    let tweets = told.topics.iter().flat_map(|topic| &topic.tweets).map(|one| &one.tweet);
    let cited = with_originals(&ids, tweets);
    let topics = told.topics.into_iter().map(|topic| {
        let tweets = topic.tweets.iter().flat_map(|one| ids_of(&one.tweet, &one.copies)).collect();
        MemoryTopic { terms: topic.terms, tweets }
    });
    Ok(MemoryDay { date, topics: topics.collect(), cited })
}

/// The same of a report that is being made: what [`remember`] will give of its audit.
///
/// # Errors
/// Never for values of these types; the JSON reader's error is passed on.
pub fn told(topics: &[Topic], brief: &Brief, date: NaiveDate) -> Result<MemoryDay, serde_json::Error> {
    let ids = brief.claims().flat_map(Claim::cites).map(|cite| cite.id).collect();
    let tweets = topics.iter().flat_map(|topic| &topic.tweets).map(|unique| &unique.tweet);
    let cited = with_originals(&ids, tweets);
    let topics = topics.iter().map(|topic| {
        let tweets = topic.tweets.iter().flat_map(|unique| ids_of(&unique.tweet, &unique.copies)).collect();
        MemoryTopic { terms: topic.terms.clone(), tweets }
    });
    let day = MemoryDay { date, topics: topics.collect(), cited };
    // Through JSON, which may change the last digit of a weight: the hash of both must be one.
    serde_json::from_slice(&serde_json::to_vec(&day)?)
}

fn ids_of(tweet: &Tweet, copies: &[TweetId]) -> impl Iterator<Item = TweetId> {
    story_ids(tweet).chain(copies.iter().copied())
}

/// Cited tweets, and of cited retweets the originals.
fn with_originals<'t>(ids: &BTreeSet<TweetId>, tweets: impl Iterator<Item = &'t Tweet>) -> Vec<TweetId> {
    let originals: BTreeSet<TweetId> =
        tweets.filter(|tweet| ids.contains(&tweet.id)).flat_map(cited_ids).collect();
    originals.union(ids).copied().collect()
}
