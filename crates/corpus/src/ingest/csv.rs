//! CSV with a header becomes one JSON object a row: its keys are the column names in one spelling (`Tweet ID` and
//! `tweet_id` are the same), its values strings, and lists where a cell is a list of JSON or of Python.

use std::{collections::VecDeque, io::BufRead};

use serde_json::{Map, Value};

use super::{
    cells::{Quotes, cells},
    cut::Piece,
    input::{Input, Line},
    python,
};

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

/// Rows as JSON records, each with the line where it begins. A quoted cell may go over several lines; one that does not
/// end costs its row, and not the rows that it seems to hold.
pub(super) struct Rows<R> {
    pub(super) input: Input<R>,
    /// Lines that were read for a cell that did not end.
    waiting: VecDeque<Line>,
    separator: u8,
    columns: Vec<String>,
    cap: usize,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header. `cap`: bytes that a row may have.
    pub(super) fn new(input: Input<R>, separator: u8, cap: usize) -> Self {
        let mut rows = Self { input, waiting: VecDeque::new(), separator, columns: Vec::new(), cap };
        let header = rows.line().and_then(|first| rows.whole(first.bytes).ok()).unwrap_or_default();
        rows.columns = cells(&header, separator).iter().map(|name| column(name)).collect();
        rows
    }

    fn line(&mut self) -> Option<Line> {
        let mut line = self.waiting.pop_front().or_else(|| self.input.line(self.cap))?;
        line.bytes.pop_if(|last| *last == b'\r');
        Some(line)
    }

    fn row(&mut self, first: Line) -> Piece {
        if self.input.failure.is_some() {
            // It came while this line was read, which therefore is not whole.
            return Piece::Cut;
        }
        if first.too_large {
            return Piece::TooLarge;
        }
        let bytes = match self.whole(first.bytes) {
            Ok(bytes) => bytes,
            Err(fault) => return fault,
        };
        let cells = cells(&bytes, self.separator);
        if cells.len() != self.columns.len() {
            return Piece::Broken(format!("{} cells, the header has {}", cells.len(), self.columns.len()));
        }
        let mut row = Map::new();
        for (name, cell) in self.columns.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty()) {
            row.entry(name).or_insert_with(|| value(cell));
        }
        Piece::Record(Value::Object(row).to_string().into_bytes())
    }

    /// The row that a line begins, with as many lines more as its quotes ask for.
    fn whole(&mut self, first: Vec<u8>) -> Result<Vec<u8>, Piece> {
        let mut quotes = Quotes::default().scan(&first, self.separator);
        let (mut bytes, mut more) = (first, Vec::new());
        while quotes.is_open() {
            let Some(line) = self.line() else { return Err(self.give_back(more)) };
            quotes = quotes.scan(b"\n", self.separator).scan(&line.bytes, self.separator);
            bytes.push(b'\n');
            bytes.extend_from_slice(&line.bytes);
            let ends_here = line.too_large || bytes.len() > self.cap || quotes.loose;
            more.push(line);
            if ends_here {
                return Err(self.give_back(more));
            }
        }
        Ok(bytes)
    }

    /// What was read in vain, from the first line on that is a row or begins one.
    fn give_back(&mut self, lines: Vec<Line>) -> Piece {
        if self.input.failure.is_some() {
            return Piece::Cut;
        }
        let begins = lines.iter().position(|line| line.too_large || self.begins_row(&line.bytes));
        let lost = begins.unwrap_or(lines.len());
        lines.into_iter().skip(lost).rev().for_each(|line| self.waiting.push_front(line));
        Piece::Broken("a quoted cell that does not end".into())
    }

    fn begins_row(&self, line: &[u8]) -> bool {
        let quotes = Quotes::default().scan(line, self.separator);
        let (count, wanted) = (cells(line, self.separator).len(), self.columns.len());
        let goes_on = quotes.is_open() && (2..wanted).contains(&count);
        !quotes.loose && (count == wanted || goes_on)
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = (u64, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.line()?;
            if line.too_large || !line.bytes.is_empty() {
                return Some((line.number, self.row(line)));
            }
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
        Rows::new(Input::new(text.as_bytes()), b',', 100).map(show).collect()
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

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &str)]) {
        let found = rows(text);
        let found: Vec<_> = found.iter().map(|(line, row)| (*line, row.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn quotes_are_read_as_they_are_meant() {
        check("a,b\r\n\r\n1,\"x\r\ny\"\r\n", &[(3, r#"{"a":"1","b":"x\ny"}"#)]);
        check("a,b\n1,5\" screen\n", &[(2, r#"{"a":"1","b":"5\" screen"}"#)]);
        check("a,b\n1,\"x\" y\n", &[(2, r#"{"a":"1","b":"x y"}"#)]);
        check("a,b\n\"\",\"\"\"\"\n", &[(2, r#"{"b":"\""}"#)]);
        check("\"a\n\",a\n1,2\n", &[(3, r#"{"a":"1"}"#)]);
    }

    #[test]
    fn a_cell_that_does_not_end_costs_its_row() {
        let bad = r#"Broken("a quoted cell that does not end")"#;
        let good = r#"{"a":"2","b":"y"}"#;
        check("a,b\n1,\"x\n2,y\n", &[(2, bad), (3, good)]);
        check("a,b\n1,\"x\n2,\"y\"\n", &[(2, bad), (3, good)]);
        check("a,b\n1,\"x\nmore\n2,y\n3,\"z\n", &[(2, bad), (4, good), (5, bad)]);
        let long = "x,\n".repeat(60);
        check(
            &format!("a,b\n1,\"{long}2,y\n"),
            &[(2, bad)]
                .into_iter()
                .chain((3..62).map(|line| (line, r#"{"a":"x"}"#)))
                .chain([(62, good)])
                .collect::<Vec<_>>(),
        );
        check(&format!("a,b\n1,{}\n2,y\n", "x".repeat(100)), &[(2, "TooLarge"), (3, good)]);
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
