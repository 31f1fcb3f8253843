//! The two shapes of the x-kit collector: a home timeline (one array a day) and the timelines of single users.

use serde_json::Value;

use super::{
    RejectReason,
    draft::{Draft, Written, required_text},
    fields::{self, Refusal, author, count, list, own_id, posted, promoted, text},
};
use crate::{Author, Kind, Metrics, Reference, Source, Tweet};

/// `tweetUrl` is this shape's alone: it has no id of its own.
pub(super) fn is_daily(record: &Value) -> bool {
    record.get("tweetUrl").is_some() && (record.get("fullText").is_some() || record.get("user").is_some())
}

/// No date and no counts: the id at the end of the link tells the time.
pub(super) fn daily(record: &Value, source: &Source) -> Result<Tweet, Refusal> {
    let link = record.get("tweetUrl");
    let last = link.and_then(Value::as_str).and_then(status_id);
    let id = last
        .as_ref()
        .and_then(fields::id)
        .ok_or_else(|| Refusal::of(RejectReason::BadId, "tweetUrl", link))?;
    let media = list(record, "/images").iter().chain(list(record, "/videos"));
    let draft = Draft {
        id,
        author: author(record.get("user").unwrap_or(&Value::Null), "screenName", "name")?,
        created_at: posted(record, "created_at", id)?,
        lang: None,
        kind: Kind::Original,
        reference: Reference::default(),
        has_original: false,
        metrics: Metrics::default(),
        promoted: promoted(record),
        written: Written {
            text: required_text(record.get("fullText"), "fullText")?,
            media: media.filter_map(Value::as_str).collect(),
            ..Written::default()
        },
    };
    Ok(draft.finish(source))
}

fn status_id(link: &str) -> Option<Value> {
    let (_, rest) = link.rsplit_once("/status/")?;
    rest.split(['/', '?', '#']).next().map(Value::from)
}

/// The collector's own flags, which no API has.
pub(super) fn is_user_tweet(record: &Value) -> bool {
    record.get("_handle").is_some()
        || (record.get("is_retweet").is_some() && record.get("favorite_count").is_some())
}

/// `owner`: the handle that stands once at the head of a file, where the record has none.
pub(super) fn user_tweet(record: &Value, owner: Option<&Value>, source: &Source) -> Result<Tweet, Refusal> {
    let id = own_id(record)?;
    let is = |flag: &str| record.get(flag).and_then(Value::as_bool).unwrap_or_default();
    let media = list(record, "/media").iter().filter_map(|media| text(media, "/url"));
    let draft = Draft {
        id,
        author: user_author(record.get("_handle").or(owner))?,
        created_at: posted(record, "created_at", id)?,
        lang: text(record, "/lang"),
        kind: match (is("is_retweet"), is("is_quote")) {
            (true, _) => Kind::Retweet,
            (false, true) => Kind::Quote,
            (false, false) => Kind::Original,
        },
        reference: Reference::default(),
        has_original: false,
        metrics: Metrics {
            likes: count(record, &["/favorite_count"]),
            reposts: count(record, &["/retweet_count"]),
            replies: count(record, &["/reply_count"]),
            quotes: count(record, &["/quote_count"]),
            bookmarks: count(record, &["/bookmark_count"]),
            views: count(record, &["/views"]),
        },
        promoted: promoted(record),
        written: Written {
            text: required_text(record.get("text"), "text")?,
            media: media.collect(),
            ..Written::default()
        },
    };
    Ok(draft.finish(source))
}

