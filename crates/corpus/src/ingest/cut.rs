//! Cuts JSON into pieces that hold one value each, or a line that should: elements of an array, lines of JSONL, values
//! that go over several lines. Decided by content; a broken piece costs its neighbours nothing.

use std::{collections::VecDeque, io::BufRead};

use super::{
    balance::Balance,
    element::{Element, End},
    input::{Input, Line},
    json,
};

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Something to parse.
    Record(Vec<u8>),
    /// More bytes than a piece may have; they were skipped.
    TooLarge,
    /// The value does not end where it should; also an array that is never closed.
    Cut,
    /// What should be a record is none: a row of CSV with too few cells, UTF-16.
    Broken(String),
    /// Lawfully no tweet, and nothing to parse.
    Notice,
}

impl Piece {
    /// Bytes.
    pub(super) fn size(&self) -> usize {
        if let Self::Record(bytes) = self { bytes.len() } else { 0 }
    }
}

/// What one thread is given to parse.
pub(super) enum Batch {
    /// Lines of one value each; the number of the first one.
    Lines(u64, Vec<u8>),
    /// Pieces with their numbers.
    Pieces(Vec<(u64, Piece)>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Unknown,
    /// Inside `[…]`.
    Array,
    /// Lines, and nothing yet says that a value may not go over several of them ("pretty-printed").
    Spread,
    /// One value a line, as the first line is one.
    Lines,
    Done,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Lines(_, bytes) => bytes.is_empty(),
            Self::Pieces(pieces) => pieces.is_empty(),
        }
    }
}

/// Hands out pieces with their number: the line, in an array the place, both from 1.
pub(super) struct Pieces<R> {
    pub(super) input: Input<R>,
    cap: usize,
    layout: Layout,
    element: u64,
    /// Bytes of the next element that were read as the end of the one before it.
    begun: &'static [u8],
    waiting: VecDeque<(u64, Piece)>,
}

impl<R: BufRead> Pieces<R> {
    /// `cap`: bytes that a piece may have.
    pub(super) fn of(input: Input<R>, cap: usize) -> Self {
        Self { input, cap, layout: Layout::Unknown, element: 0, begun: b"", waiting: VecDeque::new() }
    }

    /// The next pieces, of together about `want` bytes; empty at the end.
    pub(super) fn batch(&mut self, want: usize) -> Batch {
        if self.layout == Layout::Lines && self.waiting.is_empty() {
            return match self.input.block(want, self.cap) {
                Some(block) if block.too_large => Batch::Pieces(vec![(block.number, Piece::TooLarge)]),
                Some(block) => Batch::Lines(block.number, block.bytes),
                None => Batch::Pieces(Vec::new()),
            };
        }
        let (mut pieces, mut size) = (Vec::new(), 0);
        while size < want {
            let Some((number, piece)) = self.next() else { break };
            size += piece.size();
            pieces.push((number, piece));
            if self.layout == Layout::Lines {
                break;
            }
        }
        Batch::Pieces(pieces)
    }

    /// Puts pieces back in front.
    pub(super) fn wait(&mut self, pieces: Vec<(u64, Piece)>) {
        self.waiting = pieces.into_iter().chain(self.waiting.drain(..)).collect();
    }

    /// Where the next piece would be: its line, in an array its place.
    pub(super) fn place(&self) -> u64 {
        if self.layout == Layout::Array { self.element + 1 } else { self.input.line }
    }

    fn guess(&mut self) -> Option<(u64, Piece)> {
        self.input.skip(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(&byte));
        match self.input.peek() {
            None => self.layout = Layout::Done,
            Some(b'[') => {
                self.input.advance(1);
                self.layout = Layout::Array;
            }
            Some(b'\xff' | b'\xfe') => {
                self.layout = Layout::Done;
                return Some((1, Piece::Broken("UTF-16 text, UTF-8 is needed".into())));
            }
            Some(_) => self.layout = Layout::Spread,
        }
        None
    }

    fn element(&mut self) -> Option<(u64, Piece)> {
        if self.begun.is_empty() {
            self.input.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        }
        match self.input.peek() {
            Some(_) if !self.begun.is_empty() => {
                self.element += 1;
                Some((self.element, self.value()))
            }
            None => {
                self.layout = Layout::Done;
                Some((self.element + 1, Piece::Cut))
            }
            Some(b']') => {
                self.input.advance(1);
                self.layout = Layout::Unknown;
                None
            }
            Some(_) => {
                self.element += 1;
                Some((self.element, self.value()))
            }
        }
    }

