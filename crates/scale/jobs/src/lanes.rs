//! Whose turn it is: reports of one site and profile are made one after the other, oldest first, because each looks back on
//! those before it. What is in the table is true; a task in the queue only says that somebody should look.

use apalis::prelude::TaskBuilder;
use apalis_postgres::{PgTask, queries::push_tasks};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

use crate::error::JobsError;

/// The queue of all reports.
pub(crate) const QUEUE: &str = "tuibao::reports";

/// What the queue carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportTask {
    /// Row of `tuibao_reports`.
    pub(crate) report: i64,
    /// A task of an earlier round is out of date.
    pub(crate) round: i32,
}

/// A report that somebody makes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Report {
    pub(crate) id: i64,
    pub(crate) lane: String,
    pub(crate) site: String,
    pub(crate) profile: String,
    pub(crate) first_day: NaiveDate,
    pub(crate) last_day: NaiveDate,
    pub(crate) independent: bool,
    pub(crate) attempts: i32,
}

impl Report {
    /// For people.
    pub(crate) fn name(&self) -> String {
        let Self { profile, first_day, last_day, .. } = self;
        if first_day == last_day {
            format!("{profile} {first_day}")
        } else {
            format!("{profile} {first_day}..{last_day}")
        }
    }
}

/// Holds off all others from a lane until the transaction ends.
pub(crate) async fn hold(lane: &str, all: &mut PgConnection) -> Result<(), JobsError> {
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    sqlx::query(lock).bind(lane).execute(all).await?;
    Ok(())
}

/// Pushes whatever of a lane has its turn: the oldest unfinished report, when none is under way, or each independent one.
/// Returns how many.
pub(crate) async fn push_due(lane: &str, all: &mut PgConnection) -> Result<u64, JobsError> {
    hold(lane, all).await?;
    let due: Vec<(i64,)> = sqlx::query_as(
        "SELECT id FROM tuibao_reports r WHERE lane = $1 AND state = 'waiting' AND (independent OR NOT EXISTS (
            SELECT 1 FROM tuibao_reports o WHERE o.lane = r.lane AND NOT o.independent
            AND (o.state IN ('queued', 'running') OR (o.state = 'waiting' AND (o.first_day, o.id) < (r.first_day, r.id)))))",
    )
    .bind(lane)
    .fetch_all(&mut *all)
    .await?;
    for (report,) in &due {
        push(*report, 0.0, all).await?;
    }
    Ok(due.len() as u64)
}

/// Queues a report, so many seconds from now by PostgreSQL's clock.
pub(crate) async fn push(report: i64, after: f64, all: &mut PgConnection) -> Result<(), JobsError> {
    let (round, at): (i32, i64) = sqlx::query_as(
        "UPDATE tuibao_reports SET state = 'queued', round = round + 1, worker = NULL, lease = NULL,
            not_before = clock_timestamp() + make_interval(secs => $2)
         WHERE id = $1 RETURNING round, floor(extract(epoch FROM not_before))::BIGINT",
    )
    .bind(report)
    .bind(after)
    .fetch_one(&mut *all)
    .await?;
    push_tasks(all, QUEUE, vec![task(ReportTask { report, round }, at)]).await?;
    Ok(())
}

fn task(task: ReportTask, at: i64) -> PgTask {
    let key = format!("{}-{}", task.report, task.round);
    let args = serde_json::to_vec(&task).unwrap_or_default();
    TaskBuilder::new(args).idempotency_key(key).run_at_timestamp(at.unsigned_abs()).build()
}

/// What a crash between two steps may have left: lanes where nothing is under way, reports whose task is gone. Returns how
/// many reports were pushed.
pub(crate) async fn sweep(pool: &PgPool) -> Result<u64, JobsError> {
    let mut all = pool.begin().await?;
    let lost: Vec<(i64,)> = sqlx::query_as(
        "SELECT id FROM tuibao_reports r
         WHERE (state = 'queued' OR (state = 'running' AND lease < now())) AND NOT EXISTS (
            SELECT 1 FROM apalis.jobs j WHERE j.job_type = $1 AND j.idempotency_key = r.id || '-' || r.round
            AND j.status IN ('Pending', 'Queued', 'Running'))
         FOR UPDATE SKIP LOCKED",
    )
    .bind(QUEUE)
    .fetch_all(&mut *all)
    .await?;
    for (report,) in &lost {
        push(*report, 0.0, &mut all).await?;
    }
    all.commit().await?;
    Ok(lost.len() as u64 + push_idle(pool).await?)
}

async fn push_idle(pool: &PgPool) -> Result<u64, JobsError> {
    let idle: Vec<(String,)> = sqlx::query_as(
        "SELECT lane FROM tuibao_reports GROUP BY lane
         HAVING bool_or(state = 'waiting') AND NOT bool_or(state IN ('queued', 'running'))",
    )
    .fetch_all(pool)
    .await?;
    let mut pushed = 0;
    for (lane,) in idle {
        let mut all = pool.begin().await?;
        pushed += push_due(&lane, &mut all).await?;
        all.commit().await?;
    }
    Ok(pushed)
}

/// Takes away tasks that are over, and workers that were not seen for a day: the queue keeps both for ever.
pub(crate) async fn tidy(pool: &PgPool) -> Result<(), JobsError> {
    let over = "DELETE FROM apalis.jobs WHERE job_type = $1 AND status IN ('Done', 'Failed', 'Killed')
        AND done_at < now() - interval '1 hour'";
    sqlx::query(over).bind(QUEUE).execute(pool).await?;
    let gone = "DELETE FROM apalis.workers w WHERE worker_type = $1 AND last_seen < now() - interval '1 day'
        AND NOT EXISTS (SELECT 1 FROM apalis.jobs j WHERE j.lock_by = w.id)";
    sqlx::query(gone).bind(QUEUE).execute(pool).await?;
    Ok(())
}
