//! Personal archives, as they are downloaded, and community archives.

use serde_json::{Value, json};

use super::{check, told, with};
use crate::{
    Kind, Tweet,
    ingest::{
        Format, Ingested, Input, RejectReason, Settings,
        tests::{all, file, refused},
    },
};

/// Numbers are strings, and nobody is named.
fn tweet() -> Value {
    json!({
        "id": "1855222380982907193", "id_str": "1855222380982907193", "created_at": "Sat Nov 09 12:14:18 +0000 2024",
        "full_text": "新模型 &amp; tools #AI $NVDA @bob https://t.co/a https://t.co/p", "lang": "zh", "truncated": false,
        "favorite_count": "12", "retweet_count": "3",
        "edit_info": {"initial": {"editTweetIds": ["1855222380982907193"]}},
        "entities": {
            "urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a", "indices": ["1", "24"]}],
            "hashtags": [{"text": "AI", "indices": ["1", "4"]}], "symbols": [{"text": "NVDA"}],
            "user_mentions": [{"screen_name": "bob", "id_str": "8"}],
        },
        "extended_entities": {"media": [{"url": "https://t.co/p", "media_url_https": "https://pbs.example/1.jpg",
            "expanded_url": "https://twitter.com/mei/status/1855222380982907193/photo/1"}]},
    })
}

fn js(name: &str, list: &[Value]) -> String {
    format!("window.YTD.{name}.part0 = {}", serde_json::to_string_pretty(list).unwrap())
}

fn tweets(tweets: &[Value]) -> String {
    js("tweets", &tweets.iter().map(|tweet| json!({"tweet": tweet})).collect::<Vec<_>>())
}

fn read(files: &[(&str, String)]) -> Ingested {
    let inputs: Vec<_> = files.iter().map(|(name, text)| file(name, text.as_bytes())).collect();
    all(&inputs, &Settings::default())
}

/// What an archive with this tweet alone tells of it.
fn only(tweet: Value) -> Tweet {
    read(&[("tweets.js", tweets(&[tweet]))]).tweets.remove(0)
}

fn owned(input: Input, owner: &str) -> Input {
    Input { owner: Some(owner.to_owned()), ..input }
}

fn account() -> String {
    js("account", &[json!({"account": {"username": "mei", "accountDisplayName": "梅", "email": "private"}})])
}

