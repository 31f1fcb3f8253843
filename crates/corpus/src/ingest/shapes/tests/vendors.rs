//! Shapes that are sold: twitterapi.io and its like on Apify, rettiwt, twitter154.

use serde_json::{Value, json};

use super::{check, with};
use crate::{
    Kind, Reference,
    ingest::{
        Format,
        tests::{lines, one},
    },
};

fn twitterapi_io() -> Value {
    json!({
        "type": "tweet", "id": "2015203109400965595", "url": "https://x.com/mei/status/2015203109400965595",
        "createdAt": "Sat Jan 24 23:20:36 +0000 2026", "text": "新品 &amp; #AI $NVDA @bob https://t.co/a https://t.co/p", "lang": "zh",
        "author": {"userName": "mei", "name": "梅", "followers": 70, "isBlueVerified": true, "profile_bio": {"description": "x"}},
        "likeCount": 1, "retweetCount": 2, "replyCount": 3, "quoteCount": 4, "bookmarkCount": 5, "viewCount": 6,
        "isReply": false, "inReplyToId": null, "inReplyToUsername": null, "conversationId": "2015203109400965595",
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}],
            "hashtags": [{"text": "AI"}], "user_mentions": [{"screen_name": "bob"}]},
        "extendedEntities": {"media": [{"url": "https://t.co/p", "media_url_https": "https://pbs.example/1.jpg"}]},
        "quoted_tweet": null, "retweeted_tweet": null, "place": {}, "card": null, "article": null,
    })
}

fn expected() -> Value {
    json!({
        "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅", "followers": 70},
        "created_at": "2026-01-24T23:20:36Z", "text": "新品 & #AI $NVDA @bob https://example.org/a", "lang": "zh",
        "kind": "original", "metrics": {"likes": 1, "reposts": 2, "replies": 3, "quotes": 4, "bookmarks": 5, "views": 6},
        "urls": ["https://example.org/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
        "media": ["https://pbs.example/1.jpg"],
    })
}

#[track_caller]
fn reference(tweet: crate::Tweet, kind: Kind) -> (u64, Option<String>, Option<String>) {
    assert_eq!(tweet.kind, kind);
    let Reference { id, handle, text } = tweet.reference.unwrap();
    (id.unwrap().0, handle, text)
}

#[test]
fn twitterapi_io_in_a_page() {
    let page =
        json!({"tweets": [twitterapi_io()], "has_next_page": true, "next_cursor": "x", "status": "success"});
    check(&page, Format::TwitterapiIo, &expected());
    let bare = with(&twitterapi_io(), &json!({"entities": {}, "extendedEntities": {}, "viewCount": null}));
    let bare = one(&bare, Format::TwitterapiIo);
    assert_eq!((bare.text.as_str(), bare.urls.len(), bare.metrics.views), ("新品 & #AI $NVDA @bob", 0, None));
    assert_eq!(lines(&[json!({"tweets": [], "has_next_page": false})]).notices, 1);
}

#[test]
fn twitterapi_io_relations() {
    let one = |changes: &Value| one(&with(&twitterapi_io(), changes), Format::TwitterapiIo);
    let other = with(
        &twitterapi_io(),
        &json!({"id": "20", "text": "原文", "likeCount": 9, "author": {"userName": "ann", "name": "Ann"}}),
    );
    let retweet = one(&json!({"text": "RT @ann: 原…", "likeCount": 0, "retweeted_tweet": other}));
    assert_eq!((retweet.text.as_str(), retweet.metrics.likes), ("原文", Some(9)));
    assert_eq!(reference(retweet, Kind::Retweet), (20, Some("ann".into()), Some("原文".into())));
    let quote = one(&json!({"quoted_tweet": other}));
    assert_eq!(reference(quote, Kind::Quote), (20, Some("ann".into()), Some("原文".into())));
    let reply = one(&json!({"isReply": true, "inReplyToId": "20", "inReplyToUsername": "ann"}));
    assert_eq!(reference(reply, Kind::Reply), (20, Some("ann".into()), None));
    let article =
        one(&json!({"text": "https://t.co/x", "article": {"title": "题目", "preview_text": "开头"},
        "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": "http://x.com/i/article/3"}]}}));
    assert_eq!(article.text, "题目\n\n开头");
}

#[test]
fn the_names_of_the_actor_on_apify() {
    let record = with(
        &twitterapi_io(),
        &json!({"fullText": "全文 https://t.co/a", "text": "全…", "isRetweet": false, "isQuote": false}),
    );
    let one = |changes: &Value| one(&with(&record, changes), Format::TwitterapiIo);
    assert_eq!(one(&json!({})).text, "全文 https://example.org/a");
    assert_eq!(reference(one(&json!({"isQuote": true, "quoteId": "20"})), Kind::Quote), (20, None, None));
    let whole = with(&record, &json!({"id": "20", "author": {"userName": "ann"}, "fullText": "原文"}));
    let quote = one(&json!({"isQuote": true, "quoteId": "20", "quote": whole}));
    assert_eq!(reference(quote, Kind::Quote), (20, Some("ann".into()), Some("原文".into())));
    let retweet = one(&json!({"isRetweet": true, "retweet": whole}));
    assert_eq!(reference(retweet, Kind::Retweet), (20, Some("ann".into()), Some("原文".into())));
    let cut = one(&json!({"isRetweet": true, "fullText": "RT @ann: 原…", "retweet": {}}));
    assert_eq!((cut.kind, cut.text.as_str(), cut.speaker()), (Kind::Retweet, "原…", "ann"));
}

