//! Who may do what at the same time. Locks are the system's: they die with their process.
//!
//! `_lock` keeps imports apart, `_gate` keeps readers away from the moments in which files come and go. Whoever waits for
//! the gate waits for renames or for a read, never for an import.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::StoreError;

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: Option<File>,
}

/// The right to import; refused while another import runs.
pub(crate) fn import(root: &Path) -> Result<Lock, StoreError> {
    let path = root.join("_lock");
    let file = open(&path).map_err(StoreError::io("write", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(root.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::io("lock", &path)(error)),
    }
}

/// The right to change what readers see; waits for them.
pub(crate) fn alone(root: &Path) -> Result<Lock, StoreError> {
    let path = gate(root);
    let file = open(&path).map_err(StoreError::io("write", &path))?;
    file.lock().map_err(StoreError::io("lock", &path))?;
    Ok(Lock { _file: Some(file) })
}

/// The right to read; waits for a commit. A store in which nothing can be written, such as one on a read-only disk, is
/// read with the gate that is there, or without one.
pub(crate) fn shared(root: &Path) -> Result<Lock, StoreError> {
    let path = gate(root);
    let file = match open(&path).or_else(|_| File::open(&path)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lock { _file: None }),
        Err(error) => return Err(StoreError::io("read", &path)(error)),
    };
    file.lock_shared().map_err(StoreError::io("lock", &path))?;
    Ok(Lock { _file: Some(file) })
}

fn gate(root: &Path) -> PathBuf {
    root.join("_gate")
}

fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path)
}
