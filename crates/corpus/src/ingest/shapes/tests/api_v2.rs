//! What API v2 sends around tweets, and its newer names; the rest stands beside the code.

use serde_json::{Value, json};

use super::{check, with};
use crate::ingest::{
    Format,
    tests::{lines, one},
};

fn post() -> Value {
    json!({
        "id": "2015203109400965595", "author_id": "7", "username": "mei", "created_at": "2026-01-24T23:20:36.000Z",
        "text": "新品 &amp; #AI $NVDA @bob https://t.co/a", "lang": "zh", "edit_history_post_ids": ["2015203109400965595"],
        "public_metrics": {"like_count": 1, "repost_count": 2, "reply_count": 3, "quote_count": 4, "bookmark_count": 5, "impression_count": 6},
        "attachments": {"media_keys": ["7_1"]}, "referenced_posts": [{"type": "replied_to", "id": "20"}],
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://short.example/a", "unwound_url": "https://example.org/a"}],
            "hashtags": [{"tag": "AI"}], "cashtags": [{"tag": "NVDA"}], "mentions": [{"username": "bob"}]},
    })
}

#[test]
fn a_page_under_the_names_of_2026() {
    let page = json!({
        "data": [post()],
        "includes": {
            "users": [{"id": "7", "username": "mei", "name": "梅", "public_metrics": {"followers_count": 70}}],
            "posts": [{"id": "20", "author_id": "9", "username": "ann", "text": "原文"}],
            "media": [{"media_key": "7_1", "type": "video", "preview_image_url": "https://pbs.example/t.jpg", "variants": [
                {"bit_rate": 8, "url": "https://v.example/8.mp4"}, {"bit_rate": 32, "url": "https://v.example/32.mp4"}]}],
        },
        "meta": {"result_count": 1, "next_token": "x"},
        "errors": [{"title": "Not Found Error", "resource_id": "21"}],
    });
    check(
        &page,
        Format::ApiV2,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2026-01-24T23:20:36Z", "text": "新品 & #AI $NVDA @bob https://short.example/a", "lang": "zh",
            "kind": "reply", "reference": {"id": "20", "handle": "ann", "text": "原文"},
            "metrics": {"likes": 1, "reposts": 2, "replies": 3, "quotes": 4, "bookmarks": 5, "views": 6},
            "urls": ["https://short.example/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
            "media": ["https://v.example/32.mp4"],
        }),
    );
}

#[test]
fn an_article_is_its_title_and_text() {
    let article = json!({"text": "https://t.co/x", "article": {"title": "题目", "plain_text": "正文 & 更多"},
        "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": "https://x.com/i/article/3"}]}});
    let tweet = one(&with(&post(), &article), Format::ApiV2);
    assert_eq!(
        (tweet.text.as_str(), tweet.urls[0].as_str()),
        ("题目\n\n正文 & 更多", "https://x.com/i/article/3")
    );
    let title = one(&with(&post(), &with(&article, &json!({"article": {"title": "题目"}}))), Format::ApiV2);
    assert_eq!(title.text, "题目");
}

#[test]
fn a_stream_adds_rules_and_notices() {
    let rule = json!({"data": post(), "matching_rules": [{"id": "1", "tag": "ai"}]});
    let compliance =
        json!({"delete": {"tweet": {"id": "20", "author_id": "7"}, "event_at": "2026-01-24T23:20:36Z"}});
    let job = json!({"id": "20", "action": "delete", "created_at": "2026-01-24T23:20:36Z", "redacted_at": "2026-01-25T00:00:00Z", "reason": "deleted"});
    let cut_off = json!({"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect"}]});
    let read = lines(&[rule, compliance, job, cut_off]);
    assert_eq!((read.tweets.len(), read.notices), (1, 3), "{:?}", read.rejected);
    assert_eq!(read.rejected, []);
}
