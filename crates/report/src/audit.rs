//! The audit file: for each line of a post where it came from, for each tweet what became of it.

use std::collections::BTreeMap;

use brief::{Brief, Grade, Spending};
use chrono::NaiveDate;
use corpus::{Coverage, Dropped, Earlier, Rejected, Salience, Topic, Tweet, TweetId, Unique, Window, Worth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the file's shape; raised when a reader of the old one would misread the new one.
pub const AUDIT_SCHEMA_VERSION: u32 = 2;

/// What became of every record. `read = rejected + dropped + kept` and `kept = in topics + left out`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Records that are tweets or should be (notices are not).
    pub read: u64,
    /// Lawful records that are no tweets, such as delete notices.
    pub notices: u64,
    /// Could not be read, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Left out, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Unique tweets that passed.
    pub kept: u64,
    /// Of these, in topics.
    pub in_topics: u64,
    /// Of these, not in a topic of the report.
    pub left_out: u64,
    /// Of those left out, told by an earlier report.
    #[serde(default)]
    pub told: u64,
    /// Topics.
    pub topics: u64,
}

impl Counts {
    /// Whether both sums hold; a report whose sums do not hold is not published.
    pub fn balanced(&self) -> bool {
        let rejected: u64 = self.rejected.values().sum();
        let dropped: u64 = self.dropped.values().sum();
        self.read == rejected + dropped + self.kept && self.kept == self.in_topics + self.left_out
    }
}

/// Hashes (BLAKE3, hexadecimal) of what a report was made from and what was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hashes {
    /// Tweets of the window, in order of time.
    pub tweets: String,
    /// Settings that bear on the content, and the prompts.
    pub settings: String,
    /// What earlier reports told.
    #[serde(default)]
    pub memory: String,
    /// The post's bytes.
    pub post: String,
    /// The picture's bytes; empty without a picture.
    pub picture: String,
    /// The bytes of the report's other files, by file name: charts, HTML edition.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// The audits that a report of several days was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeOf {
    /// The days whose reports it tells again, in order.
    pub days: Vec<MadeOfDay>,
    /// Days of its range that had no audit.
    pub missing: Vec<NaiveDate>,
}

/// A day's report that was told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeOfDay {
    /// Its date.
    pub date: NaiveDate,
    /// Hash of its audit's bytes.
    pub audit: String,
}

/// Everything that goes into an audit file.
pub struct AuditInput<'a> {
    /// File name without folder and ending.
    pub slug: &'a str,
    /// Version of the program.
    pub program: &'a str,
    /// The report's window.
    pub window: Window,
    /// What became of every record.
    pub counts: &'a Counts,
    /// How the window's tweets are spread over it.
    pub coverage: &'a Coverage,
    /// Topics, most salient first.
    pub topics: &'a [Topic],
    /// The brief.
    pub brief: &'a Brief,
    /// Tweets that passed but are in no topic.
    pub left_out: &'a [Unique],
    /// Of these, those that an earlier report told.
    pub told: &'a [TweetId],
    /// The worth of each tweet.
    pub worths: &'a BTreeMap<TweetId, Worth>,
    /// Tweets inside the window that were left out, with reasons.
    pub dropped: &'a [Dropped],
    /// Records that could not be read.
    pub rejected: &'a [Rejected],
    /// Currency of what the model cost.
    pub currency: &'a str,
    /// Hashes.
    pub hashes: &'a Hashes,
    /// The audits of the days, where it was made from these.
    pub made_of: Option<&'a MadeOf>,
}

