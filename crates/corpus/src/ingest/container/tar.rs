//! Members of a tar, in its order, from a stream: POSIX with long names, GNU with long names and sparse files.

use std::{
    cell::Cell,
    io::{self, BufReader, ErrorKind, Read},
};

use tar::{Archive, Entry, EntryType};

use super::{
    CHUNK, Fault, Walk,
    caps::{Budget, Capped},
};

/// Bytes of headers before a member. They are held in memory, and a long name may be as long as it claims.
const HEADERS: u64 = 16 << 20;
/// A tar ends with zeros; one block of them will do.
const END: usize = 512;

pub(super) fn read(content: impl Read, walk: &mut Walk<'_>) -> Result<(), Fault> {
    let tape = Tape { headers: Cell::new(HEADERS), zeros: Cell::new(0) };
    let mut archive = Archive::new(Watched { inner: BufReader::with_capacity(CHUNK, content), tape: &tape });
    // Archives may stand one after the other, each with its zeros; this also reads on to the checksum of a gzip.
    archive.set_ignore_zeros(true);
    for entry in archive.entries()? {
        let mut entry = entry?;
        tape.headers.set(u64::MAX);
        walk.step()?;
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::Directory | EntryType::XGlobalHeader) {
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if walk.member(&name, open(&mut entry, walk.budget)).is_break() {
                return Ok(());
            }
        }
        io::copy(&mut Capped { inner: &mut entry, budget: walk.budget }, &mut io::sink())?;
        tape.headers.set(HEADERS);
    }
    if tape.zeros.get() < END {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the tar has no end").into());
    }
    Ok(())
}

fn open<'e>(entry: &'e mut Entry<'_, impl Read>, budget: &'e Budget) -> Result<Box<dyn Read + 'e>, Fault> {
    let left = entry.size();
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous if is_sparse_posix(entry)? => {
            Err(Fault::Method("a sparse file in POSIX form".into()))
        }
        EntryType::Regular | EntryType::Continuous => Ok(Box::new(Whole { inner: entry, left })),
        // Its holes come from nowhere, so they are counted here.
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

/// What is known of the bytes that were read.
struct Tape {
    /// Bytes that headers may still have; without end while a member is read.
    headers: Cell<u64>,
    /// Zeros at the end so far, up to [`END`].
    zeros: Cell<usize>,
}

struct Watched<'t, R> {
    inner: R,
    tape: &'t Tape,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let zeros = bytes.iter().rev().take(END).take_while(|&&byte| byte == 0).count();
        let all = if zeros == read { self.tape.zeros.get() } else { 0 };
        self.tape.zeros.set((all + zeros).min(END));
        let left = self.tape.headers.get().checked_sub(read as u64);
        self.tape
            .headers
            .set(left.ok_or_else(|| io::Error::new(ErrorKind::FileTooLarge, "headers without end"))?);
        Ok(read)
    }
}
