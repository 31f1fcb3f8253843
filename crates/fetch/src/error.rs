//! What went wrong, named after what the caller does next; free of secrets.

use std::{fmt, io, path::Path, path::PathBuf, time::Duration};

use crate::address::Forbidden;

/// Why something was not fetched. What was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Correct the configuration.
    #[error("`fetch.{key}`: {reason}")]
    Settings {
        /// Which key.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Correct the address, or allow what it needs.
    #[error("`{url}` may not be fetched: {reason}")]
    Forbidden {
        /// Without what may be secret.
        url: String,
        /// Which rule it breaks.
        reason: Forbidden,
    },
    /// Correct the address or the token: asking again will not help.
    #[error("{0}")]
    Refused(Fault),
    /// Come back later; attempts here are used up.
    #[error("{0}")]
    Unreachable(Fault),
    /// Correct the address: what it leads to is no corpus file.
    #[error("{0}")]
    Unusable(Fault),
    /// Raise the limit, or leave the file out.
    #[error("`{url}` is larger than {max_mb} MiB")]
    TooLarge {
        /// Without what may be secret.
        url: String,
        /// The limit.
        max_mb: u64,
    },
    /// Look at the file: it is not what an earlier run wrote.
    #[error("`{}` is no state of a source", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Look at the disk.
    #[error("cannot {action} `{}`", path.display())]
    Disk {
        /// What was to be done, as a verb.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FetchError {
    pub(crate) fn disk(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Disk { action, path: path.to_owned(), source }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Forbidden { reason: Forbidden::Private(_), .. } => {
                Some("if you trust it, set `fetch.allow_private = true`")
            }
            Self::Refused(fault) | Self::Unreachable(fault) | Self::Unusable(fault) => fault.hint,
            Self::TooLarge { .. } => Some("raise `fetch.max_mb`"),
            Self::State { .. } => Some("delete it to begin anew; pages on the disk stay"),
            _ => None,
        }
    }
}

/// What a server did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// The address without what may be secret.
    pub url: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub detail: String,
    /// What a person can do about it.
    pub hint: Option<&'static str>,
    /// How long the server asks us to wait.
    pub retry_after: Option<Duration>,
    /// How often it was tried; 0 is once.
    pub attempts: u32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, status, detail, hint: _, retry_after, attempts } = self;
        match status {
            Some(status) => write!(f, "`{url}` answered {status}")?,
            None => write!(f, "`{url}` failed")?,
        }
        if !detail.is_empty() {
            write!(f, ": {detail}")?;
        }
        if let Some(wait) = retry_after {
            write!(f, "; come back in {} s", wait.as_secs())?;
        }
        if *attempts > 1 { write!(f, " ({attempts} attempts)") } else { Ok(()) }
    }
}
