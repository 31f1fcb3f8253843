//! Which shape a value has, decided per record: one file may mix them. Pages are opened, notices are told apart.

use serde_json::Value;

use super::{
    Format, RejectReason, api_v1, api_v2,
    fields::{Refusal, first, text},
    includes::Includes,
    normalised, twscrape, x_kit,
};
use crate::{Source, Tweet};

/// What became of one record.
pub(super) enum Outcome {
    Tweet(Format, Box<Tweet>),
    Notice,
    Refused(Refusal),
}

/// Keys under which containers keep their records: v1.1 search, premium search, collectors' files.
const LISTS: [&str; 3] = ["statuses", "results", "tweets"];

/// Whether a value holds other records, and may so be larger than one.
pub(super) fn is_page(value: &Value) -> bool {
    value.is_array() || value.get("data").is_some() || LISTS.iter().any(|key| value.get(*key).is_some())
}

/// Reads every record of a value: of a page many, else one.
pub(super) fn read(value: &Value, source: &Source) -> Vec<Outcome> {
    match value.as_array() {
        Some(items) => items.iter().flat_map(|item| read_object(item, source)).collect(),
        None => read_object(value, source),
    }
}

fn read_object(value: &Value, source: &Source) -> Vec<Outcome> {
    let of_page = |items: &[Value], read: &dyn Fn(&Value) -> Outcome| match items {
        [] => vec![Outcome::Notice],
        items => items.iter().map(read).collect(),
    };
    if let Some(items) = LISTS.iter().find_map(|key| value.get(*key)?.as_array()) {
        let owner = value.get("handle");
        return of_page(items, &|item| read_record(item, owner, source));
    }
    match value.get("data") {
        Some(Value::Array(items)) => {
            let includes = Includes::of(value);
            of_page(items, &|item| read_v2(item, &includes, source))
        }
        Some(item @ Value::Object(_)) => vec![read_v2(item, &Includes::of(value), source)],
        _ => vec![read_record(value, None, source)],
    }
}

/// An element of `data`. Without an id it is no tweet of API v2 but, say, an answer of GraphQL.
fn read_v2(item: &Value, includes: &Includes<'_>, source: &Source) -> Outcome {
    if item.get("id").is_none() {
        return unknown(item);
    }
    outcome(Format::ApiV2, api_v2::normalise(item, includes, source))
}

fn read_record(record: &Value, owner: Option<&Value>, source: &Source) -> Outcome {
    if !record.is_object() {
        return unknown(record);
    }
    if is_notice(record) {
        return Outcome::Notice;
    }
    // From the shapes with keys of their own to those that are told by what they have together.
    if normalised::recognise(record) {
        outcome(Format::Normalised, normalised::normalise(record, source))
    } else if twscrape::recognise(record) {
        outcome(Format::Twscrape, twscrape::normalise(record, source))
    } else if x_kit::is_daily(record) {
        outcome(Format::XKitDaily, x_kit::daily(record, source))
    } else if x_kit::is_user_tweet(record) {
        outcome(Format::XKitUserTweets, x_kit::user_tweet(record, owner, source))
    } else if api_v2::recognise(record) {
        outcome(Format::ApiV2, api_v2::normalise(record, &Includes::default(), source))
    } else if api_v1::recognise(record) {
        outcome(Format::ApiV1, api_v1::normalise(record, source))
    } else {
        unknown(record)
    }
}

fn outcome(format: Format, tweet: Result<Tweet, Refusal>) -> Outcome {
    match tweet {
        Ok(tweet) => Outcome::Tweet(format, Box::new(tweet)),
        Err(refusal) => Outcome::Refused(refusal),
    }
}

/// Lines that a stream or an API sends beside tweets: deletions, limits, warnings, errors, empty pages.
fn is_notice(record: &Value) -> bool {
    const STREAM: [&str; 9] = [
        "/delete",
        "/scrub_geo",
        "/limit",
        "/status_withheld",
        "/user_withheld",
        "/warning",
        "/disconnect",
        "/errors",
        "/error",
    ];
    let has_words = first(record, &["/text", "/full_text", "/rawContent", "/fullText"]).is_some();
    let compliance = record.get("id").is_some() && text(record, "/action").is_some();
    let problem =
        record.get("title").is_some() && record.get("detail").is_some() && record.get("type").is_some();
    let empty_page = text(record, "/id").is_none() && record.pointer("/meta/result_count").is_some();
    !has_words && (first(record, &STREAM).is_some() || compliance || problem || empty_page)
}

fn unknown(value: &Value) -> Outcome {
    let found = match value.as_object() {
        Some(fields) => fields.keys().take(12).cloned().collect::<Vec<_>>().join(", "),
        None => value.to_string(),
    };
    Outcome::Refused(Refusal::new(RejectReason::UnknownShape, format!("no known shape: {found}")))
}
