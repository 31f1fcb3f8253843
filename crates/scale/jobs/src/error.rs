//! What can go wrong with jobs, named after what the caller does next.

use std::io;

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// PostgreSQL is away or refuses.
    #[error("PostgreSQL: {0}")]
    Database(#[from] sqlx::Error),
    /// The queue in it does not work.
    #[error("the job queue: {0}")]
    Queue(#[from] apalis_postgres::Error),
    /// The object store of a site or a cache does not work.
    #[error("the object store: {0}")]
    Store(#[from] object_store::Error),
    /// An argument that cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// The program that makes reports cannot be started.
    #[error("`{program}` cannot be started: {source}")]
    Program {
        /// As it was looked for.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A file or an address of this machine.
    #[error("{what}: {source}")]
    Machine {
        /// Which.
        what: String,
        /// Why.
        source: io::Error,
    },
    /// A client of HTTP that cannot be made.
    #[error("HTTP: {0}")]
    Http(#[from] reqwest::Error),
}

impl JobsError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Database(_) => {
                "is the server up, and is `--postgres` (or DATABASE_URL) right? docs/jobs.md says how it is set up"
            }
            Self::Queue(_) => {
                "the role must own its database, and the server needs the extension hstore (docs/jobs.md)"
            }
            Self::Store(_) => "check the folder's rights, or the bucket's name and the AWS_… variables",
            Self::Usage(_) => "see `--help`",
            Self::Program { .. } => "name it with `--tuibao PATH`, or install it beside this program",
            Self::Machine { .. } => "check rights and free space, or name another one",
            Self::Http(_) => "check the address of `--upstream`",
        }
    }

    pub(crate) fn machine(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Machine { what, source }
    }
}

/// Whether an error of PostgreSQL goes away by waiting: it is starting, stopping, full, or two were in each other's way.
pub(crate) fn heals(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(refusal) => refusal
            .code()
            .is_some_and(|code| ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))),
        _ => false,
    }
}
