//! Feeds (RSS of nitter or RSSHub) become one JSON object an item: its keys are the names of the elements without their
//! prefix, its values their text.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use quick_xml::{
    Error, Reader,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use super::{cut::Piece, input::Input};

/// Items as JSON records, each with its place, counted from 1.
pub(super) struct Items<R> {
    reader: Reader<BufReader<Limited<R>>>,
    place: u64,
    done: bool,
    cap: usize,
}

/// The XML reader holds a text or a tag in memory, however long it is: this ends it.
struct Limited<R> {
    input: Input<R>,
    left: usize,
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.left.min(buffer.len());
        let read = self.input.read(buffer.get_mut(..room).unwrap_or_default())?;
        if room == 0 && !buffer.is_empty() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.left -= read;
        Ok(read)
    }
}

impl<R: BufRead> Items<R> {
    /// `cap`: bytes that an item may have.
    pub(super) fn new(input: Input<R>, cap: usize) -> Self {
        let reader = Reader::from_reader(BufReader::new(Limited { input, left: cap }));
        Self { reader, place: 0, done: false, cap }
    }

    pub(super) fn input(&mut self) -> &mut Input<R> {
        &mut self.reader.get_mut().get_mut().input
    }

    fn event<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Error> {
        buffer.clear();
        self.reader.get_mut().get_mut().left = self.cap;
        self.reader.read_event_into(buffer)
    }

    fn item(&mut self) -> Result<Option<Piece>, Error> {
        let mut buffer = Vec::new();
        loop {
            match self.event(&mut buffer)? {
                Event::Start(start) if start.local_name().as_ref() == b"item" => {
                    return self.fields().map(Some);
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn fields(&mut self) -> Result<Piece, Error> {
        let (mut fields, mut name, mut depth, mut size, mut buffer) =
            (Map::new(), String::new(), 0_usize, 0, Vec::new());
        loop {
            let text = match self.event(&mut buffer)? {
                Event::Start(start) => {
                    depth += 1;
                    if depth == 1 {
                        name = local(&start);
                    }
                    continue;
                }
                Event::End(_) if depth == 0 => break,
                Event::End(_) => {
                    depth -= 1;
                    continue;
                }
                Event::Text(text) => text.decode()?.into_owned(),
                Event::CData(text) => text.decode()?.into_owned(),
                Event::GeneralRef(reference) => format!("&{};", reference.decode()?),
                Event::Eof => return Ok(Piece::Cut),
                _ => continue,
            };
            size += name.len() + text.len();
            if depth == 1 && size <= self.cap {
                append(&mut fields, &name, &text);
            }
        }
        if size > self.cap {
            return Ok(Piece::TooLarge);
        }
        read_prefix(&mut fields);
        read_author(&mut fields);
        Ok(Piece::Record(Value::Object(fields).to_string().into_bytes()))
    }
}

fn local(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).into_owned()
}

fn append(fields: &mut Map<String, Value>, name: &str, text: &str) {
    match fields.get_mut(name) {
        Some(Value::String(before)) => before.push_str(text),
        _ => {
            fields.insert(name.to_owned(), text.into());
        }
    }
}

/// nitter says in front of the text what is no text: `RT by @ann: ` (everything else in the item is the original's) and
/// `R to @ann: `.
fn read_prefix(fields: &mut Map<String, Value>) {
    let Some(title) = fields.get("title").and_then(Value::as_str) else { return };
    let prefix = |start: &str| title.strip_prefix(start)?.split_once(": ");
    if let Some((_, text)) = prefix("RT by @") {
        let text = text.to_owned();
        fields.insert("title".into(), text.into());
    } else if let Some((name, text)) = prefix("R to @") {
        let (name, text) = (name.to_owned(), text.to_owned());
        fields.insert("title".into(), text.into());
        fields.insert("in_reply_to".into(), name.into());
    }
}

/// nitter's `creator` is a handle, that of others a name for people; who wrote the item is then told by its link.
fn read_author(fields: &mut Map<String, Value>) {
    let is_name = fields.get("creator").and_then(Value::as_str).is_some_and(|name| !name.starts_with('@'));
    if let Some(name) = fields.get("creator").filter(|_| is_name).cloned() {
        fields.remove("creator");
        fields.insert("author".into(), name);
    }
}

impl<R: BufRead> Iterator for Items<R> {
    type Item = (u64, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        self.place += 1;
        let piece = match self.item() {
            Ok(piece) => {
                self.done = matches!(piece, None | Some(Piece::Cut));
                piece?
            }
            Err(Error::Io(fault)) => {
                self.done = true;
                if fault.kind() == ErrorKind::FileTooLarge { Piece::TooLarge } else { Piece::Cut }
            }
            Err(fault) => Piece::Broken(format!("no XML: {fault}")),
        };
        Some((self.place, piece))
    }
}
