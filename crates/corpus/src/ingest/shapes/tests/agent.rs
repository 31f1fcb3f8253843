//! agent-twitter-client, and its twin in Go.

use serde_json::{Value, json};

use super::{check, told, with};
use crate::{
    Kind,
    ingest::{Format, tests::one},
};

fn tweet() -> Value {
    json!({
        "id": "2015203109400965595", "text": "新品\\n#AI $NVDA @bob https://t.co/a", "username": "mei", "name": "梅", "userId": "7",
        "timestamp": 1_769_296_836, "timeParsed": "2026-01-24T23:20:36.000Z", "likes": 1, "retweets": 2, "replies": 3,
        "views": 6, "bookmarkCount": 5, "isRetweet": false, "isQuoted": false, "isReply": false, "isPin": false,
        "urls": ["https://example.org/a"], "hashtags": ["AI"], "mentions": [{"id": "8", "username": "bob", "name": "Bob"}],
        "photos": [{"id": "1", "url": "https://pbs.example/1.jpg"}],
        "videos": [{"id": "2", "preview": "https://pbs.example/t.jpg", "url": "https://v.example/1.mp4"}],
        "permanentUrl": "https://twitter.com/mei/status/2015203109400965595", "html": "x",
        "thread": [{"id": "2015203109400965596", "text": "not another record"}],
    })
}

fn expected() -> Value {
    json!({
        "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅"}, "created_at": "2026-01-24T23:20:36Z",
        "text": "新品\n#AI $NVDA @bob", "kind": "original",
        "metrics": {"likes": 1, "reposts": 2, "replies": 3, "bookmarks": 5, "views": 6}, "urls": ["https://example.org/a"],
        "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
        "media": ["https://pbs.example/1.jpg", "https://v.example/1.mp4"],
    })
}

#[test]
fn a_tweet() {
    check(&tweet(), Format::AgentTwitterClient, &expected());
}

#[test]
fn apps_rename_and_drop() {
    let record = with(
        &tweet(),
        &json!({"username": null, "name": null, "timeParsed": null, "createdAt": "1970-01-21T11:28:16.836Z", "retweets": null,
            "retweetCount": 2, "likes": null, "likeCount": 1}),
    );
    let mut expected = expected();
    expected["author"]["name"] = json!("mei");
    check(&record, Format::AgentTwitterClient, &expected);
    let year_one = with(&tweet(), &json!({"timeParsed": "0001-01-01T00:00:00Z"}));
    check(&year_one, Format::AgentTwitterClient, &super::told(&one(&tweet(), Format::AgentTwitterClient)));
}

#[test]
fn relations() {
    let other = with(
        &tweet(),
        &json!({"id": "20", "username": "ann", "text": "原文", "permanentUrl": "https://twitter.com/ann/status/20"}),
    );
    let one = |changes: &Value| one(&with(&tweet(), changes), Format::AgentTwitterClient);
    let whole = json!({"isRetweet": true, "retweetedStatusId": "20", "retweetedStatus": other, "text": "RT @ann: 原…", "likes": 0});
    let retweet = one(&whole);
    assert_eq!(
        (retweet.kind, retweet.text.as_str(), retweet.speaker(), retweet.metrics.likes),
        (Kind::Retweet, "原文", "ann", Some(1))
    );
    for changes in [json!({"isRetweet": true}), json!({"retweetedStatusId": "20"})] {
        let cut = one(&with(&changes, &json!({"text": "RT @ann: 原…", "likes": 0})));
        assert_eq!(
            (cut.kind, cut.text.as_str(), cut.speaker(), cut.metrics.likes),
            (Kind::Retweet, "原…", "ann", None)
        );
    }
    let quote = one(&json!({"isQuoted": true, "quotedStatusId": "20", "quotedStatus": other}));
    let reference = quote.reference.unwrap();
    assert_eq!(
        (quote.kind, reference.id.unwrap().0, reference.text.as_deref()),
        (Kind::Quote, 20, Some("原文"))
    );
    let reply = one(&json!({"isReply": true, "inReplyToStatusId": "20", "inReplyToStatus": other}));
    let reference = reply.reference.unwrap();
    assert_eq!(
        (reply.kind, reference.id.unwrap().0, reference.handle.as_deref()),
        (Kind::Reply, 20, Some("ann"))
    );
}

#[test]
fn the_twin_in_go() {
    let pascal = json!({
        "ID": "2015203109400965595", "Text": "新品\n#AI $NVDA @bob https://t.co/a", "Username": "mei", "Name": "梅", "UserID": "7",
        "ConversationID": "2015203109400965595", "Timestamp": 1_769_296_836, "TimeParsed": "2026-01-24T23:20:36Z", "Likes": 1,
        "Retweets": 2, "Replies": 3, "Views": 6, "IsRetweet": false, "IsQuoted": false, "IsReply": false,
        "RetweetedStatus": null, "RetweetedStatusID": "", "QuotedStatus": null, "QuotedStatusID": "", "InReplyToStatus": null,
        "InReplyToStatusID": "", "URLs": ["https://example.org/a"], "Hashtags": ["AI"],
        "Mentions": [{"ID": "8", "Username": "bob", "Name": "Bob"}], "Photos": [{"ID": "1", "URL": "https://pbs.example/1.jpg"}],
        "Videos": [{"ID": "2", "Preview": "https://pbs.example/t.jpg", "URL": "https://v.example/1.mp4"}], "GIFs": null,
        "PermanentURL": "https://twitter.com/mei/status/2015203109400965595", "HTML": "x", "Thread": null,
    });
    let mut expected = expected();
    expected["metrics"].as_object_mut().unwrap().remove("bookmarks");
    check(&pascal, Format::AgentTwitterClient, &expected);
    let unparsed = with(&pascal, &json!({"TimeParsed": "0001-01-01T00:00:00Z"}));
    assert_eq!(told(&one(&unparsed, Format::AgentTwitterClient)), expected);
    let reply = with(&pascal, &json!({"IsReply": true, "InReplyToStatusID": "20"}));
    let reply = one(&reply, Format::AgentTwitterClient);
    assert_eq!((reply.kind, reply.reference.unwrap().id.unwrap().0), (Kind::Reply, 20));
}
