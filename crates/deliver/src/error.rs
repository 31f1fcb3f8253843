//! Why something was not delivered, named after what the caller does next; free of secrets.

use std::{io, path::Path, path::PathBuf};

/// Why a message was not delivered. The report stands all the same.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// Correct the configuration of the target.
    #[error("{0}")]
    Settings(String),
    /// Correct what the service objects to: asking again will not help.
    #[error("{0}")]
    Refused(String),
    /// Come back later; attempts here are used up.
    #[error("{0}")]
    Unreachable(String),
    /// Nobody knows whether this part arrived; a later run sends it again.
    #[error("{0}; the part may have arrived")]
    Unknown(String),
    /// Look at the disk: what was sent cannot be noted, so nothing is.
    #[error("cannot {action} `{}`: {source}", path.display())]
    State {
        /// What was to be done, as a verb.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl DeliverError {
    pub(crate) fn state(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::State { action, path: path.to_owned(), source }
    }

    pub(crate) fn settings(reason: impl Into<String>) -> Self {
        Self::Settings(reason.into())
    }
}
