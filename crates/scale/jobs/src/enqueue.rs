//! `enqueue`: many days of many profiles as rows, each once.

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use sqlx::PgPool;

use crate::{
    database::DatabaseArgs,
    error::JobsError,
    lanes::{hold, push_due},
    period::{Every, periods},
};

/// `enqueue`.
#[derive(Clone, Debug, Args)]
pub struct EnqueueArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "its fields are documented")]
    pub database: DatabaseArgs,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: NaiveDate,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: NaiveDate,
    /// One report a day, week (from Monday) or month
    #[arg(long, value_enum, default_value = "day")]
    pub every: Every,
    /// A report profile; may be given several times
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    pub profile: Vec<String>,
    /// Root of the site: a folder that all workers share, or `s3://bucket/prefix`
    #[arg(long, value_name = "PLACE", default_value = "site")]
    pub site: String,
    /// All at once, in any order: for profiles that look back on no earlier report (`memory.days = 0`)
    #[arg(long)]
    pub independent: bool,
    /// Also those that are done or dead, once more: tweets came in late, or the profile was changed
    #[arg(long)]
    pub again: bool,
}

/// What `enqueue` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Enqueued {
    /// Reports of the range, of all profiles.
    pub reports: u64,
    /// Those that were not there yet, or are to be made once more.
    pub new: u64,
    /// Those whose turn came at once.
    pub due: u64,
}

/// Adds what is missing.
///
/// # Errors
///
/// A range that ends before it begins; PostgreSQL.
pub async fn enqueue(args: &EnqueueArgs) -> Result<Enqueued, JobsError> {
    let periods = periods(args.from, args.to, args.every);
    if periods.is_empty() {
        let (from, to) = (args.from, args.to);
        return Err(JobsError::Usage(format!("the range ends before it begins: {from} > {to}")));
    }
    let pool = args.database.open(2).await?;
    let mut sum = Enqueued::default();
    for profile in &args.profile {
        let Enqueued { reports, new, due } = enqueue_lane(args, profile, &periods, &pool).await?;
        sum = Enqueued { reports: sum.reports + reports, new: sum.new + new, due: sum.due + due };
    }
    Ok(sum)
}

async fn enqueue_lane(
    args: &EnqueueArgs,
    profile: &str,
    periods: &[(NaiveDate, NaiveDate)],
    pool: &PgPool,
) -> Result<Enqueued, JobsError> {
    let lane = format!("{} {profile}", args.site);
    let (first, last): (Vec<NaiveDate>, Vec<NaiveDate>) = periods.iter().copied().unzip();
    let mut all = pool.begin().await?;
    hold(&lane, &mut all).await?;
    let added = sqlx::query(
        "INSERT INTO tuibao_reports AS r (lane, site, profile, every, independent, first_day, last_day)
         SELECT $1, $2, $3, $4, $5, first, last FROM unnest($6::DATE[], $7::DATE[]) AS days (first, last)
         ON CONFLICT (site, profile, every, first_day) DO UPDATE
         SET state = 'waiting', attempts = 0, independent = EXCLUDED.independent, reason = NULL, exit_code = NULL,
            enqueued_at = now(), started_at = NULL, ended_at = NULL
         WHERE $8 AND r.state IN ('done', 'dead')",
    )
    .bind(&lane)
    .bind(&args.site)
    .bind(profile)
    .bind(args.every.name())
    .bind(args.independent)
    .bind(first)
    .bind(last)
    .bind(args.again)
    .execute(&mut *all)
    .await?;
    let due = push_due(&lane, &mut all).await?;
    all.commit().await?;
    Ok(Enqueued { reports: periods.len() as u64, new: added.rows_affected(), due })
}
