//! Each shape, on a record of its own.

mod agent;
mod api_v1;
mod api_v2;
mod archive;
mod collectors;
mod csv;
mod feed;
mod gnip;
mod graphql;
mod snscrape;
mod syndication;
mod twint;
mod twscrape;
mod vendors;
mod x_kit;

use serde_json::Value;

use crate::{
    Tweet,
    ingest::{Format, tests::one},
};

/// All that a tweet tells but its place, as the project's own JSON: a field that is not there is none.
fn told(tweet: &Tweet) -> Value {
    let mut told = serde_json::to_value(tweet).unwrap();
    told.as_object_mut().unwrap().remove("source");
    told
}

/// Compares every field of a record's tweet.
#[track_caller]
fn check(record: &Value, format: Format, expected: &Value) {
    let told = told(&one(record, format));
    assert_eq!(told, *expected, "\n{told:#}");
}

/// The record with some of its keys changed.
fn with(record: &Value, changes: &Value) -> Value {
    let mut record = record.clone();
    for (key, value) in changes.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}