    fn value(&mut self) -> Piece {
        let (start, mut bytes) = (self.input.column, std::mem::take(&mut self.begun).to_vec());
        let mut element = Element::default();
        for byte in &bytes {
            element.step(*byte);
        }
        let mut size = bytes.len();
        loop {
            let ahead = self.input.ahead();
            if ahead.is_empty() {
                self.layout = Layout::Done;
                return Piece::Cut;
            }
            let (count, end) = element.end(ahead);
            size += count;
            if size <= self.cap {
                bytes.extend_from_slice(ahead.get(..count).unwrap_or_default());
            }
            self.input.advance(count);
            match end {
                Some(End::Whole | End::Next) => return self.whole(bytes, size),
                Some(End::Fused) if bytes.ends_with(b",{\"") => {
                    self.begun = b"{\"";
                    bytes.truncate(bytes.len() - self.begun.len());
                    return self.whole(bytes, size);
                }
                Some(End::Broken) => {
                    self.resume(start);
                    return self.whole(bytes, size);
                }
                Some(End::Fused) | None => {}
            }
        }
    }

    fn whole(&self, bytes: Vec<u8>, size: usize) -> Piece {
        if size > self.cap { Piece::TooLarge } else { Piece::Record(bytes) }
    }

    /// After a broken element: goes to the next line that may begin an element, or end the array.
    fn resume(&mut self, column: u64) {
        loop {
            self.input.skip_line();
            self.input.skip(|byte| byte == b' ' || byte == b'\t');
            match self.input.peek() {
                Some(b'{' | b']') if self.input.column <= column => return,
                None => return,
                Some(_) => {}
            }
        }
    }

    fn line(&mut self) -> Option<(u64, Piece)> {
        let line = self.input.line(self.cap)?;
        if line.too_large {
            return Some((line.number, Piece::TooLarge));
        }
        if line.bytes.trim_ascii().is_empty() {
            return self.line_after_blank();
        }
        let balance = Balance::default().scan(&line.bytes);
        if self.layout == Layout::Spread && !balance.is_level() && !balance.is_in_string() {
            return Some(self.spread(line, balance));
        }
        self.layout = Layout::Lines;
        Some((line.number, Piece::Record(line.bytes)))
    }

    /// Blank lines are keep-alives of a stream and may come by the thousand: a loop, not a recursion.
    fn line_after_blank(&mut self) -> Option<(u64, Piece)> {
        self.input.skip(|byte| byte.is_ascii_whitespace());
        self.input.peek().and_then(|_| self.line())
    }

    fn spread(&mut self, first: Line, mut balance: Balance) -> (u64, Piece) {
        let (number, mut bytes, mut too_large) = (first.number, first.bytes, None);
        while !balance.is_level() && !balance.is_in_string() && bytes.len() <= self.cap {
            let Some(line) = self.input.line(self.cap) else { break };
            balance = balance.scan(&line.bytes);
            bytes.push(b'\n');
            bytes.extend(line.bytes);
            if line.too_large {
                too_large = Some(line.number);
                break;
            }
        }
        if balance.is_level() && bytes.len() <= self.cap {
            return (number, Piece::Record(bytes));
        }
        self.not_spread(number, &bytes, too_large)
    }

    /// The value did not end. If a later line is a value by itself, then the first one is a record that was cut, and
    /// all of them are JSONL; else the value is given up.
    fn not_spread(&mut self, number: u64, bytes: &[u8], too_large: Option<u64>) -> (u64, Piece) {
        let lines = || bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        if lines().skip(1).any(is_object) {
            self.layout = Layout::Lines;
            let records = (number..).zip(lines()).filter(|(_, line)| !line.is_empty());
            self.waiting.extend(records.map(|(number, line)| (number, Piece::Record(line.to_vec()))));
            self.waiting.extend(too_large.map(|number| (number, Piece::TooLarge)));
            return self.waiting.pop_front().unwrap_or((number, Piece::Cut));
        }
        while self.input.peek().is_some_and(|byte| byte != b'{') {
            self.input.skip_line();
        }
        let over = too_large.is_some() || bytes.len() > self.cap;
        (number, if over { Piece::TooLarge } else { Piece::Cut })
    }
}

impl<R: BufRead> Iterator for Pieces<R> {
    type Item = (u64, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let piece = match self.layout {
                _ if !self.waiting.is_empty() => self.waiting.pop_front(),
                Layout::Unknown => self.guess(),
                Layout::Array => self.element(),
                Layout::Spread | Layout::Lines => return self.line(),
                Layout::Done => return None,
            };
            if piece.is_some() {
                return piece;
            }
        }
    }
}

fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && json::parse(line).1.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows each piece as `number:text`, with `!` for what is no record.
    #[track_caller]
    fn check(file: &str, expected: &[&str]) {
        let show = |(number, piece)| match piece {
            Piece::Record(bytes) => format!("{number}:{}", String::from_utf8_lossy(&bytes)),
            other => format!("{number}!{other:?}"),
        };
        let found: Vec<String> = Pieces::of(Input::new(file.as_bytes()), 24).map(show).collect();
        assert_eq!(found, expected, "{file}");
    }

    #[test]
    fn lines_are_pieces() {
        check("", &[]);
        check(" \n\r\n", &[]);
        check("\u{feff}{\"a\":1}\n\n \n{}", &["1:{\"a\":1}", "4:{}"]);
        check("{}\r\n{}\r\n", &["1:{}\r", "2:{}\r"]);
        check("{\"\u{2028}\u{85}\"}\n{}", &["1:{\"\u{2028}\u{85}\"}", "2:{}"]);
        check("{}\n{\"a\":\n{}", &["1:{}", "2:{\"a\":", "3:{}"]);
        check(&format!("{{}}\n{}\n{{}}", "x".repeat(30)), &["1:{}", "2!TooLarge", "3:{}"]);
    }

    #[test]
    fn elements_of_an_array_are_pieces() {
        check("[]", &[]);
        check("\n[{\"a\":[1]}, 7,\n\"x\" ]\n", &["1:{\"a\":[1]}", "2:7", "3:\"x\""]);
        check("[{\"a\":1},{\"b\":", &["1:{\"a\":1}", "2!Cut"]);
        check("[{}", &["1:{}", "2!Cut"]);
        check("[{}][1]\n{}", &["1:{}", "2:1", "2:{}"]);
        check(&format!("[{{\"{}\":1}},2]", "x".repeat(30)), &["1!TooLarge", "2:2"]);
    }

    #[test]
    fn an_element_that_was_cut_does_not_swallow_the_next() {
        check("[{\"a\":{\"b\":1},{\"c\":2},3]", &["1:{\"a\":{\"b\":1},", "2:{\"c\":2}", "3:3"]);
        check("[{\"a\":, {},{}]", &["1:{\"a\":, ", "2:{}", "3:{}"]);
        check("[{\"a\":\"b,{\"c\":1},{}]", &["1:{\"a\":\"b,", "2:{\"c\":1}", "3:{}"]);
        check("[{\"a\":\"b\" c},{}]", &["1:{\"a\":\"b\" c}", "2:{}"]);
        check("[{\"a\":[{\"b\":1},{}]},{}]", &["1:{\"a\":[{\"b\":1},{}]}", "2:{}"]);
    }

    #[test]
    fn a_broken_string_does_not_swallow_the_next_element() {
        check("[\n  {\"a\":\"b},\n  {\"c\":1}\n]", &["1:{\"a\":\"b},", "2:{\"c\":1}"]);
        check("[\n {\"a\":\"b\n }\n]", &["1:{\"a\":\"b"]);
    }

    #[test]
    fn a_value_may_go_over_several_lines() {
        check("{\n \"a\": 1\n}\n\n{\n}\n", &["1:{\n \"a\": 1\n}", "5:{\n}"]);
        check("{\"a\":[\n{},\n{}]}", &["1:{\"a\":[\n{},\n{}]}"]);
        check("{\n \"a\": [\n", &["1!Cut"]);
        check("{\n\"a\": \"b\n}\n{\n}", &["1!Cut", "4:{\n}"]);
        check(&format!("{{\n{}\n{{\n}}", " \n".repeat(30)), &["1!TooLarge", "33:{\n}"]);
    }

    #[test]
    fn a_first_line_that_was_cut_is_no_spread_value() {
        check("{\"a\":\n\n{\"b\":1}\n{}", &["1:{\"a\":", "3:{\"b\":1}", "4:{}"]);
        let long = "x".repeat(30);
        check(&format!("{{\"a\":\n{{}}\n{long}\n{{}}"), &["1:{\"a\":", "2:{}", "3!TooLarge", "4:{}"]);
        check("{\"a\":\"\n{\"b\":1}", &["1:{\"a\":\"", "2:{\"b\":1}"]);
    }

    #[test]
    fn utf16_is_told_apart() {
        let pieces: Vec<_> = Pieces::of(Input::new(&b"\xff\xfe{\0}\0"[..]), 24).collect();
        assert_eq!(pieces, [(1, Piece::Broken("UTF-16 text, UTF-8 is needed".into()))]);
    }
}
