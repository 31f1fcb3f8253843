//! How much may come out of a file. 32 KiB of zstd can hold a gigabyte, so what comes out is counted, and compared
//! with what went in.

use std::{
    cell::Cell,
    io::{self, ErrorKind, Read, Seek, SeekFrom},
};

/// The bounds of one file.
#[derive(Clone, Copy, Debug)]
pub(in crate::ingest) struct Caps {
    /// Bytes that may come out, all members and layers together.
    pub(in crate::ingest) bytes: u64,
    /// Members that an archive may have, directories and all.
    pub(in crate::ingest) members: usize,
    /// Bytes out for each byte in, from `ratio_after` bytes on.
    pub(in crate::ingest) ratio: u64,
    /// Below so many bytes any ratio will do: a short file of blanks is no bomb.
    pub(in crate::ingest) ratio_after: u64,
}

impl Default for Caps {
    fn default() -> Self {
        Self { bytes: 8 << 30, members: 100_000, ratio: 200, ratio_after: 64 << 20 }
    }
}

/// What went into a file's layers and came out of them so far.
pub(super) struct Budget {
    caps: Caps,
    fed: Cell<u64>,
    out: Cell<u64>,
}

impl Budget {
    pub(super) fn new(caps: Caps) -> Self {
        Self { caps, fed: Cell::new(0), out: Cell::new(0) }
    }

    pub(super) fn feed(&self, bytes: u64) {
        self.fed.set(self.fed.get().saturating_add(bytes));
    }

    /// Fails from the first byte beyond the caps on.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.out.get() <= self.most() {
            return Ok(());
        }
        let beyond_ratio = self.most() < self.caps.bytes;
        let message =
            if beyond_ratio { "unpacks to far more than it is" } else { "more bytes than one file may hold" };
        Err(io::Error::new(ErrorKind::FileTooLarge, message))
    }

    fn most(&self) -> u64 {
        let by_ratio = self.fed.get().saturating_mul(self.caps.ratio).max(self.caps.ratio_after);
        by_ratio.min(self.caps.bytes)
    }

    fn take(&self, bytes: usize) -> io::Result<()> {
        self.out.set(self.out.get().saturating_add(bytes as u64));
        self.check()
    }

    /// Bytes to ask for: never more than may come, but always one, which tells whether there are more.
    fn room(&self, wanted: usize) -> usize {
        let left = self.most().saturating_sub(self.out.get()).max(1);
        usize::try_from(left).map_or(wanted, |left| left.min(wanted))
    }
}

/// Counts what goes in.
pub(super) struct Fed<'b, R> {
    pub(super) inner: R,
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Fed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.feed(read as u64);
        Ok(read)
    }
}

/// Counts what comes out; beyond the caps reading fails with [`ErrorKind::FileTooLarge`].
pub(super) struct Capped<'b, R> {
    pub(super) inner: R,
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Capped<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.budget.room(buffer.len());
        let read = self.inner.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.budget.take(read)?;
        Ok(read)
    }
}

/// Bytes of names and the like, which are held in memory: an archive's table of contents, a member's headers.
const LISTING: u64 = 32 << 20;

/// What an archive's listing may still have; members themselves are not counted.
pub(super) struct Listing(Cell<u64>);

impl Listing {
    pub(super) fn new() -> Self {
        Self(Cell::new(LISTING))
    }

    /// What is read next is a listing, from its beginning.
    pub(super) fn begin(&self) {
        self.0.set(LISTING);
    }

    /// What is read next is a member.
    pub(super) fn end(&self) {
        self.0.set(u64::MAX);
    }
}

/// Fails with [`ErrorKind::FileTooLarge`] beyond the end of a listing.
pub(super) struct Listed<'l, R> {
    pub(super) inner: R,
    pub(super) listing: &'l Listing,
}

impl<R: Read> Read for Listed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Some(left) = self.listing.0.get().checked_sub(read as u64) else {
            return Err(io::Error::new(ErrorKind::FileTooLarge, "a list of members that is too long"));
        };
        self.listing.0.set(left);
        Ok(read)
    }
}

impl<R: Seek> Seek for Listed<'_, R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.inner.seek(place)
    }
}
