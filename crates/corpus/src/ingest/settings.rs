//! What is read, and within which bounds.

use std::{io, sync::Arc};

use super::{container::Origin, mapping::Mapped};

/// A file of the corpus.
pub struct Input {
    /// As the user named it.
    pub name: String,
    /// Opens it; may be called more than once where the name is that of an archive's side file.
    pub open: Box<dyn Fn() -> io::Result<Origin<'static>> + Send + Sync>,
    /// The user's mapping for it.
    pub mapping: Option<Arc<Mapped>>,
    /// Whose tweets these are, for a personal archive that does not say so.
    pub owner: Option<String>,
}

/// Bounds of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Threads that parse; with one, the caller's.
    pub threads: usize,
    /// Bytes that may be between the files and the caller, roughly.
    pub memory: u64,
    /// Bytes that a file may have, unpacked.
    pub file: u64,
    /// Bytes that a value which lists records may have.
    pub page: usize,
    /// Bytes that one record may have.
    pub record: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threads: 2, memory: 48 << 20, file: 64 << 30, page: 32 << 20, record: 1 << 20 }
    }
}

/// Bytes of one batch.
const BATCH: u64 = 1 << 20;
/// What a batch needs of memory, before and after it is parsed, in batches.
const IN_FLIGHT: u64 = 3;

impl Settings {
    /// Bytes of one batch: less than usual only where memory is scarce.
    pub(super) fn batch(&self) -> usize {
        usize::try_from((self.memory / IN_FLIGHT).clamp(1 << 10, BATCH)).unwrap_or(1 << 10)
    }

    /// Readers, and jobs that each may have under way.
    pub(super) fn shape(&self, files: usize) -> (usize, usize) {
        let readers = self.threads.min(files).max(1);
        let jobs = usize::try_from(self.memory / (IN_FLIGHT * BATCH)).unwrap_or(usize::MAX) / readers;
        (readers, jobs.clamp(1, 4 * self.threads.max(1)))
    }
}
