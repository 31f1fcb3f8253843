//! Runs: each attempt at a report, how it ended and what it cost.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};
use serde::Serialize;

use crate::{Key, Ledger, LedgerError};

/// Runs that are kept: some ten years of one a day, with a back-fill now and then.
const KEPT: i64 = 5000;

/// Of a run in its ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunId(i64);

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Under way.
    Running,
    /// The report was written, or written anew.
    Published,
    /// The same was there.
    UpToDate,
    /// A better one was there and stayed.
    KeptBetter,
    /// There was new data, which the settings leave alone.
    Left,
    /// There is no report, or the one of before.
    Failed,
    /// The process ended without a word.
    Died,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Running,
        Self::Published,
        Self::UpToDate,
        Self::KeptBetter,
        Self::Left,
        Self::Failed,
        Self::Died,
    ];

    /// As in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Published => "published",
            Self::UpToDate => "up_to_date",
            Self::KeptBetter => "kept_better",
            Self::Left => "left",
            Self::Failed => "failed",
            Self::Died => "died",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))
    }
}

/// A run that begins.
#[derive(Clone, Copy, Debug)]
pub struct Started<'a> {
    /// The report that it is to make.
    pub key: &'a Key,
    /// `run` or `backfill`.
    pub command: &'a str,
    /// `extractive`, or the model's name.
    pub writer: &'a str,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Tokens and money.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spent {
    /// Calls of a model, without answers that were kept.
    pub calls: u64,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// In `currency`.
    pub cost: f64,
    /// Such as `USD`.
    pub currency: String,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What became of the report.
    pub state: State,
    /// Exit code.
    pub exit: u8,
    /// Why it failed, in one line.
    pub error: Option<String>,
    /// What was read, kept and dropped.
    pub counts: Option<serde_json::Value>,
    /// What it cost.
    pub spent: Spent,
    /// Now.
    pub at: DateTime<Utc>,
}

/// A run as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// The report.
    #[serde(flatten)]
    pub key: Key,
    /// `run` or `backfill`.
    pub command: String,
    /// `extractive`, or the model's name.
    pub writer: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub ended: Option<DateTime<Utc>>,
    /// How far it came.
    pub state: State,
    /// Exit code.
    pub exit: Option<u8>,
    /// Why it failed.
    pub error: Option<String>,
    /// What was read, kept and dropped.
    pub counts: Option<serde_json::Value>,
    /// What it cost.
    #[serde(flatten)]
    pub spent: Spent,
}

impl Ledger {
    /// Notes that a run begins, and lets the oldest go.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn begin(&self, run: &Started<'_>) -> Result<RunId, LedgerError> {
        let Started { key, command, writer, at } = run;
        self.with(|connection| {
            let change = connection.transaction()?;
            change.execute(
                "INSERT INTO runs (site, report, first, last, command, writer, started, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'running')",
                params![key.site, key.report, key.first, key.last, command, writer, stamp(*at)],
            )?;
            let id = change.last_insert_rowid();
            change.execute("DELETE FROM runs WHERE id <= ?1", [id - KEPT])?;
            change.commit()?;
            Ok(RunId(id))
        })
    }

    /// Notes how it ended.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn end(&self, run: RunId, end: &Ended) -> Result<(), LedgerError> {
        let Ended { state, exit, error, counts, spent, at } = end;
        let counts = counts.as_ref().map(serde_json::Value::to_string);
        self.with(|connection| {
            connection.execute(
                "UPDATE runs SET ended = ?2, state = ?3, exit = ?4, error = ?5, counts = ?6, calls = ?7,
                 prompt_tokens = ?8, completion_tokens = ?9, cost = ?10, currency = ?11 WHERE id = ?1",
                params![
                    run.0,
                    stamp(*at),
                    state.name(),
                    exit,
                    error,
                    counts,
                    spent.calls,
                    spent.prompt_tokens,
                    spent.completion_tokens,
                    spent.cost,
                    spent.currency
                ],
            )?;
            Ok(())
        })
    }

    /// Notes of runs of a report's name that never ended that they died; the caller holds the lock that keeps others away.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn bury(&self, site: &str, report: &str) -> Result<usize, LedgerError> {
        self.with(|connection| {
            connection.execute(
                "UPDATE runs SET state = 'died' WHERE state = 'running' AND site = ?1 AND report = ?2",
                params![site, report],
            )
        })
    }

    /// The last runs for a report's name on a site, newest first.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn runs(&self, site: &str, report: &str, most: usize) -> Result<Vec<Run>, LedgerError> {
        self.with(|connection| {
            let mut all = connection
                .prepare("SELECT * FROM runs WHERE site = ?1 AND report = ?2 ORDER BY id DESC LIMIT ?3")?;
            all.query_map(params![site, report, most], run)?.collect()
        })
    }

    /// The last run for one report.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn last(&self, key: &Key) -> Result<Option<Run>, LedgerError> {
        self.with(|connection| last_where(connection, key))
    }

    /// What all runs in this ledger cost from `since` on, by currency.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn spent(&self, since: DateTime<Utc>) -> Result<Vec<Spent>, LedgerError> {
        self.with(|connection| {
            let mut sums = connection.prepare(
                "SELECT sum(calls), sum(prompt_tokens), sum(completion_tokens), sum(cost), currency
                 FROM runs WHERE started >= ?1 AND calls > 0 GROUP BY currency ORDER BY currency",
            )?;
            let spent = |row: &Row<'_>| {
                Ok(Spent {
                    calls: row.get(0)?,
                    prompt_tokens: row.get(1)?,
                    completion_tokens: row.get(2)?,
                    cost: row.get(3)?,
                    currency: row.get(4)?,
                })
            };
            sums.query_map([stamp(since)], spent)?.collect()
        })
    }
}

fn last_where(connection: &Connection, key: &Key) -> rusqlite::Result<Option<Run>> {
    connection
        .query_row(
            "SELECT * FROM runs WHERE site = ?1 AND report = ?2 AND first = ?3 AND last = ?4
             ORDER BY id DESC LIMIT 1",
            params![key.site, key.report, key.first, key.last],
            run,
        )
        .optional()
}

/// UTC to the millisecond, so that the order of texts is that of times.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let day = |name| row.get::<_, NaiveDate>(name);
    let state: String = row.get("state")?;
    let counts: Option<String> = row.get("counts")?;
    Ok(Run {
        key: Key {
            site: row.get("site")?,
            report: row.get("report")?,
            first: day("first")?,
            last: day("last")?,
        },
        command: row.get("command")?,
        writer: row.get("writer")?,
        started: row.get("started")?,
        ended: row.get("ended")?,
        state: State::ALL.into_iter().find(|known| known.name() == state).ok_or_else(|| {
            rusqlite::Error::FromSqlConversionFailure(0, Type::Text, format!("no state `{state}`").into())
        })?,
        exit: row.get("exit")?,
        error: row.get("error")?,
        counts: counts.and_then(|counts| serde_json::from_str(&counts).ok()),
        spent: Spent {
            calls: row.get("calls")?,
            prompt_tokens: row.get("prompt_tokens")?,
            completion_tokens: row.get("completion_tokens")?,
            cost: row.get("cost")?,
            currency: row.get("currency")?,
        },
    })
}
