//! What a page of API v2 holds beside its tweets: their authors, pictures and the tweets that they refer to.

use rustc_hash::FxHashMap;
use sonic_rs::JsonValueTrait;

use super::super::{
    fields::{id, list},
    json::Json,
};
use crate::TweetId;

/// By number, or by media key. Users have numbers of the same kind as tweets.
#[derive(Default)]
pub(super) struct Includes<'a> {
    users: FxHashMap<TweetId, &'a Json>,
    tweets: FxHashMap<TweetId, &'a Json>,
    media: FxHashMap<&'a str, &'a Json>,
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
        }
    }

    pub(super) fn user(&self, id: TweetId) -> Option<&'a Json> {
        self.users.get(&id).copied()
    }

    pub(super) fn tweet(&self, id: TweetId) -> Option<&'a Json> {
        self.tweets.get(&id).copied()
    }

    pub(super) fn media(&self, key: &str) -> Option<&'a Json> {
        self.media.get(key).copied()
    }
}
