//! Labelled sets: JSON Lines, plain or zstd, one object a row.
//!
//! A row needs `id` (a string or a number); what else it has depends on the set. Sets that may not carry tweets' texts
//! name them by id, and the texts come from a corpus.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

/// One labelled item.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The item's name in its set; of tweets the tweet's id.
    pub id: Value,
    /// Its text; empty where it comes from a corpus.
    #[serde(default)]
    pub text: String,
    /// Who wrote it, without `@`.
    #[serde(default)]
    pub handle: String,
    /// Followers of the author.
    #[serde(default)]
    pub followers: Option<u64>,
    /// Every other field, such as `label`.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, Value>,
}

/// A labelled set that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelledError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no row.
    #[error("`{}` line {line} is no labelled row (a JSON object with `id`)", path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// The subject's words cannot be compiled.
    #[error(transparent)]
    Lexicon(#[from] corpus::LexiconError),
    /// A row lacks the field that the measure needs.
    #[error("row `{id}` has no `{field}`")]
    Field {
        /// The row.
        id: String,
        /// The field.
        field: String,
    },
}

impl Row {
    /// The id as text.
    pub fn name(&self) -> String {
        plain(&self.id)
    }

    /// A field as text; a list's items joined by spaces.
    ///
    /// # Errors
    /// When the row does not have it.
    pub fn field(&self, name: &str) -> Result<String, LabelledError> {
        let value = self.fields.get(name).filter(|value| !value.is_null());
        value.map(plain).ok_or_else(|| LabelledError::Field { id: self.name(), field: name.to_owned() })
    }

    /// The text with HTML entities decoded, as ingest would.
    pub fn clean_text(&self) -> String {
        html_escape::decode_html_entities(&self.text).into_owned()
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Reads a set.
///
/// # Errors
/// When the file cannot be read, or a line is no row.
pub fn read(path: &Path) -> Result<Vec<Row>, LabelledError> {
    let failed = |source| LabelledError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let packed = path.extension().is_some_and(|ending| ending == "zst");
    let bytes: Box<dyn Read> =
        if packed { Box::new(zstd::Decoder::new(file).map_err(failed)?) } else { Box::new(file) };
    let mut rows = Vec::new();
    for (number, line) in BufReader::new(bytes).lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line).map_err(|source| LabelledError::Row {
            path: path.to_owned(),
            line: number + 1,
            source,
        })?;
        rows.push(row);
    }
    Ok(rows)
}
