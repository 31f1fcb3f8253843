//! snscrape of both ages.

use serde_json::{Value, json};

use super::{check, with};
use crate::{
    Kind,
    ingest::{Format, tests::one},
};

/// As of 2021.
fn older() -> Value {
    json!({
        "url": "https://twitter.com/mei/status/1376739399593910273", "date": "2021-03-30T03:33:46+00:00",
        "content": "支持 &amp; 👇 #AI https://t.co/a", "renderedContent": "支持 & 👇 #AI example.org/a",
        "id": 1_376_739_399_593_910_273_u64, "conversationId": 1_376_739_399_593_910_273_u64,
        "user": {"username": "mei", "displayname": "梅", "id": 7, "followersCount": 70},
        "outlinks": ["https://example.org/a"], "tcooutlinks": ["https://t.co/a"],
        "replyCount": 0, "retweetCount": 1, "likeCount": 2, "quoteCount": 3, "lang": "zh",
        "media": [
            {"_type": "snscrape.modules.twitter.Photo", "previewUrl": "https://pbs.example/s.jpg", "fullUrl": "https://pbs.example/l.jpg"},
            {"_type": "snscrape.modules.twitter.Video", "thumbnailUrl": "https://pbs.example/t.jpg", "variants": [
                {"contentType": "video/mp4", "url": "https://v.example/8.mp4", "bitrate": 8},
                {"contentType": "application/x-mpegURL", "url": "https://v.example/x.m3u8", "bitrate": null},
                {"contentType": "video/mp4", "url": "https://v.example/32.mp4", "bitrate": 32}]},
        ],
        "retweetedTweet": null, "quotedTweet": null, "mentionedUsers": [{"username": "bob", "displayname": "Bob"}],
    })
}

#[test]
fn the_older_age() {
    check(
        &older(),
        Format::Snscrape,
        &json!({
            "id": "1376739399593910273", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2021-03-30T03:33:46Z", "text": "支持 & 👇 #AI https://example.org/a", "lang": "zh",
            "kind": "original", "metrics": {"likes": 2, "reposts": 1, "replies": 0, "quotes": 3},
            "urls": ["https://example.org/a"], "hashtags": ["AI"], "mentions": ["bob"],
            "media": ["https://pbs.example/l.jpg", "https://v.example/32.mp4"],
        }),
    );
}

#[test]
fn the_age_of_2023() {
    let mut record = with(
        &older(),
        &json!({
            "_type": "snscrape.modules.twitter.Tweet", "rawContent": "新品 $nvda https://t.co/a", "content": null, "renderedContent": "x",
            "outlinks": null, "tcooutlinks": null, "links": [{"text": "example.org/a", "url": "https://example.org/a", "tcourl": "https://t.co/a"}],
            "hashtags": null, "cashtags": ["nvda"], "mentionedUsers": null, "viewCount": 9, "bookmarkCount": 4, "media": null,
            "inReplyToTweetId": 20, "inReplyToUser": {"username": "ann"},
        }),
    );
    check(
        &record,
        Format::Snscrape,
        &json!({
            "id": "1376739399593910273", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2021-03-30T03:33:46Z", "text": "新品 $nvda https://example.org/a", "lang": "zh",
            "kind": "reply", "reference": {"id": "20", "handle": "ann"},
            "metrics": {"likes": 2, "reposts": 1, "replies": 0, "quotes": 3, "bookmarks": 4, "views": 9},
            "urls": ["https://example.org/a"], "cashtags": ["NVDA"],
        }),
    );
    record["retweetedTweet"] = with(&older(), &json!({"id": 30, "user": {"username": "ann"}}));
    let retweet = one(&record, Format::Snscrape);
    assert_eq!((retweet.kind, retweet.speaker(), retweet.metrics.likes), (Kind::Retweet, "ann", Some(2)));
    // The original of the older age tells no views; the retweet itself does.
    assert_eq!(
        (retweet.text.as_str(), retweet.metrics.views),
        ("支持 & 👇 #AI https://example.org/a", Some(9))
    );
}
