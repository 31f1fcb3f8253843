//! The one shape that every source format is normalised to, and the places that a record can come from.
//!
//! A `Tweet` serialises to the project's own JSONL (one object a line); reading that back is one more format.

use std::{borrow::Cow, fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, TimeZone, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A tweet's number; written as a decimal string in JSON, because JavaScript rounds integers above 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TweetId(pub u64);

/// Milliseconds since 1970 at which snowflake ids start to count.
const SNOWFLAKE_EPOCH_MS: u64 = 1_288_834_974_657;
/// Ids below this one were handed out in sequence (before November 2010) and carry no time.
const FIRST_SNOWFLAKE: u64 = 30_000_000_000;

impl TweetId {
    /// The time that a snowflake id carries, to the millisecond; `None` for the sequential ids of before November 2010.
    pub fn time(self) -> Option<DateTime<Utc>> {
        (self.0 >= FIRST_SNOWFLAKE)
            .then(|| Utc.timestamp_millis_opt(((self.0 >> 22) + SNOWFLAKE_EPOCH_MS).cast_signed()).single())
            .flatten()
    }
}

impl fmt::Display for TweetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TweetId {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for TweetId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TweetId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for TweetId {
    fn schema_name() -> Cow<'static, str> {
        "TweetId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A tweet's number in decimal; a string, because JavaScript rounds integers above 2^53.",
            "type": "string",
            "pattern": "^[0-9]{1,20}$",
        })
    }
}

/// Who wrote a tweet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// Screen name without `@`, in the author's own casing.
    pub handle: String,
    /// Display name; the handle where the source has none.
    pub name: String,
    /// Followers at the time of collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
}

/// What a tweet is in relation to another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Stands by itself.
    #[default]
    Original,
    /// Another author's tweet passed on unchanged; `Tweet::text` is the full text of the original.
    Retweet,
    /// A comment on another tweet.
    Quote,
    /// An answer to another tweet.
    Reply,
}

/// The other tweet of a retweet, quote or reply, as far as the record tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reference {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<TweetId>,
    /// Its author's handle, without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Its text, cleaned like `Tweet::text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Counts as collected; a count that the source does not tell is `None`, never 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(missing_docs, reason = "each field is the count that it names")]
pub struct Metrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reposts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bookmarks: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
}

/// Where a record was read: the file as the user named it, and the line (1-based; for a JSON array the
/// element's number, 1-based).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The file's path as given.
    pub file: Arc<str>,
    /// Line, or element of an array; counted from 1.
    pub line: u64,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One tweet, normalised: full text, clean characters, expanded links, UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tweet {
    /// The tweet's number.
    pub id: TweetId,
    /// Who wrote it (of a retweet: who passed it on).
    pub author: Author,
    /// When it was posted.
    pub created_at: DateTime<Utc>,
    /// The full text: entities decoded, controls and bidi removed, NFC, `t.co` links expanded or dropped.
    pub text: String,
    /// BCP 47 code as the source gives it; `None` where it gives none or says "undetermined".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Original, retweet, quote or reply.
    #[serde(default)]
    pub kind: Kind,
    /// The other tweet, for every kind but `Original`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Likes, reposts and the like.
    #[serde(default)]
    pub metrics: Metrics,
    /// Expanded links, in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Without `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<String>,
    /// Upper case, without `$`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cashtags: Vec<String>,
    /// Handles without `@`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// Links of pictures and videos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// The platform's own mark of paid content (`promoted`, `paid_partnership`); `None` where the source has no such field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted: Option<bool>,
    /// Where it was read.
    #[serde(default = "unknown_source")]
    pub source: Source,
}

fn unknown_source() -> Source {
    Source { file: Arc::from(""), line: 0 }
}

impl Tweet {
    /// A tweet of which nothing is known but who wrote what, and when.
    pub fn plain(id: TweetId, author: Author, created_at: DateTime<Utc>, text: String) -> Self {
        Self {
            id,
            author,
            created_at,
            text,
            lang: None,
            kind: Kind::Original,
            reference: None,
            metrics: Metrics::default(),
            urls: Vec::new(),
            hashtags: Vec::new(),
            cashtags: Vec::new(),
            mentions: Vec::new(),
            media: Vec::new(),
            promoted: None,
            source: unknown_source(),
        }
    }

    /// The tweet's page.
    pub fn url(&self) -> String {
        format!("https://x.com/{}/status/{}", self.author.handle, self.id)
    }

    /// The handle of whoever wrote the words: of a retweet, the original's author.
    pub fn speaker(&self) -> &str {
        match (&self.kind, &self.reference) {
            (Kind::Retweet, Some(Reference { handle: Some(handle), .. })) => handle,
            _ => &self.author.handle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snowflake_tells_its_time() {
        let id: TweetId = "2015203109400965595".parse().unwrap();
        assert_eq!(id.time().unwrap().to_rfc3339(), "2026-01-24T23:20:36.601+00:00");
        assert_eq!(TweetId(20).time(), None);
    }

    #[test]
    fn an_id_is_a_string_in_json() {
        assert_eq!(serde_json::to_string(&TweetId(u64::MAX)).unwrap(), format!("\"{}\"", u64::MAX));
    }
}
