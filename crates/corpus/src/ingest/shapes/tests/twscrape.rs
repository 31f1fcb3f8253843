//! twscrape.

use serde_json::{Value, json};

use crate::{
    Kind, Metrics,
    ingest::{
        Format, RejectReason,
        tests::{one, refused},
    },
};

fn tweet(id: u64, name: &str, content: &str) -> Value {
    json!({
        "id": id, "id_str": id.to_string(), "date": "2026-07-08 21:59:10+00:00",
        "user": {"username": name, "displayname": "Some One", "followersCount": 9},
        "rawContent": content, "lang": "und", "replyCount": 1, "retweetCount": 2, "likeCount": 3,
        "quoteCount": 4, "bookmarkedCount": 5, "viewCount": null,
        "links": [{"url": "https://example.org/", "tcourl": "https://t.co/aa"}],
        "hashtags": [], "cashtags": [], "mentionedUsers": [],
        "media": {"photos": [{"url": "https://pbs.example/1.jpg"}], "videos": [], "animated": [
            {"thumbnailUrl": "https://pbs.example/t.jpg", "videoUrl": "https://v.example/a.mp4"}]},
        "retweetedTweet": null, "quotedTweet": null, "inReplyToTweetId": null,
    })
}

#[test]
fn a_tweet() {
    let tweet = one(
        &tweet(2_074_976_613_713_031_490, "ann", "A &gt; B #x https://t.co/aa https://t.co/pic"),
        Format::Twscrape,
    );
    assert_eq!(
        (tweet.id.0, tweet.text.as_str()),
        (2_074_976_613_713_031_490, "A > B #x https://example.org/")
    );
    assert_eq!(tweet.created_at.to_rfc3339(), "2026-07-08T21:59:10+00:00");
    assert_eq!((tweet.lang, tweet.author.followers), (None, Some(9)));
    let Metrics { likes, reposts, replies, quotes, bookmarks, views } = tweet.metrics;
    assert_eq!(
        [likes, reposts, replies, quotes, bookmarks, views],
        [Some(3), Some(2), Some(1), Some(4), Some(5), None]
    );
    assert_eq!((tweet.hashtags, tweet.urls), (vec!["x".to_owned()], vec!["https://example.org/".to_owned()]));
    assert_eq!(tweet.media, ["https://pbs.example/1.jpg", "https://v.example/a.mp4"]);
}

#[test]
fn relations() {
    let mut record = tweet(31, "ann", "RT @bob: cut…");
    record["retweetedTweet"] = tweet(30, "bob", "all of it");
    let retweet = one(&record, Format::Twscrape);
    assert_eq!((retweet.kind, retweet.text.as_str(), retweet.speaker()), (Kind::Retweet, "all of it", "bob"));

    let mut record = tweet(31, "ann", "see");
    record["quotedTweet"] = tweet(30, "bob", "the quoted https://t.co/aa");
    let quote = one(&record, Format::Twscrape);
    let reference = quote.reference.unwrap();
    assert_eq!((quote.kind, reference.id.unwrap().0), (Kind::Quote, 30));
    assert_eq!(reference.text.as_deref(), Some("the quoted https://example.org/"));

    let mut record = tweet(31, "ann", "@bob yes");
    record["inReplyToTweetId"] = json!(30);
    record["inReplyToUser"] = json!({"username": "bob"});
    let reply = one(&record, Format::Twscrape);
    assert_eq!((reply.kind, reply.reference.unwrap().handle.as_deref()), (Kind::Reply, Some("bob")));
}

#[test]
fn faults_are_named() {
    let mut record = tweet(31, "ann", "x");
    record["rawContent"] = Value::Null;
    assert_eq!(refused(&record), RejectReason::NoText);
    record["user"] = Value::Null;
    assert_eq!(refused(&record), RejectReason::NoAuthor);
    record["id_str"] = json!("31x");
    assert_eq!(refused(&record), RejectReason::BadId);
}
