//! Gathers what a file holds, and turns every fault into a [`Rejected`] with its place.

use std::{
    io::{self, BufRead, ErrorKind},
    sync::Arc,
};

use super::{
    Ingested, RejectReason, Rejected, json,
    pieces::{Piece, Pieces},
    shape::{self, Outcome},
};
use crate::{Source, text::clean_line};

/// Characters of [`Rejected::detail`].
const LONGEST_DETAIL: usize = 200;

pub(super) struct Sink {
    pub(super) ingested: Ingested,
    file: Arc<str>,
    /// Bytes that a record may have which is no page.
    record_cap: usize,
}

impl Sink {
    pub(super) fn new(file: &str, record_cap: usize) -> Self {
        Self { ingested: Ingested::default(), file: Arc::from(file), record_cap }
    }

    pub(super) fn drain<R: BufRead>(&mut self, mut pieces: Pieces<R>) {
        let mut last = 1;
        while let Some((number, piece)) = pieces.next() {
            // A piece that ends with the damage is no record of its own, unless it happens to be whole.
            let before = self.records();
            self.piece(number, &piece, pieces.input.failure.is_some());
            let whole = self.records() > before;
            last = if whole { number + 1 } else { number };
        }
        if let Some(fault) = pieces.input.failure.take() {
            self.damaged(last, &fault);
        }
    }

    fn records(&self) -> u64 {
        let Ingested { tweets, rejected, notices, .. } = &self.ingested;
        tweets.len() as u64 + rejected.len() as u64 + notices
    }

    /// The container broke, or holds more than a file may.
    pub(super) fn damaged(&mut self, line: u64, fault: &io::Error) {
        let too_large = fault.kind() == ErrorKind::FileTooLarge;
        let reason = if too_large { RejectReason::TooLarge } else { RejectReason::Damaged };
        self.reject(line, reason, &fault.to_string());
    }

    fn piece(&mut self, line: u64, piece: &Piece, damaged: bool) {
        match piece {
            Piece::Record(bytes) => self.record(line, bytes, damaged),
            Piece::TooLarge => self.reject(line, RejectReason::TooLarge, "more bytes than a page may have"),
            Piece::Cut if damaged => {}
            Piece::Cut => self.reject(line, RejectReason::Damaged, "the value does not end"),
            Piece::Utf16 => self.reject(line, RejectReason::BadJson, "UTF-16 text, UTF-8 is needed"),
        }
    }

    fn record(&mut self, line: u64, bytes: &[u8], damaged: bool) {
        let (values, error) = json::parse(bytes);
        for value in values {
            if bytes.len() > self.record_cap && !shape::is_page(&value) {
                self.reject(line, RejectReason::TooLarge, &format!("a record of {} bytes", bytes.len()));
                continue;
            }
            let source = Source { file: Arc::clone(&self.file), line };
            for outcome in shape::read(&value, &source) {
                self.outcome(line, outcome);
            }
        }
        if let Some(error) = error.filter(|_| !damaged) {
            let start = bytes.get(..60).unwrap_or(bytes);
            self.reject(
                line,
                RejectReason::BadJson,
                &format!("{error} in `{}`", String::from_utf8_lossy(start)),
            );
        }
    }

    fn outcome(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Outcome::Tweet(format, tweet) => {
                *self.ingested.formats.entry(format).or_default() += 1;
                self.ingested.tweets.push(*tweet);
            }
            Outcome::Notice => self.ingested.notices += 1,
            Outcome::Refused(refusal) => self.reject(line, refusal.reason, &refusal.detail),
        }
    }

    fn reject(&mut self, line: u64, reason: RejectReason, detail: &str) {
        // What was found goes to a terminal: no controls, one line.
        let start: String = detail.chars().take(LONGEST_DETAIL).collect();
        let source = Source { file: Arc::clone(&self.file), line };
        self.ingested.rejected.push(Rejected { source, reason, detail: clean_line(&start) });
    }
}
