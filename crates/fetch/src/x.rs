//! Pages of the X API v2, stored as they come: a list, a recent search or an account, from the newest tweet down to the
//! newest that is known.
//!
//! Each source has a folder with page files and a hidden state. Pages are safe on the disk before the state tells of
//! them, so a run that is killed leaves the state of before: tweets may then come twice, but none is missed.

mod api;
mod limit;
mod page;
mod run;
mod state;
mod store;
mod target;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::{Fault, FetchError, Patience, Settings, XSettings};
use api::Api;
use run::Run;
use target::Target;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// One source of the X API.
pub struct Source {
    target: Target,
    api: Api,
    folder: PathBuf,
    max_pages: u32,
    max_wait: Duration,
    clock: Clock,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("target", &self.target)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// Prepares a source; opens no connection. Its token is [`XSettings::bearer`].
    ///
    /// # Errors
    /// [`FetchError::Settings`] when the keys cannot work.
    pub fn new(
        keys: &XSettings,
        settings: &Settings,
        token: &SecretString,
        clock: Clock,
    ) -> Result<Self, FetchError> {
        let target = Target::of(keys)?;
        if keys.max_pages == 0 {
            return Err(FetchError::Settings { key: "x.max_pages", reason: "no page, no tweets".to_owned() });
        }
        Ok(Self {
            api: Api::new(&keys.base_url, settings, token)?,
            folder: settings.folder.join("x").join(target.slug()),
            max_pages: keys.max_pages,
            max_wait: Duration::from_secs(keys.max_wait_seconds),
            target,
            clock,
        })
    }

    /// The same source, with another patience.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.api.patience = patience;
        self
    }

    /// Where its pages are: a corpus, made of this run's files and those of earlier ones.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// What a run brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// New files.
    pub files: Vec<PathBuf>,
    /// Tweets in them; some may be in older files too.
    pub tweets: u64,
    /// Pages that were asked for.
    pub pages: u32,
    /// Why there is more; `None` when everything new is here.
    pub stopped: Option<Stopped>,
    /// What the API says in place of tweets, e.g. that there is no such list.
    pub complaints: Vec<String>,
}

/// Why a run ended before its time. The next one goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// `max_pages` pages were read. A first run is content with that: it does not go on into the past.
    #[error("`max_pages` is reached")]
    MaxPages,
    /// The API wants a longer pause than `max_wait_seconds`.
    #[error("the rate limit is used up; come back {}", when(*until))]
    RateLimit {
        /// When to come back, if the API says so.
        until: Option<DateTime<Utc>>,
    },
    /// After some pages, the API did not answer any more.
    #[error("{0}")]
    Unreachable(Fault),
}

fn when(until: Option<DateTime<Utc>>) -> String {
    until.map_or_else(
        || "later".to_owned(),
        |until| format!("after {}", until.format("%Y-%m-%d %H:%M:%S UTC")),
    )
}

/// Brings what is new of a source: first what an earlier run could not finish, then from the newest tweet down.
///
/// One run at a time per source; the caller holds the lock.
///
/// # Errors
/// A [`FetchError`]; pages that had come by then are on the disk, and the next run goes on after them.
pub async fn pull(source: &Source) -> Result<Pulled, FetchError> {
    let mut run = Run::new(source)?;
    let ended = run.passes().await;
    // After a fault of the disk nobody knows what is on it: the state of before stands.
    if !matches!(ended, Err(FetchError::Disk { .. })) {
        run.commit()?;
    }
    let stopped = match ended {
        // What has come is worth telling; what has not is the next run's.
        Err(FetchError::Unreachable(fault)) if run.pulled.pages > 0 => Some(Stopped::Unreachable(fault)),
        ended => ended?,
    };
    Ok(Pulled { stopped, ..run.pulled })
}
