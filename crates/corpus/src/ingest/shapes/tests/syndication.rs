//! The embed of a single tweet, and rows of profile timelines.

use serde_json::json;

use super::{check, told, with};
use crate::{
    Kind,
    ingest::{
        Format, RejectReason,
        tests::{lines, one, refused},
    },
};

fn tweet() -> serde_json::Value {
    json!({
        "__typename": "Tweet", "id_str": "2015203109400965595", "created_at": "2026-01-24T23:20:36.000Z", "lang": "zh",
        "text": "新品 #AI https://t.co/a https://t.co/p", "favorite_count": 14, "conversation_count": 2,
        "user": {"id_str": "7", "screen_name": "mei", "name": "梅", "verified": false},
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}],
            "hashtags": [{"text": "AI"}], "user_mentions": {}, "symbols": {}},
        "mediaDetails": [{"type": "photo", "url": "https://t.co/p", "media_url_https": "https://pbs.example/1.jpg"}],
        "photos": [{"url": "https://pbs.example/1.jpg"}],
    })
}

#[test]
fn a_tweet_result() {
    check(
        &tweet(),
        Format::Syndication,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅"},
            "created_at": "2026-01-24T23:20:36Z", "text": "新品 #AI https://example.org/a", "lang": "zh",
            "kind": "original", "metrics": {"likes": 14, "replies": 2}, "urls": ["https://example.org/a"],
            "hashtags": ["AI"], "media": ["https://pbs.example/1.jpg"],
        }),
    );
    let photo = one(&with(&tweet(), &json!({"mediaDetails": null})), Format::Syndication);
    assert_eq!(photo.media, ["https://pbs.example/1.jpg"]);
}

#[test]
fn relations() {
    let other =
        json!({"id_str": "20", "text": "原文 &amp; 更多", "user": {"screen_name": "ann", "name": "Ann"}});
    let quote = one(&with(&tweet(), &json!({"quoted_tweet": other})), Format::Syndication);
    let reference = quote.reference.unwrap();
    assert_eq!(
        (quote.kind, reference.id.unwrap().0, reference.handle.as_deref()),
        (Kind::Quote, 20, Some("ann"))
    );
    assert_eq!(reference.text.as_deref(), Some("原文 & 更多"));
    let told_by_number = json!({"in_reply_to_status_id_str": "20", "in_reply_to_screen_name": "ann"});
    for changes in [told_by_number, json!({"parent": other})] {
        let reply = one(&with(&tweet(), &changes), Format::Syndication);
        let reference = reply.reference.unwrap();
        assert_eq!(
            (reply.kind, reference.id.unwrap().0, reference.handle.as_deref()),
            (Kind::Reply, 20, Some("ann"))
        );
    }
}

#[test]
fn rows_of_a_profile_have_no_number() {
    let row = json!({
        "id": 0, "id_str": "1894811273759719901", "created_at": "Wed Feb 26 18:06:26 +0000 2025", "full_text": "一行",
        "permalink": "/mei/status/1894811273759719901", "favorite_count": 1, "retweet_count": 2, "reply_count": 3,
        "quote_count": 4, "lang": "zh", "user": {"screen_name": "mei", "name": "梅", "followers_count": 70},
        "entities": {"urls": [], "hashtags": [], "symbols": [], "user_mentions": []},
    });
    check(
        &row,
        Format::ApiV1,
        &json!({
            "id": "1894811273759719901", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2025-02-26T18:06:26Z", "text": "一行", "lang": "zh", "kind": "original",
            "metrics": {"likes": 1, "reposts": 2, "replies": 3, "quotes": 4},
        }),
    );
    // Without the string the number is told by the link; without both by nothing.
    let linked = one(&with(&row, &json!({"id": null, "id_str": ""})), Format::ApiV1);
    assert_eq!(told(&linked)["id"], "1894811273759719901");
    assert_eq!(refused(&with(&row, &json!({"id_str": "", "permalink": null}))), RejectReason::BadId);
}

#[test]
fn what_cannot_be_shown_is_a_notice() {
    let read = lines(&[
        json!({"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post was deleted", "entities": []}}}),
        json!({"url": "https://x.com/nobody", "error": "Profile not available"}),
    ]);
    assert_eq!((read.tweets.len(), read.notices, read.rejected.len()), (0, 2, 0));
}
