//! Made-up shapes, each as unlike the others as it may be: propose, compile, read, and find the same six tweets.

use std::{fmt::Write as _, io::Write as _, sync::Arc};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::{super::tests, *};
use crate::TweetId;

struct Post {
    id: u64,
    handle: &'static str,
    text: &'static str,
    at: DateTime<Utc>,
    likes: u64,
}

impl Post {
    fn at(&self, format: &str, hours: i32) -> String {
        self.at.with_timezone(&FixedOffset::east_opt(hours * 3600).unwrap()).format(format).to_string()
    }

    fn link(&self) -> String {
        format!("https://x.com/{}/status/{}", self.handle, self.id)
    }
}

const WORDS: [(&str, &str, u64); 6] = [
    ("mei_01", "Nova-4.1 发布，价格下调四分之一，值得一试", 1203),
    ("heliotropelabs", "We are cutting the price of Nova by 25% from today #AI", 88),
    ("mei_01", "Counted them: agents made 3.4 million payments in February, @chainmoth_", 0),
    ("chainmoth_", "The new card tells how it was scored. Read it: https://a.example/card", 7),
    ("openballast", "Longshore’s plan goes to a vote on Thursday, and nobody has read all of it", 15),
    ("chainmoth_", "现在可以下载了", 2),
];

/// Six posts from the 8th to the 10th of March 2026, one every seven hours and some; ids as their times have them.
fn posts() -> Vec<Post> {
    let first = "2026-03-08T21:05:09Z".parse::<DateTime<Utc>>().unwrap();
    let post = |(place, (handle, text, likes)): (i32, (&'static str, &'static str, u64))| {
        let at = first + TimeDelta::seconds(i64::from(place) * 26_043);
        let ms = (at.timestamp_millis() - 1_288_834_974_657).cast_unsigned();
        Post { id: (ms << 22) + 4711 * (place as u64 + 1), handle, text, at, likes }
    };
    (0..).zip(WORDS).map(post).collect()
}

fn lines(record: impl Fn(&Post) -> Value) -> String {
    posts().iter().map(|post| record(post).to_string() + "\n").collect()
}

fn list(record: impl Fn(&Post) -> Value) -> Value {
    posts().iter().map(record).collect()
}

fn suggested(bytes: &[u8]) -> Suggestion {
    let input = tests::file("other.data", bytes);
    match suggest(input, &Settings::default(), false).unwrap() {
        Suggested::Mapping(suggestion) => *suggestion,
        Suggested::Known(formats) => panic!("known: {formats:?}"),
    }
}

/// Compares what the proposal reads with the posts; `exact`: the dates have seconds.
#[track_caller]
fn check(bytes: &[u8], fields: &[(&str, &str)]) -> Suggestion {
    let suggestion = suggested(bytes);
    let mapping = serde_json::to_value(&suggestion.mapping).unwrap();
    let told = mapping.as_object().unwrap().iter().filter_map(|(key, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!matches!(text.as_str(), "" | "[]" | "0")).then_some((key.clone(), text))
    });
    let found: Vec<(String, String)> = told.collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(found, fields, "{suggestion:#?}");
    assert_eq!((suggestion.tweets, suggestion.records), (6, 6), "{suggestion:#?}");

    let mut input = tests::file("other.data", bytes);
    input.mapping = Some(Arc::new(suggestion.mapping.compile().unwrap()));
    let ingested = tests::all(&[input], &Settings::default());
    assert_eq!(ingested.rejected.len() as u64, 0, "{:?}", ingested.rejected);
    for (tweet, post) in ingested.tweets.iter().zip(posts()) {
        assert_eq!((tweet.id, tweet.author.handle.as_str()), (TweetId(post.id), post.handle));
        assert_eq!((tweet.text.as_str(), tweet.metrics.likes), (post.text, Some(post.likes)));
        let apart = (tweet.created_at - post.at).num_seconds().abs();
        assert!(apart < 60, "{} is not {}", tweet.created_at, post.at);
    }
    suggestion
}

