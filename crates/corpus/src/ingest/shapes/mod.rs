//! Which shape a value has, decided per record: one file may mix them. Pages of any form are opened, notices are told
//! apart, and what has no shape is refused, never lost.

mod api_v2;
mod collectors;
mod includes;
pub(super) mod layout;
mod normalised;
mod platform;
mod recognise;
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
    fields::{Refusal, first, pointer, text_at},
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
    let is_empty = value.as_array().is_some_and(|items| items.is_empty());
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
        let listed = pointer(value, &mapping.records).and_then(Json::as_array);
        let records = listed.map_or(std::slice::from_ref(value), |list| list.as_slice());
        for record in records.iter().filter(JsonValueTrait::is_object) {
            self.push(Format::Mapped, mapping.layout.read(&Indexed::of(record), owner, self.about.source));
        }
        listed.is_some()
    }

    fn record(&mut self, record: &Indexed<'_>, shape: &Shape, owner: Owner<'_>) {
        let source = self.about.source;
        if let Some(key) = record.twice {
            let detail = format!("`{key}` stands more than once");
            return self.found.push(Outcome::Refused(Refusal::new(RejectReason::DuplicateKey, detail)));
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
        if let Some(result) = first(page, &RESULTS) {
            self.result(page, result, owner);
            return true;
        }
        if self.v2_page(page.value) {
            return true;
        }
        if is_notice(page) {
            self.found.push(Outcome::Notice);
            return false;
        }
        self.children(page.value, owner);
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
    fn result(&mut self, item: &Indexed<'_>, wrapped: &Json, owner: Owner<'_>) {
        let tweet = first(wrapped, &["/result/tweet", "/result"]).map(Indexed::of);
        let shape = tweet.as_ref().and_then(shape);
        let (Some(tweet), Some(shape)) = (tweet, shape) else {
            self.found.push(Outcome::Notice);
            return;
        };
        self.record(&tweet, &shape, owner);
        let is_paid = first(item, &["/promotedMetadata"]).is_some();
        if let Some(Outcome::Tweet(_, tweet)) = self.found.last_mut().filter(|_| is_paid) {
            tweet.promoted = Some(true);
        }
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

fn unknown(value: &Json) -> Outcome {
    let found = match value.as_object() {
        Some(fields) => fields.iter().take(12).map(|(key, _)| key).collect::<Vec<_>>().join(", "),
        None => shown(value),
    };
    Outcome::Refused(Refusal::new(RejectReason::UnknownShape, format!("no known shape: {found}")))
}
