//! Files of shapes that nobody has heard of, each with a mapping written by hand.

use std::sync::Arc;

use serde_json::json;

use super::{
    super::{Format, Ingested, Settings, Source, tests},
    *,
};

/// Of 2026-03-08 21:05:00 UTC.
const ID: u64 = 2_030_751_660_241_846_272;

/// A mapping from its JSON.
fn mapping(written: serde_json::Value) -> Mapping {
    serde_json::from_value(written).unwrap()
}

fn read(written: serde_json::Value, bytes: &[u8]) -> Ingested {
    let mapped = mapping(written).compile().unwrap();
    let mut input = tests::file("other.data", bytes);
    input.mapping = Some(Arc::new(mapped));
    tests::all(&[input], &Settings::default())
}

/// `id handle likes time text` of each tweet; `line reason: detail` of each reject.
#[track_caller]
fn check(written: serde_json::Value, bytes: &str, tweets: &[&str], rejected: &[&str]) {
    let ingested = read(written, bytes.as_bytes());
    let faults: Vec<_> = ingested
        .rejected
        .iter()
        .map(|fault| format!("{} {}: {}", fault.source.line, fault.reason.name(), fault.detail))
        .collect();
    assert_eq!(faults, rejected);
    let found: Vec<_> = ingested
        .tweets
        .iter()
        .map(|tweet| {
            let likes = tweet.metrics.likes.map_or("-".to_owned(), |likes| likes.to_string());
            let time = tweet.created_at.format("%F %H:%M");
            format!("{} {} {likes} {time} {}", tweet.id, tweet.author.handle, tweet.text)
        })
        .collect();
    assert_eq!(found, tweets);
    let formats = if tweets.is_empty() { vec![] } else { vec![Format::Mapped] };
    assert_eq!(ingested.formats.keys().copied().collect::<Vec<_>>(), formats);
}

const FIRST: &str = "2030751660241846272 mei 3 2026-03-08 21:05 你好 world";

#[test]
fn objects_by_pointers_and_plain_keys() {
    let written = json!({
        "id": ["/meta/nr", "nr"], "text": "/meta/words", "handle": "/by/0/@", "likes": "/n", "lang": "l~g",
        "followers": "/by/1", "urls": "/more/links", "hashtags": "/more/tags", "media": "/pics",
        "is_reply": "re", "replied_id": "/re_id", "created_at": "at",
    });
    let record = json!({
        "nr": ID.to_string(), "meta": {"words": "你好 world", "nr": ""}, "by": [{"@": "@mei"}, "1,200"],
        "n": "3", "at": 1_773_003_960, "l~g": "zh", "re": "yes", "re_id": "https://x.com/a/status/20",
        "more": {"links": [{"url": "https://t.co/a", "expanded_url": "https://a.example/b"}], "tags": [{"text": "AI"}]},
        "pics": [{"url": "https://a.example/p.jpg"}],
    });
    let mut ingested = read(written.clone(), format!("[{record}]").as_bytes());
    assert_eq!(ingested.rejected, []);
    let tweet = ingested.tweets.pop().unwrap();
    assert_eq!((tweet.id.0, tweet.author.handle.as_str()), (ID, "mei"));
    assert_eq!(
        (tweet.author.followers, tweet.metrics.likes, tweet.lang.as_deref()),
        (Some(1200), Some(3), Some("zh"))
    );
    assert_eq!((tweet.urls, tweet.hashtags), (vec!["https://a.example/b".to_owned()], vec!["AI".to_owned()]));
    assert_eq!((tweet.media, tweet.kind), (vec!["https://a.example/p.jpg".to_owned()], crate::Kind::Reply));
    assert_eq!(tweet.reference.unwrap().id, Some(crate::TweetId(20)));
    assert_eq!(tweet.created_at.to_rfc3339(), "2026-03-08T21:06:00+00:00");
    assert_eq!(tweet.source, Source { file: "other.data".into(), line: 1 });
}

