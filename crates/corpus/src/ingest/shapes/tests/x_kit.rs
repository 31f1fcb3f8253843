//! The two shapes of x-kit.

use serde_json::{Value, json};

use crate::{
    Kind, Metrics, Reference,
    ingest::{
        Format, RejectReason,
        tests::{one, refused},
    },
};

fn day() -> Value {
    json!({
        "user": {"screenName": "mei", "name": "梅", "followersCount": 7, "description": "x"},
        "images": ["https://pbs.example/1.jpg"], "videos": ["https://v.example/1.mp4"],
        "tweetUrl": "https://x.com/mei/status/2015203109400965595?s=20",
        "fullText": "新模型 &amp; 工具 https://t.co/a @bob #AI",
    })
}

fn user() -> Value {
    json!({
        "id": "2015203109400965595", "text": "RT @bob: 全文 https://t.co/b…", "created_at": "Sat Jan 24 23:20:36 +0000 2026",
        "favorite_count": 0, "retweet_count": 5, "reply_count": 0, "quote_count": 0, "bookmark_count": 0, "views": "",
        "lang": "zh", "is_retweet": true, "is_quote": true, "media": [{"type": "photo", "url": "https://pbs.example/1.jpg"}],
        "_handle": "mei",
    })
}

#[test]
fn a_daily_record_lives_on_its_link() {
    let tweet = one(&day(), Format::XKitDaily);
    assert_eq!(tweet.id.0, 2_015_203_109_400_965_595);
    assert_eq!(tweet.created_at, tweet.id.time().unwrap());
    assert_eq!((tweet.text.as_str(), tweet.urls.len()), ("新模型 & 工具 @bob #AI", 0));
    assert_eq!((tweet.mentions, tweet.hashtags), (vec!["bob".to_owned()], vec!["AI".to_owned()]));
    assert_eq!(tweet.media, ["https://pbs.example/1.jpg", "https://v.example/1.mp4"]);
    assert_eq!(
        (tweet.author.name.as_str(), tweet.author.followers, tweet.metrics),
        ("梅", Some(7), Metrics::default())
    );
}

#[test]
fn a_user_tweet_that_passes_on_tells_only_its_reposts() {
    let tweet = one(&user(), Format::XKitUserTweets);
    assert_eq!((tweet.kind, tweet.text.as_str(), tweet.speaker()), (Kind::Retweet, "全文 …", "bob"));
    assert_eq!(tweet.metrics, Metrics { reposts: Some(5), ..Metrics::default() });
    assert_eq!((tweet.lang.as_deref(), tweet.media.len()), (Some("zh"), 1));
}

#[test]
fn a_user_tweet_of_its_own_tells_all_but_empty_views() {
    let mut record = user();
    record["is_retweet"] = json!(false);
    record["text"] = json!("说得好");
    let tweet = one(&record, Format::XKitUserTweets);
    assert_eq!((tweet.kind, tweet.reference), (Kind::Quote, Some(Reference::default())));
    assert_eq!((tweet.metrics.likes, tweet.metrics.views), (Some(0), None));
    record["views"] = json!("1234");
    assert_eq!(one(&record, Format::XKitUserTweets).metrics.views, Some(1234));
}

#[test]
fn the_owner_may_stand_at_the_head_of_the_file() {
    let mut record = user();
    record.as_object_mut().unwrap().remove("_handle");
    assert_eq!(refused(&record), RejectReason::NoAuthor);
    let file = json!({"handle": "mei", "tweets": [record]});
    assert_eq!(one(&file, Format::XKitUserTweets).author.handle, "mei");
}

#[test]
fn faults_are_named() {
    let with = |key: &str, value: Value| {
        let mut record = day();
        record[key] = value;
        refused(&record)
    };
    assert_eq!(with("tweetUrl", json!("https://x.com/mei")), RejectReason::BadId);
    assert_eq!(with("tweetUrl", json!("https://x.com/mei/status/20")), RejectReason::BadDate);
    let nobody =
        json!({"fullText": "x", "user": null, "tweetUrl": "https://x.com/i/status/2015203109400965595"});
    assert_eq!(refused(&nobody), RejectReason::NoAuthor);
    assert_eq!(with("fullText", json!(null)), RejectReason::NoText);
}
