//! Feeds.

use serde_json::json;

use super::told;
use crate::{
    Kind, Tweet,
    ingest::{Format, Ingested, RejectReason, tests},
};

fn read(items: &str) -> Ingested {
    let rss = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0\"><channel>\
         <title>梅 / @mei</title><link>https://nitter.example/mei</link>{items}</channel></rss>"
    );
    tests::read(&rss)
}

#[track_caller]
fn item(title: &str, more: &str) -> Tweet {
    let mut read = read(&format!(
        "<item><title>{title}</title><pubDate>Sat, 24 Jan 2026 23:20:36 GMT</pubDate>{more}</item>"
    ));
    assert_eq!(read.rejected, []);
    assert_eq!(read.formats[&Format::Feed], 1);
    read.tweets.pop().unwrap()
}

const NUMBER: &str = "<dc:creator>@mei</dc:creator><guid isPermaLink=\"false\">2015203109400965595</guid>\
    <link>https://nitter.example/mei/status/2015203109400965595#m</link>";

#[test]
fn an_item_of_nitter() {
    let tweet = item("新品 &amp; #AI $NVDA @bob https://example.org/a", NUMBER);
    assert_eq!(
        told(&tweet),
        json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "mei"}, "created_at": "2026-01-24T23:20:36Z",
            "text": "新品 & #AI $NVDA @bob https://example.org/a", "kind": "original", "metrics": {},
            "urls": ["https://example.org/a"], "hashtags": ["AI"], "cashtags": ["NVDA"], "mentions": ["bob"],
        })
    );
}

#[test]
fn older_items_have_a_link_for_a_number() {
    let older = item("x", "<guid>http://nitter.example/mei/status/2015203109400965595#m</guid>");
    assert_eq!((older.id.0, older.author.handle.as_str()), (2_015_203_109_400_965_595, "mei"));
    let linked = item("x", "<link>https://nitter.example/mei/status/2015203109400965595#m</link>");
    assert_eq!((linked.id, &linked.author), (older.id, &older.author));
}

#[test]
fn prefixes_are_no_text() {
    let passed_on = NUMBER.replace("mei", "bob");
    let tweet = item("RT by @mei: 原文: 一", &passed_on);
    assert_eq!(
        (tweet.kind, tweet.text.as_str(), tweet.author.handle.as_str()),
        (Kind::Original, "原文: 一", "bob")
    );
    let reply = item("R to @ann: 对", NUMBER);
    assert_eq!((reply.kind, reply.text.as_str()), (Kind::Reply, "对"));
    assert_eq!(reply.reference.unwrap().handle.as_deref(), Some("ann"));
}

#[test]
fn characters_come_as_they_are_meant() {
    let text = |title: &str| item(title, NUMBER).text;
    assert_eq!(text("a &lt; b &amp;&amp; c &#20013; &quot;d&quot;"), "a < b && c 中 \"d\"");
    assert_eq!(text("<![CDATA[a < b & c <b>中</b>]]>"), "a < b & c <b>中</b>");
    assert_eq!(text("一<![CDATA[二]]>三\n四"), "一二三\n四");
}

#[test]
fn rsshub_has_the_author_elsewhere() {
    let link = "<guid isPermaLink=\"false\">https://x.com/mei/status/2015203109400965595</guid>\
        <link>https://x.com/mei/status/2015203109400965595</link><description>&lt;b&gt;x&lt;/b&gt;</description>";
    // A name for people is no handle, though it may look like one.
    for author in ["<author>Mei</author>", "<author>梅 Mei</author>", "<dc:creator>Mei</dc:creator>"] {
        let tweet = item("新品", &format!("{link}{author}"));
        assert_eq!((tweet.author.handle.as_str(), tweet.text.as_str()), ("mei", "新品"));
        assert!(tweet.author.name.contains("Mei"));
    }
}

#[test]
fn an_item_without_a_number_is_refused() {
    let read = read(
        "<item><title>x</title><pubDate>Sat, 24 Jan 2026 23:20:36 GMT</pubDate></item>\
         <item><title>x</title><guid>2015203109400965595</guid><pubDate>Sat, 24 Jan 2026 23:20:36 GMT</pubDate></item>",
    );
    let reasons: Vec<_> = read.rejected.iter().map(|fault| (fault.source.line, fault.reason)).collect();
    assert_eq!(reasons, [(1, RejectReason::BadId), (2, RejectReason::NoAuthor)]);
}
