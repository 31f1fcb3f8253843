//! The only writer of outputs: the files of a report change together, whole, or not at all.
//!
//! Every file is first written beside its place and flushed to the disk. When all are there, a journal says where each goes:
//! the report has changed once the journal is on the disk. Then they are renamed, in the order given. Should a rename fail,
//! those before it are put back; should the process die, or the power, [`recover`] finishes what the journal says.

mod journal;
mod stage;
#[cfg(test)]
mod tests;

pub use journal::recover;

use std::{
    collections::BTreeSet,
    io,
    path::{Component, Path, PathBuf},
};

use journal::Journal;
use stage::{Staged, sync_folder};

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the site root; no `..`.
    pub path: PathBuf,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What publishing did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was not there before.
    Created,
    /// It had other bytes before.
    Changed,
    /// It has these bytes already and was not touched.
    Unchanged,
}

/// What was done, file by file, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Paths as given.
    pub files: Vec<(PathBuf, Outcome)>,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The path leads out of the site, or nowhere.
    #[error("`{}` is not a file path inside the site", .0.display())]
    Path(PathBuf),
    /// Two files of one report have the same path.
    #[error("`{}` would be written twice", .0.display())]
    Twice(PathBuf),
    /// The system refused.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was to be done, as a verb.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl PublishError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// Writes `files` below `root`, the post last, so that nothing points at a file that is not there yet.
///
/// Folders are made as needed. `owner` is the name of the report, for [`recover`]: letters, digits, `_` and `-`.
///
/// # Errors
///
/// [`PublishError`]; the files on the disk are then those of before, but where a folder could not be flushed: then they are
/// the new ones, and [`recover`] flushes again.
pub fn publish(root: &Path, owner: &str, files: &[OutputFile]) -> Result<Published, PublishError> {
    check_paths(files)?;
    let mut published = Published::default();
    let mut staged = Vec::new();
    for file in files {
        let target = root.join(&file.path);
        let (folder, old) = (prepared_folder(root, &target)?, existing(&target)?);
        let outcome = match &old {
            Some(old) if *old == file.bytes => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
            None => Outcome::Created,
        };
        if outcome != Outcome::Unchanged {
            staged.push(Staged::write(owner, folder, target, &file.bytes, old)?);
        }
        published.files.push((file.path.clone(), outcome));
    }
    // One file needs no journal: its rename is all or nothing.
    let journal = if staged.len() > 1 { Some(Journal::write(root, owner, &staged)?) } else { None };
    commit(staged, journal)?;
    Ok(published)
}

fn check_paths(files: &[OutputFile]) -> Result<(), PublishError> {
    for (index, OutputFile { path, .. }) in files.iter().enumerate() {
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.file_name().is_none() {
            return Err(PublishError::Path(path.clone()));
        }
        if files.iter().take(index).any(|earlier| earlier.path == *path) {
            return Err(PublishError::Twice(path.clone()));
        }
    }
    Ok(())
}

/// The folder of `target`, which is there from now on, as are those above it below `root`.
fn prepared_folder(root: &Path, target: &Path) -> Result<PathBuf, PublishError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(folder.to_owned());
    }
    std::fs::create_dir_all(folder).map_err(PublishError::io("create the folder", folder))?;
    let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
    above.filter(|above| !above.as_os_str().is_empty()).try_for_each(sync_folder)?;
    Ok(folder.to_owned())
}

/// The bytes at `target`, if there are any.
fn existing(target: &Path) -> Result<Option<Vec<u8>>, PublishError> {
    match std::fs::read(target) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(PublishError::io("read", target)(error)),
    }
}

/// Renames all; after a failure the ones already renamed are put back, last first.
fn commit(staged: Vec<Staged>, journal: Option<Journal>) -> Result<(), PublishError> {
    let mut done = Vec::new();
    for file in staged {
        match file.rename() {
            Ok(renamed) => done.push(renamed),
            Err(error) => {
                // First the journal: who dies while putting back must not be finished.
                if let Some(journal) = journal {
                    drop(journal.remove());
                }
                done.into_iter().rev().for_each(stage::Renamed::undo);
                return Err(error);
            }
        }
    }
    let folders: BTreeSet<&Path> = done.iter().map(stage::Renamed::folder).collect();
    folders.into_iter().try_for_each(sync_folder)?;
    journal.map_or(Ok(()), Journal::remove)
}
