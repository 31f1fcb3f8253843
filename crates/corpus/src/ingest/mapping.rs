//! A shape that the user describes in the configuration: where each field stands, as JSON pointers or column names.

use chrono::format::{Item, StrftimeItems};
use serde::{Deserialize, Serialize};
use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::{
    csv::column,
    dates::Dates,
    fields::pointer,
    json::Json,
    shapes::layout::{Layout, Lists, Paths},
};

/// The places of a field, of which the first that leads to something wins; written `"/id"` or `["/id_str", "/id"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Written", into = "Written")]
pub struct Places(pub Vec<String>);

#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "a place such as \"/user/name\", or a list of places, was expected")]
enum Written {
    One(String),
    Many(Vec<String>),
}

impl From<Written> for Places {
    fn from(written: Written) -> Self {
        let places = match written {
            Written::One(place) => vec![place],
            Written::Many(places) => places,
        };
        Self(places.into_iter().filter(|place| !place.is_empty()).collect())
    }
}

impl From<Places> for Written {
    fn from(Places(mut places): Places) -> Self {
        match places.len() {
            1 => Self::One(places.swap_remove(0)),
            _ => Self::Many(places),
        }
    }
}

impl Places {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A mapping as written. A place that begins with `/` is a JSON pointer (RFC 6901) into the record, any other one a
/// key of the record or a column of a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each field is the field of a tweet that it names")]
pub struct Mapping {
    /// Globs of the files that it is for.
    pub files: Vec<String>,
    /// JSON pointer to the list of records in each value of the file, in which `*` stands for every element; empty where
    /// a value is a record. The values of a file that is one list are the elements of that list.
    pub records: String,
    /// Lines before the data.
    pub skip_lines: u64,
    /// How dates are written, in chrono's letters, such as `%d/%m/%Y %H:%M`. Empty: the usual ways (ISO 8601, RFC 2822,
    /// Twitter's own, seconds or milliseconds since 1970).
    pub date_format: String,
    /// The zone of dates that name none, such as `+08:00`. Empty: UTC.
    pub utc_offset: String,
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
    #[error("`records = \"{0}\"` is no JSON pointer: one begins with `/`")]
    NoPointer(String),
    /// `date_format` has letters that mean nothing.
    #[error("`date_format = \"{0}\"` is no format of dates: it is written as in `%d/%m/%Y %H:%M`")]
    NoFormat(String),
    /// `utc_offset` is none.
    #[error("`utc_offset = \"{0}\"` is no offset: it is written as in `+08:00`")]
    NoOffset(String),
}

impl Mapping {
    /// Checks a mapping and makes it ready. What it points to stays in memory for the rest of the program, as the
    /// configuration does.
    ///
    /// # Errors
    /// A mapping that cannot make a tweet.
    pub fn compile(&self) -> Result<Mapped, MappingError> {
        if self.id.is_empty() && self.page.is_empty() {
            return Err(MappingError::NoId);
        }
        if self.text.is_empty() {
            return Err(MappingError::NoText);
        }
        if !self.records.is_empty() && !self.records.starts_with('/') {
            return Err(MappingError::NoPointer(self.records.clone()));
        }
        let layout = Layout { dates: self.dates()?, ..self.layout() };
        Ok(Mapped { layout, records: self.records.clone(), skip_lines: self.skip_lines })
    }

    fn dates(&self) -> Result<Dates<'static>, MappingError> {
        if StrftimeItems::new(&self.date_format).any(|item| item == Item::Error) {
            return Err(MappingError::NoFormat(self.date_format.clone()));
        }
        let offset = match self.utc_offset.as_str() {
            "" => None,
            offset => Some(offset.parse().map_err(|_| MappingError::NoOffset(offset.to_owned()))?),
        };
        let format = Some(&*self.date_format.clone().leak()).filter(|format| !format.is_empty());
        Ok(Dates { format, offset })
    }

    fn layout(&self) -> Layout<'static> {
        let list = |places: &Places, item: Paths<'static>| Lists { at: paths(places), item, ..Lists::NONE };
        let media: &'static [Lists<'static>] =
            Box::leak(Box::new([list(&self.media, &["/media_url_https", "/url", "/fullUrl"])]));
        Layout {
            id: paths(&self.id),
            page: paths(&self.page),
            created_at: paths(&self.created_at),
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
    /// Points to no field yet: a file is cut by it as by any other mapping.
    pub(super) fn blank(skip_lines: u64) -> Self {
        Self { layout: Layout::EMPTY, records: String::new(), skip_lines }
    }

    /// Columns that a header of CSV may have for this mapping, in one spelling.
    pub(super) fn columns(&self) -> Vec<&str> {
        let fields = [self.layout.id, self.layout.page, self.layout.text];
        fields.into_iter().flatten().map(|path| path.trim_start_matches('/')).collect()
    }

    /// The records of a value; `None` where there is nothing at `records`.
    pub(super) fn listed<'a>(&self, value: &'a Json) -> Option<Vec<&'a Json>> {
        records_at(value, &self.records)
    }
}

/// The elements of the lists at a pointer in which `*` stands for every element; what is no list stands for itself.
pub(super) fn records_at<'a>(value: &'a Json, path: &str) -> Option<Vec<&'a Json>> {
    let mut nodes = vec![value];
    for key in path.split('/').skip(1) {
        nodes = match key {
            "*" => nodes.into_iter().flat_map(children).collect(),
            key => nodes.into_iter().filter_map(|node| pointer(node, &format!("/{key}"))).collect(),
        };
    }
    nodes.retain(|node| !node.is_null());
    let elements = |node: &'a Json| node.as_array().map_or_else(|| vec![node], |list| list.iter().collect());
    (!nodes.is_empty()).then(|| nodes.into_iter().flat_map(elements).collect())
}

/// The elements of a list, the values of an object.
fn children(node: &Json) -> Vec<&Json> {
    match (node.as_array(), node.as_object()) {
        (Some(list), _) => list.iter().collect(),
        (_, Some(fields)) => fields.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

/// JSON pointers; a plain name is a key as it stands, and a column in the one spelling of columns.
fn paths(places: &Places) -> Paths<'static> {
    let mut paths: Vec<&'static str> = Vec::new();
    for place in &places.0 {
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

#[cfg(test)]
mod tests;
