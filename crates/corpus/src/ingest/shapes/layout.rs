//! Where a shape keeps what a tweet tells, as data: every shape that is an object per tweet is a [`Layout`], and so is a
//! mapping that a user wrote. One reader serves them all.

use sonic_rs::JsonValueTrait;

use super::super::{
    RejectReason,
    dates::Dates,
    draft::{Draft, Written, is_media_link, links_to},
    fields::{
        Refusal, best_variant, count, first, handle, handle_of_page, id, id_of_page, list, object, other_id,
        pointer, text, text_at, text_in, told, truth,
    },
    index::Indexed,
    json::Json,
};
use crate::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};

/// JSON pointers; the first that leads to something wins.
pub(crate) type Paths<'p> = &'p [&'p str];

/// Lists of a record: links, tags, pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'p> {
    /// Where the list stands: the first one that is not empty.
    pub(crate) at: Paths<'p>,
    /// What is wanted of an element that is an object; an element that is a string stands for itself.
    pub(crate) item: Paths<'p>,
    /// Of a link: where the short link stands that the text has in its place.
    pub(crate) short: Paths<'p>,
}

/// The fields of a shape, each with the places where it may stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'p> {
    pub(crate) id: Paths<'p>,
    /// A page of the tweet: tells the id and the handle where they stand nowhere else.
    pub(crate) page: Paths<'p>,
    pub(crate) created_at: Paths<'p>,
    pub(crate) dates: Dates<'p>,
    pub(crate) text: Paths<'p>,
    /// The export writes line feeds as a backslash and an `n`.
    pub(crate) escaped_lines: bool,
    pub(crate) lang: Paths<'p>,
    pub(crate) handle: Paths<'p>,
    pub(crate) name: Paths<'p>,
    pub(crate) followers: Paths<'p>,
    pub(crate) likes: Paths<'p>,
    pub(crate) reposts: Paths<'p>,
    pub(crate) replies: Paths<'p>,
    pub(crate) quotes: Paths<'p>,
    pub(crate) bookmarks: Paths<'p>,
    pub(crate) views: Paths<'p>,
    pub(crate) links: Lists<'p>,
    pub(crate) hashtags: Lists<'p>,
    pub(crate) cashtags: Lists<'p>,
    pub(crate) mentions: Lists<'p>,
    /// Pictures and videos: of each, the first list that is not empty.
    pub(crate) media: &'p [Lists<'p>],
    /// The retweeted tweet, of the same shape.
    pub(crate) retweeted: Paths<'p>,
    pub(crate) retweeted_id: Paths<'p>,
    pub(crate) is_retweet: Paths<'p>,
    /// The quoted tweet, of the same shape.
    pub(crate) quoted: Paths<'p>,
    pub(crate) quoted_id: Paths<'p>,
    pub(crate) is_quote: Paths<'p>,
    pub(crate) replied_id: Paths<'p>,
    pub(crate) replied_handle: Paths<'p>,
    pub(crate) is_reply: Paths<'p>,
    pub(crate) promoted: Paths<'p>,
}

/// What a file or page tells about all of its tweets.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Owner<'a> {
    pub(in super::super) handle: Option<&'a str>,
    pub(in super::super) name: Option<&'a str>,
}

impl Lists<'_> {
    /// No list.
    pub(in super::super) const NONE: Self = Self { at: &[], item: &[], short: &[] };
}

