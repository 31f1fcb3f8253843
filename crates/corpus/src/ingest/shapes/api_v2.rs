//! API v2, under its names of 2021 (`tweet`, `retweet`) and of 2026 (`post`, `repost`): a tweet in a page or alone.

use sonic_rs::JsonValueTrait;

use super::super::{
    RejectReason,
    draft::{Draft, MOST_ENTITIES, Written, is_media_link, links_to, required_text},
    fields::{
        Refusal, best_variant, count, first, handle, id, list, own_id, pointer, posted, promoted, text,
    },
    index::Indexed,
    json::Json,
};
use super::includes::Includes;
use crate::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};

/// Other tweets that one may refer to: the retweeted, the quoted and the answered one, and room for what is to come.
const MOST_OTHERS: usize = 8;

/// Keys of a v2 tweet that stands alone on its line.
pub(super) fn recognise(record: &Indexed<'_>) -> bool {
    let own = ["/author_id", "/public_metrics", "/edit_history_tweet_ids", "/edit_history_post_ids"];
    let more = [
        "/referenced_tweets",
        "/referenced_posts",
        "/note_tweet/text",
        "/note_post/text",
        "/author/username",
    ];
    first(record, &own).or_else(|| first(record, &more)).is_some()
}

pub(super) fn normalise(record: &Json, includes: &Includes<'_>, source: &Source) -> Result<Tweet, Refusal> {
    let own = own_id(record)?;
    let relation = relation(record, includes);
    let original = relation.tweet.filter(|_| relation.kind == Kind::Retweet);
    // The text of a retweet is cut at 140 characters and its likes are 0: words and counts are the original's.
    let words = original.unwrap_or(record);
    let draft = Draft {
        id: own,
        author: written_by(record, includes)
            .ok_or_else(|| Refusal::of(RejectReason::NoAuthor, "author_id", record.get("author_id")))?,
        created_at: posted(record, "created_at", own)?,
        lang: text(words, "/lang"),
        kind: relation.kind,
        reference: reference(record, &relation, includes),
        has_original: original.is_some(),
        metrics: metrics(words),
        promoted: promoted(record),
        written: written(words, includes)?,
    };
    Ok(draft.finish(source))
}

/// The author in the page or the record. With an id alone the handle is `i`, X's own placeholder: the tweet's link
/// works with it and names nobody who did not write it; the id stands as the name.
fn written_by(record: &Json, includes: &Includes<'_>) -> Option<Author> {
    let writer = record.get("author_id").and_then(id);
    let user = writer.and_then(|writer| includes.user(writer)).or_else(|| record.get("author"));
    user.and_then(named)
        .or_else(|| named(record))
        .or_else(|| Some(Author { handle: "i".into(), name: writer?.to_string(), followers: None }))
}

fn named(user: &Json) -> Option<Author> {
    let handle = text(user, "/username").and_then(handle)?;
    let name = text(user, "/name").unwrap_or(handle);
    Some(Author {
        handle: handle.into(),
        name: name.into(),
        followers: count(user, &["/public_metrics/followers_count", "/followers_count"]),
    })
}

fn metrics(tweet: &Json) -> Metrics {
    // Some exports lift the counts to the record itself.
    Metrics {
        likes: count(tweet, &["/public_metrics/like_count", "/like_count"]),
        reposts: count(
            tweet,
            &[
                "/public_metrics/repost_count",
                "/public_metrics/retweet_count",
                "/repost_count",
                "/retweet_count",
            ],
        ),
        replies: count(tweet, &["/public_metrics/reply_count", "/reply_count"]),
        quotes: count(tweet, &["/public_metrics/quote_count", "/quote_count"]),
        bookmarks: count(tweet, &["/public_metrics/bookmark_count", "/bookmark_count"]),
        views: count(tweet, &["/public_metrics/impression_count", "/impression_count"]),
    }
}

#[derive(Default)]
struct Relation<'a> {
    kind: Kind,
    id: Option<TweetId>,
    tweet: Option<&'a Json>,
}

