//! A shape that the user describes in the configuration: where each field stands, as JSON pointers or column names.

use serde::Deserialize;

use super::{
    csv::column,
    shapes::layout::{Layout, Lists, Paths},
};

/// One place or several, of which the first that leads to something wins: `"/id"` or `["/id_str", "/id"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(untagged)]
pub enum Places {
    /// Not told.
    #[default]
    None,
    /// One.
    One(String),
    /// Several, the surest first.
    Many(Vec<String>),
}

/// A mapping as written. A place that begins with `/` is a JSON pointer (RFC 6901) into the record, any other one a
/// key of the record or a column of a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each field is the field of a tweet that it names")]
pub struct Mapping {
    /// Globs of the files that it is for.
    pub files: Vec<String>,
    /// JSON pointer to the list of records in each value of the file; empty where a value is a record.
    pub records: String,
    /// Lines before the data.
    pub skip_lines: u64,
    /// How dates are written, in chrono's letters, such as `%d/%m/%Y %H:%M`; without a zone they are UTC. Empty: the
    /// usual ways (ISO 8601, RFC 2822, Twitter's own, seconds or milliseconds since 1970).
    pub date_format: String,
    pub id: Places,
    /// A link to the tweet, which tells the id and the handle where they stand nowhere else.
    pub page: Places,
    pub created_at: Places,
    pub text: Places,
    pub lang: Places,
    pub handle: Places,
    pub name: Places,
    pub followers: Places,
    pub likes: Places,
    pub reposts: Places,
    pub replies: Places,
    pub quotes: Places,
    pub bookmarks: Places,
    pub views: Places,
    /// A list of links; of an element that is an object, the link at `/expanded_url` or `/url`.
    pub urls: Places,
    pub hashtags: Places,
    pub cashtags: Places,
    pub mentions: Places,
    pub media: Places,
    pub is_retweet: Places,
    pub is_quote: Places,
    pub quoted_id: Places,
    pub is_reply: Places,
    pub replied_id: Places,
    pub replied_handle: Places,
    pub promoted: Places,
}

/// A mapping as meant.
#[derive(Debug)]
pub struct Mapped {
    pub(super) layout: Layout<'static>,
    pub(super) records: String,
    pub(super) skip_lines: u64,
}

/// What a mapping lacks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Without an id or a page no tweet can be told from another.
    #[error("a mapping needs `id` or `page`")]
    NoId,
    /// Without a text there is nothing to report.
    #[error("a mapping needs `text`")]
    NoText,
    /// `records` is no JSON pointer.
    #[error("`records = \"{0}\"` is no JSON pointer: it begins with `/`")]
    NoPointer(String),
}

impl Mapping {
    /// Checks a mapping and makes it ready. What it points to stays in memory for the rest of the program, as the
    /// configuration does.
    ///
    /// # Errors
    /// A mapping that cannot make a tweet.
    pub fn compile(&self) -> Result<Mapped, MappingError> {
        if self.id == Places::None && self.page == Places::None {
            return Err(MappingError::NoId);
        }
        if self.text == Places::None {
            return Err(MappingError::NoText);
        }
        if !self.records.is_empty() && !self.records.starts_with('/') {
            return Err(MappingError::NoPointer(self.records.clone()));
        }
        Ok(Mapped { layout: self.layout(), records: self.records.clone(), skip_lines: self.skip_lines })
    }

    fn layout(&self) -> Layout<'static> {
        let list = |places: &Places, item: Paths<'static>| Lists { at: paths(places), item, ..Lists::NONE };
        let media: &'static [Lists<'static>] =
            Box::leak(Box::new([list(&self.media, &["/media_url_https", "/url", "/fullUrl"])]));
        Layout {
            id: paths(&self.id),
            page: paths(&self.page),
            created_at: paths(&self.created_at),
            date_format: Some(&*self.date_format.clone().leak()).filter(|format| !format.is_empty()),
            text: paths(&self.text),
            escaped_lines: false,
            lang: paths(&self.lang),
            handle: paths(&self.handle),
            name: paths(&self.name),
            followers: paths(&self.followers),
            likes: paths(&self.likes),
            reposts: paths(&self.reposts),
            replies: paths(&self.replies),
            quotes: paths(&self.quotes),
            bookmarks: paths(&self.bookmarks),
            views: paths(&self.views),
            links: Lists { short: &["/url"], ..list(&self.urls, &["/expanded_url", "/url"]) },
            hashtags: list(&self.hashtags, &["/text", "/tag"]),
            cashtags: list(&self.cashtags, &["/text", "/tag"]),
            mentions: list(&self.mentions, &["/screen_name", "/username"]),
            media,
            is_retweet: paths(&self.is_retweet),
            is_quote: paths(&self.is_quote),
            quoted_id: paths(&self.quoted_id),
            is_reply: paths(&self.is_reply),
            replied_id: paths(&self.replied_id),
            replied_handle: paths(&self.replied_handle),
            promoted: paths(&self.promoted),
            ..Layout::EMPTY
        }
    }
}

impl Mapped {
    /// Columns that a header of CSV may have for this mapping, in one spelling.
    pub(super) fn columns(&self) -> Vec<&str> {
        let fields = [self.layout.id, self.layout.page, self.layout.text];
        fields.into_iter().flatten().map(|path| path.trim_start_matches('/')).collect()
    }
}

/// JSON pointers; a plain name is a key as it stands, and a column in the one spelling of columns.
fn paths(places: &Places) -> Paths<'static> {
    let written = match places {
        Places::None => &[],
        Places::One(place) => std::slice::from_ref(place),
        Places::Many(places) => places.as_slice(),
    };
    let mut paths: Vec<&'static str> = Vec::new();
    for place in written {
        if place.starts_with('/') {
            paths.push(place.clone().leak());
        } else {
            paths.push(format!("/{}", place.replace('~', "~0").replace('/', "~1")).leak());
            paths.push(format!("/{}", column(place)).leak());
        }
    }
    paths.dedup();
    paths.leak()
}
