//! Bytes with a place: line and column, and the fault that ended them. Splits on `\n` alone, for U+2028 is a
//! character of the text.

use std::io::{self, BufRead, ErrorKind, Read};

/// A reader that never fails: a fault ends it and is kept in `failure`.
pub(super) struct Input<R> {
    reader: R,
    /// Lines that were begun.
    pub(super) line: u64,
    /// Bytes since the last line feed.
    pub(super) column: u64,
    pub(super) failure: Option<io::Error>,
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
        Self { reader, line: 1, column: 0, failure: None }
    }

    pub(super) fn peek(&mut self) -> Option<u8> {
        while self.failure.is_none() {
            match self.reader.fill_buf() {
                Ok(buffer) => return buffer.first().copied(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.failure = Some(error),
            }
        }
        None
    }

    /// Steps over the byte that [`Self::peek`] showed.
    pub(super) fn bump(&mut self, byte: u8) {
        self.reader.consume(1);
        self.column += 1;
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
        }
    }

    pub(super) fn skip(&mut self, unwanted: impl Fn(u8) -> bool) {
        while let Some(byte) = self.peek().filter(|&byte| unwanted(byte)) {
            self.bump(byte);
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

    fn note(&mut self, read: impl FnOnce(&mut R) -> io::Result<()>) {
        if let Err(error) = read(&mut self.reader) {
            self.failure = Some(error);
        }
    }
}
