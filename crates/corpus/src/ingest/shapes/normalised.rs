//! The project's own JSONL. Lines may be written by hand or by others, so they are cleaned like any other, except that
//! `&amp;` stays: it was decoded once.

use serde::de::DeserializeOwned;
use sonic_rs::JsonValueTrait;

use super::super::{
    RejectReason,
    draft::{required_text, tidy},
    fields::{Refusal, first, handle, own_id, posted},
    index::{Fields, Indexed},
};
use crate::{
    Author, Reference, Source, Tweet,
    text::{Encoding, clean},
};

/// An author with a `handle` beside a `text` is this shape's alone.
pub(super) fn recognise(record: &Indexed<'_>) -> bool {
    let author = record.field("author").is_some_and(JsonValueTrait::is_object);
    author && (record.field("metrics").is_some() || first(record, &["/author/handle"]).is_some())
}

pub(super) fn normalise(record: &Indexed<'_>, source: &Source) -> Result<Tweet, Refusal> {
    let id = own_id(record)?;
    let created_at = posted(record, "created_at", id)?;
    let name = first(record, &["/author/handle"]);
    let author_handle = name
        .and_then(|name| handle(name.as_str()?))
        .ok_or_else(|| Refusal::of(RejectReason::NoAuthor, "author.handle", name))?;
    let text = required_text(record.field("text"), "text")?;
    let author: Author = field(record, "author")?.ok_or_else(|| fault("author", "nothing"))?;
    let mut tweet = Tweet {
        id,
        author: Author { handle: author_handle.to_owned(), ..author },
        created_at,
        text: clean(text, Encoding::default()),
        lang: field(record, "lang")?.unwrap_or_default(),
        kind: field(record, "kind")?.unwrap_or_default(),
        reference: field(record, "reference")?.unwrap_or_default(),
        metrics: field(record, "metrics")?.unwrap_or_default(),
        urls: field(record, "urls")?.unwrap_or_default(),
        hashtags: field(record, "hashtags")?.unwrap_or_default(),
        cashtags: field(record, "cashtags")?.unwrap_or_default(),
        mentions: field(record, "mentions")?.unwrap_or_default(),
        media: field(record, "media")?.unwrap_or_default(),
        promoted: field(record, "promoted")?.unwrap_or_default(),
        source: source.clone(),
    };
    if let Some(Reference { id: _, handle: name, text }) = &mut tweet.reference {
        *text = text.take().map(|text| clean(&text, Encoding::default()));
        *name = name.take().and_then(|name| handle(&name).map(str::to_owned));
    }
    tidy(&mut tweet);
    Ok(tweet)
}

/// Field by field and in this order, so that of several faults it is always the same one that is told.
fn field<T: DeserializeOwned>(record: &Indexed<'_>, name: &str) -> Result<Option<T>, Refusal> {
    record.field(name).map(sonic_rs::from_value).transpose().map_err(|error| fault(name, error))
}