fn user_author(written: Option<&Value>) -> Result<Author, Refusal> {
    let handle = written
        .and_then(Value::as_str)
        .and_then(fields::handle)
        .ok_or_else(|| Refusal::of(RejectReason::NoAuthor, "_handle", written))?;
    Ok(Author { handle: handle.into(), name: handle.into(), followers: None })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{one, refused};
    use super::*;
    use crate::ingest::Format;

    fn day() -> Value {
        json!({
            "user": {"screenName": "mei", "name": "梅", "followersCount": 7, "description": "x"},
            "images": ["https://pbs.example/1.jpg"], "videos": ["https://v.example/1.mp4"],
            "tweetUrl": "https://x.com/mei/status/2015203109400965595?s=20",
            "fullText": "新模型 &amp; 工具 https://t.co/a @bob #AI",
        })
    }

    fn user() -> Value {
        json!({
            "id": "2015203109400965595", "text": "RT @bob: 全文 https://t.co/b…", "created_at": "Sat Jan 24 23:20:36 +0000 2026",
            "favorite_count": 0, "retweet_count": 5, "reply_count": 0, "quote_count": 0, "bookmark_count": 0, "views": "",
            "lang": "zh", "is_retweet": true, "is_quote": true, "media": [{"type": "photo", "url": "https://pbs.example/1.jpg"}],
            "_handle": "mei",
        })
    }

    #[test]
    fn a_daily_record_lives_on_its_link() {
        let tweet = one(&day(), Format::XKitDaily);
        assert_eq!(tweet.id.0, 2_015_203_109_400_965_595);
        assert_eq!(tweet.created_at, tweet.id.time().unwrap());
        assert_eq!((tweet.text.as_str(), tweet.urls.len()), ("新模型 & 工具 @bob #AI", 0));
        assert_eq!((tweet.mentions, tweet.hashtags), (vec!["bob".to_owned()], vec!["AI".to_owned()]));
        assert_eq!(tweet.media, ["https://pbs.example/1.jpg", "https://v.example/1.mp4"]);
        assert_eq!(
            (tweet.author.name.as_str(), tweet.author.followers, tweet.metrics),
            ("梅", Some(7), Metrics::default())
        );
    }

    #[test]
    fn a_user_tweet_that_passes_on_tells_only_its_reposts() {
        let tweet = one(&user(), Format::XKitUserTweets);
        assert_eq!((tweet.kind, tweet.text.as_str(), tweet.speaker()), (Kind::Retweet, "全文 …", "bob"));
        assert_eq!(tweet.metrics, Metrics { reposts: Some(5), ..Metrics::default() });
        assert_eq!((tweet.lang.as_deref(), tweet.media.len()), (Some("zh"), 1));
    }

    #[test]
    fn a_user_tweet_of_its_own_tells_all_but_empty_views() {
        let mut record = user();
        record["is_retweet"] = json!(false);
        record["text"] = json!("说得好");
        let tweet = one(&record, Format::XKitUserTweets);
        assert_eq!((tweet.kind, tweet.reference), (Kind::Quote, Some(Reference::default())));
        assert_eq!((tweet.metrics.likes, tweet.metrics.views), (Some(0), None));
        record["views"] = json!("1234");
        assert_eq!(one(&record, Format::XKitUserTweets).metrics.views, Some(1234));
    }

    #[test]
    fn the_owner_may_stand_at_the_head_of_the_file() {
        let mut record = user();
        record.as_object_mut().unwrap().remove("_handle");
        assert_eq!(refused(&record), RejectReason::NoAuthor);
        let file = json!({"handle": "mei", "tweets": [record]});
        assert_eq!(one(&file, Format::XKitUserTweets).author.handle, "mei");
    }

    #[test]
    fn faults_are_named() {
        let with = |key: &str, value: Value| {
            let mut record = day();
            record[key] = value;
            refused(&record)
        };
        assert_eq!(with("tweetUrl", json!("https://x.com/mei")), RejectReason::BadId);
        assert_eq!(with("tweetUrl", json!("https://x.com/mei/status/20")), RejectReason::BadDate);
        assert_eq!(with("user", json!(null)), RejectReason::NoAuthor);
        assert_eq!(with("fullText", json!(null)), RejectReason::NoText);
    }
}
