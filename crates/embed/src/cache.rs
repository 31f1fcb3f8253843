//! Vectors on the disk, by the hash of the model's name and the text.
//!
//! Two files a model, `<hash of the name>.vectors` and `.before`: records of one size behind a short head, each with a
//! checksum of its own. New ones are appended in one write, under a lock; a record that a killed run left half written, or
//! that a bad disk spoiled, is one that is not there. When the file has half of the bound it takes the place of the file
//! before it, so that the oldest go, asked for or not, and the disk used is bounded.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rustc_hash::FxHashMap;

const MAGIC: &[u8; 12] = b"tuibao vec 1";
const HEAD: usize = MAGIC.len() + 4;
const KEY: usize = 32;
const CHECK: usize = 8;
/// A length beyond it is a broken head.
const MAX_LENGTH: usize = 1 << 16;

/// Why vectors are not kept.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the cache of embeddings `{}`", path.display())]
pub struct CacheError {
    path: PathBuf,
    source: io::Error,
}

/// A folder of vectors, of any number of models. Several processes may use it at once.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Bytes that the two files of one model may have.
    bound: u64,
    read_only: bool,
}

type Key = [u8; KEY];

impl Cache {
    /// A cache in `folder`, which is made when there is something to keep, with at most about `bound` bytes a model.
    pub fn new(folder: &Path, bound: u64) -> Self {
        Self { folder: folder.to_owned(), bound, read_only: false }
    }

    /// The same cache, which keeps nothing new.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// The vectors that are there, a place for each text, all of one length. Writes nothing; what cannot be read is not
    /// there.
    pub fn look_up(&self, model: &str, texts: &[&str]) -> Vec<Option<Vec<f32>>> {
        let mut wanted: FxHashMap<Key, Option<Vec<f32>>> =
            texts.iter().map(|text| (key(model, text), None)).collect();
        let (now, before) = self.files(model);
        let length = scan(&now, None, &mut wanted);
        scan(&before, length, &mut wanted);
        texts.iter().map(|text| wanted.get(&key(model, text)).cloned().flatten()).collect()
    }

    /// Adds vectors, one a text, all of one length.
    ///
    /// # Errors
    /// When the folder cannot be written; nothing that was there is lost.
    pub fn keep(&self, model: &str, texts: &[&str], vectors: &[Vec<f32>]) -> Result<(), CacheError> {
        let Some(length) = vectors.first().map(Vec::len) else { return Ok(()) };
        if self.read_only {
            return Ok(());
        }
        let pairs = texts.iter().zip(vectors).filter(|(_, vector)| vector.len() == length);
        let records: Vec<u8> = pairs.flat_map(|(text, vector)| record(&key(model, text), vector)).collect();
        let (now, before) = self.files(model);
        self.append(&now, &before, length, &records).map_err(|source| CacheError { path: now, source })
    }

    fn append(&self, now: &Path, before: &Path, length: usize, records: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let lock =
            File::options().create(true).truncate(false).write(true).open(now.with_extension("lock"))?;
        lock.lock()?;
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(now)?;
        let size = file.metadata()?.len();
        let known = head(&mut file);
        if known == Some(length) && size + records.len() as u64 > self.bound / 2 {
            fs::rename(now, before)?;
            return fresh(now, length, records);
        }
        if known != Some(length) {
            return fresh(now, length, records);
        }
        // Behind the last whole record, over what a killed run left of another.
        let whole = (size - HEAD as u64) / record_size(length) as u64 * record_size(length) as u64;
        file.seek(SeekFrom::Start(HEAD as u64 + whole))?;
        file.write_all(records)
    }

    /// The file that grows, and the one before it.
    fn files(&self, model: &str) -> (PathBuf, PathBuf) {
        let hash = blake3::hash(model.as_bytes()).to_hex();
        let now = self.folder.join(format!("{hash:.32}.vectors"));
        (now.clone(), now.with_extension("before"))
    }
}

/// A file with these records only, whole or not at all.
fn fresh(path: &Path, length: usize, records: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temp = tempfile::NamedTempFile::new_in(folder)?;
    temp.write_all(MAGIC)?;
    temp.write_all(&(length as u32).to_le_bytes())?;
    temp.write_all(records)?;
    temp.as_file().sync_all()?;
    temp.persist(path).map(drop).map_err(|error| error.error)
}

fn key(model: &str, text: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(model.len() as u64).to_le_bytes()).update(model.as_bytes()).update(text.as_bytes());
    *hasher.finalize().as_bytes()
}

fn record_size(length: usize) -> usize {
    KEY + 4 * length + CHECK
}

fn record(key: &Key, vector: &[f32]) -> Vec<u8> {
    let mut bytes = key.to_vec();
    bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
    bytes.extend(check(&bytes));
    bytes
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut check);
    check
}

/// The length of a file's vectors, if it is one of ours.
fn head(file: &mut impl Read) -> Option<usize> {
    let (mut magic, mut length) = ([0; MAGIC.len()], [0; 4]);
    file.read_exact(&mut magic).and_then(|()| file.read_exact(&mut length)).ok()?;
    let length = u32::from_le_bytes(length) as usize;
    (magic == *MAGIC && (1..=MAX_LENGTH).contains(&length)).then_some(length)
}

/// Fills in what is wanted and in the file, if its vectors have the length asked for; says the length that they have.
fn scan(
    path: &Path,
    wanted_length: Option<usize>,
    wanted: &mut FxHashMap<Key, Option<Vec<f32>>>,
) -> Option<usize> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).ok()?);
    let length = head(&mut file).filter(|length| wanted_length.is_none_or(|wanted| wanted == *length))?;
    let mut bytes = vec![0; record_size(length)];
    while file.read_exact(&mut bytes).is_ok() {
        let Some((key, rest)) = bytes.split_first_chunk::<KEY>() else { break };
        let Some(place) = wanted.get_mut(key).filter(|place| place.is_none()) else { continue };
        *place = vector(&bytes, rest);
    }
    Some(length)
}

/// The numbers of a record, if nothing has spoiled it.
fn vector(record: &[u8], rest: &[u8]) -> Option<Vec<f32>> {
    let (told, said) = record.split_last_chunk::<CHECK>()?;
    let (numbers, _) = rest.split_last_chunk::<CHECK>()?;
    let (numbers, _) = numbers.as_chunks::<4>();
    (check(told) == *said).then(|| numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}
