//! Opens a file by what it begins with, never by its name: plain, gzip or zstd, one layer, at most so many bytes.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The unpacked bytes of a file.
pub(super) type Opened<'a> = BufReader<Box<dyn Read + 'a>>;

/// Unpacks `reader`. After `cap` bytes reading fails with [`ErrorKind::FileTooLarge`]: 32 KiB of zstd can hold a
/// gigabyte, so only what comes out may be counted.
pub(super) fn open<'a>(mut reader: impl Read + 'a, cap: u64) -> io::Result<Opened<'a>> {
    let mut head = Vec::new();
    reader.by_ref().take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(GZIP), head.starts_with(ZSTD));
    let whole = Cursor::new(head).chain(reader);
    let unpacked: Box<dyn Read + 'a> = if gzip {
        // A log that is appended to has many members; a plain `GzDecoder` stops after the first.
        Box::new(MultiGzDecoder::new(whole))
    } else if zstd {
        Box::new(zstd::Decoder::new(whole)?)
    } else {
        Box::new(whole)
    };
    Ok(BufReader::with_capacity(1 << 16, Box::new(Capped { inner: unpacked, left: cap })))
}

struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return match self.inner.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::new(ErrorKind::FileTooLarge, "more bytes than one file may hold")),
            };
        }
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn unpack(bytes: &[u8], cap: u64) -> (String, Option<ErrorKind>) {
        let mut text = Vec::new();
        let outcome = open(bytes, cap).and_then(|mut opened| opened.read_to_end(&mut text));
        (String::from_utf8(text).unwrap(), outcome.err().map(|error| error.kind()))
    }

    #[test]
    fn the_first_bytes_decide() {
        let two_members = [gz(b"one "), gz(b"two")].concat();
        let zst = zstd::encode_all(&b"one two"[..], 1).unwrap();
        for packed in [&b"one two"[..], &two_members, &zst] {
            assert_eq!(unpack(packed, 7), ("one two".into(), None));
        }
        assert_eq!(unpack(b"", 7), (String::new(), None));
        assert_eq!(unpack(b"\x1f", 7).0, "\x1f", "shorter than a magic number is plain");
    }

    #[test]
    fn the_cap_counts_what_comes_out() {
        let bomb = gz(&vec![b'x'; 100_000]);
        assert!(bomb.len() < 1000);
        assert_eq!(unpack(&bomb, 500), ("x".repeat(500), Some(ErrorKind::FileTooLarge)));
    }

    #[test]
    fn a_cut_container_gives_what_it_has() {
        let packed = [gz(b"one "), gz(b"two")].concat();
        let (text, error) = unpack(&packed[..packed.len() - 4], 100);
        assert_eq!((text.as_str(), error), ("one two", Some(ErrorKind::UnexpectedEof)));
    }
}