#[test]
fn chinese_columns_with_semicolons() {
    let mut rows = "编号;账号;昵称;发布时间;正文;点赞数;转发数;评论数;粉丝数;采集时间\n".to_owned();
    for post in posts() {
        let (at, text) = (post.at("%Y/%m/%d %H:%M", 8), post.text);
        let Post { id, handle, likes, .. } = post;
        writeln!(rows, "{id};{handle};{handle} 小号;{at};\"{text}\";{likes};3;4;12000;2026/03/20 08:00")
            .unwrap();
    }
    let suggestion = check(
        rows.as_bytes(),
        &[
            ("date_format", "%Y/%m/%d %H:%M"),
            ("utc_offset", "+08:00"),
            ("id", "编号"),
            ("created_at", "发布时间"),
            ("text", "正文"),
            ("handle", "账号"),
            ("name", "昵称"),
            ("followers", "粉丝数"),
            ("likes", "点赞数"),
            ("reposts", "转发数"),
            ("replies", "评论数"),
        ],
    );
    assert_eq!(suggestion.remarks, ["the dates of `发布时间` name no zone; by the ids it is +08:00"]);
    assert_eq!(suggestion.found[0].sample, posts()[0].id.to_string());
    assert!(suggestion.missing.contains(&"views") && !suggestion.missing.contains(&"id"));
}

#[test]
fn nested_objects_with_milliseconds() {
    let file = lines(|post| {
        json!({
            "kind": "post", "node": {"key": post.id, "at": post.at.timestamp_millis(), "said": post.text},
            "owner": {"id": 44_196_397, "login": post.handle, "title": "Somebody"},
            "stats": {"hearts": post.likes, "impressions": {"count": 900}, "quotes": 1},
        })
    });
    check(
        file.as_bytes(),
        &[
            ("id", "/node/key"),
            ("created_at", "/node/at"),
            ("text", "/node/said"),
            ("handle", "/owner/login"),
            ("likes", "/stats/hearts"),
            ("quotes", "/stats/quotes"),
            ("views", "/stats/impressions/count"),
        ],
    );
}

#[test]
fn lines_of_content_by_when() {
    let file = lines(|post| {
        json!({
            "when": post.at("%Y-%m-%d %H:%M:%S", 0), "by": format!("@{}", post.handle), "content": post.text,
            "status": post.id.to_string(), "fav": post.likes, "source": "web", "lang": "en", "by_id": "44196397",
        })
    });
    let head = "# exported by hand, in March\n# second line\n";
    let fields = [
        ("id", "status"),
        ("created_at", "when"),
        ("text", "content"),
        ("lang", "lang"),
        ("handle", "by"),
        ("likes", "fav"),
    ];
    check(file.as_bytes(), &fields);
    check(format!("{head}{file}").as_bytes(), &[&[("skip_lines", "2")], &fields[..]].concat());
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(file.as_bytes()).unwrap();
    check(&packer.finish().unwrap(), &fields);
}

#[test]
fn records_deep_in_a_page() {
    let people: Value =
        (1..20).map(|n| json!({"id": n, "bio": "Likes long walks and short papers"})).collect();
    let posts = list(|post| {
        json!({
            "nr": post.id.to_string(), "body": post.text, "who": post.handle, "n_likes": post.likes.to_string(),
            "replies": [{"nr": "1", "body": "Yes, I think so too"}],
        })
    });
    let page = json!({"ok": true, "result": {"people": people, "list": posts, "next": "abc"}});
    let fields = [("id", "nr"), ("text", "body"), ("handle", "who"), ("likes", "n_likes")];
    let at = |place| [&[("records", place)], &fields[..]].concat();
    check(page.to_string().as_bytes(), &at("/result/list"));
    check(serde_json::to_string_pretty(&page).unwrap().as_bytes(), &at("/result/list"));
    check(format!("[{page}]").as_bytes(), &at("/result/list"));
    let days: Vec<Value> = posts.as_array().unwrap().chunks(2).map(|day| json!({"posts": day})).collect();
    check(json!({"days": days}).to_string().as_bytes(), &at("/days/*/posts"));
}

