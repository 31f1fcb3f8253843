//! What a file is, told by its first bytes, and one layer of compression off it.

use std::io::{self, BufReader, ErrorKind, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::{
    bufread::XzDecoder,
    stream::{CONCATENATED, Stream},
};

use super::CHUNK;

/// A block of tar, which is told from its end.
const HEAD: usize = 512;
const TAR_MAGIC: usize = 257;
/// What an xz decoder may use; as much as zstd allows itself. `xz -9` needs half of it.
const XZ_MEMORY: u64 = 128 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Packed(Packing),
    Tar,
    Zip,
    /// Known, so that it is refused by name and not read as a text full of errors.
    Foreign(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Kind {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Packed(Packing::Gzip),
            // The second one is a frame to skip, with which parallel packers begin.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Packed(Packing::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Packed(Packing::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Packed(Packing::Xz),
            // A file, an archive without any, an archive that once was in parts.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [b'7', b'z', 0xbc, 0xaf, ..] => Self::Foreign("7z"),
            [b'R', b'a', b'r', b'!', 0x1a, ..] => Self::Foreign("rar"),
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Foreign("lz4"),
            [0x1f, 0x9d, ..] => Self::Foreign("compress"),
            _ if is_tar(head) => Self::Tar,
            _ => Self::Plain,
        }
    }
}

/// POSIX and GNU have a magic, in which the zero byte keeps a tweet about tar apart. What is older has a sum only.
fn is_tar(head: &[u8]) -> bool {
    let magic = head.get(TAR_MAGIC..).unwrap_or_default();
    magic.starts_with(b"ustar\0") || magic.starts_with(b"ustar  \0") || has_tar_sum(head)
}

/// The sum of all bytes, its own field taken as blanks.
fn has_tar_sum(head: &[u8]) -> bool {
    let Some((before, rest)) = head.get(..HEAD).and_then(|block| block.split_at_checked(148)) else {
        return false;
    };
    let Some((sum, after)) = rest.split_at_checked(8) else { return false };
    let told = sum.trim_ascii_start().splitn(2, |byte| matches!(byte, b' ' | 0)).next().unwrap_or_default();
    let told = str::from_utf8(told).ok().and_then(|told| u32::from_str_radix(told, 8).ok());
    let found = before.iter().chain(after).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * u32::from(b' ');
    told == Some(found)
}

/// Takes one layer off. All members, frames or streams are read one after the other: a log that is appended to has
/// many.
pub(super) fn unpacked<'r>(packing: Packing, reader: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let reader = BufReader::with_capacity(CHUNK, reader);
    Ok(match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(reader)),
        Packing::Zstd => Box::new(zstd::Decoder::with_buffer(reader)?),
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(reader)),
        Packing::Xz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(XzDecoder::new_stream(reader, stream))
        }
    })
}

/// A reader whose first bytes are known, and whose first fault is its last word: a decoder must not be asked again
/// after it failed.
pub(super) struct Peeked<R> {
    head: Vec<u8>,
    given: usize,
    fault: Option<(ErrorKind, String)>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    /// A fault among the first bytes comes when they were read, as any other.
    pub(super) fn new(rest: R) -> Self {
        let mut peeked = Self { head: Vec::new(), given: 0, fault: None, rest };
        if let Err(fault) = peeked.rest.by_ref().take(HEAD as u64).read_to_end(&mut peeked.head) {
            peeked.fault = Some((fault.kind(), fault.to_string()));
        }
        peeked
    }

    pub(super) fn kind(&self) -> Kind {
        Kind::of(&self.head)
    }
}

impl<R: Read> Read for Peeked<R> {
    /// The first bytes come with what follows them: the first line of a file is looked at in one piece.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let head = self.head.get(self.given..).unwrap_or_default().read(buffer)?;
        self.given += head;
        if let Some((kind, message)) = &self.fault {
            return if head > 0 { Ok(head) } else { Err(io::Error::new(*kind, message.as_str())) };
        }
        let room = buffer.get_mut(head..).unwrap_or_default();
        if head > 0 && room.is_empty() {
            // Some readers take an empty buffer for their end.
            return Ok(head);
        }
        let read = self.rest.read(room);
        if let Err(fault) = &read
            && fault.kind() != ErrorKind::Interrupted
        {
            self.fault = Some((fault.kind(), fault.to_string()));
        }
        if head > 0 { Ok(head + read.unwrap_or_default()) } else { read }
    }
}
