//! **ingest + normalise**: bytes of any known export become tweets; what cannot be read is kept with file, line and reason.

mod archive;
mod balance;
mod cells;
mod collect;
mod container;
mod csv;
mod cut;
mod dates;
mod draft;
mod element;
mod entities;
pub(crate) use entities::{Place, places_of_entities};
mod feed;
mod fields;
mod file;
mod flow;
mod index;
mod input;
mod json;
mod mapping;
mod python;
mod settings;
mod shapes;
mod suggest;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;

pub use self::{
    container::Origin,
    file::{is_data_file, is_side_file},
    flow::{Unreadable, ingest},
    mapping::{Mapped, Mapping, MappingError, Places},
    settings::{Input, Settings},
    suggest::{Evidence, SuggestError, Suggested, Suggestion, suggest},
};
use crate::{Source, Tweet};

/// The shape of a record, recognised per record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The project's own JSONL: one serialised [`Tweet`] a line.
    Normalised,
    /// Twitter API v1.1 status.
    ApiV1,
    /// API v2 tweet, in a page with `includes` or alone.
    ApiV2,
    /// A personal archive's `tweets.js`, or a community archive.
    Archive,
    /// The web client's GraphQL answers.
    Graphql,
    /// The embed of a single tweet.
    Syndication,
    /// Gnip activity streams.
    Gnip,
    /// twscrape JSONL.
    Twscrape,
    /// snscrape JSONL of both ages.
    Snscrape,
    /// twint JSON or CSV.
    Twint,
    /// twitterapi.io, and the tweet-scraper on Apify.
    TwitterapiIo,
    /// rettiwt-api.
    Rettiwt,
    /// agent-twitter-client, and its twin in Go.
    AgentTwitterClient,
    /// twitter154 on RapidAPI.
    Twitter154,
    /// RSS of nitter or RSSHub.
    Feed,
    /// x-kit home timeline, one array a day.
    XKitDaily,
    /// x-kit user timeline.
    XKitUserTweets,
    /// x-digest's days.
    XDigest,
    /// follow-builders' snapshots.
    FollowBuilders,
    /// A row of CSV with a header, or a flat object, under usual names.
    Flat,
    /// A shape that the user described in a mapping.
    Mapped,
}

impl Format {
    /// The shape's short name, as in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normalised => "normalised",
            Self::ApiV1 => "api_v1",
            Self::ApiV2 => "api_v2",
            Self::Archive => "archive",
            Self::Graphql => "graphql",
            Self::Syndication => "syndication",
            Self::Gnip => "gnip",
            Self::Twscrape => "twscrape",
            Self::Snscrape => "snscrape",
            Self::Twint => "twint",
            Self::TwitterapiIo => "twitterapi_io",
            Self::Rettiwt => "rettiwt",
            Self::AgentTwitterClient => "agent_twitter_client",
            Self::Twitter154 => "twitter154",
            Self::Feed => "feed",
            Self::XKitDaily => "x_kit_daily",
            Self::XKitUserTweets => "x_kit_user_tweets",
            Self::XDigest => "x_digest",
            Self::FollowBuilders => "follow_builders",
            Self::Flat => "flat",
            Self::Mapped => "mapped",
        }
    }
}

/// Why a record is not a tweet that we can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The line is not JSON.
    BadJson,
    /// A record has a key more than once, and readers would disagree on which one counts.
    DuplicateKey,
    /// JSON, but of no known shape.
    UnknownShape,
    /// No id, or one that is not an unsigned 64-bit number.
    BadId,
    /// A date that cannot be read, and no snowflake id to tell it.
    BadDate,
    /// No author.
    NoAuthor,
    /// No text field.
    NoText,
    /// A record above the size limit.
    TooLarge,
    /// The file ends too early or does not decompress; what was read before is kept.
    Damaged,
}

impl RejectReason {
    /// The reason's short name, the key of all counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadJson => "bad_json",
            Self::DuplicateKey => "duplicate_key",
            Self::UnknownShape => "unknown_shape",
            Self::BadId => "bad_id",
            Self::BadDate => "bad_date",
            Self::NoAuthor => "no_author",
            Self::NoText => "no_text",
            Self::TooLarge => "too_large",
            Self::Damaged => "damaged",
        }
    }
}

/// A record that was refused, with enough to find it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rejected {
    /// File and line.
    pub source: Source,
    /// The class of fault.
    pub reason: RejectReason,
    /// What was found, in at most 200 characters; never the whole record.
    pub detail: String,
}

/// A part of what a file held: `records = tweets + notices + rejected`.
#[derive(Debug, Default)]
pub struct Ingested {
    /// The file as the user named it; of an archive, with the path inside.
    pub file: Arc<str>,
    /// In the order of the file.
    pub tweets: Vec<Tweet>,
    /// In the order of the file.
    pub rejected: Vec<Rejected>,
    /// Records that are lawfully not tweets: delete notices, error objects, keep-alives are not even counted.
    pub notices: u64,
    /// Tweets by shape.
    pub formats: BTreeMap<Format, u64>,
}

impl Ingested {
    fn of(file: Arc<str>) -> Self {
        Self { file, ..Self::default() }
    }

    /// How many records there were.
    pub fn records(&self) -> u64 {
        self.tweets.len() as u64 + self.rejected.len() as u64 + self.notices
    }

    /// Adds another part of the same file.
    pub fn add(&mut self, other: Self) {
        self.tweets.extend(other.tweets);
        self.rejected.extend(other.rejected);
        self.notices += other.notices;
        for (format, count) in other.formats {
            *self.formats.entry(format).or_default() += count;
        }
    }
}