fn fault(name: &str, error: impl std::fmt::Display) -> Refusal {
    Refusal::new(RejectReason::UnknownShape, format!("normalised tweet: `{name}`: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};
    use serde_json::{Value, json};

    use super::super::super::tests::{lines, one, read, refused};
    use super::*;
    use crate::{Author, Kind, Metrics, Reference, TweetId, ingest::Format, text::clean_line};

    fn minimal() -> Value {
        json!({"id": "2015203109400965595", "author": {"handle": "ann", "name": "Ann"}, "text": "a &amp; b\u{202e}"})
    }

    #[test]
    fn a_minimal_line() {
        let tweet = one(&minimal(), Format::Normalised);
        assert_eq!((tweet.text.as_str(), tweet.kind), ("a &amp; b", Kind::Original));
        assert_eq!(tweet.created_at, tweet.id.time().unwrap());
        assert_eq!((&*tweet.source.file, tweet.source.line), ("test.jsonl", 1));
    }

    #[test]
    fn faults_are_named() {
        let mut record = minimal();
        record["metrics"] = json!({"likes": "many"});
        assert_eq!(refused(&record), RejectReason::UnknownShape);
        record["text"] = json!(7);
        assert_eq!(refused(&record), RejectReason::NoText);
        record["author"]["handle"] = json!("../x");
        assert_eq!(refused(&record), RejectReason::NoAuthor);
        record["id"] = json!("20");
        assert_eq!(refused(&record), RejectReason::BadDate);
        record["id"] = json!(0);
        assert_eq!(refused(&record), RejectReason::BadId);
    }

    /// A table of hashes told the faults of a record in another order each time.
    #[test]
    fn of_several_faults_the_same_one_is_told() {
        let mut record = minimal();
        for (key, bad) in
            [("promoted", json!(1)), ("urls", json!(7)), ("metrics", json!([])), ("lang", json!(7))]
        {
            record[key] = bad;
        }
        for _ in 0..20 {
            let ingested = lines(std::slice::from_ref(&record));
            assert!(ingested.rejected[0].detail.contains("`lang`"), "{}", ingested.rejected[0].detail);
        }
    }

    fn text() -> impl Strategy<Value = String> {
        "(\\PC|[\n&;<👩\u{200d}]){0,60}".prop_map(|raw| clean(&raw, Encoding::default()))
    }

    fn names() -> impl Strategy<Value = Vec<String>> {
        vec("[A-Za-z0-9_]{1,15}", 0..4).prop_map(|mut names| {
            names.sort();
            names.dedup();
            names
        })
    }

    fn author() -> impl Strategy<Value = Author> {
        ("[A-Za-z0-9_]{1,15}", "\\PC{1,20}", option::of(any::<u64>())).prop_map(
            |(handle, name, followers)| {
                let name =
                    Some(clean_line(&name)).filter(|name| !name.is_empty()).unwrap_or_else(|| handle.clone());
                Author { handle, name, followers }
            },
        )
    }

    fn relation() -> impl Strategy<Value = (Kind, Option<Reference>)> {
        let reference =
            (option::of(1..i64::MAX.cast_unsigned()), option::of("[a-z]{1,9}"), option::of(text()))
                .prop_map(|(id, handle, text)| Reference { id: id.map(TweetId), handle, text });
        let kinds = prop_oneof![Just(Kind::Retweet), Just(Kind::Quote), Just(Kind::Reply)];
        prop_oneof![Just((Kind::Original, None)), (kinds, reference.prop_map(Some))]
    }

    prop_compose! {
        fn metrics()(counts in vec(option::of(any::<u64>()), 6)) -> Metrics {
            let [likes, reposts, replies, quotes, bookmarks, views] = counts.try_into().unwrap();
            Metrics { likes, reposts, replies, quotes, bookmarks, views }
        }
    }

    prop_compose! {
        fn tweets()(
            (id, author, millis, text) in (1..i64::MAX.cast_unsigned(), author(), 0..4_000_000_000_000_i64, text()),
            (lang, (kind, reference), metrics) in (option::of("[a-z]{2}"), relation(), metrics()),
            (urls, hashtags, mentions, promoted) in (names(), names(), names(), any::<Option<bool>>()),
        ) -> Tweet {
            let link = |name: &String| format!("https://example.org/{name}?a=1&b=2");
            Tweet {
                id: TweetId(id), author, text, lang, kind, reference, metrics, promoted, hashtags, mentions,
                created_at: chrono::DateTime::from_timestamp_millis(millis).unwrap(),
                cashtags: vec!["TEA".into()],
                media: urls.iter().map(link).collect(),
                urls: urls.iter().map(link).collect(),
                source: Source { file: "test.jsonl".into(), line: 1 },
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(tweet in tweets()) {
            let line = serde_json::to_string(&tweet).unwrap();
            let ingested = read(&line);
            prop_assert!(ingested.rejected.is_empty(), "{:?}", ingested.rejected);
            prop_assert_eq!(ingested.tweets, vec![tweet]);
        }
    }
}