impl Layout<'_> {
    /// Knows no field; the base of every other one.
    pub(in super::super) const EMPTY: Self = Self {
        id: &[],
        page: &[],
        created_at: &[],
        dates: Dates::USUAL,
        text: &[],
        escaped_lines: false,
        lang: &[],
        handle: &[],
        name: &[],
        followers: &[],
        likes: &[],
        reposts: &[],
        replies: &[],
        quotes: &[],
        bookmarks: &[],
        views: &[],
        links: Lists::NONE,
        hashtags: Lists::NONE,
        cashtags: Lists::NONE,
        mentions: Lists::NONE,
        media: &[],
        retweeted: &[],
        retweeted_id: &[],
        is_retweet: &[],
        quoted: &[],
        quoted_id: &[],
        is_quote: &[],
        replied_id: &[],
        replied_handle: &[],
        is_reply: &[],
        promoted: &[],
    };

    /// Reads one record.
    pub(in super::super) fn read(
        &self,
        record: &Indexed<'_>,
        owner: Owner<'_>,
        source: &Source,
    ) -> Result<Tweet, Refusal> {
        let id = self.own_id(record)?;
        let original = object(record, self.retweeted).map(Indexed::of);
        let original = original.as_ref();
        // A retweet's own text is cut and its own counts are 0: words and counts are the original's.
        let words = original.unwrap_or(record);
        let (kind, reference) = self.relation(record, original);
        let draft = Draft {
            id,
            author: self.author(record, owner)?,
            created_at: self.posted(record, id)?,
            lang: text_at(words, self.lang),
            kind,
            reference,
            has_original: original.is_some(),
            metrics: self.metrics(words),
            promoted: truth(record, self.promoted).or_else(|| super::super::fields::promoted(record)),
            written: self.written(words)?,
        };
        Ok(draft.finish(source))
    }

    fn own_id(&self, record: &Indexed<'_>) -> Result<TweetId, Refusal> {
        let written = told(record, self.id);
        let of_page = || self.page.iter().find_map(|path| id_of_page(text(record, path)?));
        written.and_then(id).or_else(of_page).ok_or_else(|| {
            let (place, found) = match written {
                None if !self.page.is_empty() => (self.page, first(record, self.page)),
                _ => (self.id, written),
            };
            Refusal::of(RejectReason::BadId, place.first().unwrap_or(&"/id"), found)
        })
    }

    fn posted(&self, record: &Indexed<'_>, id: TweetId) -> Result<chrono::DateTime<chrono::Utc>, Refusal> {
        let written = self.created_at.iter().find_map(|path| self.dates.read(pointer(record, path)?));
        written.or_else(|| id.time()).ok_or_else(|| {
            let place = self.created_at.first().copied().unwrap_or("/created_at");
            Refusal::of(RejectReason::BadDate, place, pointer(record, place))
        })
    }

    /// The record's own author, else the one of its page, else the file's.
    fn author(&self, record: &Indexed<'_>, owner: Owner<'_>) -> Result<Author, Refusal> {
        let told = self.handle.iter().find_map(|path| handle(text(record, path)?));
        let own = told.or_else(|| self.handle_of_page(record));
        let name = if own.is_some() { text_at(record, self.name) } else { owner.name };
        let handle = own.or_else(|| owner.handle.and_then(handle)).ok_or_else(|| {
            let place = self.handle.first().copied().unwrap_or("/handle");
            Refusal::of(RejectReason::NoAuthor, place, pointer(record, place))
        })?;
        let followers = count(record, self.followers);
        Ok(Author { handle: handle.into(), name: name.unwrap_or(handle).into(), followers })
    }

    fn handle_of_page<'a>(&self, record: &Indexed<'a>) -> Option<&'a str> {
        self.page.iter().find_map(|path| handle_of_page(text(record, path)?))
    }

    fn metrics(&self, record: &Indexed<'_>) -> Metrics {
        Metrics {
            likes: count(record, self.likes),
            reposts: count(record, self.reposts),
            replies: count(record, self.replies),
            quotes: count(record, self.quotes),
            bookmarks: count(record, self.bookmarks),
            views: count(record, self.views),
        }
    }

    fn relation(&self, record: &Indexed<'_>, original: Option<&Indexed<'_>>) -> (Kind, Reference) {
        if let Some(original) = original {
            return (Kind::Retweet, self.reference(original, false));
        }
        if truth(record, self.is_retweet) == Some(true) {
            return (
                Kind::Retweet,
                Reference { id: other_id(record, self.retweeted_id), ..Reference::default() },
            );
        }
        let quoted = object(record, self.quoted).map(|quoted| self.reference(&Indexed::of(quoted), true));
        let quoted_id = other_id(record, self.quoted_id);
        if quoted.is_some() || quoted_id.is_some() || truth(record, self.is_quote) == Some(true) {
            let reference = quoted.unwrap_or_default();
            return (Kind::Quote, Reference { id: reference.id.or(quoted_id), ..reference });
        }
        let id = other_id(record, self.replied_id);
        let handle = text_at(record, self.replied_handle).and_then(handle).map(str::to_owned);
        let replies = id.is_some() || handle.is_some() || truth(record, self.is_reply) == Some(true);
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

    /// The words of a tweet, and what the record says is in them.
    pub(in super::super) fn written<'a>(&self, tweet: &Indexed<'a>) -> Result<Written<'a>, Refusal> {
        let quoted = object(tweet, self.quoted).and_then(|quoted| self.own_id(&Indexed::of(quoted)).ok());
        let pages = [quoted.or_else(|| other_id(tweet, self.quoted_id)), self.own_id(tweet).ok()];
        let shows = |long: &&str| links_to(long, &pages) || is_media_link(long);
        let link = |link: &'a Json| {
            let long = text_in(link, self.links.item).filter(|long| !shows(long));
            let short = link.is_object().then(|| text_in(link, self.links.short)).flatten();
            (short.unwrap_or_default(), long)
        };
        let text = told(tweet, self.text);
        Ok(Written {
            text: text.and_then(Json::as_str).ok_or_else(|| {
                Refusal::of(RejectReason::NoText, self.text.first().unwrap_or(&"/text"), text)
            })?,
            escaped_lines: self.escaped_lines,
            links: list_of(tweet, self.links).iter().map(link).collect(),
            hashtags: words(tweet, self.hashtags),
            cashtags: words(tweet, self.cashtags),
            mentions: words(tweet, self.mentions),
            media: self
                .media
                .iter()
                .flat_map(|kind| list_of(tweet, *kind).iter().filter_map(media_of(*kind)))
                .collect(),
        })
    }
}

fn words<'a>(tweet: &Indexed<'a>, lists: Lists<'_>) -> Vec<&'a str> {
    list_of(tweet, lists).iter().filter_map(|item| text_in(item, lists.item)).collect()
}

fn list_of<'a>(tweet: &Indexed<'a>, lists: Lists<'_>) -> &'a [Json] {
    lists.at.iter().map(|path| list(tweet, path)).find(|list| !list.is_empty()).unwrap_or_default()
}

/// A video is its best file; of anything else the first link that it has.
fn media_of<'p, 'a: 'p>(kind: Lists<'p>) -> impl Fn(&'a Json) -> Option<&'a str> + 'p {
    move |media| {
        let variants = [list(media, "/video_info/variants"), list(media, "/variants")];
        variants.into_iter().find_map(best_variant).or_else(|| text_in(media, kind.item))
    }
}
