//! One file of the corpus, from its container to batches of pieces: what the file is, is decided here, by its first
//! bytes.

use std::{io::BufRead, ops::ControlFlow, sync::Arc};

use super::{
    Input, Settings,
    archive::Archive,
    collect::{Damage, File, Job},
    container::{Caps, unpack},
    csv::{Rows, likely_separator, separator},
    cut::{Batch, Piece, Pieces},
    feed::Items,
    input::Input as Bytes,
    json,
};

/// Takes the jobs of a file in order; says whether anybody still wants them.
pub(super) type Emit<'e> = dyn FnMut(Job) -> ControlFlow<()> + 'e;

/// Bytes of a personal archive that are kept back until its owner is known.
const KEPT_BACK: usize = 8 << 20;

/// Bytes that are looked at for what the file is.
const LOOKED_AT: usize = 16 << 10;

/// Cuts a file into jobs. At least one per member of the file, so that each is accounted for. What the file tells about
/// the personal archive that it is part of is added to `archive`.
pub(super) fn read(
    input: &Input,
    archive: Archive,
    limits: &Settings,
    emit: &mut Emit<'_>,
) -> std::io::Result<Archive> {
    let origin = (input.open)()?;
    let mut reader = Reader { input, archive, limits, emit, stopped: false };
    let caps = Caps { bytes: limits.file, ..Caps::default() };
    let outcome = unpack(origin, &caps, &mut |member, content| reader.member(member, content));
    if let Err(fault) = outcome
        && !reader.stopped
    {
        let file = reader.file("");
        let damage = Some(Damage { place: 1, fault: fault.into() });
        let _ = reader.emit(&file, Batch::Pieces(Vec::new()), damage);
    }
    Ok(reader.archive)
}

struct Reader<'a, 'e> {
    input: &'a Input,
    archive: Archive,
    limits: &'a Settings,
    emit: &'a mut Emit<'e>,
    stopped: bool,
}

impl Reader<'_, '_> {
    fn file(&self, member: &str) -> Arc<File> {
        let name = &self.input.name;
        let name = if member.is_empty() { name.clone() } else { format!("{name}/{member}") };
        Arc::new(File {
            name: name.into(),
            mapping: self.input.mapping.clone(),
            archive: None,
            record_cap: self.limits.record,
            line_cap: self.limits.page,
        })
    }

    fn emit(&mut self, file: &Arc<File>, batch: Batch, damage: Option<Damage>) -> ControlFlow<()> {
        let flow = (self.emit)(Job { file: Arc::clone(file), batch, damage });
        self.stopped = flow.is_break();
        flow
    }

    fn member(
        &mut self,
        member: &str,
        content: Result<&mut dyn BufRead, super::container::Fault>,
    ) -> ControlFlow<()> {
        if !is_data_file(member) {
            return ControlFlow::Continue(());
        }
        let file = self.file(member);
        match content {
            Ok(reader) => self.content(&file, Bytes::new(reader)),
            Err(fault) => {
                let damage = Damage { place: 1, fault: fault.into() };
                self.emit(&file, Batch::Pieces(Vec::new()), Some(damage))
            }
        }
    }

    /// JSON, CSV, a feed, or a file of a personal archive.
    fn content(&mut self, file: &Arc<File>, mut bytes: Bytes<&mut dyn BufRead>) -> ControlFlow<()> {
        bytes.skip(|byte| b"\xef\xbb\xbf".contains(&byte));
        let mut unwanted = file.mapping.as_ref().map_or(0, |mapping| mapping.skip_lines);
        while unwanted > 0 && bytes.peek().is_some() {
            bytes.skip_line();
            unwanted -= 1;
        }
        bytes.skip(|byte| byte.is_ascii_whitespace());
        let first = bytes.peek();
        let line = String::from_utf8_lossy(first_line(bytes.ahead())).into_owned();
        if let Some(kind) = archive_file(&line) {
            return self.archived(file, kind, bytes);
        }
        if file.name.ends_with(".js") {
            // The program around an archive, not the archive.
            return self.unread(file, bytes);
        }
        if first == Some(b'<') && is_feed(bytes.ahead()) {
            return self.all(file, Items::new(bytes, self.limits.record), Items::input);
        }
        let csv = if matches!(first, Some(b'{' | b'[')) { None } else { csv(file, &line, bytes.ahead()) };
        if let Some(separator) = csv {
            return self.all(file, Rows::new(bytes, separator, self.limits.record), |rows| &mut rows.input);
        }
        self.json(file, Pieces::of(bytes, self.limits.page))
    }

