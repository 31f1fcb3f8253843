//! Links, hashtags, cashtags and mentions in a text, for sources that do not list them.
//!
//! The rules are those of twitter-text 3.1 (<https://github.com/twitter/twitter-text>, Apache-2.0), scanned by hand because
//! they look around what they match; its conformance suite passes in full. Where Chinese is written without spaces,
//! and where a cut name would be another's, we differ on purpose, in cases on which the suite is silent:
//!
//! - Chinese punctuation ends a host (`https://example.org，见`), and a bare host is looked for in Latin letters only.
//! - A cashtag may touch Chinese and stand in brackets (`看好$AAPL。`); elsewhere a space must come before it.
//! - A mention longer than 20 characters is none, instead of its first 20.

mod domain;
mod link;
mod tag;
mod tail;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// What [`extract`] finds, each without its mark, in the order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Only links that are written with `http://` or `https://`: to a bare `example.org` we do not add a scheme.
    pub(super) urls: Vec<String>,
    pub(super) hashtags: Vec<String>,
    /// Upper case.
    pub(super) cashtags: Vec<String>,
    /// Lists (`@name/list`) are no mentions.
    pub(super) mentions: Vec<String>,
}

/// Looks through a clean text.
pub(super) fn extract(text: &str) -> Found {
    let mut found = Found::default();
    for entity in find(text) {
        let name = entity.name(text);
        match entity.kind {
            Kind::Link => found.urls.push(name.to_owned()),
            Kind::Hashtag => found.hashtags.push(name.to_owned()),
            Kind::Cashtag => found.cashtags.push(name.to_ascii_uppercase()),
            Kind::Mention => found.mentions.push(name.to_owned()),
            Kind::BareLink | Kind::List => {}
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With its scheme.
    Link,
    /// `example.org/path`; it still keeps tags from being found inside.
    BareLink,
    Hashtag,
    Cashtag,
    Mention,
    /// `@name/list`.
    List,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entity {
    kind: Kind,
    /// In bytes, with the mark.
    range: Range<usize>,
}

impl Entity {
    /// As written, without the mark.
    fn name<'a>(&self, text: &'a str) -> &'a str {
        let written = text.get(self.range.clone()).unwrap_or_default();
        match self.kind {
            Kind::Link | Kind::BareLink => written,
            _ => written.trim_start_matches(['#', '＃', '$', '@', '＠']),
        }
    }
}

/// All entities in the order of the text; of two that overlap, the first.
fn find(text: &str) -> Vec<Entity> {
    let mut entities = link::find(text);
    entities.extend(tag::find(text));
    entities.sort_by_key(|entity| entity.range.start);
    let mut taken = 0;
    entities.retain(|entity| {
        let free = entity.range.start >= taken;
        taken = if free { entity.range.end } else { taken };
        free
    });
    entities
}

/// Where a text has what is no word of it, each with its mark, in order; cashtags are words.
pub(crate) fn places_of_entities(text: &str) -> Vec<(Range<usize>, Place)> {
    let place = |entity: Entity| match entity.kind {
        Kind::Link | Kind::Hashtag | Kind::Mention | Kind::List => Some((entity.range, Place::NoWord)),
        Kind::BareLink => Some((entity.range, Place::Address)),
        Kind::Cashtag => None,
    };
    find(text).into_iter().filter_map(place).collect()
}

/// What stands at a place of a text that is no plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A link, a hashtag, a handle.
    NoWord,
    /// `example.org/path`, which may also be a name, such as `Z.ai`.
    Address,
}

/// The text before and after a place.
fn around(text: &str, place: usize) -> (&str, &str) {
    text.split_at_checked(place).unwrap_or((text, ""))
}

/// How many bytes at the start belong.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The accented letters that twitter-text counts as Latin.
fn is_accented_latin(c: char) -> bool {
    let letter = matches!(c, '\u{c0}'..='\u{24f}' if !matches!(c, '×' | '÷'));
    let phonetic = matches!(
        c,
        '\u{253}'
            | '\u{254}'
            | '\u{256}'
            | '\u{257}'
            | '\u{259}'
            | '\u{25b}'
            | '\u{263}'
            | '\u{268}'
            | '\u{26f}'
            | '\u{272}'
            | '\u{289}'
            | '\u{28b}'
            | '\u{2bb}'
    );
    letter || phonetic || matches!(c, '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
}
