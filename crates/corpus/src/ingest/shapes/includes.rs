//! What a page of API v2 holds beside its tweets: their authors, pictures and the tweets that they refer to.

use std::{cell::Cell, collections::BTreeMap};

use sonic_rs::JsonValueTrait;

use super::super::{
    fields::{id, list, text_at},
    json::Json,
};
use crate::TweetId;

/// Bytes of words that the tweets of a page may take from others, as many as a page may have: a long tweet of which
/// thousands are retweets would fill any memory.
const MOST_BORROWED: usize = 32 << 20;

/// By number, or by media key. Users have numbers of the same kind as tweets. Trees, because whoever writes a page
/// chooses its keys, and could choose them for one slot of a table of hashes.
#[derive(Default)]
pub(super) struct Includes<'a> {
    users: BTreeMap<TweetId, &'a Json>,
    tweets: BTreeMap<TweetId, &'a Json>,
    media: BTreeMap<&'a str, &'a Json>,
    borrowed: Cell<usize>,
}

impl<'a> Includes<'a> {
    pub(super) fn of(page: &'a Json) -> Self {
        let by_id =
            |pointer| list(page, pointer).iter().filter_map(|value| Some((id(value.get("id")?)?, value)));
        let media = list(page, "/includes/media").iter();
        Self {
            users: by_id("/includes/users").collect(),
            tweets: by_id("/includes/tweets").chain(by_id("/includes/posts")).collect(),
            media: media.filter_map(|value| Some((value.get("media_key")?.as_str()?, value))).collect(),
            borrowed: Cell::new(0),
        }
    }

    pub(super) fn user(&self, id: TweetId) -> Option<&'a Json> {
        self.users.get(&id).copied()
    }

    /// Another tweet, for its words; none once the page has borrowed too many.
    pub(super) fn tweet(&self, id: TweetId) -> Option<&'a Json> {
        let tweet = self.tweets.get(&id).copied()?;
        let words = text_at(tweet, &["/note_post/text", "/note_tweet/text", "/text"]).map_or(0, str::len);
        let borrowed = self.borrowed.get() + words;
        if borrowed > MOST_BORROWED {
            return None;
        }
        self.borrowed.set(borrowed);
        Some(tweet)
    }

    pub(super) fn media(&self, key: &str) -> Option<&'a Json> {
        self.media.get(key).copied()
    }
}
