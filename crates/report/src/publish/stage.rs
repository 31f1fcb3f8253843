//! One file on its way: written beside its place, flushed, renamed, and put back if a later one fails.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::PublishError;

const PREFIX: &str = ".tuibao-";
const SUFFIX: &str = ".tmp";

/// A file that is on the disk under a temporary name, which goes away with this value.
pub(super) struct Staged {
    folder: PathBuf,
    target: PathBuf,
    temp: NamedTempFile,
    /// What `target` held before.
    old: Option<Vec<u8>>,
}

impl Staged {
    /// Writes and flushes `bytes` beside `target`.
    pub(super) fn write(
        folder: PathBuf,
        target: PathBuf,
        bytes: &[u8],
        old: Option<Vec<u8>>,
    ) -> Result<Self, PublishError> {
        let temp = temp_file(&folder, &target, bytes).map_err(PublishError::io("write", &target))?;
        Ok(Self { folder, target, temp, old })
    }

    /// Puts the file in its place.
    pub(super) fn rename(self) -> Result<Renamed, PublishError> {
        let Self { folder, target, temp, old } = self;
        temp.persist(&target).map_err(|error| PublishError::io("replace", &target)(error.error))?;
        Ok(Renamed { folder, target, old })
    }
}

/// A file in its place, and what it takes to undo that.
pub(super) struct Renamed {
    folder: PathBuf,
    target: PathBuf,
    old: Option<Vec<u8>>,
}

impl Renamed {
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// As far as the disk allows; the failure that led here is the one to report.
    pub(super) fn undo(self) {
        match self.old {
            Some(old) => {
                let temp = temp_file(&self.folder, &self.target, &old);
                drop(temp.map(|temp| temp.persist(&self.target)));
            }
            None => drop(fs::remove_file(&self.target)),
        }
    }
}

/// A flushed temporary file whose name tells what it was for, with the permissions of the file that it is to replace.
fn temp_file(folder: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let prefix = temp_prefix(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temp = builder.tempfile_in(folder)?;
    if let Ok(old) = fs::metadata(target) {
        temp.as_file().set_permissions(old.permissions())?;
    }
    temp.write_all(bytes)?;
    temp.as_file().sync_all()?;
    Ok(temp)
}

fn temp_prefix(target: &Path) -> String {
    format!("{PREFIX}{}.", target.file_name().unwrap_or_default().to_string_lossy())
}

/// Removes what a run that died has left of `target`. A failure is no harm: the next run tries again.
pub(super) fn remove_leftovers(folder: &Path, target: &Path) {
    let prefix = temp_prefix(target);
    let is_leftover = |name: &str| {
        let random = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        random.is_some_and(|random| random.chars().all(|c| c.is_ascii_alphanumeric()))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_leftover) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Makes renames in `folder` survive a power cut, where the system can.
pub(super) fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(PublishError::io("flush", folder))?;
    }
    Ok(())
}
