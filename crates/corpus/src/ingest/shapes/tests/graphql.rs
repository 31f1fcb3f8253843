//! The web client's GraphQL.

use serde_json::{Value, json};

use super::{check, told, with};
use crate::{
    Kind,
    ingest::{
        Format,
        tests::{lines, one},
    },
};

fn user() -> Value {
    json!({"user_results": {"result": {"__typename": "User", "rest_id": "7",
        "core": {"screen_name": "mei", "name": "梅", "created_at": "Tue Dec 02 04:25:09 +0000 2025"},
        "legacy": {"followers_count": 70, "pinned_tweet_ids_str": ["1"]}}}})
}

fn tweet() -> Value {
    json!({
        "__typename": "Tweet", "rest_id": "2015203109400965595", "core": user(),
        "views": {"count": "1234", "state": "EnabledWithCount"},
        "legacy": {
            "id_str": "2015203109400965595", "created_at": "Sat Jan 24 23:20:36 +0000 2026", "lang": "zh",
            "full_text": "新模型 &gt; 旧 #AI $nvda @bob https://t.co/a https://t.co/p",
            "favorite_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4, "bookmark_count": 5,
            "entities": {
                "urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}],
                "hashtags": [{"text": "AI"}], "symbols": [{"text": "nvda"}], "user_mentions": [{"screen_name": "bob"}],
            },
            "extended_entities": {"media": [{"url": "https://t.co/p", "media_url_https": "https://pbs.example/1.jpg"}]},
        },
    })
}

/// The tweet with changes to its `legacy`, and around it.
fn changed(legacy: &Value, around: &Value) -> Value {
    let mut record = with(&tweet(), around);
    record["legacy"] = with(&record["legacy"], legacy);
    record
}

fn item(result: &Value) -> Value {
    json!({"itemType": "TimelineTweet", "tweet_results": {"result": result}})
}

fn entry(id: &str, item: &Value) -> Value {
    json!({"entryId": id, "sortIndex": "1", "content": {"entryType": "TimelineTimelineItem", "itemContent": item}})
}

fn search(entries: &[Value]) -> Value {
    json!({"data": {"search_by_raw_query": {"search_timeline": {"timeline": {"instructions": [
        {"type": "TimelineClearCache"}, {"type": "TimelineAddEntries", "entries": entries}]}}}}})
}

#[test]
fn a_tweet() {
    check(
        &tweet(),
        Format::Graphql,
        &json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2026-01-24T23:20:36Z", "text": "新模型 > 旧 #AI $nvda @bob https://example.org/a",
            "lang": "zh", "kind": "original",
            "metrics": {"likes": 1, "reposts": 2, "replies": 3, "quotes": 4, "bookmarks": 5, "views": 1234},
            "urls": ["https://example.org/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
            "media": ["https://pbs.example/1.jpg"],
        }),
    );
    let hidden = one(&changed(&json!({}), &json!({"views": {"state": "Enabled"}})), Format::Graphql);
    assert_eq!(hidden.metrics.views, None);
}

#[test]
fn the_author_in_three_generations() {
    let oldest = json!({"legacy": {"screen_name": "mei", "name": "梅", "followers_count": 70}});
    let newest = json!({"core": {"screen_name": "mei", "name": "梅"}, "relationship_counts": {"followers": 70},
        "profile_bio": {"description": "x"}, "verification": {"verified": false}});
    for author in [oldest, newest] {
        let core = json!({"core": {"user_results": {"result": author}}});
        assert_eq!(
            told(&one(&changed(&json!({}), &core), Format::Graphql)),
            told(&one(&tweet(), Format::Graphql))
        );
    }
}

#[test]
fn timelines_are_walked() {
    let other = |id: &str| with(&tweet(), &json!({"rest_id": id}));
    let hidden = json!({"__typename": "TweetWithVisibilityResults", "tweet": other("2015203109400965596")});
    let module = json!({"entryId": "conversationthread-1", "content": {"entryType": "TimelineTimelineModule", "items": [
        {"entryId": "conversationthread-1-tweet-7", "item": {"itemContent": item(&other("2015203109400965597"))}},
        {"entryId": "conversationthread-1-cursor-showmore-8", "item": {"itemContent": {"itemType": "TimelineTimelineCursor", "value": "x"}}},
    ]}});
    let page = search(&[
        entry("tweet-1", &item(&tweet())),
        entry("tweet-2", &item(&hidden)),
        module,
        entry(
            "tweet-3",
            &item(&json!({"__typename": "TweetTombstone", "tombstone": {"text": {"text": "gone"}}})),
        ),
        entry("tweet-4", &json!({"itemType": "TimelineTweet", "tweet_results": {}})),
        entry(
            "who-to-follow-1",
            &json!({"itemType": "TimelineUser", "user_results": user()["user_results"]}),
        ),
        json!({"entryId": "cursor-bottom-0", "content": {"entryType": "TimelineTimelineCursor", "value": "x"}}),
    ]);
    let more = json!({"data": {"user": {"result": {"__typename": "User", "timeline_v2": {"timeline": {"instructions": [
        {"type": "TimelinePinEntry", "entry": entry("tweet-5", &item(&other("2015203109400965598")))},
        {"type": "TimelineAddToModule", "moduleItems": [
            {"entryId": "profile-grid-0-tweet-6", "item": {"itemContent": item(&other("2015203109400965599"))}}]},
    ]}}}}}});
    let one = json!({"data": {"tweetResult": {"result": other("2015203109400965600")}}});
    let read = lines(&[page, more, one]);
    let ids: Vec<_> = read.tweets.iter().map(|tweet| tweet.id.0 - 2_015_203_109_400_965_595).collect();
    assert_eq!((ids, read.notices), (vec![0, 1, 2, 3, 4, 5], 2), "{:?}", read.rejected);
    assert_eq!(read.rejected, []);
}

