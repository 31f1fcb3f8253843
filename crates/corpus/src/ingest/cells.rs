//! A row of CSV and its cells, by RFC 4180 and with patience: a quote within a plain cell is text, and so is what
//! stands behind the end of a quoted one.

use memchr::memchr;

/// Where in a row the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Plain,
    Quoted,
    /// Behind a quote that ends the cell, unless it is followed by another one.
    Closed,
}

/// The quotes of a row, as far as it was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quotes {
    place: Place,
    /// Something stands between the end of a quoted cell and the separator: on one line that is careless, over several
    /// it means that the quotes do not match.
    pub(super) loose: bool,
}

impl Quotes {
    /// Inside a quoted cell, which goes on in the next line.
    pub(super) fn is_open(self) -> bool {
        self.place == Place::Quoted
    }

    /// Goes on over `bytes`.
    pub(super) fn scan(mut self, bytes: &[u8], separator: u8) -> Self {
        let mut rest = bytes;
        loop {
            if self.place == Place::Quoted {
                rest = rest.get(memchr(b'"', rest).unwrap_or(rest.len())..).unwrap_or_default();
            }
            let Some((&byte, after)) = rest.split_first() else { return self };
            self.step(byte, separator);
            rest = after;
        }
    }

    fn step(&mut self, byte: u8, separator: u8) {
        self.place = match (self.place, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) | (Place::Start | Place::Closed, b'"') => Place::Quoted,
            (_, byte) if byte == separator => Place::Start,
            (Place::Closed, _) => {
                self.loose = true;
                Place::Plain
            }
            _ => Place::Plain,
        };
    }
}

/// The cells of a row, without their quotes.
pub(super) fn cells(row: &[u8], separator: u8) -> Vec<String> {
    let (mut cells, mut cell, mut quotes) = (Vec::new(), Vec::new(), Quotes::default());
    for &byte in row {
        let before = quotes.place;
        quotes.step(byte, separator);
        match (before, quotes.place) {
            (Place::Start, Place::Quoted) | (Place::Quoted, Place::Closed) => {}
            (_, Place::Start) => cells.push(text(std::mem::take(&mut cell))),
            _ => cell.push(byte),
        }
    }
    cells.push(text(cell));
    cells
}

fn text(cell: Vec<u8>) -> String {
    String::from_utf8(cell).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
}
