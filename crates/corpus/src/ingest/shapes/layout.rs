//! Where a shape keeps what a tweet tells, as data: every shape that is an object per tweet is a [`Layout`], and so is a
//! mapping that a user wrote. One reader serves them all.

use sonic_rs::JsonValueTrait;

use super::super::{
    RejectReason,
    dates::Dates,
    draft::{Draft, Written, is_media_link, links_to, without_zeros},
    fields::{
        Refusal, best_variant, count, first, handle, handle_of_page, id, id_of_page, is_of_twitter, list,
        object, pointer, text, text_at, text_in, told, truth,
    },
    index::Indexed,
    json::Json,
};
use crate::{Author, Metrics, Source, Tweet, TweetId};

/// JSON pointers; the first that leads to something wins.
pub(crate) type Paths<'p> = &'p [&'p str];

/// Lists of a record: links, tags, pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'p> {
    /// Where the list stands, or a text of several words: the first one that is not empty.
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
    /// The export joins the tweets of a thread to one text.
    pub(crate) joins_threads: bool,
    /// Title and beginning of an article, whose tweet is only a link to it.
    pub(crate) article: Paths<'p>,
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
    /// Short links in a list of their own, in the order of the long ones.
    pub(crate) short_links: Paths<'p>,
    pub(crate) hashtags: Lists<'p>,
    pub(crate) cashtags: Lists<'p>,
    pub(crate) mentions: Lists<'p>,
    /// Pictures and videos: of each, the first list that is not empty.
    pub(crate) media: &'p [Lists<'p>],
    /// The retweeted tweet, of the same shape.
    pub(crate) retweeted: Paths<'p>,
    pub(crate) retweeted_id: Paths<'p>,
    pub(crate) retweeted_handle: Paths<'p>,
    pub(crate) is_retweet: Paths<'p>,
    /// The quoted tweet, of the same shape.
    pub(crate) quoted: Paths<'p>,
    pub(crate) quoted_id: Paths<'p>,
    pub(crate) is_quote: Paths<'p>,
    /// Only a link to the quoted tweet tells a quote.
    pub(crate) quotes_by_link: bool,
    pub(crate) replied_id: Paths<'p>,
    pub(crate) replied_handle: Paths<'p>,
    pub(crate) is_reply: Paths<'p>,
    /// The tweet with which the conversation began: where it is told, any other one than it is a reply.
    pub(crate) conversation: Paths<'p>,
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
        joins_threads: false,
        article: &[],
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
        short_links: &[],
        hashtags: Lists::NONE,
        cashtags: Lists::NONE,
        mentions: Lists::NONE,
        media: &[],
        retweeted: &[],
        retweeted_id: &[],
        retweeted_handle: &[],
        is_retweet: &[],
        quoted: &[],
        quoted_id: &[],
        is_quote: &[],
        quotes_by_link: false,
        replied_id: &[],
        replied_handle: &[],
        is_reply: &[],
        conversation: &[],
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
        let author = self.author(record, owner)?;
        let created_at = self.posted(record, id)?;
        let original = object(record, self.retweeted).map(Indexed::of);
        let original = original.as_ref();
        // A retweet's own text is cut and its own counts are 0: words and counts are the original's. Some exports
        // keep little of it, and tell the rest with the retweet.
        let words = original.unwrap_or(record);
        let mut written = self.written(words)?;
        if self.links.at.iter().all(|path| pointer(words, path).is_none()) {
            written.links = self.written_links(record);
        }
        let (kind, reference) = self.relation(record, original);
        let draft = Draft {
            id,
            author,
            created_at,
            lang: text_at(words, self.lang),
            kind,
            reference,
            has_original: original.is_some(),
            metrics: original.map_or_else(
                || self.metrics(record),
                |original| or(self.metrics(original), without_zeros(self.metrics(record))),
            ),
            promoted: truth(record, self.promoted).or_else(|| super::super::fields::promoted(record)),
            written,
        };
        Ok(draft.finish(source))
    }

    pub(super) fn own_id(&self, record: &Indexed<'_>) -> Result<TweetId, Refusal> {
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
        let read = |path: &&str| self.dates.read(pointer(record, path)?).filter(is_of_twitter);
        let written = self.created_at.iter().find_map(read);
        written.or_else(|| id.time()).ok_or_else(|| {
            let place = self.created_at.first().copied().unwrap_or("/created_at");
            Refusal::of(RejectReason::BadDate, place, pointer(record, place))
        })
    }

    /// The record's own author, else the one of its page, else the file's.
    fn author(&self, record: &Indexed<'_>, owner: Owner<'_>) -> Result<Author, Refusal> {
        let told = self.handle.iter().find_map(|path| handle(text(record, path)?));
        let own = told.or_else(|| self.handle_of_page(record));
        let owners = owner.handle.and_then(handle);
        let named = own.and_then(|_| text_at(record, self.name));
        let name = named.or_else(|| owner.name.filter(|_| own.is_none() || own == owners));
        let handle = own.or(owners).ok_or_else(|| {
            let place = self.handle.first().copied().unwrap_or("/handle");
            Refusal::of(RejectReason::NoAuthor, place, pointer(record, place))
        })?;
        let followers = count(record, self.followers);
        Ok(Author { handle: handle.into(), name: name.unwrap_or(handle).into(), followers })
    }

    pub(super) fn handle_of_page<'a>(&self, record: &Indexed<'a>) -> Option<&'a str> {
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

    /// The words of a tweet, and what the record says is in them.
    pub(in super::super) fn written<'a>(&self, tweet: &Indexed<'a>) -> Result<Written<'a>, Refusal> {
        let text = told(tweet, self.text);
        Ok(Written {
            text: text.and_then(Json::as_str).ok_or_else(|| {
                Refusal::of(RejectReason::NoText, self.text.first().unwrap_or(&"/text"), text)
            })?,
            escaped_lines: self.escaped_lines,
            joins_threads: self.joins_threads,
            links: self.written_links(tweet),
            hashtags: words(tweet, self.hashtags),
            cashtags: words(tweet, self.cashtags),
            mentions: words(tweet, self.mentions),
            media: self.media.iter().flat_map(|kind| media(tweet, *kind)).collect(),
            article: self.article.iter().filter_map(|path| text_at(tweet, &[path])).collect(),
        })
    }

    /// Short links with what they stand for; those to the tweet itself, its pictures and the quoted one stand for nothing.
    fn written_links<'a>(&self, tweet: &Indexed<'a>) -> Vec<(&'a str, Option<&'a str>)> {
        let quoted = object(tweet, self.quoted).and_then(|quoted| self.own_id(&Indexed::of(quoted)).ok());
        let pages = [quoted.or_else(|| self.quoted_id(tweet)), self.own_id(tweet).ok()];
        let kept = |long: &&str| !links_to(long, &pages) && !is_media_link(long);
        let shorts = list_of(tweet, Lists { at: self.short_links, ..Lists::NONE });
        let link = |(place, link): (usize, &'a Json)| {
            let short = link.is_object().then(|| text_in(link, self.links.short)).flatten();
            let short = short.or_else(|| shorts.get(place)?.as_str());
            (short.unwrap_or_default(), text_in(link, self.links.item).filter(kept))
        };
        let links = list_of(tweet, self.links);
        if !links.is_empty() {
            return links.iter().enumerate().map(link).collect();
        }
        let cell = text_at(tweet, self.links.at).unwrap_or_default();
        let cells = cell.split(|c: char| c.is_whitespace() || c == '|').map(|long| long.trim_matches(','));
        cells.filter(|long| !long.is_empty()).map(|long| ("", Some(long).filter(kept))).collect()
    }
}