#[test]
fn paid_entries_are_marked() {
    let mut paid = item(&tweet());
    paid["promotedMetadata"] = json!({"advertiser_results": {"result": {"rest_id": "9"}}});
    let read = lines(&[search(&[
        entry("tweet-1", &paid),
        entry("promoted-tweet-2", &item(&with(&tweet(), &json!({"rest_id": "2015203109400965596"})))),
        entry("tweet-3", &item(&with(&tweet(), &json!({"rest_id": "2015203109400965597"})))),
    ])]);
    let promoted: Vec<_> = read.tweets.iter().map(|tweet| tweet.promoted).collect();
    assert_eq!(promoted, [Some(true), Some(true), None]);
}

#[test]
fn a_retweet_has_the_inner_tweet_s_words_and_counts() {
    let mut inner = tweet();
    inner["core"]["user_results"]["result"]["core"] = json!({"screen_name": "bob", "name": "Bob"});
    inner["rest_id"] = json!("99000000000000000");
    let outer = changed(
        &json!({"full_text": "RT @bob: 新模型…", "favorite_count": 0, "reply_count": 0, "quote_count": 0,
            "bookmark_count": 0, "entities": {}, "extended_entities": null,
            "retweeted_status_result": {"result": {"__typename": "TweetWithVisibilityResults", "tweet": inner}}}),
        &json!({"views": null}),
    );
    let retweet = one(&outer, Format::Graphql);
    let original = one(&tweet(), Format::Graphql);
    assert_eq!(
        (retweet.kind, retweet.author.handle.as_str(), retweet.speaker()),
        (Kind::Retweet, "mei", "bob")
    );
    assert_eq!(
        (&retweet.text, retweet.metrics, &retweet.urls),
        (&original.text, original.metrics, &original.urls)
    );
    assert_eq!(retweet.reference.unwrap().id.unwrap().0, 99_000_000_000_000_000);
}

#[test]
fn a_quote_may_be_whole_or_a_number_or_far_below() {
    let quoted = json!({"result": with(&tweet(), &json!({"rest_id": "20"}))});
    let permalink = json!({"url": "https://t.co/q", "expanded": "https://twitter.com/bob/status/20"});
    let reference = |legacy: Value, around: Value| {
        let tweet = one(&changed(&legacy, &around), Format::Graphql);
        assert_eq!(tweet.kind, Kind::Quote);
        let reference = tweet.reference.unwrap();
        (reference.id.unwrap().0, reference.handle, reference.text.is_some())
    };
    let number = json!({"quoted_status_id_str": "20"});
    let mei = Some("mei".to_owned());
    assert_eq!(reference(number.clone(), json!({"quoted_status_result": quoted})), (20, mei, true));
    assert_eq!(reference(number, json!({})), (20, None, false));
    let deep = json!({"quotedRefResult": {"result": {"__typename": "Tweet", "rest_id": "20"}}});
    assert_eq!(reference(json!({}), deep), (20, None, false));
    assert_eq!(
        reference(json!({"quoted_status_permalink": permalink}), json!({})),
        (20, Some("bob".into()), false)
    );
}

#[test]
fn a_reply() {
    let reply = json!({"in_reply_to_status_id_str": "20", "in_reply_to_screen_name": "ann"});
    let tweet = one(&changed(&reply, &json!({})), Format::Graphql);
    let reference = tweet.reference.unwrap();
    assert_eq!(
        (tweet.kind, reference.id.unwrap().0, reference.handle.as_deref()),
        (Kind::Reply, 20, Some("ann"))
    );
}

#[test]
fn a_long_text_has_entities_of_its_own() {
    let note = json!({"note_tweet": {"note_tweet_results": {"result": {"text": "全文 #长文 $TSM @ann https://t.co/n", "entity_set": {
        "urls": [{"url": "https://t.co/n", "expanded_url": "https://example.org/n"}],
        "hashtags": [{"text": "长文"}], "symbols": [{"text": "TSM"}], "user_mentions": [{"screen_name": "ann"}]}}}}});
    let tweet = one(&changed(&json!({}), &note), Format::Graphql);
    assert_eq!(
        (tweet.text.as_str(), tweet.urls[0].as_str()),
        ("全文 #长文 $TSM @ann https://example.org/n", "https://example.org/n")
    );
    assert_eq!(
        (tweet.hashtags, tweet.cashtags, tweet.mentions),
        (vec!["长文".into()], vec!["TSM".into()], vec!["ann".into()])
    );
}

#[test]
fn an_article_is_its_title_and_beginning() {
    let article = json!({"article": {"article_results": {"result": {"rest_id": "3", "title": "论文", "preview_text": "开头"}}}});
    let urls = json!({"urls": [{"url": "https://t.co/x", "expanded_url": "http://x.com/i/article/3"}]});
    let words = |text: &str| {
        let tweet = one(&changed(&json!({"full_text": text, "entities": urls}), &article), Format::Graphql);
        (tweet.text, tweet.urls)
    };
    let link = vec!["http://x.com/i/article/3".to_owned()];
    assert_eq!(words("https://t.co/x"), ("论文\n\n开头".into(), link.clone()));
    assert_eq!(words("读读 https://t.co/x"), ("读读 http://x.com/i/article/3".into(), link));
}

#[test]
fn a_user_is_no_tweet() {
    let user = json!({"data": {"user": {"result": {"__typename": "User", "rest_id": "7", "legacy": {"screen_name": "mei"}}}}});
    let read = lines(&[user]);
    assert_eq!((read.tweets.len(), read.notices, read.rejected.len()), (0, 1, 0));
}
