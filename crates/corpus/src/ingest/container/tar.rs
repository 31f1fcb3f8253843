//! Members of a tar, in its order, from a stream: POSIX with long names, GNU with long names and sparse files.

use std::{
    cell::Cell,
    io::{self, BufReader, ErrorKind, Read},
};

use tar::{Archive, Entry, EntryType};

use super::{
    CHUNK, Fault, Walk,
    caps::{Budget, Capped, Listed, Listing},
};

/// A tar ends with zeros; one block of them will do.
const END: usize = 512;

pub(super) fn read(content: impl Read, walk: &mut Walk<'_>) -> Result<(), Fault> {
    let (zeros, listing) = (Cell::new(0), Listing::new());
    let ending = Ending { inner: BufReader::with_capacity(CHUNK, content), zeros: &zeros };
    let mut archive = Archive::new(Listed { inner: ending, listing: &listing });
    // Archives may stand one after the other, each with its zeros; this also reads on to the checksum of a gzip.
    archive.set_ignore_zeros(true);
    for entry in archive.entries()? {
        let mut entry = entry?;
        listing.end();
        walk.step()?;
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::Directory | EntryType::XGlobalHeader) {
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if walk.member(&name, open(&mut entry, walk.budget)).is_break() {
                return Ok(());
            }
        }
        skip(&mut entry, walk.budget)?;
        listing.begin();
    }
    if zeros.get() < END {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the tar has no end").into());
    }
    Ok(())
}

/// What the visitor left of a member. The holes of a sparse file come from nowhere, so they are counted here.
fn skip(entry: &mut Entry<'_, impl Read>, budget: &Budget) -> io::Result<u64> {
    if entry.header().entry_type() == EntryType::GNUSparse {
        io::copy(&mut Capped { inner: entry, budget }, &mut io::sink())
    } else {
        io::copy(entry, &mut io::sink())
    }
}

fn open<'e>(entry: &'e mut Entry<'_, impl Read>, budget: &'e Budget) -> Result<Box<dyn Read + 'e>, Fault> {
    let left = entry.size();
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous if is_sparse_posix(entry)? => {
            Err(Fault::Method("a sparse file in POSIX form".into()))
        }
        EntryType::Regular | EntryType::Continuous => Ok(Box::new(Whole { inner: entry, left })),
        EntryType::GNUSparse => Ok(Box::new(Whole { inner: Capped { inner: entry, budget }, left })),
        _ => Err(Fault::NoFile),
    }
}

/// GNU tar's newer way to write them, which puts a map before the content.
fn is_sparse_posix(entry: &mut Entry<'_, impl Read>) -> io::Result<bool> {
    let Some(extensions) = entry.pax_extensions()? else { return Ok(false) };
    Ok(extensions.flatten().any(|extension| extension.key_bytes().starts_with(b"GNU.sparse.")))
}

/// A member that must be as long as its header says.
struct Whole<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the tar ends within a member"));
        }
        Ok(read)
    }
}

/// Counts the zeros at the end, up to [`END`].
struct Ending<'z, R> {
    inner: R,
    zeros: &'z Cell<usize>,
}

impl<R: Read> Read for Ending<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let zeros = bytes.iter().rev().take(END).take_while(|&&byte| byte == 0).count();
        let before = if zeros == read { self.zeros.get() } else { 0 };
        self.zeros.set((before + zeros).min(END));
        Ok(read)
    }
}
