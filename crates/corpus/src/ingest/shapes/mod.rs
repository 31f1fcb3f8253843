//! Which shape a value has, decided per record: one file may mix them. Pages of any form are opened, notices are told
//! apart, and what has no shape is refused, never lost.

mod api_v2;
mod collectors;
mod includes;
pub(super) mod layout;
mod normalised;
mod platform;
mod recognise;
mod relation;
mod scrapers;

#[cfg(test)]
mod tests;

use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use self::{
    includes::Includes,
    layout::Owner,
    recognise::{Shape, is_furniture, is_notice, is_user, shape},
};
use super::{
    Format, RejectReason,
    archive::Archive,
    fields::{Refusal, first, text, text_at},
    index::{Fields, Indexed},
    json::{Json, shown},
    mapping::Mapped,
};
use crate::{Source, Tweet};

/// What became of one record.
pub(super) enum Outcome {
    Tweet(Format, Box<Tweet>),
    Notice,
    Refused(Refusal),
}

impl Outcome {
    fn mark_as_paid(&mut self) {
        if let Self::Tweet(_, tweet) = self {
            tweet.promoted = Some(true);
        }
    }
}

/// What is known of a file beside its bytes.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) source: &'a Source,
    /// The user's mapping for this file; with it no other shape is tried.
    pub(super) mapping: Option<&'a Mapped>,
    /// The personal archive that the file is part of.
    pub(super) archive: Option<&'a Archive>,
}

/// Reads every record of a value: of a page many, else one. The flag says whether the value was a page.
pub(super) fn read(value: &Json, about: About<'_>) -> (Vec<Outcome>, bool) {
    let mut reader = Reader { about, found: Vec::new() };
    let is_page = reader.value(value, about.archive.map(Archive::owner).unwrap_or_default());
    let is_empty = value.as_array().is_some_and(sonic_rs::Array::is_empty);
    if reader.found.is_empty() && !is_empty {
        reader.found.push(if is_user(value) { Outcome::Notice } else { unknown(value) });
    }
    (reader.found, is_page)
}

struct Reader<'a> {
    about: About<'a>,
    found: Vec<Outcome>,
}

