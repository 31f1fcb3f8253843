//! One file on its way: written beside its place, flushed, renamed, and put back if a later one fails.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::PublishError;

/// What the names of all our passing files begin with.
pub(super) const PREFIX: &str = ".tuibao-";
/// Between the owner and the rest of such a name; no owner has it in its name.
pub(super) const MARK: char = '~';
const SUFFIX: &str = ".tmp";

/// A file that is on the disk under a temporary name, which goes away with this value.
pub(super) struct Staged {
    owner: String,
    folder: PathBuf,
    target: PathBuf,
    temp: NamedTempFile,
    /// What `target` held before.
    old: Option<Vec<u8>>,
}

impl Staged {
    /// Writes and flushes `bytes` beside `target`.
    pub(super) fn write(
        owner: &str,
        folder: PathBuf,
        target: PathBuf,
        bytes: &[u8],
        old: Option<Vec<u8>>,
    ) -> Result<Self, PublishError> {
        let temp = temp_file(owner, &folder, &target, bytes).map_err(PublishError::io("write", &target))?;
        Ok(Self { owner: owner.to_owned(), folder, target, temp, old })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it is, and where it goes.
    pub(super) fn way(&self) -> (&Path, &Path) {
        (self.temp.path(), &self.target)
    }

    /// Leaves it as a dead process would.
    #[cfg(test)]
    pub(super) fn abandon(self) {
        drop(self.temp.keep());
    }

    /// Puts the file in its place.
    pub(super) fn rename(self) -> Result<Renamed, PublishError> {
        let Self { owner, folder, target, temp, old } = self;
        temp.persist(&target).map_err(|error| PublishError::io("replace", &target)(error.error))?;
        Ok(Renamed { owner, folder, target, old })
    }
}

/// A file in its place, and what it takes to undo that.
pub(super) struct Renamed {
    owner: String,
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
                let temp = temp_file(&self.owner, &self.folder, &self.target, &old);
                drop(temp.map(|temp| temp.persist(&self.target)));
            }
            None => drop(fs::remove_file(&self.target)),
        }
    }
}

/// A flushed temporary file whose name tells whose it is, with the permissions of the file that it is to replace.
pub(super) fn temp_file(
    owner: &str,
    folder: &Path,
    target: &Path,
    bytes: &[u8],
) -> std::io::Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!("{}{name}.", owned(owner));
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

/// What the names of an owner's passing files begin with.
pub(super) fn owned(owner: &str) -> String {
    format!("{PREFIX}{owner}{MARK}")
}

/// Whether this is the name of a file on its way, of this owner.
pub(super) fn is_on_its_way(path: &Path, owner: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(&owned(owner)) && name.ends_with(SUFFIX)
}

/// Makes renames in `folder` survive a power cut, where the system can.
pub(super) fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(PublishError::io("flush", folder))?;
    }
    Ok(())
}
