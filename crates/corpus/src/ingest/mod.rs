//! **ingest + normalise**: bytes of any known export become tweets; what cannot be read is kept with file, line and reason.

mod api_v1;
mod api_v2;
mod balance;
mod container;
mod draft;
mod entities;
mod fields;
mod includes;
mod input;
mod json;
mod normalised;
mod pieces;
mod shape;
mod sink;
mod twscrape;
mod x_kit;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, io::Read, ops::ControlFlow};

use container::{Caps, Origin};
use serde::Serialize;

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
    /// twscrape JSONL.
    Twscrape,
    /// x-kit home timeline, one array a day.
    XKitDaily,
    /// x-kit user timeline.
    XKitUserTweets,
}

impl Format {
    /// The shape's short name, as in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normalised => "normalised",
            Self::ApiV1 => "api_v1",
            Self::ApiV2 => "api_v2",
            Self::Twscrape => "twscrape",
            Self::XKitDaily => "x_kit_daily",
            Self::XKitUserTweets => "x_kit_user_tweets",
        }
    }
}

/// Why a record is not a tweet that we can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The line is not JSON.
    BadJson,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// File and line.
    pub source: Source,
    /// The class of fault.
    pub reason: RejectReason,
    /// What was found, in at most 200 characters; never the whole record.
    pub detail: String,
}

/// All that one file held: `records = tweets + notices + rejected`.
#[derive(Debug, Default)]
pub struct Ingested {
    /// In the order of the file.
    pub tweets: Vec<Tweet>,
    /// In the order of the file.
    pub rejected: Vec<Rejected>,
    /// Records that are lawfully not tweets: delete notices, error objects, keep-alives are not even counted.
    pub notices: u64,
    /// Tweets by shape.
    pub formats: BTreeMap<Format, u64>,
}

/// Bytes that a file, a page of records and a single record may have, unpacked.
#[derive(Clone, Copy)]
struct Limits {
    file: u64,
    page: usize,
    record: usize,
}

const LIMITS: Limits = Limits { file: 8 << 30, page: 16 << 20, record: 1 << 20 };

/// Reads one file: plain, compressed or an archive; JSONL, an array, or values over several lines; any mix of the
/// shapes of [`Format`]. Never fails: whatever is wrong is in `rejected`.
pub fn ingest(file: &str, reader: impl Read + Send) -> Ingested {
    ingest_within(LIMITS, file, reader)
}

fn ingest_within(limits: Limits, file: &str, reader: impl Read + Send) -> Ingested {
    let mut all = Ingested::default();
    let caps = Caps { bytes: limits.file, ..Caps::default() };
    let outcome = container::unpack(Origin::Stream(Box::new(reader)), &caps, &mut |name, content| {
        let place = if name.is_empty() { file.to_owned() } else { format!("{file}/{name}") };
        let mut sink = sink::Sink::new(&place, limits.record);
        match content {
            Ok(reader) => sink.drain(pieces::Pieces::new(reader, limits.page)),
            Err(fault) => sink.damaged(1, &fault.into()),
        }
        all.add(sink.ingested);
        ControlFlow::Continue(())
    });
    if let Err(fault) = outcome {
        let mut sink = sink::Sink::new(file, limits.record);
        sink.damaged(1, &fault.into());
        all.add(sink.ingested);
    }
    all
}

impl Ingested {
    fn add(&mut self, other: Self) {
        self.tweets.extend(other.tweets);
        self.rejected.extend(other.rejected);
        self.notices += other.notices;
        for (format, count) in other.formats {
            *self.formats.entry(format).or_default() += count;
        }
    }
}