#[test]
fn a_tweet_is_its_owner_s() {
    let read = read(&[("x/data/account.js", account()), ("x/data/tweets.js", tweets(&[tweet()]))]);
    assert_eq!((read.rejected.len(), read.notices), (0, 1));
    assert_eq!(
        told(&read.tweets[0]),
        json!({
            "id": "1855222380982907193", "author": {"handle": "mei", "name": "梅"},
            "created_at": "2024-11-09T12:14:18Z", "text": "新模型 & tools #AI $NVDA @bob https://example.org/a",
            "lang": "zh", "kind": "original", "metrics": {"likes": 12, "reposts": 3},
            "urls": ["https://example.org/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
            "media": ["https://pbs.example/1.jpg"],
        })
    );
}

#[test]
fn the_owner_is_told_by_pictures_by_the_setting_or_is_the_placeholder() {
    let handle = |inputs: &[Input]| all(inputs, &Settings::default()).tweets[0].author.handle.clone();
    let plain = with(&tweet(), &json!({"extended_entities": null}));
    let file = |tweet: Value| file("tweets.js", tweets(&[plain.clone(), tweet]).as_bytes());
    assert_eq!(handle(&[file(tweet())]), "mei");
    assert_eq!(handle(&[file(plain.clone())]), "i");
    assert_eq!(handle(&[owned(file(plain.clone()), "ann")]), "ann");
    // A picture of somebody else's tweet names its owner.
    let mut shown = tweet();
    shown["extended_entities"]["media"][0]["source_status_id"] = json!("20");
    assert_eq!(handle(&[file(shown)]), "i");
}

#[test]
fn a_retweet_is_known_by_its_prefix() {
    let mut record = with(
        &tweet(),
        &json!({"full_text": "RT @bob: 全文 https://t.co/q", "favorite_count": "0", "extended_entities": null}),
    );
    record["entities"]["urls"] =
        json!([{"url": "https://t.co/q", "expanded_url": "https://twitter.com/ann/status/20"}]);
    let tweet = only(record);
    assert_eq!((tweet.kind, tweet.speaker(), tweet.metrics.likes), (Kind::Retweet, "bob", None));
    assert_eq!((tweet.metrics.reposts, tweet.mentions.len()), (Some(3), 0));
    assert_eq!(tweet.text, "全文 https://twitter.com/ann/status/20");
}

#[test]
fn a_quote_is_only_a_link_to_a_status() {
    let quoting = |link: &str| {
        let mut record =
            with(&tweet(), &json!({"full_text": "没错 https://t.co/q", "in_reply_to_status_id_str": "19"}));
        record["entities"]["urls"] = json!([
            {"url": "https://t.co/b", "expanded_url": "https://example.org/status/7"},
            {"url": "https://t.co/q", "expanded_url": link},
        ]);
        only(record)
    };
    for link in ["https://twitter.com/ann/status/20", "https://x.com/ann/status/20?s=20"] {
        let tweet = quoting(link);
        let reference = tweet.reference.unwrap();
        assert_eq!(
            (tweet.kind, reference.id.unwrap().0, reference.handle.as_deref()),
            (Kind::Quote, 20, Some("ann"))
        );
        assert_eq!(
            (tweet.text.as_str(), tweet.urls.as_slice()),
            ("没错", &["https://example.org/status/7".to_owned()][..])
        );
    }
    for link in [
        "https://twitter.com/mei/status/1855222380982907193",
        "https://twitter.com/ann/status/20/photo/1",
        "https://social.example/ann/status/20",
    ] {
        assert_eq!(quoting(link).kind, Kind::Reply, "{link}");
    }
}

#[test]
fn a_note_gives_the_whole_text() {
    let long = format!("{}，然后是全文 #Note https://t.co/n", "一段很长的开头".repeat(4));
    let note = |text: &str, created: &str| {
        json!({"noteTweet": {"noteTweetId": "9", "createdAt": created, "core": {"text": text,
            "urls": [{"shortUrl": "https://t.co/n", "expandedUrl": "https://example.org/n"}], "hashtags": ["Note"]}}})
    };
    let cut =
        with(&tweet(), &json!({"full_text": format!("{}… https://t.co/p", "一段很长的开头".repeat(4))}));
    let read = |note: Value| {
        let files = [
            ("x/tweets.js", tweets(std::slice::from_ref(&cut))),
            ("x/note-tweet.js", js("note_tweet", &[note])),
            ("x/direct-messages.js", js("direct_messages", &[json!({"dmConversation": {"messages": []}})])),
        ];
        let mut read = read(&files);
        assert_eq!((read.notices, read.rejected.len(), read.tweets.len()), (2, 0, 1));
        read.tweets.pop().unwrap()
    };
    let tweet = read(note(&long, "2024-11-09T12:14:18.000Z"));
    assert_eq!(tweet.text, long.replace("https://t.co/n", "https://example.org/n"));
    assert_eq!(
        (tweet.urls, tweet.hashtags),
        (vec!["https://example.org/n".to_owned()], vec!["Note".to_owned()])
    );
    for (text, created) in
        [(long.as_str(), "2024-11-09T12:14:19.000Z"), ("别的文字", "2024-11-09T12:14:18.000Z")]
    {
        assert!(read(note(text, created)).text.ends_with('…'));
    }
}

#[test]
fn a_community_archive_tells_its_owner_beside_the_list() {
    let expected = |name: &str| {
        json!({
            "id": "1855222380982907193", "author": {"handle": "mei", "name": name},
            "created_at": "2024-11-09T12:14:18Z", "text": "回复", "lang": "zh", "kind": "reply",
            "reference": {"id": "20", "handle": "ann"}, "metrics": {"likes": 12, "reposts": 3},
        })
    };
    let reply = with(
        &tweet(),
        &json!({"full_text": "回复", "entities": {}, "extended_entities": null,
            "in_reply_to_status_id_str": "20", "in_reply_to_screen_name": "ann"}),
    );
    let list = json!([{"tweet": reply}]);
    check(
        &json!({"profile": {"username": "mei", "bio": "x"}, "tweets": list}),
        Format::Archive,
        &expected("mei"),
    );
    assert_eq!(refused(&json!({"tweets": list})), RejectReason::NoAuthor);
    let account = json!([{"account": {"username": "mei", "accountDisplayName": "梅"}}]);
    check(
        &json!({"account": account, "profile": [{"profile": {"description": {}}}], "tweets": list}),
        Format::Archive,
        &expected("梅"),
    );
}
