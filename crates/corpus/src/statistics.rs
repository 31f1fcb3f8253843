//! Figures of a whole corpus over a long range, as another program works them out and a report of several days reads them.
//!
//! The contract between both, as JSON. Days are days of UTC: a report's own days, which its zone and cutoff make, are
//! taken for them, so that counts of a day may differ by what was posted in the hours between.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Figures of all tweets of a store in a range of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Version of the file's shape: [`Statistics::SCHEMA`].
    pub schema: u32,
    /// First day.
    pub from: NaiveDate,
    /// Last day, which is in the range.
    pub to: NaiveDate,
    /// Each day of the range that has tweets, oldest first.
    pub days: Vec<DayTotals>,
    /// Terms, those of most tweets first.
    pub terms: Vec<TermTimeline>,
    /// Authors, the most active first.
    pub authors: Vec<AuthorTweets>,
    /// The topics that the days' audits name, in the order of the days and of their audits.
    pub topics: Vec<TopicTimeline>,
}

/// What a day had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayTotals {
    /// The day.
    pub day: NaiveDate,
    /// Its tweets, each id once.
    pub tweets: u64,
    /// Accounts that posted them.
    pub authors: u64,
    /// Of the tweets, those that the advert judge drops.
    pub ads: u64,
}

/// A term and the days that it was spoken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermTimeline {
    /// The term, as `corpus` cuts texts.
    pub term: String,
    /// Tweets that have it.
    pub tweets: u64,
    /// Accounts that used it.
    pub authors: u64,
    /// Days with any of them, oldest first.
    pub days: Vec<TweetsOnDay>,
}

/// How many tweets on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TweetsOnDay {
    /// The day.
    pub day: NaiveDate,
    /// Its tweets.
    pub tweets: u64,
}

/// How much an account posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorTweets {
    /// Its handle without `@`.
    pub handle: String,
    /// Its tweets.
    pub tweets: u64,
    /// Days on which it posted.
    pub days: u64,
}

/// A topic of an audit and the days on which the corpus speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicTimeline {
    /// What people call it; nothing is looked up by it.
    pub topic: String,
    /// The terms that were looked for: the first ones of the audit's `topics[].terms`, in that order and spelling. A report
    /// finds the timeline of a topic by them.
    pub terms: Vec<String>,
    /// Days with a tweet about it, oldest first.
    pub days: Vec<VoicesOnDay>,
}

/// How many tweets and accounts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoicesOnDay {
    /// The day.
    pub day: NaiveDate,
    /// Its tweets.
    pub tweets: u64,
    /// Accounts that posted them.
    pub authors: u64,
}

/// Statistics that are of no use.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    /// Not such a file.
    #[error("it is no statistics file")]
    Json(#[from] serde_json::Error),
    /// Of another version.
    #[error("its schema is {0}, this program knows {known}", known = Statistics::SCHEMA)]
    Schema(u32),
    /// Of other days.
    #[error("it covers {from} to {to}")]
    Range {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
}

impl Statistics {
    /// The version of the shape that this program knows.
    pub const SCHEMA: u32 = 1;

    /// Reads a file's bytes; they must cover all days from `from` to `to`.
    ///
    /// # Errors
    /// When they are no such file, of another version, or of other days.
    pub fn read(bytes: &[u8], from: NaiveDate, to: NaiveDate) -> Result<Self, StatisticsError> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        // The version first: a file of another one has other fields.
        let Version { schema } = serde_json::from_slice(bytes)?;
        if schema != Self::SCHEMA {
            return Err(StatisticsError::Schema(schema));
        }
        let read: Self = serde_json::from_slice(bytes)?;
        if read.from > from || read.to < to {
            return Err(StatisticsError::Range { from: read.from, to: read.to });
        }
        Ok(read)
    }

    /// What a day had; `None` for a day without tweets.
    pub fn day(&self, day: NaiveDate) -> Option<&DayTotals> {
        self.days.iter().find(|totals| totals.day == day)
    }

    /// The timeline of an audit's topic, if it was looked for.
    pub fn timeline(&self, terms: &[(String, f64)]) -> Option<&TopicTimeline> {
        let is_of = |timeline: &&TopicTimeline| {
            let known = timeline.terms.iter().zip(terms).take_while(|(one, (term, _))| *one == term).count();
            known > 0 && known == timeline.terms.len()
        };
        self.topics.iter().find(is_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"schema": 1, "from": "2026-03-02", "to": "2026-03-04",
        "days": [{"day": "2026-03-02", "tweets": 10, "authors": 8, "ads": 1}],
        "terms": [{"term": "nova", "tweets": 3, "authors": 2, "days": [{"day": "2026-03-02", "tweets": 3}]}],
        "authors": [{"handle": "a", "tweets": 4, "days": 2}],
        "topics": [{"topic": "Nova", "terms": ["nova", "price"], "days": [{"day": "2026-03-02", "tweets": 3, "authors": 2}]}]}"#;

    fn read(text: &str, from: &str, to: &str) -> Result<Statistics, StatisticsError> {
        Statistics::read(text.as_bytes(), from.parse().unwrap(), to.parse().unwrap())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let read_once = read(FILE, "2026-03-02", "2026-03-04").unwrap();
        let again = serde_json::to_string(&read_once).unwrap();
        assert_eq!(read(&again, "2026-03-03", "2026-03-03").unwrap(), read_once);
    }

    #[test]
    fn a_file_that_does_not_fit_is_refused() {
        let refused = |text: &str, from: &str, to: &str| read(text, from, to).unwrap_err().to_string();
        assert_eq!(refused(FILE, "2026-03-01", "2026-03-04"), "it covers 2026-03-02 to 2026-03-04");
        assert_eq!(refused(FILE, "2026-03-02", "2026-03-05"), "it covers 2026-03-02 to 2026-03-04");
        let newer = FILE.replace("\"schema\": 1", "\"schema\": 2, \"more\": 3");
        assert_eq!(refused(&newer, "2026-03-02", "2026-03-04"), "its schema is 2, this program knows 1");
        let strange = FILE.replace("\"ads\"", "\"spam\"");
        assert_eq!(refused(&strange, "2026-03-02", "2026-03-04"), "it is no statistics file");
    }

    #[test]
    fn a_topic_is_found_by_its_first_terms() {
        let statistics = read(FILE, "2026-03-02", "2026-03-04").unwrap();
        let found = |terms: &[&str]| {
            let terms: Vec<(String, f64)> = terms.iter().map(|term| ((*term).to_owned(), 1.0)).collect();
            statistics.timeline(&terms).is_some()
        };
        assert!(found(&["nova", "price", "model"]));
        assert!(!found(&["price", "nova"]) && !found(&["nova"]) && !found(&[]));
    }
}
