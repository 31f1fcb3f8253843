//! Files by the hash of what they answer: `<folder>/<first two digits>/<hash>.zst`, each whole or not there, with a checksum.
//!
//! Several processes may use a folder at once. Beyond the bound the oldest go, asked for or not.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use crate::whole::write_whole;

const LEVEL: i32 = 3;
const ENDING: &str = "zst";
/// What one answer may have unpacked: the reader of replies lets no more through.
const LARGEST: u64 = 16 << 20;
/// What is left after the oldest were cleared away, in tenths of the bound, so that this is seldom done.
const TENTHS_LEFT: u64 = 9;

/// A folder of answers.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    /// Bytes that the files may have in all.
    bound: u64,
    /// Bytes that they have; `None` until somebody looked.
    size: Arc<Mutex<Option<u64>>>,
}

/// What is on a shelf.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShelfStats {
    /// Answers.
    pub answers: u64,
    /// Bytes of their files.
    pub bytes: u64,
    /// When the oldest was put there.
    pub oldest: Option<SystemTime>,
    /// When the newest was.
    pub newest: Option<SystemTime>,
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    put: SystemTime,
}

impl Shelf {
    /// In `folder`, which is made when there is something to keep, with at most about `bound` bytes.
    pub fn new(folder: &Path, bound: u64) -> Self {
        Self { folder: folder.to_owned(), bound, size: Arc::default() }
    }

    /// How much is there.
    pub fn stats(&self) -> ShelfStats {
        let entries = self.entries();
        ShelfStats {
            answers: entries.len() as u64,
            bytes: entries.iter().map(|entry| entry.bytes).sum(),
            oldest: entries.iter().map(|entry| entry.put).min(),
            newest: entries.iter().map(|entry| entry.put).max(),
        }
    }

    /// Takes all answers away, and says how many.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clear(&self) -> io::Result<u64> {
        let entries = self.entries();
        for entry in &entries {
            fs::remove_file(&entry.path)?;
        }
        Ok(entries.len() as u64)
    }

    /// The bytes put there under a key, unless something spoiled them.
    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let file = fs::File::open(self.path(key)).ok()?;
        let mut bytes = Vec::new();
        let unpacked = zstd::Decoder::new(file).ok()?;
        io::copy(&mut io::Read::take(unpacked, LARGEST), &mut bytes).ok()?;
        Some(bytes)
    }

    pub(super) fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let mut packer = zstd::Encoder::new(Vec::new(), LEVEL)?;
        packer.include_checksum(true)?;
        io::Write::write_all(&mut packer, bytes)?;
        let stored = packer.finish()?;
        write_whole(&self.path(key), &stored)?;
        self.bound_size(stored.len() as u64);
        Ok(())
    }

    pub(super) fn remove(&self, key: &str) {
        // Not there is just as well.
        let _ = fs::remove_file(self.path(key));
    }

    /// Clears the oldest away when there is too much.
    fn bound_size(&self, added: u64) {
        let mut size = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        let now = size.map_or_else(|| self.stats().bytes, |size| size + added);
        *size = Some(if now > self.bound { self.thin_out() } else { now });
    }

    fn thin_out(&self) -> u64 {
        let mut entries = self.entries();
        entries.sort_by(|a, b| (a.put, &a.path).cmp(&(b.put, &b.path)));
        let mut left: u64 = entries.iter().map(|entry| entry.bytes).sum();
        for entry in entries {
            if left <= self.bound / 10 * TENTHS_LEFT {
                break;
            }
            if fs::remove_file(&entry.path).is_ok() {
                left -= entry.bytes;
            }
        }
        left
    }

    fn entries(&self) -> Vec<Entry> {
        let inside = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
        let folders = inside(self.folder.clone()).map(|shard| shard.path()).filter(|path| path.is_dir());
        let files = folders.flat_map(inside);
        files.filter_map(|file| entry(file.path())).collect()
    }

    fn path(&self, key: &str) -> PathBuf {
        let shard = key.get(..2).unwrap_or_default();
        self.folder.join(shard).join(key).with_extension(ENDING)
    }
}

fn entry(path: PathBuf) -> Option<Entry> {
    let facts =
        fs::metadata(&path).ok().filter(|_| path.extension().is_some_and(|ending| ending == ENDING))?;
    Some(Entry { bytes: facts.len(), put: facts.modified().ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> String {
        format!("{number:02x}{}", "0".repeat(62))
    }

    #[test]
    fn what_is_put_is_there_until_it_is_spoiled_or_removed() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), 1 << 20);
        assert_eq!(shelf.get(&key(1)), None);
        shelf.put(&key(1), b"one").unwrap();
        shelf.put(&key(2), b"two").unwrap();
        assert_eq!(shelf.get(&key(1)).as_deref(), Some(&b"one"[..]));
        assert_eq!(shelf.stats().answers, 2);
        let path = shelf.path(&key(1));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(shelf.get(&key(1)), None, "spoiled");
        shelf.remove(&key(2));
        assert_eq!(shelf.get(&key(2)), None);
        assert_eq!(shelf.clear().unwrap(), 1);
        assert_eq!(shelf.stats(), ShelfStats::default());
    }

    #[test]
    fn beyond_the_bound_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), 2000);
        for number in 0..60 {
            // Does not compress.
            let noise: Vec<u8> =
                blake3::hash(&[number]).as_bytes().iter().copied().cycle().take(33).collect();
            shelf.put(&key(number), &noise).unwrap();
            let path = shelf.path(&key(number));
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(u64::from(number));
            fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
        }
        let stats = shelf.stats();
        assert!(stats.bytes <= 2000 && stats.answers > 10, "{stats:?}");
        assert!(shelf.get(&key(59)).is_some() && shelf.get(&key(0)).is_none());
    }
}
