//! What becomes of two records of one tweet.
//!
//! Within one import their order says nothing (files are read in any order), so [`fold`] does not depend on it: it is
//! commutative, associative and idempotent. Between imports the later one is the newer observation: [`supersede`].
//!
//! | | within an import | a later import |
//! |---|---|---|
//! | counts, followers | the larger; known beats unknown | the later; known beats unknown |
//! | `promoted` | `true` beats `false` beats unknown | the same |
//! | all others, from one record | the longer text, then more known fields, then the larger by content | the longer text, then more known fields, then the later |
//! | `source` | of that record; of equal ones the smallest (file, line) | of that record; of equal ones the earlier |

use std::cmp::Reverse;

use corpus::{Author, Metrics, Reference, Tweet};

use crate::encode::{kind, lists};

/// Two records of one tweet from one import, in either order.
pub(crate) fn fold(kept: &mut Tweet, mut other: Tweet) {
    if (content(&other), Reverse(place(&other))) > (content(kept), Reverse(place(kept))) {
        std::mem::swap(kept, &mut other);
    }
    combine_counts(kept, &other, Option::max);
}

/// Brings a tweet of a later import together with the stored one; whether that changes what is stored.
pub(crate) fn supersede(tweet: &mut Tweet, mut old: Tweet) -> bool {
    if richness(tweet) >= richness(&old) && content(tweet) != content(&old) {
        combine_counts(tweet, &old, Option::or);
        return true;
    }
    std::mem::swap(tweet, &mut old);
    let before = (tweet.metrics, tweet.author.followers, tweet.promoted);
    combine_counts(tweet, &old, |stored, later| later.or(stored));
    before != (tweet.metrics, tweet.author.followers, tweet.promoted)
}

/// Gives `kept` the counts that `choose` makes of its own and the other's.
fn combine_counts(kept: &mut Tweet, other: &Tweet, choose: fn(Option<u64>, Option<u64>) -> Option<u64>) {
    let Metrics { likes, reposts, replies, quotes, bookmarks, views } = other.metrics;
    let own = &mut kept.metrics;
    own.likes = choose(own.likes, likes);
    own.reposts = choose(own.reposts, reposts);
    own.replies = choose(own.replies, replies);
    own.quotes = choose(own.quotes, quotes);
    own.bookmarks = choose(own.bookmarks, bookmarks);
    own.views = choose(own.views, views);
    kept.author.followers = choose(kept.author.followers, other.author.followers);
    kept.promoted = kept.promoted.max(other.promoted);
}

/// How much a record tells: the length of its text in bytes, then how many of its optional fields are known.
fn richness(tweet: &Tweet) -> (usize, usize) {
    let reference = tweet.reference.as_ref();
    let told = [
        tweet.lang.is_some(),
        tweet.author.name != tweet.author.handle,
        reference.is_some(),
        reference.is_some_and(|told| told.id.is_some()),
        reference.is_some_and(|told| told.handle.is_some()),
        reference.is_some_and(|told| told.text.is_some()),
    ];
    let told = told.into_iter().chain(lists(tweet).map(|list| !list.is_empty()));
    (tweet.text.len(), told.filter(|told| *told).count())
}

/// All but counts and place, richer ones greater; equal for records that say the same.
fn content(tweet: &Tweet) -> impl Ord + '_ {
    let Author { handle, name, followers: _ } = &tweet.author;
    let reference =
        tweet.reference.as_ref().map(|Reference { id, handle, text }| (id, handle.as_ref(), text.as_ref()));
    let words = (&tweet.text, handle, name, &tweet.lang, kind(tweet.kind), tweet.created_at);
    (richness(tweet), words, reference, lists(tweet))
}

fn place(tweet: &Tweet) -> (&str, u64) {
    (&tweet.source.file, tweet.source.line)
}
