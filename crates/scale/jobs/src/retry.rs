//! `retry`: dead letters are put back.

use clap::Args;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    database::DatabaseArgs,
    error::JobsError,
    lanes::{hold, push, push_due},
};

/// `retry`.
#[derive(Clone, Debug, Args)]
pub struct RetryArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "its fields are documented")]
    pub database: DatabaseArgs,
    /// Only dead reports of these profiles
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub profile: Vec<String>,
    /// Only these, by the numbers that `status` shows
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub id: Vec<i64>,
    /// Also reports that wait for another attempt or for tomorrow's budget: at once
    #[arg(long)]
    pub waiting: bool,
}

/// What `retry` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Retried {
    /// Reports that wait for their turn again, or have it.
    pub reports: u64,
}

/// Puts dead reports back, as if they had never been tried.
///
/// # Errors
///
/// PostgreSQL.
pub async fn retry(args: &RetryArgs) -> Result<Retried, JobsError> {
    let pool = args.database.open(2).await?;
    let mut all = pool.begin().await?;
    let lanes: Vec<(String,)> = sqlx::query_as(
        "UPDATE tuibao_reports SET state = 'waiting', attempts = 0, ended_at = NULL
         WHERE state = 'dead' AND (cardinality($1::TEXT[]) = 0 OR profile = ANY($1))
            AND (cardinality($2::BIGINT[]) = 0 OR id = ANY($2)) RETURNING lane",
    )
    .bind(&args.profile)
    .bind(&args.id)
    .fetch_all(&mut *all)
    .await?;
    let reports = lanes.len() as u64;
    let lanes: std::collections::BTreeSet<String> = lanes.into_iter().map(|(lane,)| lane).collect();
    // In one order for all, so that two of these do not wait for each other.
    for lane in &lanes {
        hold(lane, &mut all).await?;
        push_due(lane, &mut all).await?;
    }
    let waiting = if args.waiting { push_waiting(args, &mut all).await? } else { 0 };
    all.commit().await?;
    Ok(Retried { reports: reports + waiting })
}

/// Queues them anew; the tasks of later are out of date by that.
async fn push_waiting(args: &RetryArgs, all: &mut PgConnection) -> Result<u64, JobsError> {
    let waiting: Vec<(i64,)> = sqlx::query_as(
        "SELECT id FROM tuibao_reports WHERE state = 'queued' AND not_before > now()
            AND (cardinality($1::TEXT[]) = 0 OR profile = ANY($1))
            AND (cardinality($2::BIGINT[]) = 0 OR id = ANY($2)) FOR UPDATE",
    )
    .bind(&args.profile)
    .bind(&args.id)
    .fetch_all(&mut *all)
    .await?;
    for (report,) in &waiting {
        push(*report, 0.0, all).await?;
    }
    Ok(waiting.len() as u64)
}
