//! Reads the JSON in a model's text by fixed repairs, and refuses to guess.
//!
//! Repaired: a byte order mark, `<think>` blocks, code fences and prose around the value, trailing commas, full-width
//! punctuation as structure, raw newlines in strings, `NaN`. Refused: anything cut off, two candidates, anything else.

mod parse;

use parse::{Parser, Start};
use serde_json::Value;

/// Why a text holds no usable JSON. The message suits a model that is asked again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No object and no list.
    #[error("no JSON object or list in the reply")]
    NoJson,
    /// The text ends inside the JSON, or inside the model's reasoning.
    #[error("the JSON is cut off")]
    CutOff,
    /// More than one candidate.
    #[error("the reply holds {count} JSON values, expected one")]
    Many {
        /// How many.
        count: usize,
    },
    /// Nested beyond what any schema of ours needs.
    #[error("the JSON is nested more than {limit} levels deep")]
    TooDeep {
        /// The levels allowed.
        limit: usize,
    },
    /// Broken beyond the fixed repairs.
    #[error("expected {expected} at character {at} of the reply")]
    Syntax {
        /// Counted in characters from 0, after reasoning and byte order mark are gone.
        at: usize,
        /// What would have been right there.
        expected: &'static str,
    },
}

/// The one JSON object in a text, or else its one list.
///
/// # Errors
/// A [`ReadError`] when there is none, more than one, or none without guessing.
pub fn read_json(text: &str) -> Result<Value, ReadError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        return Ok(value);
    }
    let mut parser = Parser::new(answer(text)?);
    let mut found = Vec::new();
    loop {
        match parser.next_value()? {
            Start::Value(value) => found.push(value),
            Start::Prose => {}
            Start::End => return only(found),
        }
    }
}

/// The text after the model's reasoning. A closing tag without its opener is common: the opener was part of the prompt.
fn answer(text: &str) -> Result<&str, ReadError> {
    let after = ["</think>", "</thinking>"].iter().filter_map(|tag| Some(text.rsplit_once(tag)?.1));
    match after.min_by_key(|rest| rest.len()) {
        Some(rest) => Ok(rest),
        None if text.starts_with("<think") => Err(ReadError::CutOff),
        None => Ok(text),
    }
}

/// An object wins over lists, which prose makes too (`[1]`); two of a kind are two answers.
fn only(found: Vec<Value>) -> Result<Value, ReadError> {
    let (mut objects, mut lists): (Vec<_>, Vec<_>) = found.into_iter().partition(Value::is_object);
    let candidates = if objects.is_empty() { &mut lists } else { &mut objects };
    match candidates.len() {
        0 => Err(ReadError::NoJson),
        1 => candidates.pop().ok_or(ReadError::NoJson),
        count => Err(ReadError::Many { count }),
    }
}
