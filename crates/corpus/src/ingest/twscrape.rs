//! twscrape JSONL; snscrape of 2023 writes the same keys.

use serde_json::Value;

use super::{
    draft::{Draft, Written, is_media_link, links_to, required_text},
    fields::{
        Refusal, author, best_variant, count, first, handle, list, other_id, own_id, posted, promoted, text,
    },
};
use crate::{Kind, Metrics, Reference, Source, Tweet};

/// `rawContent` is this shape's alone.
pub(super) fn recognise(record: &Value) -> bool {
    let marked = text(record, "/_type").is_some_and(|name| name.ends_with(".Tweet"));
    record.get("rawContent").is_some() || marked
}

pub(super) fn normalise(record: &Value, source: &Source) -> Result<Tweet, Refusal> {
    let id = own_id(record)?;
    let original = first(record, &["/retweetedTweet"]);
    let words = original.unwrap_or(record);
    let (kind, reference) = relation(record, original);
    let draft = Draft {
        id,
        author: author(record.get("user").unwrap_or(&Value::Null), "username", "displayname")?,
        created_at: posted(record, "date", id)?,
        lang: text(words, "/lang"),
        kind,
        reference,
        has_original: original.is_some(),
        metrics: metrics(words),
        promoted: promoted(record),
        written: written(words)?,
    };
    Ok(draft.finish(source))
}

fn metrics(tweet: &Value) -> Metrics {
    Metrics {
        likes: count(tweet, &["/likeCount"]),
        reposts: count(tweet, &["/retweetCount"]),
        replies: count(tweet, &["/replyCount"]),
        quotes: count(tweet, &["/quoteCount"]),
        bookmarks: count(tweet, &["/bookmarkedCount", "/bookmarkCount"]),
        views: count(tweet, &["/viewCount"]),
    }
}

fn relation(record: &Value, original: Option<&Value>) -> (Kind, Reference) {
    if let Some(original) = original {
        return (Kind::Retweet, reference(original, None));
    }
    if let Some(quoted) = first(record, &["/quotedTweet"]) {
        let words = written(quoted).ok().map(|written| written.clean_text());
        return (Kind::Quote, reference(quoted, words));
    }
    let id = other_id(record, &["/inReplyToTweetIdStr", "/inReplyToTweetId"]);
    let name = text(record, "/inReplyToUser/username").or_else(|| text(record, "/inReplyToScreenName"));
    let to = name.and_then(handle).map(str::to_owned);
    let kind = if id.is_some() || to.is_some() { Kind::Reply } else { Kind::Original };
    (kind, Reference { id, handle: to, text: None })
}

fn reference(tweet: &Value, words: Option<String>) -> Reference {
    let name = text(tweet, "/user/username").and_then(handle);
    Reference { id: own_id(tweet).ok(), handle: name.map(str::to_owned), text: words }
}

fn written(tweet: &Value) -> Result<Written<'_>, Refusal> {
    let pages = [other_id(tweet, &["/quotedTweet/id_str", "/quotedTweet/id"]), own_id(tweet).ok()];
    let link = |link| {
        let long = text(link, "/url").filter(|long| !links_to(long, &pages) && !is_media_link(long));
        Some((text(link, "/tcourl")?, long))
    };
    let words = |pointer| list(tweet, pointer).iter().filter_map(Value::as_str).collect();
    let photos = list(tweet, "/media/photos").iter().filter_map(|photo| text(photo, "/url"));
    let videos = list(tweet, "/media/videos").iter().chain(list(tweet, "/media/animated"));
    Ok(Written {
        text: required_text(tweet.get("rawContent"), "rawContent")?,
        links: list(tweet, "/links").iter().filter_map(link).collect(),
        hashtags: words("/hashtags"),
        cashtags: words("/cashtags"),
        mentions: list(tweet, "/mentionedUsers").iter().filter_map(|user| text(user, "/username")).collect(),
        media: photos.chain(videos.filter_map(video)).collect(),
    })
}