#[test]
fn a_table_by_number() {
    let numbered: serde_json::Map<String, Value> = posts()
        .iter()
        .map(|post| {
            (
                post.id.to_string(),
                json!({"self": post.id.to_string(), "words": post.text, "handle": post.handle,
            "likeCount": post.likes}),
            )
        })
        .collect();
    let fields = [
        ("records", "/objects/*"),
        ("id", "self"),
        ("text", "words"),
        ("handle", "handle"),
        ("likes", "likeCount"),
    ];
    check(json!({"objects": numbered}).to_string().as_bytes(), &fields);
}

#[test]
fn tabs_and_counts_as_tables_write_them() {
    let mut rows = "Post ID\tUser\tWords\tLikes\tShares\tPosted\n".to_owned();
    for post in posts() {
        let likes = if post.likes > 999 { "\"1,203\"".to_owned() } else { format!("{}.0", post.likes) };
        let at = post.at("%b %d, %Y · %I:%M %p UTC", 0);
        writeln!(rows, "{}\t{}\t{}\t{likes}\t1\t{at}", post.id, post.handle, post.text).unwrap();
    }
    let fields = [
        ("date_format", "%B %d, %Y · %I:%M %p UTC"),
        ("id", "post_id"),
        ("created_at", "posted"),
        ("text", "words"),
        ("handle", "user"),
        ("likes", "likes"),
        ("reposts", "shares"),
    ];
    check(rows.as_bytes(), &fields);
    let with_head = format!("My export\nof March\n\n{rows}");
    check(with_head.as_bytes(), &[&[("skip_lines", "2")], &fields[..]].concat());
}

#[test]
fn the_day_comes_first_or_second() {
    for format in ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"] {
        let file = lines(
            |post| json!({"Nr": post.id, "Text": post.text, "Author": post.handle, "Likes": post.likes, "Date": post.at(format, 0)}),
        );
        let fields = [
            ("date_format", format),
            ("id", "Nr"),
            ("created_at", "Date"),
            ("text", "Text"),
            ("handle", "Author"),
            ("likes", "Likes"),
        ];
        check(file.as_bytes(), &fields);
    }
}

#[test]
fn ids_in_links_alone() {
    let file = list(|post| {
        json!({
            "链接": format!("{}?s=20", post.link()), "内容": post.text, "赞": post.likes,
            "引用链接": "https://x.com/a/status/1900000000000000001", "发布": post.at("%Y年%m月%d日 %H:%M:%S", 9),
        })
    });
    let fields = [
        ("date_format", "%Y年%m月%d日 %H:%M:%S"),
        ("utc_offset", "+09:00"),
        ("page", "链接"),
        ("created_at", "发布"),
        ("text", "内容"),
        ("likes", "赞"),
        ("quoted_id", "引用链接"),
    ];
    check(file.to_string().as_bytes(), &fields);
}

#[test]
fn values_go_before_names() {
    let file = list(|post| {
        json!({
            "id": "0", "author_id": 1_900_000_000_000_000_001_u64, "conversation_id": post.id, "guid": post.id,
            "text": 5, "translation": format!("{} (translated, and much longer than it was)", post.text), "phrase": post.text,
            "handle": "Mei Lin (Shanghai)", "screen": post.handle, "likes": true, "like_total": post.likes,
            "views": "a few", "lang": "English", "created_at": "2026-03-20 00:00:00", "crawled": "2026-03-20 00:00:00",
            "user": {"name": "Somebody", "followers": 5, "description": "A long text about walks with the dog"},
            "quoted": {"id": 1_900_000_000_000_000_001_u64, "text": "Somebody said so a year ago, at length and in public"},
        })
    });
    let suggestion = check(
        file.to_string().as_bytes(),
        &[
            ("id", "guid"),
            ("text", "phrase"),
            ("handle", "screen"),
            ("name", "/user/name"),
            ("followers", "/user/followers"),
            ("likes", "like_total"),
            ("quoted_id", "/quoted/id"),
        ],
    );
    assert_eq!(suggestion.remarks, ["`created_at`, `crawled` left out: the ids tell the times"]);
}