    fn json(&mut self, file: &Arc<File>, mut pieces: Pieces<&mut dyn BufRead>) -> ControlFlow<()> {
        loop {
            let batch = pieces.batch(self.limits.batch());
            let place = pieces.place();
            let damage = pieces.input.failure.take().map(|fault| Damage { place, fault });
            let ends = damage.is_some() || batch.is_empty();
            self.emit(file, batch, damage)?;
            if ends {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Records that come one by one, however they are made from `input`.
    fn all<'r, I: Iterator<Item = (u64, Piece)>>(
        &mut self,
        file: &Arc<File>,
        mut records: I,
        input: impl FnOnce(&mut I) -> &mut Bytes<&'r mut dyn BufRead>,
    ) -> ControlFlow<()> {
        let (mut pieces, mut size, mut place) = (Vec::new(), 0, 1);
        for (number, piece) in records.by_ref() {
            (size, place) = (size + piece.size(), number + 1);
            pieces.push((number, piece));
            if size > self.limits.batch() {
                self.emit(file, Batch::Pieces(std::mem::take(&mut pieces)), None)?;
                size = 0;
            }
        }
        let damage = input(&mut records).failure.take().map(|fault| Damage { place, fault });
        self.emit(file, Batch::Pieces(pieces), damage)
    }

    /// Of a personal archive only the tweets are read, and what belongs to them; all else in it is private.
    fn archived(
        &mut self,
        file: &Arc<File>,
        kind: Kind,
        mut bytes: Bytes<&mut dyn BufRead>,
    ) -> ControlFlow<()> {
        bytes.skip(|byte| byte != b'[');
        match kind {
            Kind::Tweets => self.archived_tweets(file, Pieces::of(bytes, self.limits.page)),
            Kind::Side => {
                let (mut elements, mut pieces) = (Pieces::of(bytes, self.limits.page), Vec::new());
                for (number, piece) in elements.by_ref() {
                    pieces.push((number, self.learn(piece)));
                }
                let place = elements.place();
                let damage = elements.input.failure.take().map(|fault| Damage { place, fault });
                self.emit(file, Batch::Pieces(pieces), damage)
            }
            Kind::Other => self.unread(file, bytes),
        }
    }

    /// A file that is lawfully not read, unless it was cut within the line that tells what it is.
    fn unread(&mut self, file: &Arc<File>, mut bytes: Bytes<&mut dyn BufRead>) -> ControlFlow<()> {
        bytes.skip_line();
        let damage = bytes.failure.take().map(|fault| Damage { place: 1, fault });
        let notice = if damage.is_some() { Vec::new() } else { vec![(1, Piece::Notice)] };
        self.emit(file, Batch::Pieces(notice), damage)
    }

    fn learn(&mut self, piece: Piece) -> Piece {
        let Piece::Record(bytes) = piece else { return piece };
        let (values, error) = json::parse(&bytes);
        for value in &values {
            self.archive.learn(value);
        }
        error.map_or(Piece::Notice, Piece::Broken)
    }

    /// The first tweets may have to wait until a later one tells whose they are.
    fn archived_tweets(&mut self, file: &Arc<File>, mut pieces: Pieces<&mut dyn BufRead>) -> ControlFlow<()> {
        let (mut waiting, mut size) = (Vec::new(), 0);
        while !self.archive.has_owner() && size < KEPT_BACK {
            let Some((number, piece)) = pieces.next() else { break };
            if let Piece::Record(bytes) = &piece {
                let (values, _) = json::parse(bytes);
                if let Some(owner) = values.iter().find_map(Archive::owner_in) {
                    self.archive.set_owner(owner);
                }
            }
            size += piece.size();
            waiting.push((number, piece));
        }
        let file = Arc::new(File {
            name: Arc::clone(&file.name),
            mapping: None,
            archive: Some(Arc::new(self.archive.clone())),
            record_cap: file.record_cap,
            line_cap: file.line_cap,
        });
        if !waiting.is_empty() && pieces.input.failure.is_none() {
            self.emit(&file, Batch::Pieces(std::mem::take(&mut waiting)), None)?;
        }
        pieces.wait(waiting);
        self.json(&file, pieces)
    }
}

/// The separator of CSV. What a mapping is for needs no header that we know.
fn csv(file: &File, header: &str, ahead: &[u8]) -> Option<u8> {
    let Some(mapping) = &file.mapping else { return separator(header, &[]) };
    let start = ahead.get(..LOOKED_AT).unwrap_or(ahead);
    separator(header, &mapping.columns()).or_else(|| likely_separator(&String::from_utf8_lossy(start)))
}

/// A page of HTML is no feed.
fn is_feed(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_ascii_lowercase();
    head.contains("<rss") || head.contains("<rdf")
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == b'\n').next().unwrap_or_default()
}

/// Files of a personal archive by what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tweets,
    Side,
    Other,
}

/// `window.YTD.tweets.part0 = [`: the name tells what the list is of.
fn archive_file(line: &str) -> Option<Kind> {
    let name = line.strip_prefix("window.")?.split('=').next()?;
    let name = name.strip_prefix("YTD.")?.split('.').next()?.trim();
    Some(match name {
        "tweet" | "tweets" | "community_tweet" => Kind::Tweets,
        "account" | "note_tweet" => Kind::Side,
        _ => Kind::Other,
    })
}

/// Whether a file tells about others of its personal archive, by its name: they must be read together with it.
pub fn is_side_file(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    matches!(base, "account.js" | "note-tweet.js")
}

/// Whether a file may hold tweets, by its name: an archive to download is mostly pictures and the pages to look at them.
pub fn is_data_file(name: &str) -> bool {
    const NO_DATA: [&str; 26] = [
        "md", "toml", "tsv", "html", "htm", "css", "svg", "png", "jpg", "jpeg", "gif", "webp", "ico", "avif",
        "heic", "mp4", "mov", "m3u8", "mp3", "pdf", "woff", "woff2", "ttf", "eot", "map", "parquet",
    ];
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    !NO_DATA.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_archive_are_known_by_their_first_line() {
        assert_eq!(archive_file("window.YTD.tweets.part0 = ["), Some(Kind::Tweets));
        assert_eq!(archive_file("window.YTD.tweet.part12 = [ {"), Some(Kind::Tweets));
        assert_eq!(archive_file("window.YTD.note_tweet.part0 = ["), Some(Kind::Side));
        assert_eq!(archive_file("window.YTD.direct_messages.part0 = ["), Some(Kind::Other));
        assert_eq!(archive_file("{\"window.YTD\": 1}"), None);
        assert!(is_side_file("data/account.js") && !is_side_file("tweets.js"));
    }
}
