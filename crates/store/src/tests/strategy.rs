//! Any tweet that a store can hold.

use chrono::{DateTime, Utc};
use corpus::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};
use proptest::{collection::vec, option, prelude::*};

const LARGEST: u64 = i64::MAX as u64;

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_u64, 0..=LARGEST]
}

fn list() -> impl Strategy<Value = Vec<String>> {
    vec(any::<String>(), 0..3)
}

/// Posted on one of three days around a turn of the year.
pub(super) fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let second = 1_767_139_200..1_767_139_200_i64 + 3 * 86_400;
    (second, 0..1_000_000_000_u32).prop_map(|(second, nano)| DateTime::from_timestamp(second, nano).unwrap())
}

fn far_time() -> impl Strategy<Value = DateTime<Utc>> {
    let second = -62_135_596_800..253_402_300_799_i64;
    (second, 0..1_000_000_000_u32).prop_map(|(second, nano)| DateTime::from_timestamp(second, nano).unwrap())
}

fn relation() -> impl Strategy<Value = (Kind, Option<Reference>)> {
    let kind = prop::sample::select(vec![Kind::Original, Kind::Retweet, Kind::Quote, Kind::Reply]);
    let reference = (option::of(number()), option::of(any::<String>()), option::of(any::<String>()))
        .prop_map(|(id, handle, text)| Reference { id: id.map(TweetId), handle, text });
    (kind, option::of(reference))
}

prop_compose! {
    fn metrics()(counts in vec(option::of(number()), 6)) -> Metrics {
        let [likes, reposts, replies, quotes, bookmarks, views] = counts.try_into().unwrap();
        Metrics { likes, reposts, replies, quotes, bookmarks, views }
    }
}

prop_compose! {
    fn author()(handle: String, name: String, followers in option::of(number())) -> Author {
        Author { handle, name, followers }
    }
}

prop_compose! {
    fn tweet(ids: std::ops::Range<u64>, time: BoxedStrategy<DateTime<Utc>>)(
        (id, author, created_at, text) in (ids, author(), time, ".{0,5}"),
        (lang, (kind, reference), metrics) in (option::of(any::<String>()), relation(), metrics()),
        (urls, hashtags, cashtags, mentions, media) in (list(), list(), list(), list(), list()),
        (promoted, file, line) in (any::<Option<bool>>(), "[ab]", number()),
    ) -> Tweet {
        Tweet {
            id: TweetId(id), author, created_at, text, lang, kind, reference, metrics, urls, hashtags, cashtags,
            mentions, media, promoted, source: Source { file: file.into(), line },
        }
    }
}

/// Any one.
pub(super) fn any_tweet() -> impl Strategy<Value = Tweet> {
    tweet(0..LARGEST, far_time().boxed())
}

/// Of few ids and few days, so that they meet.
pub(super) fn meeting_tweets() -> impl Strategy<Value = Vec<Tweet>> {
    vec(tweet(0..12, time().boxed()), 0..25)
}

/// As a store gives it back.
pub(super) fn cut(mut tweet: Tweet) -> Tweet {
    tweet.created_at = DateTime::from_timestamp_millis(tweet.created_at.timestamp_millis()).unwrap();
    tweet
}
