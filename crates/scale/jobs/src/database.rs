//! The connection to PostgreSQL: the tables are made when they are not there, and short absences are waited out.

use std::{future::Future, time::Duration};

use apalis_postgres::PostgresStorage;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::error::{JobsError, heals};

const SCHEMA: &str = include_str!("schema.sql");
/// Any number, the same for all: tables are made by one at a time.
const SCHEMA_LOCK: i64 = 0x7475_6962_616f;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// Where PostgreSQL is.
#[derive(Clone, Debug, clap::Args)]
pub struct DatabaseArgs {
    /// PostgreSQL's address, such as `postgres://tuibao:secret@db.example.org/tuibao`
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub postgres: SecretString,
}

impl DatabaseArgs {
    /// Connects once, and makes the tables.
    ///
    /// # Errors
    ///
    /// When the server is away or the role may not make tables.
    pub async fn open(&self, connections: u32) -> Result<PgPool, JobsError> {
        let options: PgConnectOptions = self.postgres.expose_secret().parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // What is there already is no news.
            .connect_lazy_with(options.options([("client_min_messages", "warning")]));
        PostgresStorage::<()>::setup(&pool).await?;
        let mut all = pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SCHEMA_LOCK).execute(&mut *all).await?;
        sqlx::raw_sql(SCHEMA).execute(&mut *all).await?;
        all.commit().await?;
        Ok(pool)
    }

    /// The same, waiting for a server that is not up yet.
    ///
    /// # Errors
    ///
    /// When the server is there and refuses.
    pub async fn open_patiently(&self, connections: u32) -> Result<PgPool, JobsError> {
        patiently(|| self.open(connections)).await
    }
}

/// An error that may be one of an absent server.
pub(crate) trait Heals {
    fn heals(&self) -> bool;
}

impl Heals for sqlx::Error {
    fn heals(&self) -> bool {
        heals(self)
    }
}

impl Heals for apalis_postgres::Error {
    fn heals(&self) -> bool {
        matches!(self, Self::Database(error) if heals(error))
    }
}

impl Heals for JobsError {
    fn heals(&self) -> bool {
        match self {
            Self::Database(error) => heals(error),
            Self::Queue(error) => error.heals(),
            _ => false,
        }
    }
}

/// Does it again until PostgreSQL is there; what waiting does not heal comes back at once.
pub(crate) async fn patiently<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: Heals + std::fmt::Display,
    F: Future<Output = Result<T, E>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt().await {
            Err(error) if error.heals() => tracing::warn!(%error, "PostgreSQL is away: waiting"),
            result => return result,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
