//! What a report told, read again from its audit: the memory of later reports.
//!
//! A report is remembered by what its writer was given, not by the words that it found. So nothing that follows waits for the
//! writer, and a report that is written anew, and better, makes no later one stale.

use std::collections::BTreeSet;

use brief::Given;
use chrono::NaiveDate;
use corpus::{MemoryDay, MemoryTopic, Topic, Tweet, TweetId, given_ids, story_ids};
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

/// What the report of `date` told, from its audit's bytes; its writer was `given` this share of each topic.
///
/// # Errors
/// When they are no audit of a version that this program knows.
pub fn remember(audit: &[u8], date: NaiveDate, given: Given) -> Result<MemoryDay, RememberError> {
    let told: Told = serde_json::from_slice(audit)?;
    if told.schema_version != AUDIT_SCHEMA_VERSION {
        return Err(RememberError::Version(told.schema_version));
    }
    let topics = told.topics.into_iter().map(|topic| {
        let tweets = topic.tweets.into_iter().map(|one| (one.tweet, one.copies)).collect();
        (topic.terms, tweets)
    });
    Ok(day(topics, date, given))
}

/// The same of a report that is being made: what [`remember`] will give of its audit.
///
/// # Errors
/// Never for values of these types; the JSON reader's error is passed on.
pub fn told(topics: &[Topic], date: NaiveDate, given: Given) -> Result<MemoryDay, serde_json::Error> {
    let topics = topics.iter().map(|topic| {
        let tweets =
            topic.tweets.iter().map(|unique| (unique.tweet.clone(), unique.copies.clone())).collect();
        (topic.terms.clone(), tweets)
    });
    // Through JSON, which may change the last digit of a weight: the hash of both must be one.
    serde_json::from_slice(&serde_json::to_vec(&day(topics, date, given))?)
}

/// A topic's terms, and its tweets with their copies.
type ToldTweets = (Vec<(String, f64)>, Vec<(Tweet, Vec<TweetId>)>);

fn day(topics: impl Iterator<Item = ToldTweets>, date: NaiveDate, share: Given) -> MemoryDay {
    let mut given = BTreeSet::new();
    let topics = topics.map(|(terms, tweets)| {
        let of_topic = share.of(&tweets, |(tweet, _)| tweet.speaker());
        given.extend(of_topic.flat_map(|(tweet, _)| given_ids(tweet)));
        let ids = tweets.iter().flat_map(|(tweet, copies)| story_ids(tweet).chain(copies.iter().copied()));
        MemoryTopic { terms, tweets: ids.collect() }
    });
    MemoryDay { date, topics: topics.collect(), given: given.into_iter().collect() }
}
