//! The only place that changes the disk. Each change is a step at which a test can let the program die.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::StoreError;

/// Bytes that one write takes at most; small in tests, so that files can be torn in the middle.
const CHUNK: usize = if cfg!(test) { 1 << 10 } else { 1 << 20 };

#[cfg(test)]
use crate::tests::steps::step;

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests a step can fail")]
fn step(_action: &'static str, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// Does one change, unless the test says that the program died before it.
fn change<T>(
    action: &'static str,
    path: &Path,
    make: impl FnOnce() -> io::Result<T>,
) -> Result<T, StoreError> {
    step(action, path).and_then(|()| make()).map_err(StoreError::io(action, path))
}

/// Makes the folder and those above it; what is there already is left alone.
pub(crate) fn create_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() { Ok(()) } else { change("create the folder", path, || fs::create_dir_all(path)) }
}

/// Atomic for one file; replaces what is there.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    change("rename to", to, || fs::rename(from, to))
}

/// A file that is gone already is no error.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    change("remove", path, || match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    })
}

/// Makes the names in a folder survive a power cut, where the system can.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    change("flush", path, || if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) })
}

/// A new file with these bytes, flushed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut sink = Sink::create(path)?;
    sink.write_all(bytes).map_err(StoreError::io("write", path))?;
    sink.finish().map(drop)
}

/// A file that is being written, and hashed on the way.
pub(crate) struct Sink {
    path: PathBuf,
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

/// A file that is whole and flushed.
pub(crate) struct Written {
    /// The start of its BLAKE3 hash: eight hexadecimal digits.
    pub(crate) hash: String,
    pub(crate) bytes: u64,
}

impl Sink {
    /// Replaces what is there.
    pub(crate) fn create(path: &Path) -> Result<Self, StoreError> {
        let file = change("create", path, || File::create(path))?;
        Ok(Self { path: path.to_owned(), file, hasher: blake3::Hasher::new(), bytes: 0 })
    }

    /// Flushes all to the disk.
    pub(crate) fn finish(self) -> Result<Written, StoreError> {
        change("flush", &self.path, || self.file.sync_all())?;
        Ok(Written { hash: short(&self.hasher), bytes: self.bytes })
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        step("write", &self.path)?;
        let count = self.file.write(bytes.get(..CHUNK).unwrap_or(bytes))?;
        self.hasher.update(bytes.get(..count).unwrap_or(bytes));
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The hash of a file as its name tells it.
pub(crate) fn hash(path: &Path) -> Result<String, StoreError> {
    let mut hasher = blake3::Hasher::new();
    File::open(path)
        .and_then(|file| hasher.update_reader(file).map(drop))
        .map_err(StoreError::io("read", path))?;
    Ok(short(&hasher))
}

fn short(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().chars().take(8).collect()
}
