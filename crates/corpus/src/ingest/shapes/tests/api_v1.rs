//! Twitter API v1.1.

use serde_json::{Value, json};

use crate::{
    Kind, Metrics, Reference,
    ingest::{
        Format, RejectReason,
        tests::{one, refused},
    },
};

fn status() -> Value {
    json!({
        "id": 1_465_832_308_913_717_252_u64, "id_str": "1465832308913717251",
        "created_at": "Tue Nov 30 23:57:10 +0000 2021",
        "text": "Tea &amp; #Rust for $tea by @ann https://t.co/aa https://t.co/pic",
        "user": {"screen_name": "Mei_01", "name": "  Mei\u{202e} Lin ", "followers_count": 12},
        "favorite_count": 3, "retweet_count": "4", "lang": "en",
        "entities": {
            "urls": [{"url": "https://t.co/aa", "expanded_url": "https://example.org/tea"}],
            "hashtags": [{"text": "Rust"}], "symbols": [{"text": "tea"}], "user_mentions": [{"screen_name": "ann"}],
            "media": [{"url": "https://t.co/pic", "media_url_https": "https://pbs.example/m.jpg", "type": "photo"}],
        },
    })
}

fn with(changes: &Value) -> Value {
    let mut status = status();
    for (key, value) in changes.as_object().unwrap() {
        status[key] = value.clone();
    }
    status
}

#[test]
fn a_status() {
    let tweet = one(&status(), Format::ApiV1);
    assert_eq!((tweet.id.0, tweet.kind, tweet.reference), (1_465_832_308_913_717_251, Kind::Original, None));
    assert_eq!(tweet.created_at.to_rfc3339(), "2021-11-30T23:57:10+00:00");
    assert_eq!(tweet.text, "Tea & #Rust for $tea by @ann https://example.org/tea");
    assert_eq!((tweet.author.handle.as_str(), tweet.author.name.as_str()), ("Mei_01", "Mei Lin"));
    assert_eq!(tweet.author.followers, Some(12));
    let Metrics { likes, reposts, replies, views, .. } = tweet.metrics;
    assert_eq!((likes, reposts, replies, views), (Some(3), Some(4), None, None));
    assert_eq!(tweet.urls, ["https://example.org/tea"]);
    assert_eq!(
        (tweet.hashtags, tweet.cashtags, tweet.mentions),
        (vec!["Rust".into()], vec!["TEA".into()], vec!["ann".into()])
    );
    assert_eq!(tweet.media, ["https://pbs.example/m.jpg"]);
}

#[test]
fn a_long_text_comes_from_extended_tweet() {
    let tweet = one(
        &with(&json!({"truncated": true, "extended_tweet": {
            "full_text": "the whole https://t.co/bb",
            "entities": {"urls": [{"url": "https://t.co/bb", "expanded_url": "https://example.org/long"}]},
        }})),
        Format::ApiV1,
    );
    assert_eq!(tweet.text, "the whole https://example.org/long");
    assert_eq!(one(&with(&json!({"full_text": "full"})), Format::ApiV1).text, "full");
}

#[test]
fn a_retweet_is_the_original_passed_on() {
    let mut original = status();
    original["id_str"] = json!("99000000000000000");
    original["user"]["screen_name"] = json!("ann");
    let tweet = one(
        &with(&json!({"text": "RT @ann: Tea &amp; #Ru…", "favorite_count": 0, "retweeted_status": original})),
        Format::ApiV1,
    );
    assert_eq!(tweet.kind, Kind::Retweet);
    assert_eq!(tweet.text, "Tea & #Rust for $tea by @ann https://example.org/tea");
    assert_eq!((tweet.author.handle.as_str(), tweet.speaker()), ("Mei_01", "ann"));
    assert_eq!((tweet.metrics.likes, tweet.urls.len(), tweet.media.len()), (Some(3), 1, 1));
    let reference = tweet.reference.unwrap();
    assert_eq!((reference.id.unwrap().0, reference.text), (99_000_000_000_000_000, Some(tweet.text)));
}

