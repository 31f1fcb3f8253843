//! The only writer of outputs: the files of a report appear together, whole, or not at all.
//!
//! Every file is first written beside its place and flushed to the disk; only when all are there are they renamed, in the
//! order given. Rename is atomic for one file, not for several: should one fail, those before it are put back.

mod stage;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use stage::{Staged, remove_leftovers, sync_folder};

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
/// Folders are made as needed; temporary files that an earlier run left for the same names are removed.
///
/// # Errors
///
/// [`PublishError`]; the files on the disk are then those of before.
pub fn publish(root: &Path, files: &[OutputFile]) -> Result<Published, PublishError> {
    check_paths(files)?;
    let mut published = Published::default();
    let mut staged = Vec::new();
    for file in files {
        let target = root.join(&file.path);
        let (folder, old) = (prepared_folder(&target)?, existing(&target)?);
        remove_leftovers(&folder, &target);
        let outcome = match &old {
            Some(old) if *old == file.bytes => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
            None => Outcome::Created,
        };
        if outcome != Outcome::Unchanged {
            staged.push(Staged::write(folder, target, &file.bytes, old)?);
        }
        published.files.push((file.path.clone(), outcome));
    }
    commit(staged)?;
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

/// The folder of `target`, which is there from now on.
fn prepared_folder(target: &Path) -> Result<PathBuf, PublishError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(PublishError::io("create the folder", folder))?;
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
fn commit(staged: Vec<Staged>) -> Result<(), PublishError> {
    let mut done = Vec::new();
    for file in staged {
        match file.rename() {
            Ok(renamed) => done.push(renamed),
            Err(error) => {
                done.into_iter().rev().for_each(stage::Renamed::undo);
                return Err(error);
            }
        }
    }
    let mut folders: Vec<&Path> = done.iter().map(stage::Renamed::folder).collect();
    folders.dedup();
    folders.into_iter().try_for_each(sync_folder)
}
