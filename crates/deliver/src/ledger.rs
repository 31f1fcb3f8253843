//! What was sent, a small file for each report and target, so that nothing is told twice.
//!
//! A part is noted when the service has taken it. When the program dies in between, that one part is sent again; nothing else
//! ever is. To delete the file is to tell the report anew.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::DeliverError;

/// The folder of all notes.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    folder: PathBuf,
}

/// What was sent of one report to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// Hash of the post that is told.
    pub(crate) post: String,
    /// Hash of the message.
    pub(crate) message: String,
    /// Parts that the service has taken.
    pub(crate) sent: usize,
    /// Parts of the message.
    pub(crate) of: usize,
}

impl Note {
    pub(crate) fn done(&self) -> bool {
        self.sent >= self.of
    }
}

impl Ledger {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(crate) fn read(&self, slug: &str, target: &str) -> Result<Option<Note>, DeliverError> {
        let path = self.path(slug, target);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DeliverError::state("read", &path)(error)),
        };
        let note = serde_json::from_slice(&bytes).map_err(io::Error::from);
        note.map(Some).map_err(DeliverError::state("understand", &path))
    }

    /// Whole or not at all.
    pub(crate) fn write(&self, slug: &str, target: &str, note: &Note) -> Result<(), DeliverError> {
        let path = self.path(slug, target);
        self.replace(&path, note).map_err(DeliverError::state("write", &path))
    }

    fn replace(&self, path: &Path, note: &Note) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        let mut bytes = serde_json::to_vec_pretty(note)?;
        bytes.push(b'\n');
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, slug: &str, target: &str) -> PathBuf {
        self.folder.join(format!("{slug}.{target}.json"))
    }
}