/// A quote in a reply is a quote: its words need the quoted ones more than the thread.
fn relation<'a>(record: &'a Json, includes: &Includes<'a>) -> Relation<'a> {
    let names: [(Kind, &[&str]); 3] = [
        (Kind::Retweet, &["retweeted", "reposted"]),
        (Kind::Quote, &["quoted"]),
        (Kind::Reply, &["replied_to"]),
    ];
    let others = || list(record, "/referenced_posts").iter().chain(list(record, "/referenced_tweets"));
    let of_kind = |(kind, names): (Kind, &[&str])| {
        let other = others().find(|other| text(*other, "/type").is_some_and(|name| names.contains(&name)))?;
        let other_id = other.get("id").and_then(id);
        // A flattened line holds the other tweet in place of its number.
        let inline = Some(other).filter(|other| other.get("text").is_some());
        Some(Relation { kind, id: other_id, tweet: inline.or_else(|| includes.tweet(other_id?)) })
    };
    names.into_iter().find_map(of_kind).unwrap_or_default()
}

fn reference(record: &Json, relation: &Relation<'_>, includes: &Includes<'_>) -> Reference {
    let author = relation.tweet.and_then(|tweet| written_by(tweet, includes));
    let addressed = || {
        let user = record.get("in_reply_to_user_id").and_then(id)?;
        let mentioned =
            list(record, "/entities/mentions").iter().find(|m| m.get("id").and_then(id) == Some(user));
        text(includes.user(user).or(mentioned)?, "/username").and_then(handle).map(str::to_owned)
    };
    let name = author.map(|author| author.handle).filter(|name| name != "i");
    let words = relation.tweet.and_then(|tweet| written(tweet, includes).ok());
    Reference {
        id: relation.id,
        handle: name.or_else(|| addressed().filter(|_| relation.kind == Kind::Reply)),
        text: words.map(|words| words.clean_text()),
    }
}

fn written<'a>(tweet: &'a Json, includes: &Includes<'a>) -> Result<Written<'a>, Refusal> {
    // Beyond 280 characters the text, with its own entities, is a note.
    let note = ["/note_post", "/note_tweet"]
        .into_iter()
        .find_map(|note| pointer(tweet, note).filter(|note| text(*note, "/text").is_some()));
    let body = note.unwrap_or(tweet);
    let others = list(tweet, "/referenced_posts").iter().chain(list(tweet, "/referenced_tweets"));
    let others = others.take(MOST_OTHERS).map(|other| other.get("id").and_then(id));
    let pages: Vec<_> = others.chain([own_id(tweet).ok()]).collect();
    let link = |url: &'a Json| {
        let shows =
            |long: &&str| url.get("media_key").is_some() || is_media_link(long) || links_to(long, &pages);
        let long = text(url, "/expanded_url").filter(|long| !shows(long));
        Some((text(url, "/url")?, long))
    };
    let tags = |pointer, key: &'static str| {
        list(body, pointer).iter().take(MOST_ENTITIES).filter_map(move |tag| text(tag, key)).collect()
    };
    let keys = list(tweet, "/attachments/media_keys").iter().filter_map(JsonValueTrait::as_str);
    let media = keys.filter_map(|key| includes.media(key)).chain(list(tweet, "/attachments/media"));
    let media = media.take(MOST_ENTITIES);
    let noted = list(tweet, "/entities/urls").iter().filter(|_| note.is_some());
    Ok(Written {
        text: required_text(body.get("text"), "text")?,
        escaped_lines: false,
        joins_threads: false,
        links: list(body, "/entities/urls")
            .iter()
            .chain(noted)
            .take(MOST_ENTITIES)
            .filter_map(link)
            .collect(),
        hashtags: tags("/entities/hashtags", "/tag"),
        cashtags: tags("/entities/cashtags", "/tag"),
        mentions: tags("/entities/mentions", "/username"),
        media: media.filter_map(media_link).collect(),
        article: ["/article/title", "/article/plain_text"]
            .into_iter()
            .filter_map(|path| text(tweet, path))
            .collect(),
    })
}

