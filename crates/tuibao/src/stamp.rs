//! The corpus as it lies on the disk, as a hash: so that a look tells whether anything can have changed in a window, without
//! reading a tweet.

use std::{fs, path::PathBuf, time::UNIX_EPOCH};

use corpus::Window;
use store::Store;

use crate::{
    exit::{Code, Failure, OrFail},
    places::{Places, STDIN, places},
    settings::Settings,
    sources::store_failure,
};

/// Of one command's corpus.
pub(crate) struct Stamp {
    /// Of the settings that say how it is read, and of all raw files: paths, sizes and times of change.
    raw: blake3::Hasher,
    stores: Vec<PathBuf>,
}

impl Stamp {
    /// `None` where the corpus is standard input, of which nothing can be told beforehand.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, Failure> {
        let Places { files, stores } = places(settings)?;
        if files.iter().any(|file| file.as_os_str() == STDIN) {
            return Ok(None);
        }
        let mut raw = blake3::Hasher::new();
        raw.update(&serde_json::to_vec(&settings.corpus).or_fail(Code::Internal)?);
        for file in files {
            let known = fs::metadata(&file).ok();
            let changed =
                known.as_ref().and_then(|known| known.modified().ok()?.duration_since(UNIX_EPOCH).ok());
            let length = known.map(|known| known.len());
            raw.update(format!("{} {length:?} {changed:?}\n", file.display()).as_bytes());
        }
        Ok(Some(Self { raw, stores: stores.into_iter().collect() }))
    }

    /// Of what bears on a window.
    pub(crate) fn window(&self, window: Window) -> Result<String, Failure> {
        let mut hasher = self.raw.clone();
        for folder in &self.stores {
            let parts = Store::open(folder).and_then(|store| store.parts(window.start, window.end));
            for name in parts.map_err(store_failure)? {
                hasher.update(name.as_bytes());
            }
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}