#[test]
fn what_cannot_be_told_is_said() {
    let record = |n: u64| json!({"id": 100_000_000_000_000 + n, "date": format!("0{n}/02/2026 10:00"), "text": format!("Nova has {n} sides")});
    let suggestion = suggested((1..5).map(record).collect::<Value>().to_string().as_bytes());
    assert_eq!(suggestion.mapping.date_format, "%d/%m/%Y %H:%M");
    assert_eq!(
        suggestion.remarks,
        [
            "the dates of `date` are not the times that the ids tell; look at both",
            "the dates of `date` may be read as `%d/%m/%Y %H:%M` or as `%m/%d/%Y %H:%M`; the first was taken",
            "no field holds the author's handle, without which no record becomes a tweet",
        ]
    );
    assert_eq!((suggestion.tweets, suggestion.records), (0, 4));
    assert_eq!(suggestion.refusal.as_deref(), Some("`handle` holds nothing"));
}

#[test]
fn a_second_place_fills_what_the_first_lacks() {
    let file = lines(|post| {
        let long = post.text.len() > 60;
        json!({"id": post.id, "by": post.handle, "likes": post.likes, "body": if long { "" } else { post.text },
            "long": {"body": if long { json!(post.text) } else { Value::Null }}})
    });
    let fields = [("id", "id"), ("text", "[\"/long/body\",\"body\"]"), ("handle", "by"), ("likes", "likes")];
    check(file.as_bytes(), &fields);
}

#[test]
fn nothing_tweet_like_is_said_so() {
    #[track_caller]
    fn check(bytes: &str, expected: &str) {
        let outcome = suggest(tests::file("x", bytes.as_bytes()), &Settings::default(), true);
        assert_eq!(outcome.map(|_| ()).unwrap_err().to_string(), expected);
    }
    check("", "no records in it: it is neither JSON nor CSV with a header");
    check("Dear all,\nplease find attached", "no records in it: it is neither JSON nor CSV with a header");
    check(
        "2030751697990586983;mei;Nova-4.1 is out\n2030751697990586984;mei;Nova-4.1 is late\n",
        "its first line is no header: a column would be called `2030751697990586983`. Put one in front that names the columns",
    );
    check(
        "city,people,mayor\nParis,2100000,Anne\nRome,2800000,Roberto\n",
        "nothing in it looks like tweets: no field holds an id of 15 to 19 digits or a link to a tweet, nor a text. \
         Fields of its records: `city`, `people`, `mayor`",
    );
    check(
        "{\"id\": 7, \"body\": \"A letter to the editor, about trains\"}",
        "nothing in it looks like tweets: no field holds an id of 15 to 19 digits or a link to a tweet. Fields of its \
         records: `id`, `body`",
    );
}

#[test]
fn a_known_shape_needs_none() {
    let file = lines(|post| {
        json!({"id": post.id.to_string(), "author": {"handle": post.handle, "name": "x"}, "text": post.text,
        "created_at": post.at.to_rfc3339()})
    });
    let input = || tests::file("x", file.as_bytes());
    let known = suggest(input(), &Settings::default(), false).unwrap();
    assert!(
        matches!(known, Suggested::Known(formats) if formats == BTreeMap::from([(Format::Normalised, 6)]))
    );
    assert!(matches!(suggest(input(), &Settings::default(), true).unwrap(), Suggested::Mapping(_)));
}