impl Reader<'_> {
    /// Takes a record, or opens a page: whether it was one.
    fn value(&mut self, value: &Json, owner: Owner<'_>) -> bool {
        if let Some(mapping) = self.about.mapping {
            return self.mapped(value, mapping, owner);
        }
        if let Some(items) = value.as_array() {
            self.items(items, owner);
            return true;
        }
        if !value.is_object() {
            return false;
        }
        let record = Indexed::of(value);
        if let Some(shape) = shape(&record) {
            self.record(&record, &shape, owner);
            return false;
        }
        self.page(&record, owner)
    }

    /// The records that the user's mapping points to: nothing else is tried.
    fn mapped(&mut self, value: &Json, mapping: &Mapped, owner: Owner<'_>) -> bool {
        let place = mapping.records.as_str();
        let Some(records) = mapping.listed(value) else {
            self.found.push(no_record(&format!("`{}` holds nothing", place.trim_start_matches('/')), value));
            return false;
        };
        let is_page = !place.is_empty() || value.is_array();
        let owner = if is_page { owner_of(value).unwrap_or(owner) } else { owner };
        if records.is_empty() {
            self.found.push(Outcome::Notice);
        }
        for record in records {
            match Indexed::of(record) {
                _ if !record.is_object() => self.found.push(no_record("a record is no object", record)),
                Indexed { twice: Some(key), .. } => self.found.push(twice(key)),
                record => self.push(Format::Mapped, mapping.layout.read(&record, owner, self.about.source)),
            }
        }
        is_page
    }

    fn record(&mut self, record: &Indexed<'_>, shape: &Shape, owner: Owner<'_>) {
        let source = self.about.source;
        if let Some(key) = record.twice {
            return self.found.push(twice(key));
        }
        let tweet = match shape {
            Shape::Normalised => normalised::normalise(record, source),
            Shape::ApiV2 => api_v2::normalise(record.value, &Includes::default(), source),
            Shape::Archived => {
                let inner = Indexed::of(record.field("tweet").unwrap_or(record.value));
                let tweet = recognise::ARCHIVED.read(&inner, owner, source);
                tweet.map(|tweet| match self.about.archive {
                    Some(archive) => archive.complete(tweet),
                    None => tweet,
                })
            }
            Shape::Laid(_, layout) => layout.read(record, owner, source),
        };
        self.push(shape.format(), tweet);
    }

    fn page(&mut self, page: &Indexed<'_>, owner: Owner<'_>) -> bool {
        let before = self.found.len();
        if let Some(result) = first(page, &RESULTS) {
            self.result(result, owner);
        } else if !self.v2_page(page.value) {
            self.children(page.value, owner);
            // A page may tell of faults beside its records.
            let is_record = |outcome: &Outcome| !matches!(outcome, Outcome::Notice);
            if is_notice(page) && !self.found.iter().skip(before).any(is_record) {
                self.found.truncate(before);
                self.found.push(Outcome::Notice);
                return false;
            }
        }
        if is_paid(page) {
            self.found.iter_mut().skip(before).for_each(Outcome::mark_as_paid);
        }
        true
    }

    /// Looks for lists of records, however deep; what is an object by itself in a page is no notice.
    fn children(&mut self, page: &Json, owner: Owner<'_>) {
        let owner = owner_of(page).unwrap_or(owner);
        for (_, child) in page.as_object().into_iter().flat_map(|object| object.iter()) {
            if child.is_object() && shape(&Indexed::of(child)).is_none() && first(child, &RESULTS).is_none() {
                self.children(child, owner);
            } else {
                self.value(child, owner);
            }
        }
    }

    /// GraphQL's box around a tweet. A tweet that cannot be shown leaves an empty one.
    fn result(&mut self, wrapped: &Json, owner: Owner<'_>) {
        let tweet = first(wrapped, &["/result/tweet", "/result"]).map(Indexed::of);
        let shape = tweet.as_ref().and_then(shape);
        let (Some(tweet), Some(shape)) = (tweet, shape) else {
            self.found.push(Outcome::Notice);
            return;
        };
        self.record(&tweet, &shape, owner);
    }

    fn v2_page(&mut self, page: &Json) -> bool {
        let Some(data) = page.get("data") else { return false };
        let items = match data.as_array() {
            Some(items) => items.as_slice(),
            None if data.get("id").is_some() => std::slice::from_ref(data),
            None => return false,
        };
        let includes = Includes::of(page);
        if items.is_empty() {
            self.found.push(Outcome::Notice);
        }
        for item in items {
            match item.get("id") {
                Some(_) => self.push(Format::ApiV2, api_v2::normalise(item, &includes, self.about.source)),
                None => self.found.push(unknown(item)),
            }
        }
        true
    }

    /// Beside records, what is none has no shape; in a list without any it is no list of records.
    fn items(&mut self, items: &[Json], owner: Owner<'_>) {
        let before = self.found.len();
        let mut strays = Vec::new();
        for item in items {
            let here = self.found.len();
            self.value(item, owner);
            if self.found.len() == here && !is_furniture(&Indexed::of(item)) {
                strays.push(item);
            }
        }
        if self.found.len() > before {
            self.found.extend(strays.into_iter().map(unknown));
        }
    }

    fn push(&mut self, format: Format, tweet: Result<Tweet, Refusal>) {
        self.found.push(match tweet {
            Ok(tweet) => Outcome::Tweet(format, Box::new(tweet)),
            Err(refusal) => Outcome::Refused(refusal),
        });
    }
}

/// Whether an entry of a timeline is there because somebody paid for it.
fn is_paid(entry: &Indexed<'_>) -> bool {
    first(entry, &["/promotedMetadata"]).is_some()
        || text(entry, "/entryId").is_some_and(|id| id.starts_with("promoted"))
}

/// GraphQL's boxes around a tweet.
const RESULTS: [&str; 2] = ["/tweet_results", "/tweetResult"];

/// Whose tweets a page lists, where it says so beside the list.
fn owner_of(page: &Json) -> Option<Owner<'_>> {
    const HANDLES: [&str; 7] = [
        "/handle",
        "/profile/username",
        "/account/0/account/username",
        "/account/username",
        "/user/screen_name",
        "/user/username",
        "/username",
    ];
    const NAMES: [&str; 6] = [
        "/name",
        "/profile/displayName",
        "/profile/name",
        "/account/0/account/accountDisplayName",
        "/account/accountDisplayName",
        "/user/name",
    ];
    text_at(page, &HANDLES).map(|handle| Owner { handle: Some(handle), name: text_at(page, &NAMES) })
}

fn twice(key: &str) -> Outcome {
    let detail = format!("`{key}` stands more than once");
    Outcome::Refused(Refusal::new(RejectReason::DuplicateKey, detail))
}

fn unknown(value: &Json) -> Outcome {
    no_record("no known shape", value)
}

/// A refusal that shows the keys of an object, else the value.
fn no_record(fault: &str, value: &Json) -> Outcome {
    let found = match value.as_object() {
        Some(fields) => fields.iter().take(12).map(|(key, _)| key).collect::<Vec<_>>().join(", "),
        None => shown(value),
    };
    Outcome::Refused(Refusal::new(RejectReason::UnknownShape, format!("{fault}: {found}")))
}