#[test]
fn records_at_a_pointer() {
    let written =
        |records: &str| json!({"records": records, "id": "nr", "text": "t", "handle": "by", "likes": "n"});
    let one = format!(r#"{{"nr":{ID},"t":"你好 world","by":"mei","n":3}}"#);
    let page = format!(r#"{{"result":{{"list":[{one},{one}]}},"tweets":[]}}"#);
    check(written("/result/list"), &page, &[FIRST, FIRST], &[]);
    check(written("/result/list"), &format!("{page}\n{page}"), &[FIRST; 4], &[]);
    check(written("/result/list"), &format!("[{page}]"), &[FIRST, FIRST], &[]);
    check(written("/result"), &format!(r#"{{"result":{one}}}"#), &[FIRST], &[]);
    let deep = format!(
        r#"{{"days":[{{"posts":[{one}]}},{{"posts":[]}},{{"posts":[{one}]}}],"by_id":{{"7":{one}}}}}"#
    );
    check(written("/days/*/posts"), &deep, &[FIRST, FIRST], &[]);
    check(written("/by_id/*"), &deep, &[FIRST], &[]);
    check(written(""), &format!("[[{one}],{one}]"), &[FIRST, FIRST], &[]);
    let owned = format!(r#"{{"user":{{"screen_name":"mei"}},"list":[{}]}}"#, one.replace("mei", ""));
    check(written("/list"), &owned, &[FIRST], &[]);
}

#[test]
fn nothing_is_lost_without_a_word() {
    let written = json!({"records": "/result/list", "id": "nr", "text": "t", "handle": "by"});
    let file = r#"{"result":{"items":[]}}
{"result":{"list":null}}
{"result":{"list":[]}}
7
{"result":{"list":[7,null,[{}],{"nr":1}]}}"#;
    check(
        written.clone(),
        file,
        &[],
        &[
            "1 unknown_shape: `result/list` holds nothing: result",
            "2 unknown_shape: `result/list` holds nothing: result",
            "4 unknown_shape: `result/list` holds nothing: 7",
            "5 unknown_shape: a record is no object: 7",
            "5 unknown_shape: a record is no object: null",
            "5 unknown_shape: a record is no object: a list of 1",
            "5 no_author: `by` holds nothing",
        ],
    );
    assert_eq!(read(written, file.as_bytes()).notices, 1, "an empty list is a page without tweets");
}

#[test]
fn a_wrong_mapping_names_its_places() {
    let written = json!({"id": "/meta/nr", "text": "/meta/words", "handle": "by", "created_at": "at"});
    let file = r#"{"nr":1}
{"meta":{"nr":"x1"},"by":"mei"}
{"meta":{"nr":5},"by":"梅"}
{"meta":{"nr":5},"by":"mei","at":"soon"}
{"meta":{"nr":5,"words":6},"by":"mei","at":1773003900}"#;
    check(
        written,
        file,
        &[],
        &[
            "1 bad_id: `meta/nr` holds nothing",
            "2 bad_id: `meta/nr` holds \"x1\"",
            "3 no_author: `by` holds \"梅\"",
            "4 bad_date: `at` holds \"soon\"",
            "5 no_text: `meta/words` holds 6",
        ],
    );
    let rows = "nr;words\n1;a\n2;b";
    check(
        json!({"id": "编号", "text": "正文"}),
        rows,
        &[],
        &["2 bad_id: `编号` holds nothing", "3 bad_id: `编号` holds nothing"],
    );
}

#[test]
fn lines_before_the_data_are_skipped() {
    let written = json!({"skip_lines": 2, "id": "nr", "text": "t", "handle": "by", "likes": "n"});
    let one = format!(r#"{{"nr":"{ID}","t":"你好 world","by":"mei","n":"3"}}"#);
    check(written.clone(), &format!("\u{feff}# one\n{{\"two\":2}}\n{one}\n{one}\n"), &[FIRST, FIRST], &[]);
    let rows = format!("Export\n\nnr|t|by|n\n{ID}|你好 world|mei|3\n");
    check(written.clone(), &rows, &[FIRST], &[]);
    assert_eq!(read(written, rows.as_bytes()).tweets[0].source.line, 4);
}

#[test]
fn csv_by_chinese_columns_and_own_dates() {
    let written = json!({
        "id": "编号", "text": "正文", "handle": "账号", "likes": "点赞/次", "created_at": "发布时间",
        "date_format": "%d/%m/%Y %H:%M", "utc_offset": "+08:00",
    });
    let rows = format!(
        "编号;账号;正文;点赞/次;发布时间\n{ID};mei;你好 world;3;09/03/2026 05:05\n20;mei;;\"1,234\";09/03/2026 05:06\n"
    );
    let no_text = "3 no_text: `正文` holds nothing";
    check(written.clone(), &rows, &[FIRST], &[no_text]);
    check(written, &rows.replace(';', "\t"), &[FIRST], &[no_text]);
}

#[test]
fn a_page_tells_id_and_handle() {
    let written = json!({"page": "link", "text": "words", "likes": "Hearts"});
    let rows = format!("Link,Words,Hearts\nhttps://x.com/mei/status/{ID}?s=20,你好 world,3.0\n");
    check(written, &rows, &[FIRST], &[]);
}

#[test]
fn a_mapping_is_checked() {
    #[track_caller]
    fn check(written: serde_json::Value, expected: &str) {
        assert_eq!(mapping(written).compile().unwrap_err().to_string(), expected);
    }
    check(json!({"text": "t"}), "a mapping needs `id` or `page`");
    check(json!({"id": "", "text": "t"}), "a mapping needs `id` or `page`");
    check(json!({"id": "nr"}), "a mapping needs `text`");
    let more = |key: &str, value: &str| json!({"id": "nr", "text": "t", key: value});
    check(more("records", "list"), "`records = \"list\"` is no JSON pointer: one begins with `/`");
    check(more("utc_offset", "CST"), "`utc_offset = \"CST\"` is no offset: it is written as in `+08:00`");
    check(
        more("date_format", "%d/%Q"),
        "`date_format = \"%d/%Q\"` is no format of dates: it is written as in `%d/%m/%Y %H:%M`",
    );
    let unread = |written| serde_json::from_value::<Mapping>(written).unwrap_err().to_string();
    assert!(unread(json!({"likez": "n"})).starts_with("unknown field `likez`"));
    assert!(unread(json!({"likes": 5})).starts_with("a place such as \"/user/name\", or a list"));
}
