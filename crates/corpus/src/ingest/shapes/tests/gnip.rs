//! Gnip's activity streams.

use serde_json::{Value, json};

use super::{check, with};
use crate::{
    Kind,
    ingest::{
        Format,
        tests::{lines, one},
    },
};

fn activity() -> Value {
    json!({
        "id": "tag:search.twitter.com,2005:2015203109400965595", "objectType": "activity", "verb": "post",
        "postedTime": "2026-01-24T23:20:36.000Z", "body": "新品 &amp; #AI $nvda @bob https://t.co/a", "twitter_lang": "zh",
        "link": "http://twitter.com/mei/statuses/2015203109400965595",
        "actor": {"preferredUsername": "mei", "displayName": "梅", "followersCount": 70},
        "object": {"objectType": "note", "id": "object:search.twitter.com,2005:2015203109400965595"},
        "favoritesCount": 1, "retweetCount": 2,
        "twitter_entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}],
            "hashtags": [{"text": "AI"}], "symbols": [{"text": "nvda"}], "user_mentions": [{"screen_name": "bob"}]},
        "twitter_extended_entities": {"media": [{"url": "https://t.co/p", "media_url_https": "https://pbs.example/1.jpg"}]},
    })
}

#[test]
fn a_post() {
    check(
        &activity(),
        Format::Gnip,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2026-01-24T23:20:36Z", "text": "新品 & #AI $nvda @bob https://example.org/a", "lang": "zh",
            "kind": "original", "metrics": {"likes": 1, "reposts": 2}, "urls": ["https://example.org/a"],
            "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"], "media": ["https://pbs.example/1.jpg"],
        }),
    );
}

#[test]
fn a_long_text_is_an_object_of_its_own() {
    let long = json!({"long_object": {"body": "全文 https://t.co/n", "twitter_entities": {
        "urls": [{"url": "https://t.co/n", "expanded_url": "https://example.org/n"}],
        "hashtags": [{"text": "Note"}], "user_mentions": [], "symbols": []}}});
    let tweet = one(&with(&activity(), &long), Format::Gnip);
    assert_eq!((tweet.text.as_str(), tweet.hashtags[0].as_str()), ("全文 https://example.org/n", "Note"));
    let resolved = json!({"gnip": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/end"}]},
        "twitter_entities": {"urls": []}});
    assert_eq!(one(&with(&activity(), &resolved), Format::Gnip).urls, ["https://example.org/end"]);
}

#[test]
fn a_share_passes_its_object_on() {
    let mut object = with(&activity(), &json!({"id": "tag:search.twitter.com,2005:99000000000000000"}));
    object["actor"]["preferredUsername"] = json!("ann");
    let share = json!({"verb": "share", "body": "RT @ann: 新品…", "object": object, "favoritesCount": 0});
    let tweet = one(&with(&activity(), &share), Format::Gnip);
    assert_eq!((tweet.kind, tweet.author.handle.as_str(), tweet.speaker()), (Kind::Retweet, "mei", "ann"));
    assert_eq!(
        (tweet.text.as_str(), tweet.metrics.likes),
        ("新品 & #AI $nvda @bob https://example.org/a", Some(1))
    );
    assert_eq!(tweet.reference.unwrap().id.unwrap().0, 99_000_000_000_000_000);
}

#[test]
fn quotes_replies_and_deletions() {
    let quoted = with(&activity(), &json!({"id": "tag:search.twitter.com,2005:20", "body": "原文"}));
    let quote = one(&with(&activity(), &json!({"twitter_quoted_status": quoted})), Format::Gnip);
    let reference = quote.reference.unwrap();
    assert_eq!((quote.kind, reference.id.unwrap().0), (Kind::Quote, 20));
    assert_eq!((reference.handle.as_deref(), reference.text.is_some()), (Some("mei"), true));
    for link in ["http://twitter.com/ann/statuses/20", "https://twitter.com/ann/status/20"] {
        let reply = one(&with(&activity(), &json!({"inReplyTo": {"link": link}})), Format::Gnip);
        let reference = reply.reference.unwrap();
        assert_eq!(
            (reply.kind, reference.id.unwrap().0, reference.handle.as_deref()),
            (Kind::Reply, 20, Some("ann"))
        );
    }
    let gone = json!({"id": "tag:search.twitter.com,2005:20", "verb": "delete", "objectType": "activity"});
    let end = json!({"info": {"message": "Replay Request Completed", "activity_count": 1}});
    let read = lines(&[gone, end]);
    assert_eq!((read.tweets.len(), read.notices), (0, 1), "{:?}", read.rejected);
}
