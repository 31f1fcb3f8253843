//! A day's report, read again from its audit for a report of several days: its topics, and what it said about them.
//!
//! Of a day's tweets only those are kept that its claims cite, and one of each topic: a year of audits fits into the memory.

use std::collections::{BTreeMap, BTreeSet};

use brief::Fact;
use chrono::NaiveDate;
use corpus::{MemoryDay, MemoryTopic, Salience, Tweet, TweetId, Unique, Verdict, story_ids};
use serde::Deserialize;

use crate::{
    audit::{AUDIT_SCHEMA_VERSION, Counts},
    remember::RememberError,
    trace::{TracedBrief, TracedClaim},
};

/// What a day's report holds for a report of several days.
#[derive(Debug)]
pub struct DayReport {
    /// Its date.
    pub date: NaiveDate,
    /// What became of its records.
    pub counts: Counts,
    /// Whether its collector had stood still for a while.
    pub incomplete: bool,
    /// Its topics, most salient first.
    pub topics: Vec<DayTopic>,
    /// Its claims about one topic each, key points first.
    pub claims: Vec<DayClaim>,
}

/// A topic of a day's report.
#[derive(Debug)]
pub struct DayTopic {
    /// What set it apart, with weights.
    pub terms: Vec<(String, f64)>,
    /// Why it stood where it stood.
    pub salience: Salience,
    /// The ids by which its tweets belong to a story.
    pub ids: Vec<TweetId>,
    /// How many tweets it has.
    pub tweets: u64,
    /// Who posted about it, lower case.
    pub authors: BTreeSet<String>,
    /// Those of its tweets that are cited, and the one that represents it best, in front.
    pub cited: Vec<Unique>,
}

/// A claim of a day's report.
#[derive(Debug)]
pub struct DayClaim {
    /// Place of the topic that it is about.
    pub topic: usize,
    /// Whether it is a key point.
    pub is_point: bool,
    /// The claim.
    pub claim: TracedClaim,
}

impl DayClaim {
    /// The figures that the day's program counted itself, as written.
    pub fn counted(&self) -> impl Iterator<Item = &str> {
        let own = self.claim.evidence.iter().filter(|one| one.tweet.is_none());
        own.filter(|one| matches!(one.fact, Fact::Figure { .. })).map(|one| one.fact.written())
    }
}

impl DayReport {
    /// The day as a memory has it, to find the stories that go on.
    pub fn memory(&self) -> MemoryDay {
        let topic = |topic: &DayTopic| MemoryTopic { terms: topic.terms.clone(), tweets: topic.ids.clone() };
        MemoryDay { date: self.date, topics: self.topics.iter().map(topic).collect(), given: Vec::new() }
    }
}

#[derive(Deserialize)]
struct Audit {
    schema_version: u32,
    counts: Counts,
    coverage: Covered,
    brief: TracedBrief,
    topics: Vec<Topic>,
}

#[derive(Deserialize)]
struct Covered {
    verdict: Verdict,
}

#[derive(Deserialize)]
struct Topic {
    terms: Vec<(String, f64)>,
    salience: Salience,
    tweets: Vec<TopicTweet>,
}

#[derive(Deserialize)]
struct TopicTweet {
    tweet: Tweet,
    copies: Vec<TweetId>,
    authors: Vec<String>,
    worth: Option<TweetWorth>,
}

#[derive(Deserialize)]
struct TweetWorth {
    promotion: f64,
}

/// Reads the report of `date` from its audit's bytes.
///
/// # Errors
/// When they are no audit of a version that this program knows.
pub fn retell(audit: &[u8], date: NaiveDate) -> Result<DayReport, RememberError> {
    let audit: Audit = serde_json::from_slice(audit)?;
    if audit.schema_version != AUDIT_SCHEMA_VERSION {
        return Err(RememberError::Version(audit.schema_version));
    }
    let claims = claims(&audit);
    let cited = claims.iter().flat_map(|one| &one.claim.cites).map(|cite| cite.id).collect();
    Ok(DayReport {
        date,
        counts: audit.counts,
        incomplete: audit.coverage.verdict == Verdict::Incomplete,
        topics: audit.topics.into_iter().map(|one| topic(one, &cited)).collect(),
        claims,
    })
}

/// The claims whose sources are all of one topic: what is said of several is said of no story.
fn claims(audit: &Audit) -> Vec<DayClaim> {
    let places = audit.topics.iter().enumerate();
    let topic_of: BTreeMap<TweetId, usize> =
        places.flat_map(|(place, topic)| topic.tweets.iter().map(move |one| (one.tweet.id, place))).collect();
    let about = |claim: &TracedClaim| {
        let mut topics = claim.cites.iter().map(|cite| topic_of.get(&cite.id).copied());
        let first = topics.next()??;
        topics.all(|topic| topic == Some(first)).then_some(first)
    };
    let told = audit.brief.claims().filter(|(part, _)| *part != "overview");
    let told = told.filter_map(|(part, claim)| {
        Some(DayClaim { topic: about(claim)?, is_point: part == "key_points", claim: claim.clone() })
    });
    told.collect()
}

fn topic(topic: Topic, cited: &BTreeSet<TweetId>) -> DayTopic {
    let Topic { terms, salience, tweets } = topic;
    let ids = tweets.iter().flat_map(|one| story_ids(&one.tweet).chain(one.copies.iter().copied()));
    DayTopic {
        ids: ids.collect(),
        tweets: tweets.len() as u64,
        authors: tweets.iter().flat_map(|one| one.authors.iter().cloned()).collect(),
        cited: tweets
            .into_iter()
            .enumerate()
            .filter(|(place, one)| *place == 0 || cited.contains(&one.tweet.id))
            .map(|(_, one)| unique(one))
            .collect(),
        terms,
        salience,
    }
}

/// A tweet as later stages need it. The audit tells of a suspect by the worth of its tweet, where promotion counts in full.
fn unique(one: TopicTweet) -> Unique {
    let suspect = one.worth.is_some_and(|worth| worth.promotion >= 1.0);
    Unique::told(one.tweet, one.copies, one.authors, suspect)
}
