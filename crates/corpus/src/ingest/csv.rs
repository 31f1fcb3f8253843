//! CSV with a header becomes one JSON object a row: its keys are the column names in one spelling (`Tweet ID` and
//! `tweet_id` are the same), its values strings, and lists where a cell is a list of JSON or of Python.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::{cut::Piece, python};

/// Separators that are tried.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Columns of which a header has to have at least two, in one spelling.
const USUAL: [&str; 28] = [
    "id",
    "id_str",
    "tweet_id",
    "tweetid",
    "status_id",
    "text",
    "full_text",
    "tweet",
    "tweet_text",
    "content",
    "created_at",
    "date",
    "timestamp",
    "time",
    "username",
    "user_name",
    "screen_name",
    "author",
    "handle",
    "url",
    "permalink",
    "tweet_url",
    "tweet_permalink",
    "tweet_link",
    "status_url",
    "post_id",
    "post_text",
    "post_link",
];

/// A column name in one spelling: lower case, `_` for everything but letters and digits.
pub(super) fn column(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '"').chars().map(plain).collect()
}

/// The separator of a file that begins with `line`, if that is a header of CSV; `wanted` are columns of a mapping.
pub(super) fn separator(line: &str, wanted: &[&str]) -> Option<u8> {
    let known = |separator: &u8| {
        let columns: Vec<String> = line.split(char::from(*separator)).map(column).collect();
        let usual = columns.iter().filter(|name| USUAL.contains(&name.as_str())).count();
        usual >= 2 || columns.iter().any(|name| wanted.contains(&name.as_str()))
    };
    SEPARATORS.into_iter().find(known)
}

/// The separator of a file that begins with these lines, if it may be CSV at all: the commonest one of the header, when
/// the next line has it too. For files that a mapping is for.
pub(super) fn likely_separator(lines: &str) -> Option<u8> {
    let mut lines = lines.lines().filter(|line| !line.trim().is_empty());
    let (header, row) = (lines.next()?, lines.next());
    let count = |line: &str, separator: u8| line.bytes().filter(|&byte| byte == separator).count();
    let in_row =
        |&separator: &u8| row.is_none_or(|row| !row.starts_with(['{', '[']) && count(row, separator) > 0);
    let found =
        SEPARATORS.into_iter().filter(in_row).rev().max_by_key(|&separator| count(header, separator))?;
    (count(header, found) > 0).then_some(found)
}

/// Rows as JSON records, each with the line where it begins.
pub(super) struct Rows<R> {
    reader: csv::Reader<R>,
    columns: Vec<String>,
    first_line: u64,
    record: StringRecord,
    cap: usize,
}

impl<R: Read> Rows<R> {
    /// Reads the header; `line` is its place in the file.
    pub(super) fn new(reader: R, separator: u8, line: u64, cap: usize) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(reader);
        let columns = reader.headers().map(|header| header.iter().map(column).collect()).unwrap_or_default();
        Self { reader, columns, first_line: line, record: StringRecord::new(), cap }
    }

    fn row(&self) -> Piece {
        if self.record.len() != self.columns.len() {
            let fault = format!("{} cells, the header has {}", self.record.len(), self.columns.len());
            return Piece::Broken(fault);
        }
        let fields = self.columns.iter().zip(&self.record).filter(|(_, cell)| !cell.is_empty());
        let row: Map<String, Value> = fields.map(|(name, cell)| (name.clone(), value(cell))).collect();
        Piece::Record(Value::Object(row).to_string().into_bytes())
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = (u64, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.first_line + self.reader.position().line() - 1;
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let begins = self.record.position().map_or(line, |place| self.first_line + place.line() - 1);
                let size = self.record.as_slice().len();
                Some((begins, if size > self.cap { Piece::TooLarge } else { self.row() }))
            }
            Err(fault) => Some((line, Piece::Broken(fault.to_string()))),
        }
    }
}

/// A cell: text, or the list that it spells. A list of numbers alone is what somebody wrote, such as `[1]`.
fn value(cell: &str) -> Value {
    let list = cell.starts_with('[') && cell.ends_with(']');
    let parsed = list.then(|| serde_json::from_str(cell).ok().or_else(|| python::literal(cell))).flatten();
    let is_list = |value: &Value| {
        value.as_array().is_some_and(|items| items.iter().all(|item| item.is_string() || item.is_object()))
    };
    parsed.filter(is_list).unwrap_or_else(|| cell.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, String)> {
        let show = |(line, piece)| match piece {
            Piece::Record(bytes) => (line, String::from_utf8(bytes).unwrap()),
            other => (line, format!("{other:?}")),
        };
        Rows::new(text.as_bytes(), b',', 1, 1000).map(show).collect()
    }

    #[test]
    fn rows_become_objects() {
        let text = "Tweet ID,Text,likes\n20,\"a, \"\"b\"\"\nc\",\n21,d,3\n22,e\n";
        let expected = [
            (2, "{\"tweet_id\":\"20\",\"text\":\"a, \\\"b\\\"\\nc\"}"),
            (4, "{\"tweet_id\":\"21\",\"text\":\"d\",\"likes\":\"3\"}"),
            (5, "Broken(\"2 cells, the header has 3\")"),
        ];
        assert_eq!(rows(text), expected.map(|(line, row)| (line, row.to_owned())));
    }

    #[test]
    fn cells_may_be_lists() {
        assert_eq!(value("['a', \"it's\", 'b\\'c']"), serde_json::json!(["a", "it's", "b'c"]));
        assert_eq!(value("[\"a\"]"), serde_json::json!(["a"]));
        assert_eq!(value("[]"), serde_json::json!([]));
        assert_eq!(value("[1]"), serde_json::json!("[1]"));
        assert_eq!(value("[sic] and [more]"), serde_json::json!("[sic] and [more]"));
    }

    #[test]
    fn a_header_is_known_by_its_columns() {
        assert_eq!(separator("id,created_at,text", &[]), Some(b','));
        assert_eq!(separator("\"Tweet ID\";\"Text\"", &[]), Some(b';'));
        assert_eq!(separator("编号\t正文", &["正文"]), Some(b'\t'));
        assert_eq!(separator("hello, world", &[]), None);
    }

    #[test]
    fn a_mapping_s_file_may_have_any_columns() {
        assert_eq!(likely_separator("编号;正文,全文;点赞\n1;\"a, b\";3"), Some(b';'));
        assert_eq!(likely_separator("a,b\n"), Some(b','));
        assert_eq!(likely_separator("# from 3, March\n{\"a\":1,\"b\":2}"), None);
        assert_eq!(likely_separator("My export\na,b"), None);
        assert_eq!(likely_separator(""), None);
    }
}