fn video(video: &Value) -> Option<&str> {
    best_variant(list(video, "/variants"))
        .or_else(|| text(video, "/videoUrl"))
        .or_else(|| text(video, "/thumbnailUrl"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{one, refused};
    use super::*;
    use crate::ingest::{Format, RejectReason};

    fn tweet(id: u64, name: &str, content: &str) -> Value {
        json!({
            "id": id, "id_str": id.to_string(), "date": "2026-07-08 21:59:10+00:00",
            "user": {"username": name, "displayname": "Some One", "followersCount": 9},
            "rawContent": content, "lang": "und", "replyCount": 1, "retweetCount": 2, "likeCount": 3,
            "quoteCount": 4, "bookmarkedCount": 5, "viewCount": null,
            "links": [{"url": "https://example.org/", "tcourl": "https://t.co/aa"}],
            "hashtags": [], "cashtags": [], "mentionedUsers": [],
            "media": {"photos": [{"url": "https://pbs.example/1.jpg"}], "videos": [], "animated": [
                {"thumbnailUrl": "https://pbs.example/t.jpg", "videoUrl": "https://v.example/a.mp4"}]},
            "retweetedTweet": null, "quotedTweet": null, "inReplyToTweetId": null,
        })
    }

    #[test]
    fn a_tweet() {
        let tweet = one(
            &tweet(2_074_976_613_713_031_490, "ann", "A &gt; B #x https://t.co/aa https://t.co/pic"),
            Format::Twscrape,
        );
        assert_eq!(
            (tweet.id.0, tweet.text.as_str()),
            (2_074_976_613_713_031_490, "A > B #x https://example.org/")
        );
        assert_eq!(tweet.created_at.to_rfc3339(), "2026-07-08T21:59:10+00:00");
        assert_eq!((tweet.lang, tweet.author.followers), (None, Some(9)));
        let Metrics { likes, reposts, replies, quotes, bookmarks, views } = tweet.metrics;
        assert_eq!(
            [likes, reposts, replies, quotes, bookmarks, views],
            [Some(3), Some(2), Some(1), Some(4), Some(5), None]
        );
        assert_eq!(
            (tweet.hashtags, tweet.urls),
            (vec!["x".to_owned()], vec!["https://example.org/".to_owned()])
        );
        assert_eq!(tweet.media, ["https://pbs.example/1.jpg", "https://v.example/a.mp4"]);
    }

    #[test]
    fn relations() {
        let mut record = tweet(31, "ann", "RT @bob: cut…");
        record["retweetedTweet"] = tweet(30, "bob", "all of it");
        let retweet = one(&record, Format::Twscrape);
        assert_eq!(
            (retweet.kind, retweet.text.as_str(), retweet.speaker()),
            (Kind::Retweet, "all of it", "bob")
        );

        let mut record = tweet(31, "ann", "see");
        record["quotedTweet"] = tweet(30, "bob", "the quoted https://t.co/aa");
        let quote = one(&record, Format::Twscrape);
        let reference = quote.reference.unwrap();
        assert_eq!((quote.kind, reference.id.unwrap().0), (Kind::Quote, 30));
        assert_eq!(reference.text.as_deref(), Some("the quoted https://example.org/"));

        let mut record = tweet(31, "ann", "@bob yes");
        record["inReplyToTweetId"] = json!(30);
        record["inReplyToUser"] = json!({"username": "bob"});
        let reply = one(&record, Format::Twscrape);
        assert_eq!((reply.kind, reply.reference.unwrap().handle.as_deref()), (Kind::Reply, Some("bob")));
    }

    #[test]
    fn faults_are_named() {
        let mut record = tweet(31, "ann", "x");
        record["rawContent"] = Value::Null;
        assert_eq!(refused(&record), RejectReason::NoText);
        record["user"] = Value::Null;
        assert_eq!(refused(&record), RejectReason::NoAuthor);
        record["id_str"] = json!("31x");
        assert_eq!(refused(&record), RejectReason::BadId);
    }
}