fn media_link(media: &Json) -> Option<&str> {
    best_variant(list(media, "/variants"))
        .or_else(|| text(media, "/url"))
        .or_else(|| text(media, "/preview_image_url"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::tests::{lines, one, refused};
    use super::*;
    use crate::ingest::Format;

    fn page(data: &Value) -> Value {
        json!({
            "data": data,
            "includes": {
                "users": [
                    {"id": "7", "username": "mei", "name": "Mei", "public_metrics": {"followers_count": 70}},
                    {"id": "8", "username": "bob", "name": "Bob"},
                ],
                "tweets": [{"id": "80", "author_id": "8", "text": "all of it &amp; more https://t.co/o",
                    "public_metrics": {"like_count": 88}, "entities": {"urls": [
                        {"url": "https://t.co/o", "expanded_url": "https://example.org/o"}]}}],
                "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg"}],
            },
            "meta": {"result_count": 1},
        })
    }

    fn tweet() -> Value {
        json!({
            "id": "2015203109400965595", "author_id": "7", "created_at": "2026-01-24T23:04:58.000Z",
            "text": "news &lt;3 https://t.co/n https://t.co/p", "lang": "en", "paid_partnership": true,
            "public_metrics": {"like_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4, "impression_count": 6},
            "attachments": {"media_keys": ["3_1", "3_none"]},
            "entities": {
                "urls": [
                    {"url": "https://t.co/n", "expanded_url": "https://example.org/n"},
                    {"url": "https://t.co/p", "expanded_url": "https://x.com/mei/status/2015203109400965595/photo/1", "media_key": "3_1"},
                ],
                "hashtags": [{"tag": "AI"}], "cashtags": [{"tag": "nvda"}], "mentions": [{"username": "bob", "id": "8"}],
            },
        })
    }

    fn with(changes: &Value) -> Value {
        let mut tweet = tweet();
        for (key, value) in changes.as_object().unwrap() {
            tweet[key] = value.clone();
        }
        tweet
    }

    fn in_page(changes: &Value) -> Tweet {
        one(&page(&json!([with(changes)])), Format::ApiV2)
    }

    #[test]
    fn a_tweet_of_a_page() {
        let tweet = in_page(&json!({}));
        assert_eq!((tweet.text.as_str(), tweet.promoted), ("news <3 https://example.org/n", Some(true)));
        assert_eq!((tweet.author.handle.as_str(), tweet.author.followers), ("mei", Some(70)));
        let Metrics { likes, reposts, replies, quotes, bookmarks, views } = tweet.metrics;
        assert_eq!(
            [likes, reposts, replies, quotes, bookmarks, views],
            [Some(1), Some(2), Some(3), Some(4), None, Some(6)]
        );
        assert_eq!(
            (tweet.urls.as_slice(), tweet.media.as_slice()),
            (&["https://example.org/n".to_owned()][..], &["https://pbs.example/1.jpg".to_owned()][..])
        );
        assert_eq!(
            (tweet.hashtags, tweet.cashtags, tweet.mentions),
            (vec!["AI".into()], vec!["NVDA".into()], vec!["bob".into()])
        );
    }

    #[test]
    fn a_page_may_hold_one_object() {
        assert_eq!(one(&page(&tweet()), Format::ApiV2).author.handle, "mei");
    }

    #[test]
    fn the_names_of_2026() {
        let tweet = one(
            &json!({
                "data": [{"id": "81", "created_at": "2026-01-24T23:04:58Z", "username": "mei", "text": "RT @bob: all…",
                    "edit_history_post_ids": ["81"], "referenced_posts": [{"type": "reposted", "id": "80"}]}],
                "includes": {"posts": [{"id": "80", "username": "bob", "text": "all", "note_post": {"text": "all of it"},
                    "public_metrics": {"repost_count": 5}}]},
            }),
            Format::ApiV2,
        );
        assert_eq!((tweet.kind, tweet.text.as_str(), tweet.speaker()), (Kind::Retweet, "all of it", "bob"));
        assert_eq!((tweet.author.handle.as_str(), tweet.metrics.reposts), ("mei", Some(5)));
    }

    #[test]
    fn a_long_text_is_the_note() {
        let tweet = in_page(&json!({"note_tweet": {"text": "long #Note https://t.co/m",
            "entities": {"urls": [{"url": "https://t.co/m", "expanded_url": "https://example.org/m"}]}}}));
        assert_eq!(
            (tweet.text.as_str(), tweet.hashtags),
            ("long #Note https://example.org/m", vec!["Note".to_owned()])
        );
    }

    #[test]
    fn a_retweet_takes_the_included_text() {
        let changes =
            json!({"text": "RT @bob: all of…", "referenced_tweets": [{"type": "retweeted", "id": "80"}]});
        let tweet = in_page(&changes);
        assert_eq!(
            (tweet.kind, tweet.text.as_str()),
            (Kind::Retweet, "all of it & more https://example.org/o")
        );
        assert_eq!((tweet.speaker(), tweet.metrics.likes, tweet.urls.len()), ("bob", Some(88), 1));
        let alone = one(&with(&changes), Format::ApiV2);
        assert_eq!(
            (alone.text.as_str(), alone.speaker(), alone.reference.as_ref().unwrap().id),
            ("all of…", "bob", Some(TweetId(80)))
        );
    }

    #[test]
    fn quotes_and_replies() {
        let quote = in_page(
            &json!({"text": "true https://t.co/q", "referenced_tweets": [{"type": "replied_to", "id": "79"}, {"type": "quoted", "id": "80"}],
            "entities": {"urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/bob/status/80"}]}}),
        );
        assert_eq!((quote.kind, quote.text.as_str(), quote.urls.len()), (Kind::Quote, "true", 0));
        assert_eq!(quote.reference.unwrap().text.as_deref(), Some("all of it & more https://example.org/o"));
        let reply = in_page(
            &json!({"in_reply_to_user_id": "8", "referenced_tweets": [{"type": "replied_to", "id": "79"}]}),
        );
        let Reference { id, handle, text } = reply.reference.unwrap();
        assert_eq!(
            (reply.kind, id, handle.as_deref(), text),
            (Kind::Reply, Some(TweetId(79)), Some("bob"), None)
        );
    }

    #[test]
    fn a_flat_line_has_its_author_inline_or_by_number() {
        let inline =
            one(&with(&json!({"author": {"id": "7", "username": "mei", "name": "Mei"}})), Format::ApiV2);
        assert_eq!(inline.author.handle, "mei");
        let number = one(&tweet(), Format::ApiV2);
        assert_eq!((number.author.handle.as_str(), number.author.name.as_str()), ("i", "7"));
        let lifted = one(&with(&json!({"public_metrics": null, "like_count": "9"})), Format::ApiV2);
        assert_eq!((lifted.metrics.likes, lifted.metrics.reposts), (Some(9), None));
    }

    #[test]
    fn pages_without_tweets_are_notices() {
        let pages = [
            json!({"errors": [{"title": "Not Found Error"}]}),
            json!({"data": null, "errors": []}),
            json!({"data": [], "meta": {"result_count": 0}}),
            json!({"meta": {"result_count": 0}}),
            json!({"title": "Too Many Requests", "detail": "x", "type": "about:blank", "status": 429}),
            json!({"id": "20", "action": "delete"}),
        ];
        let ingested = lines(&pages);
        assert_eq!((ingested.notices, ingested.tweets.len(), ingested.rejected.len()), (6, 0, 0));
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(refused(&page(&json!([with(&json!({"id": "x"}))]))), RejectReason::BadId);
        assert_eq!(refused(&with(&json!({"author_id": null}))), RejectReason::NoAuthor);
        assert_eq!(refused(&with(&json!({"text": null}))), RejectReason::NoText);
        assert_eq!(refused(&with(&json!({"id": "20", "created_at": null}))), RejectReason::BadDate);
        assert_eq!(refused(&page(&json!([7]))), RejectReason::UnknownShape);
    }
}
