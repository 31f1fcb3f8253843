//! twint, JSON and CSV.

use serde_json::{Value, json};

use super::{check, told, with};
use crate::{
    Kind,
    ingest::{
        Format, RejectReason,
        tests::{one, read, refused},
    },
};

fn tweet() -> Value {
    json!({
        "id": 1_192_444_571_230_384_128_u64, "conversation_id": "1192444571230384128", "created_at": "2019-11-07 16:59:59 MST",
        "date": "2019-11-07", "time": "16:59:59", "timezone": "MST", "user_id": 7, "username": "mei", "name": "梅", "place": "",
        "tweet": "新品 #AI $NVDA https://example.org/a", "language": "zh", "mentions": [{"screen_name": "bob", "name": "Bob", "id": "8"}],
        "urls": ["https://example.org/a"], "photos": ["https://pbs.example/1.jpg"], "replies_count": 3, "retweets_count": 2,
        "likes_count": 1, "hashtags": ["ai"], "cashtags": ["nvda"], "link": "https://twitter.com/mei/status/1192444571230384128",
        "retweet": false, "quote_url": "", "video": 1, "thumbnail": "https://pbs.example/1.jpg", "user_rt_id": "", "user_rt": "",
        "retweet_id": "", "reply_to": [], "retweet_date": "",
    })
}

fn expected() -> Value {
    json!({
        "id": "1192444571230384128", "author": {"handle": "mei", "name": "梅"},
        // The name of a zone says nothing for sure, the id does.
        "created_at": "2019-11-07T14:11:54.987Z", "text": "新品 #AI $NVDA https://example.org/a", "lang": "zh",
        "kind": "original", "metrics": {"likes": 1, "reposts": 2, "replies": 3}, "urls": ["https://example.org/a"],
        "hashtags": ["ai"], "cashtags": ["NVDA"], "mentions": ["bob"], "media": ["https://pbs.example/1.jpg"],
    })
}

#[test]
fn a_tweet() {
    check(&tweet(), Format::Twint, &expected());
    let told = one(&with(&tweet(), &json!({"created_at": "2019-11-07 14:11:54 UTC"})), Format::Twint);
    assert_eq!(told.created_at.to_rfc3339(), "2019-11-07T14:11:54+00:00");
    let early = json!({"id": 20, "conversation_id": "20"});
    assert_eq!(refused(&with(&tweet(), &early)), RejectReason::BadDate);
}

#[test]
fn a_row_of_csv_is_the_same() {
    let header = "id,conversation_id,created_at,date,time,timezone,user_id,username,name,place,tweet,language,mentions,urls,photos,\
        replies_count,retweets_count,likes_count,hashtags,cashtags,link,retweet,quote_url,video,thumbnail,near,geo,source,\
        user_rt_id,user_rt,retweet_id,reply_to,retweet_date";
    let row = "1192444571230384128,1192444571230384128,2019-11-07 16:59:59 MST,2019-11-07,16:59:59,MST,7,mei,梅,,\
        新品 #AI $NVDA https://example.org/a,zh,\"[{'screen_name': 'bob', 'name': 'Bob', 'id': '8'}]\",['https://example.org/a'],\
        ['https://pbs.example/1.jpg'],3,2,1,['ai'],['nvda'],https://twitter.com/mei/status/1192444571230384128,False,,1,\
        https://pbs.example/1.jpg,,,,,,,[],";
    let read = read(&format!("{header}\n{row}\n"));
    assert_eq!(read.rejected, []);
    assert_eq!((told(&read.tweets[0]), read.formats[&Format::Twint]), (expected(), 1));
}

#[test]
fn the_record_of_a_retweet_is_the_original() {
    let passed_on = json!({"retweet": true, "user_rt": "ann", "user_rt_id": "9", "retweet_id": "1192500000000000000",
        "retweet_date": "2019-11-07 17:49:09"});
    let tweet_of = |changes: &Value| one(&with(&tweet(), changes), Format::Twint);
    let retweet = tweet_of(&passed_on);
    assert_eq!(
        (retweet.kind, retweet.id.0, retweet.author.handle.as_str()),
        (Kind::Retweet, 1_192_500_000_000_000_000, "ann")
    );
    assert_eq!((retweet.speaker(), retweet.metrics.likes), ("mei", Some(1)));
    assert_eq!(retweet.created_at.to_rfc3339(), "2019-11-07T17:49:09+00:00");
    assert_eq!(retweet.reference.unwrap().id.unwrap().0, 1_192_444_571_230_384_128);
    let nameless = tweet_of(&with(&passed_on, &json!({"retweet_id": ""})));
    assert_eq!(told(&nameless), expected());
}

#[test]
fn quotes_and_replies() {
    let quote =
        one(&with(&tweet(), &json!({"quote_url": "https://twitter.com/ann/status/20"})), Format::Twint);
    let reference = quote.reference.unwrap();
    assert_eq!(
        (quote.kind, reference.id.unwrap().0, reference.handle.as_deref()),
        (Kind::Quote, 20, Some("ann"))
    );
    // The older age lists the author first.
    let newer = json!([{"screen_name": "ann", "name": "Ann", "id": "9"}]);
    let older = json!([{"user_id": "7", "username": "mei"}, {"user_id": "9", "username": "ann"}]);
    for list in [newer, older.clone()] {
        let reply = one(&with(&tweet(), &json!({"conversation_id": "20", "reply_to": list})), Format::Twint);
        assert_eq!((reply.kind, reply.reference.unwrap().handle.as_deref()), (Kind::Reply, Some("ann")));
    }
    assert_eq!(one(&with(&tweet(), &json!({"reply_to": older})), Format::Twint).kind, Kind::Original);
}