#[test]
fn a_retweet_without_the_original_is_known_by_its_prefix() {
    let tweet = one(
        &with(&json!({"text": "RT @ann: Tea for…", "favorite_count": 0, "entities": null})),
        Format::ApiV1,
    );
    assert_eq!((tweet.kind, tweet.text.as_str(), tweet.speaker()), (Kind::Retweet, "Tea for…", "ann"));
    assert_eq!((tweet.metrics.likes, tweet.metrics.reposts), (None, Some(4)));
    assert_eq!(one(&with(&json!({"text": "RT @ann is down"})), Format::ApiV1).kind, Kind::Original);
}

#[test]
fn a_quote_keeps_the_quoted_words_and_not_their_link() {
    let tweet = one(
        &with(&json!({
            "text": "true https://t.co/qq", "quoted_status_id_str": "20",
            "quoted_status": {"id_str": "20", "text": "just &lt;setting&gt; up", "user": {"screen_name": "jack"}},
            "entities": {"urls": [{"url": "https://t.co/qq", "expanded_url": "https://twitter.com/jack/status/20"}]},
        })),
        Format::ApiV1,
    );
    assert_eq!((tweet.kind, tweet.text.as_str(), tweet.urls.len()), (Kind::Quote, "true", 0));
    let Reference { id, handle, text } = tweet.reference.unwrap();
    assert_eq!(
        (id.unwrap().0, handle.as_deref(), text.as_deref()),
        (20, Some("jack"), Some("just <setting> up"))
    );
    let deleted = one(&with(&json!({"quoted_status_id_str": "20"})), Format::ApiV1);
    assert_eq!((deleted.kind, deleted.reference.unwrap().text), (Kind::Quote, None));
}

#[test]
fn the_link_to_the_rest_of_a_cut_text_goes() {
    let tweet = one(
        &with(&json!({"truncated": true, "text": "cut… https://t.co/rest", "entities": {"urls": [
        {"url": "https://t.co/rest", "expanded_url": "https://twitter.com/i/web/status/1465832308913717251"}]}})),
        Format::ApiV1,
    );
    assert_eq!((tweet.text.as_str(), tweet.urls.len()), ("cut…", 0));
}

#[test]
fn a_reply_tells_to_whom() {
    let tweet = one(
        &with(&json!({"in_reply_to_status_id_str": "20", "in_reply_to_screen_name": "jack"})),
        Format::ApiV1,
    );
    let Reference { id, handle, .. } = tweet.reference.unwrap();
    assert_eq!((tweet.kind, id.unwrap().0, handle.as_deref()), (Kind::Reply, 20, Some("jack")));
}

#[test]
fn a_video_is_the_best_file() {
    let tweet = one(
        &with(&json!({"extended_entities": {"media": [{
            "media_url_https": "https://pbs.example/thumb.jpg",
            "video_info": {"variants": [
                {"bitrate": 8, "url": "https://v.example/8.mp4"}, {"url": "https://v.example/x.m3u8"},
                {"bitrate": 32, "url": "https://v.example/32.mp4"}]},
        }]}})),
        Format::ApiV1,
    );
    assert_eq!(tweet.media, ["https://v.example/32.mp4"]);
}

#[test]
fn faults_are_named() {
    assert_eq!(refused(&with(&json!({"id_str": null, "id": 1.5e18}))), RejectReason::BadId);
    assert_eq!(refused(&with(&json!({"user": null}))), RejectReason::NoAuthor);
    assert_eq!(refused(&with(&json!({"user": {"screen_name": "a b"}}))), RejectReason::NoAuthor);
    assert_eq!(refused(&with(&json!({"text": null}))), RejectReason::NoText);
    assert_eq!(refused(&with(&json!({"id_str": "20", "created_at": "soon"}))), RejectReason::BadDate);
}
