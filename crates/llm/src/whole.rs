//! A file that is there as a whole or not at all, also after a kill.
//!
//! It is not flushed to the disk first: that takes time in which a kill would lose an answer that was paid for. What a power
//! cut spoils has a checksum, or is learned anew.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

/// Writes beside the place, then renames; folders are made.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temp = tempfile::NamedTempFile::new_in(folder)?;
    temp.write_all(bytes)?;
    temp.persist(path).map(drop).map_err(|error| error.error)
}