fn rettiwt() -> Value {
    json!({
        "id": "2015203109400965595", "createdAt": "2026-01-24T23:20:36.000Z", "fullText": "新品 #AI $NVDA @bob https://t.co/a",
        "tweetBy": {"userName": "mei", "fullName": "梅", "followersCount": 70}, "lang": "zh", "likeCount": 1, "retweetCount": 2,
        "replyCount": 3, "quoteCount": 4, "bookmarkCount": 5, "viewCount": 6, "url": "https://x.com/mei/status/2015203109400965595",
        "entities": {"urls": ["https://example.org/a"], "hashtags": ["AI"], "mentionedUsers": ["bob"]},
        "media": [{"id": "1", "type": "PHOTO", "url": "https://pbs.example/1.jpg"}],
    })
}

#[test]
fn rettiwt_of_both_ages() {
    let mut expected = expected();
    expected["text"] = json!("新品 #AI $NVDA @bob");
    check(&rettiwt(), Format::Rettiwt, &expected);
    check(
        &with(&rettiwt(), &json!({"createdAt": "Sat Jan 24 23:20:36 +0000 2026"})),
        Format::Rettiwt,
        &expected,
    );
    let other = with(&rettiwt(), &json!({"id": "20", "fullText": "原文", "tweetBy": {"userName": "ann"}}));
    let one = |changes: &Value| one(&with(&rettiwt(), changes), Format::Rettiwt);
    let words = Some("原文".to_owned());
    assert_eq!(
        reference(one(&json!({"retweetedTweet": other})), Kind::Retweet),
        (20, Some("ann".into()), words.clone())
    );
    assert_eq!(reference(one(&json!({"quoted": other})), Kind::Quote), (20, Some("ann".into()), words));
    assert_eq!(reference(one(&json!({"quoted": "20"})), Kind::Quote), (20, None, None));
    assert_eq!(reference(one(&json!({"replyTo": "20"})), Kind::Reply), (20, None, None));
}

fn twitter154() -> Value {
    json!({
        "tweet_id": "2015203109400965595", "creation_date": "Sat Jan 24 23:20:36 +0000 2026", "timestamp": 1_769_296_836,
        "text": "新品 &amp; #AI $NVDA @bob https://t.co/a", "user": {"username": "mei", "name": "梅", "follower_count": 70},
        "language": "zh", "favorite_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4, "bookmark_count": 5,
        "views": 6, "retweet": false, "retweet_status": null, "retweet_tweet_id": null, "quoted_status_id": null,
        "quoted_status": null, "in_reply_to_status_id": null, "expanded_url": "https://example.org/a",
        "media_url": ["https://pbs.example/1.jpg"], "video_url": null, "conversation_id": "2015203109400965595",
        "extended_entities": {"media": [{"media_url_https": "https://pbs.example/1.jpg", "type": "photo"}]},
    })
}

#[test]
fn twitter154_in_a_page() {
    let mut expected = expected();
    expected["text"] = json!("新品 & #AI $NVDA @bob");
    check(&json!({"results": [twitter154()], "continuation_token": "x"}), Format::Twitter154, &expected);
    let one = |changes: &Value| one(&with(&twitter154(), changes), Format::Twitter154);
    let files = json!([{"bitrate": 8, "url": "https://v.example/8.mp4"}, {"bitrate": 32, "url": "https://v.example/32.mp4"}]);
    assert_eq!(
        one(&json!({"extended_entities": null, "video_url": files})).media,
        ["https://v.example/32.mp4"]
    );
    assert_eq!(one(&json!({"extended_entities": null})).media, ["https://pbs.example/1.jpg"]);
    let other = with(
        &twitter154(),
        &json!({"tweet_id": "20", "text": "原文", "user": {"username": "ann", "name": "Ann"}}),
    );
    let retweet =
        one(&json!({"retweet": true, "text": "RT @ann: 原…", "favorite_count": 0, "retweet_status": other,
        "retweet_tweet_id": "20", "expanded_url": null}));
    assert_eq!((retweet.metrics.likes, retweet.urls.len()), (Some(1), 1));
    assert_eq!(reference(retweet, Kind::Retweet), (20, Some("ann".into()), Some("原文".into())));
    let quote = one(&json!({"quoted_status_id": "20", "quoted_status": other}));
    assert_eq!(reference(quote, Kind::Quote), (20, Some("ann".into()), Some("原文".into())));
    assert_eq!(reference(one(&json!({"in_reply_to_status_id": "20"})), Kind::Reply), (20, None, None));
}
