//! Shapes of collectors' repositories: x-digest and follow-builders.

use serde_json::{Value, json};

use super::{check, with};
use crate::{
    Kind,
    ingest::{
        Format,
        tests::{lines, one},
    },
};

fn digest() -> Value {
    json!({
        "id": "2015203109400965595", "url": "https://x.com/mei/status/2015203109400965595", "author": "mei", "owner": "mei",
        "time": "2026-01-24T23:20+00:00", "text": "新品 &amp; #AI $NVDA @bob https://t.co/a", "is_reply": false, "reply_to": "",
        "conv": "2015203109400965595", "likes": 1, "rts": 2, "replies": 3, "views": 6, "links": ["https://example.org/a"],
        "rt_of": null, "quoted": null, "kind": "post",
    })
}

#[test]
fn x_digest() {
    check(
        &json!({"meta": {"date": "2026-01-24", "errors": {}}, "items": [digest()]}),
        Format::XDigest,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "mei"}, "created_at": "2026-01-24T23:20:00Z",
            "text": "新品 & #AI $NVDA @bob", "kind": "original", "metrics": {"likes": 1, "reposts": 2, "replies": 3, "views": 6},
            "urls": ["https://example.org/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
        }),
    );
    assert_eq!(lines(&[json!({"meta": {"items": 0}, "items": []})]).notices, 1);
}

#[test]
fn a_retweet_of_x_digest_is_told_in_two_places() {
    let rt_of = json!({"id": "20", "author": "ann", "text": "原文，全", "url": "https://x.com/ann/status/20", "likes": 1});
    check(
        &with(&digest(), &json!({"text": "RT @ann: 原文…", "rt_of": rt_of, "kind": "rt", "views": 0})),
        Format::XDigest,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "mei"}, "created_at": "2026-01-24T23:20:00Z",
            "text": "原文，全", "kind": "retweet", "reference": {"id": "20", "handle": "ann", "text": "原文，全"},
            "metrics": {"likes": 1, "reposts": 2, "replies": 3}, "urls": ["https://example.org/a"],
        }),
    );
}

#[test]
fn a_thread_of_x_digest_is_one_text() {
    let quoted = json!({"author": "ann", "text": "原文", "url": "https://x.com/ann/status/20"});
    let thread = json!({"text": "第二\n段\n[->] 第一 [->] x https://t.co/q", "is_reply": true, "reply_to": "mei", "kind": "thread(2)",
        "links": ["https://x.com/ann/status/20?s=20"]});
    let reply = one(&with(&digest(), &thread), Format::XDigest);
    assert_eq!((reply.kind, reply.text.as_str()), (Kind::Reply, "第二\n段\n\n第一 [->] x"));
    assert_eq!((reply.reference.unwrap().handle.as_deref(), reply.urls.len()), (Some("mei"), 1));
    let quote = one(&with(&with(&digest(), &thread), &json!({"quoted": quoted})), Format::XDigest);
    let reference = quote.reference.unwrap();
    assert_eq!(
        (quote.kind, reference.id.unwrap().0, reference.handle.as_deref()),
        (Kind::Quote, 20, Some("ann"))
    );
    assert_eq!((reference.text.as_deref(), quote.urls.len()), (Some("原文"), 0));
}

fn snapshot() -> Value {
    let tweet = |id: &str, quoted: Value| {
        json!({"id": id, "text": "新品 &amp; 更多 https://t.co/a", "createdAt": "2026-01-24T23:20:36.000Z", "likes": 1, "retweets": 2,
            "replies": 3, "url": format!("https://x.com/mei/status/{id}"), "isQuote": !quoted.is_null(), "quotedTweetId": quoted})
    };
    json!({
        "generatedAt": "2026-01-25T00:00:00Z", "stats": {"xBuilders": 2, "totalTweets": 2},
        "x": [
            {"source": "x", "name": "梅", "handle": "mei", "bio": "x",
                "tweets": [tweet("2015203109400965595", Value::Null), tweet("2015203109400965596", json!("20"))]},
            {"source": "x", "name": "Bob", "handle": "bob", "bio": "x", "tweets": []},
        ],
    })
}

#[test]
fn follow_builders() {
    let read = lines(&[snapshot()]);
    assert_eq!((read.rejected.len(), read.formats[&Format::FollowBuilders]), (0, 2));
    let expected = |id: &str, kind: &str| {
        json!({"id": id, "author": {"handle": "mei", "name": "梅"}, "created_at": "2026-01-24T23:20:36Z",
            "text": "新品 & 更多", "kind": kind, "metrics": {"likes": 1, "reposts": 2, "replies": 3}})
    };
    let quote = with(&expected("2015203109400965596", "quote"), &json!({"reference": {"id": "20"}}));
    let found: Vec<_> = read.tweets.iter().map(super::told).collect();
    assert_eq!(found, [expected("2015203109400965595", "original"), quote]);
}

#[test]
fn faults_beside_the_records_do_not_cost_them() {
    let errors = json!({"errors": ["X API: Failed to fetch tweets for @ann: HTTP 402"]});
    assert_eq!(lines(&[with(&snapshot(), &errors)]).tweets.len(), 2);
    let nothing = json!({"errors": ["HTTP 402"], "x": [], "stats": {"totalTweets": 0}});
    let read = lines(&[nothing]);
    assert_eq!((read.tweets.len(), read.notices, read.rejected.len()), (0, 1, 0));
}
