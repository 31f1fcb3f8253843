//! Turns a batch of pieces into tweets, and every fault into a [`Rejected`] with its place.

use std::{
    io::{self, ErrorKind},
    sync::Arc,
};

use memchr::memchr_iter;
use sonic_rs::JsonValueTrait;

use super::{
    Ingested, RejectReason, Rejected,
    archive::Archive,
    cut::{Batch, Piece},
    json::{self, Json},
    mapping::Mapped,
    shapes::{self, About, Outcome},
};
use crate::{Source, text::clean_line};

/// Characters of [`Rejected::detail`].
const LONGEST_DETAIL: usize = 200;

/// What all batches of a file share.
pub(super) struct File {
    pub(super) name: Arc<str>,
    pub(super) mapping: Option<Arc<Mapped>>,
    pub(super) archive: Option<Arc<Archive>>,
    /// Bytes that a record may have which is no page.
    pub(super) record_cap: usize,
    /// Bytes that a line may have, as any piece.
    pub(super) line_cap: usize,
}

/// What ended a file too early, and the place of the next record if the batch has none.
pub(super) struct Damage {
    pub(super) place: u64,
    pub(super) fault: io::Error,
}

/// Work for one thread: some of a file, in order.
pub(super) struct Job {
    pub(super) file: Arc<File>,
    pub(super) batch: Batch,
    pub(super) damage: Option<Damage>,
}

/// Parses a batch.
pub(super) fn collect(job: Job) -> Ingested {
    let Job { file, batch, damage } = job;
    let mut collector =
        Collector { ingested: Ingested::of(Arc::clone(&file.name)), file: &file, damaged: false };
    let mut next = damage.as_ref().map_or(1, |damage| damage.place);
    match &batch {
        Batch::Lines(first, bytes) => collector.lines(*first, bytes, damage.is_some(), &mut next),
        Batch::Pieces(pieces) => collector.pieces(pieces, damage.is_some(), &mut next),
    }
    if let Some(damage) = damage {
        collector.damage(next, &damage.fault);
    }
    collector.ingested
}

struct Collector<'a> {
    ingested: Ingested,
    file: &'a File,
    /// The piece at hand is the last one before damage: unless it happens to be whole, it is no record of its own.
    damaged: bool,
}

impl Collector<'_> {
    fn lines(&mut self, first: u64, bytes: &[u8], damaged: bool, next: &mut u64) {
        let mut start = 0;
        let ends = memchr_iter(b'\n', bytes).chain([bytes.len()]);
        for (number, end) in (first..).zip(ends) {
            let line = bytes.get(start..end).unwrap_or_default();
            let piece_fits = line.len() <= self.file.line_cap;
            let line = line.trim_ascii();
            start = end + 1;
            if line.is_empty() {
                continue;
            }
            let before = self.records();
            self.damaged = damaged && start > bytes.len();
            if piece_fits {
                self.record(number, line);
            } else {
                self.too_large(number);
            }
            *next = if self.records() > before { number + 1 } else { number };
        }
    }

    fn pieces(&mut self, pieces: &[(u64, Piece)], damaged: bool, next: &mut u64) {
        for (place, (number, piece)) in pieces.iter().enumerate() {
            self.damaged = damaged && place + 1 == pieces.len();
            let before = self.records();
            match piece {
                Piece::Record(bytes) => self.record(*number, bytes),
                Piece::Notice => self.ingested.notices += 1,
                Piece::TooLarge => self.too_large(*number),
                Piece::Cut if self.damaged => {}
                Piece::Cut => self.reject(*number, RejectReason::Damaged, "the value does not end"),
                Piece::Broken(fault) => self.reject(*number, RejectReason::BadJson, fault),
            }
            *next = if self.records() > before { *number + 1 } else { *number };
        }
    }

    fn records(&self) -> u64 {
        self.ingested.records()
    }

    fn too_large(&mut self, line: u64) {
        self.reject(line, RejectReason::TooLarge, "more bytes than a page may have");
    }

    /// The container broke, or holds more than a file may.
    fn damage(&mut self, line: u64, fault: &io::Error) {
        let too_large = fault.kind() == ErrorKind::FileTooLarge;
        let reason = if too_large { RejectReason::TooLarge } else { RejectReason::Damaged };
        self.reject(line, reason, &fault.to_string());
    }

    fn record(&mut self, line: u64, bytes: &[u8]) {
        let (mut values, error) = json::parse(bytes);
        if error.is_some() {
            // Before a fault, what is no object is a piece of the same broken record.
            values.retain(Json::is_object);
        }
        for value in values {
            self.value(line, &value, bytes.len());
        }
        if let Some(error) = error.filter(|_| !self.damaged) {
            let start = bytes.get(..60).unwrap_or(bytes);
            let detail = format!("{error} in `{}`", String::from_utf8_lossy(start));
            self.reject(line, RejectReason::BadJson, &detail);
        }
    }

    fn value(&mut self, line: u64, value: &Json, size: usize) {
        let source = Source { file: Arc::clone(&self.ingested.file), line };
        let about = About {
            source: &source,
            mapping: self.file.mapping.as_deref(),
            archive: self.file.archive.as_deref(),
        };
        let (outcomes, is_page) = shapes::read(value, about);
        if size > self.file.record_cap && !is_page {
            return self.reject(line, RejectReason::TooLarge, &format!("a record of {size} bytes"));
        }
        for outcome in outcomes {
            self.outcome(line, outcome);
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
        let source = Source { file: Arc::clone(&self.ingested.file), line };
        self.ingested.rejected.push(Rejected { source, reason, detail: clean_line(&start) });
    }
}
