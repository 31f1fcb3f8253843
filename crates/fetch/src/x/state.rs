//! What a source remembers from run to run.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::Error as _};

use crate::{FetchError, disk};

const VERSION: u32 = 1;
const NAME: &str = ".state.json";

/// Written after the pages that it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    version: u32,
    /// The number of an account that was named by its handle.
    pub(super) user_id: Option<String>,
    /// All tweets up to this one are here, as far back as the first run went.
    pub(super) newest_id: Option<u64>,
    /// Between this and what it began with, some are missing.
    pub(super) unfinished: Option<Cursor>,
}

impl Default for State {
    fn default() -> Self {
        Self { version: VERSION, user_id: None, newest_id: None, unfinished: None }
    }
}

/// A place in the pages of one pass, from the newest tweet down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The next page; `None` is the first.
    pub(super) token: Option<String>,
    /// The newest tweet of the pass so far.
    pub(super) newest_id: Option<u64>,
    /// What the API was told to go down to; a token is good only together with it.
    pub(super) since_id: Option<u64>,
}

impl State {
    pub(super) fn load(folder: &Path) -> Result<Self, FetchError> {
        let path = path(folder);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(FetchError::disk("read", &path)(error)),
        };
        let state = serde_json::from_slice(&bytes).and_then(|state: Self| match state.version {
            VERSION => Ok(state),
            other => Err(serde_json::Error::custom(format!("version {other} is not known"))),
        });
        state.map_err(|source| FetchError::State { path, source })
    }

    pub(super) fn save(&self, folder: &Path) -> Result<(), FetchError> {
        let path = path(folder);
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|source| FetchError::State { path: path.clone(), source })?;
        disk::replace(&path, &bytes)
    }

    /// Where a pass begins: where one broke off, else at the top.
    pub(super) fn cursor(&self) -> Cursor {
        let top = Cursor { since_id: self.newest_id, ..Cursor::default() };
        self.unfinished.clone().unwrap_or(top)
    }

    /// The pass has reached what was known, or all there is.
    pub(super) fn finish(&mut self, cursor: &Cursor) {
        self.newest_id = self.newest_id.max(cursor.newest_id);
        self.unfinished = None;
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}
