//! The file: opened, shared by processes, put aside when it is damaged.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::schema::migrate;

/// How long one process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A ledger that cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder or the file cannot be made or moved.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was to be done, as a verb.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// SQLite refuses: no room, no rights, or a file of a newer program.
    #[error("cannot keep the run ledger `{}`", path.display())]
    Sqlite {
        /// The ledger.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

/// An open ledger; shared by threads.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Opens a ledger to write in; makes it when it is not there, and puts a damaged one aside with a warning.
    ///
    /// # Errors
    /// [`LedgerError`]
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(folder).map_err(io_error("create the folder", folder))?;
        }
        match Self::usable(path) {
            Err(error) if is_damaged(&error) => {
                put_aside(path)?;
                Self::usable(path)
            }
            opened => opened,
        }
        .map_err(|source| LedgerError::Sqlite { path: path.to_owned(), source })
    }

    /// Opens a ledger to look at, if there is one; changes nothing, unless a writer died in the middle of a change, which is
    /// then undone.
    ///
    /// # Errors
    /// [`LedgerError`], also for a damaged one.
    pub fn look(path: &Path) -> Result<Option<Self>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.query_row("SELECT count(*) FROM runs", [], |_| Ok(()))?;
            Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
        });
        let died = |error: &rusqlite::Error| {
            matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
        };
        let opened = opened.or_else(|error| if died(&error) { Self::usable(path) } else { Err(error) });
        opened.map(Some).map_err(|source| LedgerError::Sqlite { path: path.to_owned(), source })
    }

    fn usable(path: &Path) -> rusqlite::Result<Self> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        // One file, without others beside it: it is copied and moved by people.
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        migrate(&mut connection)?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    /// Runs statements that are one change.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        work(&mut self.lock()).map_err(|source| LedgerError::Sqlite { path: self.path.clone(), source })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_damaged(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// A damaged ledger keeps its bytes, for whoever wants to look.
fn put_aside(path: &Path) -> Result<(), LedgerError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".damaged");
    fs::rename(path, &aside).map_err(io_error("put aside the damaged", path))?;
    tracing::warn!("the run ledger `{}` is damaged: it was put aside, and a new one begun", path.display());
    Ok(())
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LedgerError {
    move |source| LedgerError::Io { action, path: path.to_owned(), source }
}
