//! Rows of CSV, and flat objects, under names that exports commonly use.

use serde_json::{Value, json};

use super::{check, told};
use crate::{
    Kind,
    ingest::{Format, RejectReason, tests::read},
};

/// The one tweet of a table.
#[track_caller]
fn row(table: &str) -> Value {
    let read = read(table);
    assert_eq!(read.rejected, []);
    assert_eq!(read.formats.get(&Format::Flat), Some(&1));
    told(&read.tweets[0])
}

fn expected(metrics: &Value) -> Value {
    json!({
        "id": "2015203109400965595", "author": {"handle": "mei", "name": "mei"}, "created_at": "2026-01-24T23:20:36Z",
        "text": "新品, 来了 #AI", "kind": "original", "metrics": metrics, "hashtags": ["AI"],
    })
}

#[test]
fn headers_have_many_spellings() {
    let counts = json!({"likes": 1, "reposts": 2, "replies": 3});
    let date = "2026-01-24T23:20:36Z";
    let tables = [
        format!(
            "id,created_at,username,text,likes,retweets,replies\n2015203109400965595,{date},mei,\"新品, 来了 #AI\",1,2,3\n"
        ),
        format!(
            "Tweet ID;Created At;Screen Name;Tweet Text;Like Count;Retweet Count;Reply Count\r\n2015203109400965595;{date};@mei;新品, 来了 #AI;1;2;3\r\n"
        ),
        format!(
            "\u{feff}status_id\tdatetime\tauthor_handle\tfull_text\tfavorite_count\tretweets_count\treplies_count\n2015203109400965595\t{date}\tmei\t新品, 来了 #AI\t1\t2\t3\n"
        ),
        format!(
            "tweetId,Date,User,Content,Favorites,Reposts,Comments\n2015203109400965595,{date},mei,\"新品, 来了 #AI\",1,2,3\n"
        ),
        "Url,timestamp,Handle,text,Likes,Retweets,Replies\nhttps://x.com/mei/status/2015203109400965595,1769296836,,\"新品, 来了 #AI\",1,2,3\n".to_owned(),
        format!(
            "id_str,from_user,text,time,likes,retweets,replies\n2015203109400965595,mei,\"新品, 来了 #AI\",{date},1,2,3\n"
        ),
    ];
    for table in tables {
        assert_eq!(row(&table), expected(&counts), "{table}");
    }
}

#[test]
fn x_s_own_tables_of_numbers() {
    let table = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Reposts,Replies\n\
        2015203109400965595,2026-01-24 23:20:36,\"新品, 来了 #AI\",https://x.com/mei/status/2015203109400965595,60,1,9,5,2,3\n";
    assert_eq!(
        row(table),
        expected(&json!({"likes": 1, "reposts": 2, "replies": 3, "bookmarks": 5, "views": 60}))
    );
    let older = "\"Tweet id\",\"Tweet permalink\",\"Tweet text\",\"time\",\"impressions\",\"retweets\",\"replies\",\"likes\"\n\
        \"2015203109400965595\",\"https://twitter.com/mei/status/2015203109400965595\",\"新品, 来了 #AI\",\"2026-01-24 23:20:36 +0000\",\"60\",\"2\",\"3\",\"1\"\n";
    assert_eq!(row(older), expected(&json!({"likes": 1, "reposts": 2, "replies": 3, "views": 60})));
}

#[test]
fn columns_that_twarc_makes_of_api_v2() {
    let table = "id,conversation_id,referenced_tweets.quoted.id,author_id,created_at,text,lang,public_metrics.like_count,\
        public_metrics.retweet_count,public_metrics.quote_count,author.username,author.name,author.public_metrics.followers_count,entities.urls,entities.cashtags\n\
        2015203109400965595,2015203109400965595,20,7,2026-01-24T23:20:36.000Z,新品 $nvda https://t.co/a,zh,1,2,0,mei,梅,70,\
        \"[{\"\"url\"\": \"\"https://t.co/a\"\", \"\"expanded_url\"\": \"\"https://example.org/a\"\"}]\",\"[{\"\"tag\"\": \"\"nvda\"\"}]\"\n";
    assert_eq!(
        row(table),
        json!({
            "id": "2015203109400965595", "author": {"handle": "mei", "name": "梅", "followers": 70},
            "created_at": "2026-01-24T23:20:36Z", "text": "新品 $nvda https://example.org/a", "lang": "zh", "kind": "quote",
            "reference": {"id": "20"}, "metrics": {"likes": 1, "reposts": 2, "quotes": 0},
            "urls": ["https://example.org/a"], "cashtags": ["NVDA"],
        })
    );
}

#[test]
fn lists_in_a_cell() {
    let lists = |hashtags: &str, urls: &str| {
        let tweet = row(&format!(
            "id,date,username,text,hashtags,urls\n2015203109400965595,2026-01-24,mei,x,\"{hashtags}\",\"{urls}\"\n"
        ));
        (tweet["hashtags"].clone(), tweet["urls"].clone())
    };
    let both = (json!(["AI", "模型"]), json!(["https://example.org/a,b", "https://example.org/c"]));
    assert_eq!(lists("['AI', '模型']", "['https://example.org/a,b', 'https://example.org/c']"), both);
    assert_eq!(lists("AI, 模型", "https://example.org/a,b https://example.org/c"), both);
    assert_eq!(lists("#AI #模型", "https://example.org/a,b | https://example.org/c"), both);
    assert_eq!(lists("", ""), (Value::Null, Value::Null));
}

#[test]
fn rows_over_lines_flags_and_faults() {
    let table = "id,created_at,username,text,is_retweet,likes\n\
        2015203109400965595,2026-01-24 23:20,mei,\"一\n二 \"\"引\"\"\",False,\n\
        2015203109400965596,2026-01-24 23:20,mei,RT @bob: 原文,True,0\n\
        2.0152E+18,2026-01-24 23:20,mei,x,False,1\n\
        2015203109400965598,2026-01-24 23:20,梅,x,False,1\n\
        2015203109400965599,2026-01-24 23:20\n";
    let read = read(table);
    let tweets: Vec<_> =
        read.tweets.iter().map(|t| (t.source.line, t.text.as_str(), t.kind, t.metrics.likes)).collect();
    assert_eq!(tweets, [(2, "一\n二 \"引\"", Kind::Original, None), (4, "原文", Kind::Retweet, None)]);
    let faults: Vec<_> = read.rejected.iter().map(|fault| (fault.source.line, fault.reason)).collect();
    assert_eq!(faults, [(5, RejectReason::BadId), (6, RejectReason::NoAuthor), (7, RejectReason::BadJson)]);
}

#[test]
fn a_flat_object() {
    let record = json!({"tweet_id": "2015203109400965595", "date": "2026-01-24T23:20:36Z", "screen_name": "mei",
        "text": "新品, 来了 #AI", "likes": "1", "in_reply_to_status_id": null});
    check(&record, Format::Flat, &expected(&json!({"likes": 1})));
}
