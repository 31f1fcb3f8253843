//! `work`: takes reports from the queue and has them made, so many at a time, until it is told to stop.

mod args;
mod child;
mod decide;
mod job;
mod scratch;
mod slot;

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use sqlx::PgPool;
use tokio::{sync::watch, task::JoinSet};

pub use self::args::WorkArgs;
pub(crate) use self::decide::{BUDGET_SPENT, Verdict};
use self::{
    child::{Program, find},
    decide::Patience,
};
use crate::{
    database::patiently,
    error::JobsError,
    lanes::{sweep, tidy},
    names::{secret_of, worker_name},
    stop::until_stopped,
};

/// What all slots of a worker share.
#[derive(Debug)]
struct Shop {
    pool: PgPool,
    name: String,
    program: Program,
    site: Option<String>,
    patience: Patience,
    heartbeat: Duration,
    missed: usize,
    poll: Duration,
}

impl Shop {
    /// How long a report is ours without a sign of life.
    fn lease(&self) -> Duration {
        self.heartbeat * u32::try_from(self.missed).unwrap_or(u32::MAX)
    }
}

/// Why `work` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worked {
    /// It was told to.
    Stopped,
    /// Every report is done or dead.
    AllDone,
}

/// Works until it is told to stop (SIGTERM, SIGINT; what is under way is finished, a second signal ends that too).
///
/// # Errors
///
/// At the start: PostgreSQL refuses, or there is no program. Later an absent PostgreSQL is waited for.
pub async fn work(args: &WorkArgs) -> Result<Worked, JobsError> {
    let shop = Arc::new(open(args).await?);
    tracing::info!(worker = shop.name, jobs = args.jobs, "working");
    let (end, ending) = watch::channel(false);
    let mut slots = JoinSet::new();
    for number in 0..args.jobs.max(1) {
        slots.spawn(slot::serve(Arc::clone(&shop), number, ending.clone()));
    }
    let keeper = tokio::spawn(keep(Arc::clone(&shop)));
    let why = tokio::select! {
        () = until_stopped() => Worked::Stopped,
        () = until_done(&shop), if args.exit_when_done => Worked::AllDone,
    };
    tracing::info!("stopping: what is under way is finished first");
    // Nobody may be left to hear it.
    let _ = end.send(true);
    tokio::select! {
        () = async { while slots.join_next().await.is_some() {} } => (),
        () = until_stopped() => tracing::warn!("stopping at once; others take over what was under way"),
    }
    keeper.abort();
    Ok(why)
}

async fn open(args: &WorkArgs) -> Result<Shop, JobsError> {
    let folder = std::path::absolute(&args.folder).map_err(JobsError::machine("the working folder"))?;
    let longest = Duration::from_secs(args.job_minutes.max(1) * 60);
    let mut program = Program::new(find(args.tuibao.as_deref()), folder, args.more.clone(), longest);
    if let Some(gateway) = &args.gateway {
        program = program.through(gateway, args.token_env.as_deref().map(secret_of).transpose()?);
    }
    program.check().await?;
    let jobs = u32::try_from(args.jobs).unwrap_or(u32::MAX).max(1);
    let pool = args.database.open_patiently(jobs.saturating_mul(2).saturating_add(2)).await?;
    let seconds =
        |seconds: f64| Duration::try_from_secs_f64(seconds.max(0.05)).unwrap_or(Duration::from_secs(1));
    Ok(Shop {
        pool,
        name: worker_name(),
        program,
        site: args.site.clone(),
        patience: Patience { attempts: args.attempts.max(1), backoff: seconds(args.backoff_seconds) },
        heartbeat: Duration::from_secs(args.heartbeat_seconds.max(1)),
        missed: args.missed_heartbeats.max(1),
        poll: seconds(args.poll_seconds),
    })
}

/// Mends what crashes left, and takes away what is over.
async fn keep(shop: Arc<Shop>) {
    loop {
        let kept = patiently(|| async { sweep(&shop.pool).await }).await;
        match kept {
            Ok(0) => (),
            Ok(pushed) => tracing::info!(pushed, "reports that nobody looked after were queued"),
            Err(error) => tracing::warn!(%error, "the sweep failed"),
        }
        if let Err(error) = tidy(&shop.pool).await {
            tracing::debug!(%error, "the queue was not tidied");
        }
        tokio::time::sleep(shop.heartbeat).await;
    }
}

async fn until_done(shop: &Shop) {
    let open = "SELECT 1 FROM tuibao_reports WHERE state NOT IN ('done', 'dead') LIMIT 1";
    loop {
        let found = patiently(|| sqlx::query(open).fetch_optional(&shop.pool)).await;
        if matches!(found, Ok(None)) {
            return;
        }
        tokio::time::sleep(shop.poll).await;
    }
}
