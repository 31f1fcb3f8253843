//! Retweets, quotes and replies: how a layout tells them, and the tweet that they refer to.

use super::{
    super::{
        draft::is_media_link,
        fields::{
            handle, handle_of_page, id_of_page, is_page, object, other_id, text, text_at, text_in, truth,
        },
        index::Indexed,
    },
    layout::{Layout, Paths, list_of},
};
use crate::{Kind, Reference, TweetId};

impl Layout<'_> {
    /// What a tweet is in relation to another one, and that one.
    pub(super) fn relation(&self, record: &Indexed<'_>, original: Option<&Indexed<'_>>) -> (Kind, Reference) {
        if let Some(original) = original {
            return (Kind::Retweet, self.reference(original, false));
        }
        let id = other_id(record, self.retweeted_id);
        if id.is_some() || truth(record, self.is_retweet) == Some(true) {
            let handle = text_at(record, self.retweeted_handle).and_then(handle).map(str::to_owned);
            return (Kind::Retweet, Reference { id, handle, text: None });
        }
        self.quote(record).unwrap_or_else(|| self.reply(record))
    }

    /// A quote in a reply is a quote: its words need the quoted ones more than the thread.
    fn quote(&self, record: &Indexed<'_>) -> Option<(Kind, Reference)> {
        let quoted = object(record, self.quoted).map(|quoted| self.reference(&Indexed::of(quoted), true));
        let id = self.quoted_id(record);
        let told = quoted.is_some() || id.is_some() || truth(record, self.is_quote) == Some(true);
        told.then(|| {
            let Reference { id: own, handle, text } = quoted.unwrap_or_default();
            let of_page = || handle_of_other(record, self.quoted_id);
            let of_link = || self.quoted_link(record).and_then(handle_of_page);
            let handle = handle.or_else(|| of_page().or_else(of_link).map(str::to_owned));
            (Kind::Quote, Reference { id: own.or(id), handle, text })
        })
    }

    /// The id of the quoted tweet, if it is told.
    pub(super) fn quoted_id(&self, record: &Indexed<'_>) -> Option<TweetId> {
        other_id(record, self.quoted_id).or_else(|| self.quoted_link(record).and_then(id_of_page))
    }

    /// The link to the quoted tweet, which X puts last; in a retweet it is the original's.
    fn quoted_link<'a>(&self, record: &Indexed<'a>) -> Option<&'a str> {
        if !self.quotes_by_link || text_at(record, self.text).is_some_and(|text| text.starts_with("RT @")) {
            return None;
        }
        let own = self.own_id(record).ok();
        let links = list_of(record, self.links).iter().filter_map(|link| text_in(link, self.links.item));
        let other = |link: &&str| is_page(link) && !is_media_link(link) && id_of_page(link) != own;
        links.rev().find(other)
    }

    fn reply(&self, record: &Indexed<'_>) -> (Kind, Reference) {
        let id = other_id(record, self.replied_id);
        let told = text_at(record, self.replied_handle).and_then(handle);
        let handle = told.or_else(|| handle_of_other(record, self.replied_id)).map(str::to_owned);
        let replies = match other_id(record, self.conversation) {
            Some(first) => self.own_id(record).ok() != Some(first),
            None => id.is_some() || handle.is_some() || truth(record, self.is_reply) == Some(true),
        };
        (if replies { Kind::Reply } else { Kind::Original }, Reference { id, handle, text: None })
    }

    fn reference(&self, other: &Indexed<'_>, with_words: bool) -> Reference {
        let told = text_at(other, self.handle).and_then(handle);
        let name = told.or_else(|| self.handle_of_page(other));
        let words = with_words.then(|| self.written(other).ok()).flatten();
        Reference {
            id: self.own_id(other).ok(),
            handle: name.map(str::to_owned),
            text: words.map(|words| words.clean_text()),
        }
    }
}

/// The handle in a link to another tweet.
fn handle_of_other<'a>(record: &Indexed<'a>, paths: Paths<'_>) -> Option<&'a str> {
    paths.iter().find_map(|path| handle_of_page(text(record, path)?))
}
