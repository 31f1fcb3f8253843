//! What can go wrong with a store, by what its user does next.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a store was not read or not changed; every variant leaves the tweets of before.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder has no `_store.json`, and for an import it is not empty either.
    #[error("`{}` is not a tweet store", .0.display())]
    NotAStore(PathBuf),
    /// Another import holds the lock.
    #[error("another import writes to `{}`", .0.display())]
    Busy(PathBuf),
    /// The import lost tweets when it could not write, and is not committed.
    #[error("the import into `{}` is incomplete: a write failed", .0.display())]
    Incomplete(PathBuf),
    /// Made by another version of the program.
    #[error("`{}` has the schema version `{found}`, this program reads `{}`", path.display(), crate::columns::VERSION)]
    Schema {
        /// The marker, the journal or a part.
        path: PathBuf,
        /// The version that it tells.
        found: String,
    },
    /// The file is not what was written.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// A part, the marker or the journal.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The system refused: a full disk, missing rights.
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

impl StoreError {
    /// What to do about it, in one line.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAStore(_) => "name the folder of a store, or an empty or new one to import into",
            Self::Busy(_) => "wait until it ends; the lock dies with its process",
            Self::Schema { .. } => "update the program, or import the original files into a new store",
            Self::Damaged { .. } => {
                "restore the file from a backup, or move it out of the store and import that day's files again"
            }
            Self::Incomplete(_) => "start the import again; the store is as before",
            Self::Io { .. } => "check the folder's rights and the free space, then do the same again",
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Damaged { path: path.to_owned(), reason: format!("{reason}") }
    }
}
