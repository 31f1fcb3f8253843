//! Files that are there whole or not at all: written beside their place, flushed, renamed.
//!
//! Plain blocking calls: there are few, they are short, and nothing else waits on this runtime's threads.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tempfile::NamedTempFile;

use crate::FetchError;

/// Hidden, so that no walk over a corpus takes them for part of it.
const PREFIX: &str = ".tuibao-";
const SUFFIX: &str = ".part";
/// A file that nobody has written to for so long has lost its writer.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A file on its way, which goes away with this value.
pub(crate) struct Part {
    folder: PathBuf,
    temp: NamedTempFile,
}

impl Part {
    /// Opens an empty one in `folder`, which is made as needed, and removes what dead runs have left there.
    pub(crate) fn new(folder: &Path) -> Result<Self, FetchError> {
        fs::create_dir_all(folder).map_err(FetchError::disk("create", folder))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temp = builder.tempfile_in(folder).map_err(FetchError::disk("write to", folder))?;
        sweep(folder, &temp);
        Ok(Self { folder: folder.to_owned(), temp })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.temp.write_all(bytes).map_err(FetchError::disk("write", self.temp.path()))
    }

    /// Takes the place of `target`.
    pub(crate) fn replace(self, target: &Path) -> Result<(), FetchError> {
        self.flush(target)?;
        self.temp.persist(target).map_err(|error| FetchError::disk("replace", target)(error.error))?;
        sync_folder(&self.folder)
    }

    /// Becomes the first of `names` that is free, and says which.
    pub(crate) fn add(self, names: impl Iterator<Item = PathBuf>) -> Result<PathBuf, FetchError> {
        let Self { folder, mut temp } = self;
        temp.as_file().sync_all().map_err(FetchError::disk("flush", temp.path()))?;
        for name in names {
            match temp.persist_noclobber(&name) {
                Ok(_) => return sync_folder(&folder).map(|()| name),
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => temp = taken.file,
                Err(failed) => return Err(FetchError::disk("create", &name)(failed.error)),
            }
        }
        Err(FetchError::disk("name a file in", &folder)(io::ErrorKind::AlreadyExists.into()))
    }

    fn flush(&self, target: &Path) -> Result<(), FetchError> {
        self.temp.as_file().sync_all().map_err(FetchError::disk("flush", target))
    }
}

/// Replaces `target` by `bytes`, whole.
pub(crate) fn replace(target: &Path, bytes: &[u8]) -> Result<(), FetchError> {
    let mut part = Part::new(target.parent().unwrap_or(Path::new(".")))?;
    part.write(bytes)?;
    part.replace(target)
}

/// Removes `target` if it is there.
pub(crate) fn remove(target: &Path) -> Result<(), FetchError> {
    match fs::remove_file(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FetchError::disk("remove", target)(error))
        }
        _ => Ok(()),
    }
}

/// Removes what dead runs have left. Now is when `newest` was made: no clock is read. A failure is no harm.
fn sweep(folder: &Path, newest: &NamedTempFile) {
    let Some(now) = newest.path().metadata().and_then(|data| data.modified()).ok() else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_part = |name: &str| name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if entry.file_name().to_str().is_some_and(is_part) && is_abandoned(&entry, now) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn is_abandoned(entry: &fs::DirEntry, now: SystemTime) -> bool {
    let written = entry.metadata().and_then(|data| data.modified()).ok();
    written.and_then(|written| now.duration_since(written).ok()).is_some_and(|age| age > ABANDONED)
}

/// Makes renames in `folder` survive a power cut, where the system can.
fn sync_folder(folder: &Path) -> Result<(), FetchError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(FetchError::disk("flush", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_file_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let names = || (1..=3).map(|n| folder.path().join(n.to_string()));
        for text in ["a", "b", "c"] {
            let mut part = Part::new(folder.path()).unwrap();
            part.write(text.as_bytes()).unwrap();
            part.add(names()).unwrap();
        }
        let texts: Vec<_> = names().map(|name| fs::read_to_string(name).unwrap()).collect();
        assert_eq!(texts, ["a", "b", "c"]);
        assert!(Part::new(folder.path()).unwrap().add(names()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_dead_runs_have_left_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let dead = folder.path().join(".tuibao-dead.part");
        let alive = folder.path().join(".tuibao-alive.part");
        for path in [&dead, &alive] {
            fs::write(path, "half").unwrap();
        }
        let long_ago = dead.metadata().unwrap().modified().unwrap() - 2 * ABANDONED;
        File::options().append(true).open(&dead).unwrap().set_modified(long_ago).unwrap();
        replace(&folder.path().join("new"), b"whole").unwrap();
        assert!(!dead.exists() && alive.exists());
    }
}