/// What an audit file holds: for each line of a post where it came from, for each tweet what became of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Audit")]
pub(crate) struct Audit<'a> {
    /// Version of the file's shape; raised when a reader of the old one would misread the new one.
    schema_version: u32,
    /// File name of the post without date and ending.
    slug: &'a str,
    /// Name and version of the program.
    program: &'a str,
    /// How the report was written.
    grade: Grade,
    /// Calls that gave nothing usable.
    gaps: usize,
    /// What the report was made from, and what was made.
    hashes: &'a Hashes,
    /// The audits of the days, of a report that was made from these and not from tweets.
    #[serde(skip_serializing_if = "Option::is_none")]
    made_of: Option<&'a MadeOf>,
    /// The report's window: `start <= t < end`.
    window: Window,
    /// What became of every record.
    counts: &'a Counts,
    /// Whether the window has gaps, and its tweets by the hour.
    coverage: &'a Coverage,
    /// The post's claims with their sources and evidence, and the drafts that were refused.
    brief: &'a Brief,
    /// What all calls to a model took together.
    spending: Spending,
    /// Currency of every `cost`.
    currency: &'a str,
    /// Topics with their tweets, most salient first.
    topics: Vec<AuditTopic<'a>>,
    /// Tweets that passed but are in no topic.
    left_out: Vec<TweetId>,
    /// Of these, those that an earlier report told.
    told: &'a [TweetId],
    /// Tweets inside the window that were left out, with reasons.
    dropped: &'a [Dropped],
    /// The first records that could not be read.
    rejected: &'a [Rejected],
}

/// A topic, with what made it salient.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Topic")]
struct AuditTopic<'a> {
    /// What sets it apart, with weights.
    terms: &'a [(String, f64)],
    /// Its salience, term by term.
    salience: &'a Salience,
    /// The earlier report that told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<Earlier>,
    /// Best representative first; writers see the first of them.
    tweets: Vec<AuditTweet<'a>>,
}

/// A tweet, with the copies that it stands for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TopicTweet")]
struct AuditTweet<'a> {
    /// The tweet, as it was read.
    tweet: &'a Tweet,
    /// Retweets and near-copies that were folded into it.
    copies: &'a [TweetId],
    /// The handles of all who said it.
    authors: &'a [String],
    /// How strongly it speaks of the report's subject.
    relevance: f64,
    /// How much it is worth in its topic, term by term.
    #[serde(skip_serializing_if = "Option::is_none")]
    worth: Option<&'a Worth>,
    /// Probability that it is an advert.
    ad_score: f64,
    /// What speaks for that.
    ad_evidence: &'a [String],
}

/// What a later run reads of an audit: enough to tell whether the report is up to date and how good it is.
#[derive(Clone, Debug, Deserialize)]
pub struct AuditHead {
    /// Version of the file's shape.
    pub schema_version: u32,
    /// How the report was written.
    pub grade: Grade,
    /// Calls that gave nothing usable.
    pub gaps: usize,
    /// What it was made from.
    pub hashes: Hashes,
    /// What became of every record.
    pub counts: Counts,
    /// The audits of the days, of a report that was made from these.
    #[serde(default)]
    pub made_of: Option<MadeOf>,
}

/// The audit file's bytes: indented JSON, keys in a fixed order.
///
/// # Errors
/// Never for values of these types; the JSON writer's error is passed on.
pub fn audit(input: &AuditInput<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let audit = Audit {
        schema_version: AUDIT_SCHEMA_VERSION,
        slug: input.slug,
        program: input.program,
        grade: input.brief.grade(),
        gaps: input.brief.gaps.len(),
        hashes: input.hashes,
        made_of: input.made_of,
        window: input.window,
        counts: input.counts,
        coverage: input.coverage,
        brief: input.brief,
        spending: input.brief.spending(),
        currency: input.currency,
        topics: input.topics.iter().map(|one| topic(one, input.worths)).collect(),
        left_out: input.left_out.iter().map(|unique| unique.tweet.id).collect(),
        told: input.told,
        dropped: input.dropped,
        rejected: input.rejected,
    };
    let mut bytes = serde_json::to_vec_pretty(&audit)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn topic<'a>(topic: &'a Topic, worths: &'a BTreeMap<TweetId, Worth>) -> AuditTopic<'a> {
    let tweets = topic.tweets.iter().map(|unique| AuditTweet {
        tweet: &unique.tweet,
        copies: &unique.copies,
        authors: &unique.authors,
        relevance: unique.relevance,
        worth: worths.get(&unique.tweet.id),
        ad_score: unique.ad.score,
        ad_evidence: &unique.ad.evidence,
    });
    AuditTopic {
        terms: &topic.terms,
        salience: &topic.salience,
        earlier: topic.earlier,
        tweets: tweets.collect(),
    }
}
