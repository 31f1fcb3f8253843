//! Who makes a report: a lease on its row, so that a task that is delivered twice is done by one at a time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::{
    error::JobsError,
    lanes::{Report, ReportTask, hold, push, push_due},
    work::Verdict,
};

/// What became of the wish to make a report.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It is ours.
    Ours(Box<Report>),
    /// Somebody else makes it, who has it until then unless the lease is renewed.
    Theirs(DateTime<Utc>),
    /// The task is out of date: the report is made, dead or pushed anew.
    Over,
}

const TAKE: &str = "UPDATE tuibao_reports SET state = 'running', worker = $3, attempts = attempts + 1,
        lease = now() + make_interval(secs => $4), started_at = now(), ended_at = NULL
    WHERE id = $1 AND round = $2 AND (state = 'queued' OR (state = 'running' AND lease < now()))
    RETURNING id, lane, site, profile, first_day, last_day, independent, attempts";

/// Takes the lease.
pub(crate) async fn take(
    pool: &PgPool,
    task: ReportTask,
    worker: &str,
    lease: Duration,
) -> Result<Taken, JobsError> {
    let taken =
        sqlx::query_as(TAKE).bind(task.report).bind(task.round).bind(worker).bind(lease.as_secs_f64());
    if let Some(report) = taken.fetch_optional(pool).await? {
        return Ok(Taken::Ours(Box::new(report)));
    }
    let theirs = "SELECT lease FROM tuibao_reports
        WHERE id = $1 AND round = $2 AND state = 'running' AND lease IS NOT NULL";
    let theirs = sqlx::query_as(theirs).bind(task.report).bind(task.round).fetch_optional(pool).await?;
    Ok(theirs.map_or(Taken::Over, |(until,)| Taken::Theirs(until)))
}

/// Keeps the lease.
pub(crate) async fn renew(
    pool: &PgPool,
    report: i64,
    worker: &str,
    lease: Duration,
) -> Result<(), sqlx::Error> {
    let renew = "UPDATE tuibao_reports SET lease = now() + make_interval(secs => $3)
        WHERE id = $1 AND worker = $2 AND state = 'running'";
    sqlx::query(renew).bind(report).bind(worker).bind(lease.as_secs_f64()).execute(pool).await?;
    Ok(())
}

/// Notes how it ended, and gives the lane's next its turn, in one transaction. A report that is made is made, whoever has the
/// lease by now; of what failed only the holder of the lease may speak.
pub(crate) async fn end(
    pool: &PgPool,
    (report, worker): (&Report, &str),
    verdict: &Verdict,
) -> Result<(), JobsError> {
    let mut all = pool.begin().await?;
    hold(&report.lane, &mut all).await?;
    match verdict {
        Verdict::Done { code } => {
            let done = "UPDATE tuibao_reports SET state = 'done', exit_code = $2, reason = NULL, ended_at = now(),
                lease = NULL, not_before = NULL, worker = $3 WHERE id = $1 AND state IN ('queued', 'running')";
            sqlx::query(done).bind(report.id).bind(code).bind(worker).execute(&mut *all).await?;
        }
        Verdict::Dead { code, reason } => {
            note(&mut all, report, worker, (*code, reason)).await?;
            let dead =
                "UPDATE tuibao_reports SET state = 'dead', ended_at = now(), lease = NULL, not_before = NULL
                WHERE id = $1 AND worker = $2 AND state = 'running'";
            sqlx::query(dead).bind(report.id).bind(worker).execute(&mut *all).await?;
        }
        Verdict::Again { code, reason, after } => {
            if note(&mut all, report, worker, (*code, reason)).await? {
                push(report.id, after.as_secs_f64(), &mut all).await?;
            }
        }
        Verdict::Tomorrow { code, reason } => {
            if note(&mut all, report, worker, (*code, reason)).await? {
                push_tomorrow(report.id, &mut all).await?;
            }
        }
    }
    push_due(&report.lane, &mut all).await?;
    all.commit().await?;
    Ok(())
}

/// Whether the report is still ours.
async fn note(
    all: &mut sqlx::PgConnection,
    report: &Report,
    worker: &str,
    (code, reason): (Option<i32>, &str),
) -> Result<bool, sqlx::Error> {
    let note = "UPDATE tuibao_reports SET exit_code = $3, reason = $4
        WHERE id = $1 AND worker = $2 AND state = 'running'";
    let noted = sqlx::query(note).bind(report.id).bind(worker).bind(code).bind(reason).execute(all).await?;
    Ok(noted.rows_affected() == 1)
}

/// A budget is a day's: the report waits for the next one (UTC), and that was no attempt.
async fn push_tomorrow(report: i64, all: &mut sqlx::PgConnection) -> Result<(), JobsError> {
    let (after,): (f64,) = sqlx::query_as(
        "UPDATE tuibao_reports SET attempts = attempts - 1 WHERE id = $1
         RETURNING extract(epoch FROM (date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day')
            - (now() AT TIME ZONE 'UTC'))::FLOAT8",
    )
    .bind(report)
    .fetch_one(&mut *all)
    .await?;
    push(report, after, all).await
}
