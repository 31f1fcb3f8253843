//! **suggest**: proposes a mapping for a file whose shape nobody knows, from names and values of its first records. Names
//! alone prove nothing: a field is proposed only where the values can be what the name says.

mod choose;
mod columns;
mod dating;
mod formats;
mod names;
mod rules;
mod sample;
mod values;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, io};

use serde::Serialize;

use self::{
    choose::{Pick, mapping, picks, table},
    dating::{dating, remarks},
    rules::RULES,
    sample::Sample,
};
use super::{Format, Input, Mapping, Settings};

/// Lines before the data that are tried to be skipped.
const MOST_SKIPPED: u64 = 5;

/// What to do about a file.
#[derive(Debug)]
pub enum Suggested {
    /// It needs no mapping: so many of the sample's records are tweets of these shapes.
    Known(BTreeMap<Format, u64>),
    /// It may be read with this one.
    Mapping(Box<Suggestion>),
}

/// A mapping with what speaks for it.
#[derive(Debug, Serialize)]
pub struct Suggestion {
    /// Compiles; `files` is left empty.
    pub mapping: Mapping,
    /// The fields that were found, in the order of the mapping's keys.
    pub found: Vec<Evidence>,
    /// Keys of fields that were not found.
    pub missing: Vec<&'static str>,
    /// What the user should look at, a sentence each.
    pub remarks: Vec<String>,
    /// How many records the sample has.
    pub records: u64,
    /// How many of them become tweets.
    pub tweets: u64,
    /// Why the first of the others does not.
    pub refusal: Option<String>,
}

/// A field with a value of the sample.
#[derive(Debug, Serialize)]
pub struct Evidence {
    /// The mapping's key.
    pub field: &'static str,
    /// What stands there in the first record that has anything.
    pub sample: String,
    /// How many of the records have something there, 0 to 1.
    pub coverage: f64,
}

/// Why there is no suggestion.
#[derive(Debug, thiserror::Error)]
pub enum SuggestError {
    /// The file cannot be opened.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// Neither JSON nor CSV with a header.
    #[error("no records in it: it is neither JSON nor CSV with a header")]
    NoRecords,
    /// What should be the header of CSV is data.
    #[error(
        "its first line is no header: a column would be called `{0}`. Put one in front that names the columns"
    )]
    NoHeader(String),
    /// Its records have no such field.
    #[error("nothing in it looks like tweets: no field holds {what}. Fields of its records: {fields}")]
    NoTweets {
        /// What was looked for in vain.
        what: &'static str,
        /// The names of some fields.
        fields: String,
    },
}

/// Looks at the beginning of a file. A file of a known shape gets a mapping only when `even_if_known`.
///
/// # Errors
/// A file that cannot be opened, or has nothing that looks like tweets.
pub fn suggest(
    mut input: Input,
    settings: &Settings,
    even_if_known: bool,
) -> Result<Suggested, SuggestError> {
    let mut failure = SuggestError::NoRecords;
    for skipped in 0..MOST_SKIPPED {
        let sample = Sample::take(&mut input, settings, skipped)?;
        let read = sample.read(None);
        if read.tweets * 2 >= read.records.max(1) && !even_if_known {
            return Ok(Suggested::Known(read.formats));
        }
        match propose(&sample, skipped) {
            Ok(suggestion) => return Ok(Suggested::Mapping(Box::new(suggestion))),
            Err(error) if skipped == 0 => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn propose(sample: &Sample, skipped: u64) -> Result<Suggestion, SuggestError> {
    let table = table(sample.lists()).ok_or(SuggestError::NoRecords)?;
    if let Some(name) = table.known.iter().map(|known| known.column.place()).find(|name| is_value(name)) {
        return Err(SuggestError::NoHeader(name));
    }
    let picks = picks(&table.known);
    if !table.is_viable() {
        return Err(no_tweets(&picks, &table.known));
    }
    let mut mapping = mapping(&picks);
    mapping.records.clone_from(&table.path);
    mapping.skip_lines = skipped + sample.head;
    let dating = dating(&picks, &table.known);
    mapping.date_format.clone_from(&dating.format);
    mapping.utc_offset.clone_from(&dating.offset);
    let remarks = remarks(&picks, dating);
    // What lacks an id or a text has been refused above.
    let mapped = mapping.compile().map_err(|_| SuggestError::NoRecords)?;
    let read = sample.read(Some(&mapped));
    let is_found = |field: &str| picks.iter().any(|pick| pick.rule.field == field);
    let missing = RULES.iter().map(|rule| rule.field).filter(|field| !is_found(field)).collect();
    Ok(Suggestion {
        mapping,
        found: picks.iter().map(evidence).collect(),
        missing,
        remarks,
        records: read.records,
        tweets: read.tweets,
        refusal: read.refusal,
    })
}

/// Nobody calls a column like an id.
fn is_value(name: &str) -> bool {
    (15..=19).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn evidence(pick: &Pick<'_, '_>) -> Evidence {
    let column = pick.columns.first().map(|known| &known.column);
    Evidence {
        field: pick.rule.field,
        sample: column.map(columns::Column::sample).unwrap_or_default(),
        coverage: column.map(columns::Column::coverage).unwrap_or_default(),
    }
}

fn no_tweets(picks: &[Pick<'_, '_>], known: &[values::Known<'_>]) -> SuggestError {
    let has = |field: &str| picks.iter().any(|pick| pick.rule.field == field);
    let what = match (has("id") || has("page"), has("text")) {
        (false, false) => "an id of 15 to 19 digits or a link to a tweet, nor a text",
        (false, true) => "an id of 15 to 19 digits or a link to a tweet",
        _ => "a text",
    };
    let fields: Vec<String> =
        known.iter().take(20).map(|known| format!("`{}`", known.column.place())).collect();
    SuggestError::NoTweets { what, fields: fields.join(", ") }
}