/// What the first counts do not tell, the others may.
fn or(first: Metrics, other: Metrics) -> Metrics {
    Metrics {
        likes: first.likes.or(other.likes),
        reposts: first.reposts.or(other.reposts),
        replies: first.replies.or(other.replies),
        quotes: first.quotes.or(other.quotes),
        bookmarks: first.bookmarks.or(other.bookmarks),
        views: first.views.or(other.views),
    }
}

fn words<'a>(tweet: &Indexed<'a>, lists: Lists<'_>) -> Vec<&'a str> {
    let items = list_of(tweet, lists);
    if !items.is_empty() {
        return items.iter().filter_map(|item| text_in(item, lists.item)).collect();
    }
    let cell = text_at(tweet, lists.at).unwrap_or_default();
    cell.split(|c: char| c.is_whitespace() || ",;|".contains(c)).filter(|word| !word.is_empty()).collect()
}

pub(super) fn list_of<'a>(tweet: &Indexed<'a>, lists: Lists<'_>) -> &'a [Json] {
    lists.at.iter().map(|path| list(tweet, path)).find(|list| !list.is_empty()).unwrap_or_default()
}

/// A video is its best file; of anything else the first link that it has. A list may also be the files of one video.
fn media<'a>(tweet: &Indexed<'a>, kind: Lists<'_>) -> Vec<&'a str> {
    let items = list_of(tweet, kind);
    if let Some(best) = best_variant(items) {
        return vec![best];
    }
    let link = |media: &'a Json| {
        let variants = [list(media, "/video_info/variants"), list(media, "/variants")];
        variants.into_iter().find_map(best_variant).or_else(|| text_in(media, kind.item))
    };
    items.iter().filter_map(link).collect()
}
