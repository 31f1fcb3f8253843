//! The beginning of a file, cut as it is for a report, and the lists of objects in it.

use std::{collections::BTreeMap, io, ops::ControlFlow, sync::Arc};

use rustc_hash::FxHashMap;
use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::super::{
    Format, Input, Settings,
    archive::Archive,
    collect::Job,
    cut::{Batch, Piece},
    file,
    json::{self, Json},
    mapping::Mapped,
    shapes::{self, About, Outcome},
};
use crate::Source;

/// Values that are looked at, and of each list in them, records.
pub(super) const MOST: usize = 500;
/// Bytes that are looked at.
const MOST_BYTES: usize = 8 << 20;
/// Lists of objects that are told apart, and how deep they may stand.
const MOST_LISTS: usize = 200;
const DEEPEST: usize = 8;

/// Values of a file.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) values: Vec<Json>,
    archive: Option<Arc<Archive>>,
    /// Lines before the first value that are not JSON at all.
    pub(super) head: u64,
    bytes: usize,
}

/// What became of a sample's records.
#[derive(Default)]
pub(super) struct Read {
    pub(super) tweets: u64,
    pub(super) records: u64,
    pub(super) formats: BTreeMap<Format, u64>,
    /// Why the first one was refused.
    pub(super) refusal: Option<String>,
}

impl Sample {
    /// The values behind `skip_lines` lines.
    pub(super) fn take(input: &mut Input, settings: &Settings, skip_lines: u64) -> io::Result<Self> {
        input.mapping = Some(Arc::new(Mapped::blank(skip_lines)));
        let mut sample = Self::default();
        file::read(input, Archive::default(), settings, &mut |job| sample.add(&job))?;
        Ok(sample)
    }

    fn add(&mut self, job: &Job) -> ControlFlow<()> {
        self.archive = job.file.archive.clone().or(self.archive.take());
        match &job.batch {
            Batch::Lines(first, bytes) => {
                let lines = bytes.split(|&byte| byte == b'\n');
                (*first..).zip(lines).for_each(|(number, line)| self.piece(number, line));
            }
            Batch::Pieces(pieces) => {
                for (number, piece) in pieces {
                    if let Piece::Record(bytes) = piece {
                        self.piece(*number, bytes);
                    }
                }
            }
        }
        let full = self.values.len() >= MOST || self.bytes >= MOST_BYTES;
        if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn piece(&mut self, number: u64, bytes: &[u8]) {
        if self.values.len() >= MOST || self.bytes >= MOST_BYTES {
            return;
        }
        self.bytes += bytes.len();
        let (values, fault) = json::parse(bytes);
        let is_words = !bytes.trim_ascii().starts_with(b"{");
        if self.values.is_empty() && fault.is_some() && is_words {
            self.head = number;
        }
        self.values.extend(values);
    }

    /// Reads the values by a mapping, or by the shapes that are known.
    pub(super) fn read(&self, mapping: Option<&Mapped>) -> Read {
        let source = Source { file: "".into(), line: 0 };
        let about = About { source: &source, mapping, archive: self.archive.as_deref() };
        let mut read = Read::default();
        for outcome in self.values.iter().flat_map(|value| shapes::read(value, about).0) {
            read.records += 1;
            match outcome {
                Outcome::Tweet(format, _) => {
                    read.tweets += 1;
                    *read.formats.entry(format).or_default() += 1;
                }
                Outcome::Refused(refusal) => {
                    read.refusal.get_or_insert(refusal.detail);
                }
                Outcome::Notice => {}
            }
        }
        read
    }

    /// Objects by the pointer of the list that they stand in, the values themselves first.
    pub(super) fn lists(&self) -> Vec<(String, Vec<&Json>)> {
        let mut lists = Lists::default();
        for value in &self.values {
            if value.is_object() {
                lists.put("", value);
            }
            lists.walk(value, "", 0);
        }
        lists.found
    }
}

#[derive(Default)]
struct Lists<'a> {
    found: Vec<(String, Vec<&'a Json>)>,
    places: FxHashMap<String, usize>,
}

impl<'a> Lists<'a> {
    fn put(&mut self, path: &str, record: &'a Json) {
        let place = *self.places.entry(path.to_owned()).or_insert(self.found.len());
        if place == self.found.len() && place < MOST_LISTS {
            self.found.push((path.to_owned(), Vec::new()));
        }
        if let Some((_, records)) = self.found.get_mut(place).filter(|(_, records)| records.len() < MOST) {
            records.push(record);
        }
    }

    fn walk(&mut self, value: &'a Json, path: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        if let Some(items) = value.as_array() {
            for item in items.iter().take(MOST).filter(|item| item.is_object() || item.is_array()) {
                if item.is_object() {
                    self.put(path, item);
                }
                self.walk(item, &format!("{path}/*"), depth + 1);
            }
        }
        if let Some(fields) = value.as_object() {
            let is_numbered = fields.len() > 1
                && fields.iter().all(|(key, value)| key.parse::<u64>().is_ok() && value.is_object());
            for (key, child) in fields.iter().filter(|(key, _)| *key != "*") {
                let key =
                    if is_numbered { "*".to_owned() } else { key.replace('~', "~0").replace('/', "~1") };
                let place = format!("{path}/{key}");
                if is_numbered {
                    self.put(&place, child);
                }
                self.walk(child, &place, depth + 1);
            }
        }
    }
}
