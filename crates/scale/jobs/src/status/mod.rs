//! `status`: what is done, what waits for what, what is dead and why, what the model was asked.

mod show;

use clap::Args;
use serde::Serialize;
use sqlx::{FromRow, PgPool};

use crate::{database::DatabaseArgs, error::JobsError};

/// `status`.
#[derive(Clone, Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "its fields are documented")]
    pub database: DatabaseArgs,
    /// Print the result as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

/// All that `status` knows. [`std::fmt::Display`] is for people.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// All lanes together.
    pub totals: Totals,
    /// Done in the last ten minutes, a minute.
    pub per_minute: f64,
    /// Each site and profile.
    pub lanes: Vec<Lane>,
    /// Reports that are made just now.
    pub running: Vec<Running>,
    /// Reports that wait for another attempt, or for tomorrow's budget.
    pub again: Vec<Letter>,
    /// Reports that nobody will make until they are put back.
    pub dead: Vec<Letter>,
    /// What the model was asked today, by account.
    pub accounts: Vec<Account>,
}

/// Reports by state.
#[derive(Clone, Copy, Debug, Default, Serialize, FromRow)]
pub struct Totals {
    /// Its turn has not come.
    pub waiting: i64,
    /// Its turn has come.
    pub queued: i64,
    /// It is being made.
    pub running: i64,
    /// It is on the site.
    pub done: i64,
    /// Given up.
    pub dead: i64,
}

/// A site's profile.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Lane {
    /// Root of the site.
    pub site: String,
    /// Its reports.
    pub profile: String,
    /// Reports by state.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub totals: Totals,
    /// The oldest day that is not done.
    pub next_day: Option<chrono::NaiveDate>,
}

/// A report that is made just now.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Running {
    /// For people.
    pub report: String,
    /// Who makes it.
    pub worker: String,
    /// How long already.
    pub seconds: f64,
}

/// A report that failed.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Letter {
    /// For `retry --id`.
    pub id: i64,
    /// For people.
    pub report: String,
    /// Attempts so far.
    pub attempts: i32,
    /// How the last one ended.
    pub exit_code: Option<i32>,
    /// What was said then.
    pub reason: String,
    /// Seconds until the next; none for a dead one.
    pub in_seconds: Option<f64>,
}

/// What all gateways of an account together may do, and did today (UTC).
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// 0 = no bound.
    pub requests_per_minute: i32,
    /// 0 = no bound.
    pub tokens_per_minute: i64,
    /// 0 = no bound.
    pub day_tokens: i64,
    /// Millionths of the currency; 0 = no bound.
    pub day_micros: i64,
    /// Calls today.
    pub calls: i64,
    /// Tokens today.
    pub tokens: i64,
    /// Millionths of the currency today.
    pub micros: i64,
    /// Questions on their way.
    pub asking: i64,
    /// Seconds until a new question could go; how far the rate limit is behind.
    pub slot_in_seconds: f64,
}

const TOTALS: &str = "SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
    count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running,
    count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'dead') AS dead FROM tuibao_reports";

const PER_MINUTE: &str = "SELECT count(*)::FLOAT8 / 10 FROM tuibao_reports
    WHERE state = 'done' AND ended_at > now() - interval '10 minutes'";

const LANES: &str = "SELECT site, profile, count(*) FILTER (WHERE state = 'waiting') AS waiting,
    count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running,
    count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'dead') AS dead,
    min(first_day) FILTER (WHERE state NOT IN ('done', 'dead')) AS next_day
    FROM tuibao_reports GROUP BY site, profile ORDER BY site, profile";

const RUNNING: &str = "SELECT profile || ' ' || first_day AS report, COALESCE(worker, '') AS worker,
    COALESCE(extract(epoch FROM now() - started_at), 0)::FLOAT8 AS seconds
    FROM tuibao_reports WHERE state = 'running' ORDER BY started_at, id";

const AGAIN: &str =
    "SELECT id, profile || ' ' || first_day AS report, attempts, exit_code, COALESCE(reason, '') AS reason,
    GREATEST(0, extract(epoch FROM not_before - now()))::FLOAT8 AS in_seconds
    FROM tuibao_reports WHERE state = 'queued' AND reason IS NOT NULL ORDER BY id";

const DEAD: &str =
    "SELECT id, profile || ' ' || first_day AS report, attempts, exit_code, COALESCE(reason, '') AS reason,
    NULL::FLOAT8 AS in_seconds FROM tuibao_reports WHERE state = 'dead' ORDER BY id";

const ACCOUNTS: &str = "SELECT l.name, requests_per_minute, tokens_per_minute, day_tokens, day_micros,
    COALESCE(s.calls, 0) AS calls, COALESCE(s.tokens, 0) AS tokens, COALESCE(s.micros, 0) AS micros,
    (SELECT count(*) FROM tuibao_flights f WHERE f.name = l.name) AS asking,
    GREATEST(0, extract(epoch FROM GREATEST(next_at, next_tokens_at) - now()))::FLOAT8 AS slot_in_seconds
    FROM tuibao_limits l LEFT JOIN tuibao_spend s ON s.name = l.name AND s.day = (now() AT TIME ZONE 'UTC')::DATE
    ORDER BY l.name";

/// Looks.
///
/// # Errors
///
/// PostgreSQL.
pub async fn status(args: &StatusArgs) -> Result<Status, JobsError> {
    let pool = args.database.open(2).await?;
    look(&pool).await
}

async fn look(pool: &PgPool) -> Result<Status, JobsError> {
    let (per_minute,): (f64,) = sqlx::query_as(PER_MINUTE).fetch_one(pool).await?;
    Ok(Status {
        totals: sqlx::query_as(TOTALS).fetch_one(pool).await?,
        per_minute,
        lanes: sqlx::query_as(LANES).fetch_all(pool).await?,
        running: sqlx::query_as(RUNNING).fetch_all(pool).await?,
        again: sqlx::query_as(AGAIN).fetch_all(pool).await?,
        dead: sqlx::query_as(DEAD).fetch_all(pool).await?,
        accounts: sqlx::query_as(ACCOUNTS).fetch_all(pool).await?,
    })
}

impl Status {
    /// As `--json` prints it.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
