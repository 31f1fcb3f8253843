//! Bytes with a place: line and column, and the fault that ended them. Splits on `\n` alone, for U+2028 is a
//! character of the text.

use std::io::{self, BufRead, ErrorKind, Read};

use memchr::{memchr, memchr_iter, memrchr};

/// A reader that never fails: a fault ends it and is kept in `failure`.
pub(super) struct Input<R> {
    reader: R,
    /// Lines that were begun.
    pub(super) line: u64,
    /// Bytes since the last line feed.
    pub(super) column: u64,
    pub(super) failure: Option<io::Error>,
    /// The start of a line whose end was not in the last block.
    rest: Vec<u8>,
}

/// One line without its line feed.
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// The line has more bytes than asked for; they were skipped.
    pub(super) too_large: bool,
}

impl<R: BufRead> Input<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: 1, column: 0, failure: None, rest: Vec::new() }
    }

    /// What can be seen without reading on; empty at the end.
    pub(super) fn ahead(&mut self) -> &[u8] {
        if self.failure.is_none() {
            while let Err(error) = self.reader.fill_buf() {
                if error.kind() != ErrorKind::Interrupted {
                    self.failure = Some(error);
                    return &[];
                }
            }
        }
        match &self.failure {
            Some(_) => &[],
            None => self.reader.fill_buf().unwrap_or_default(),
        }
    }

    pub(super) fn peek(&mut self) -> Option<u8> {
        self.ahead().first().copied()
    }

    /// Steps over bytes that [`Self::ahead`] showed.
    pub(super) fn advance(&mut self, count: usize) {
        let seen = self.ahead().get(..count).unwrap_or_default();
        let feeds = memchr_iter(b'\n', seen).count() as u64;
        let column =
            memrchr(b'\n', seen).map_or(self.column + count as u64, |last| (count - last - 1) as u64);
        self.reader.consume(count);
        (self.line, self.column) = (self.line + feeds, column);
    }

    pub(super) fn skip(&mut self, unwanted: impl Fn(u8) -> bool) {
        loop {
            let ahead = self.ahead();
            let count = ahead.iter().take_while(|&&byte| unwanted(byte)).count();
            let more = count > 0 && count == ahead.len();
            self.advance(count);
            if !more {
                return;
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        self.note(|reader| reader.skip_until(b'\n').map(|_| ()));
        self.line += 1;
        self.column = 0;
    }

    /// The next line; `None` at the end.
    pub(super) fn line(&mut self, cap: usize) -> Option<Line> {
        self.peek()?;
        let number = self.line;
        let mut bytes = Vec::new();
        self.note(|reader| reader.take(cap as u64 + 1).read_until(b'\n', &mut bytes).map(|_| ()));
        let too_large = bytes.len() > cap && !bytes.ends_with(b"\n");
        if too_large {
            self.skip_line();
            bytes = Vec::new();
        } else {
            bytes.pop_if(|last| *last == b'\n');
            self.line += 1;
            self.column = 0;
        }
        Some(Line { number, bytes, too_large })
    }

    /// As many whole lines as together have at least `want` bytes, with the number of the first; at the end of the file
    /// the last one may lack its line feed. A line of more than `cap` bytes comes alone, and without them. After the
    /// first block, only blocks can be read.
    pub(super) fn block(&mut self, want: usize, cap: usize) -> Option<Line> {
        let number = self.line;
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.reserve(want.saturating_sub(bytes.len()) + (1 << 16));
        let mut end = None;
        while bytes.len() < want || end.is_none() {
            let ahead = self.ahead();
            if ahead.is_empty() {
                return (!bytes.is_empty()).then(|| self.counted(number, bytes));
            }
            let (count, before) = (ahead.len(), bytes.len());
            end = memrchr(b'\n', ahead).map(|at| before + at + 1).or(end);
            bytes.extend_from_slice(ahead);
            self.reader.consume(count);
            if end.is_none() && bytes.len() > cap {
                return Some(self.skipped(number));
            }
        }
        self.rest = bytes.split_off(end.unwrap_or(bytes.len()));
        Some(self.counted(number, bytes))
    }

    fn counted(&mut self, number: u64, bytes: Vec<u8>) -> Line {
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        Line { number, bytes, too_large: false }
    }

    /// Goes on behind a line that is too long.
    fn skipped(&mut self, number: u64) -> Line {
        loop {
            let ahead = self.ahead();
            let (feed, count) = (memchr(b'\n', ahead), ahead.len());
            self.reader.consume(feed.map_or(count, |at| at + 1));
            if feed.is_some() || count == 0 {
                break;
            }
        }
        self.line += 1;
        Line { number, bytes: Vec::new(), too_large: true }
    }

    fn note(&mut self, read: impl FnOnce(&mut R) -> io::Result<()>) {
        if let Err(error) = read(&mut self.reader) {
            self.failure = Some(error);
        }
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead();
        let count = ahead.len().min(buffer.len());
        if let (Some(from), Some(to)) = (ahead.get(..count), buffer.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.advance(count);
        Ok(count)
    }
}
