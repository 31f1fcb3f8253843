//! `work`: takes reports from the queue and has them made, so many at a time, until it is told to stop.

mod child;
mod decide;
mod job;
mod scratch;
mod slot;

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use serde::Serialize;
use sqlx::PgPool;
use tokio::{sync::watch, task::JoinSet};

pub(crate) use self::decide::{BUDGET_SPENT, Verdict};
use self::{
    child::{Program, find},
    decide::Patience,
};
use crate::{
    database::{DatabaseArgs, patiently},
    error::JobsError,
    lanes::{sweep, tidy},
    names::{secret_of, worker_name},
    stop::until_stopped,
};

/// `work`.
#[derive(Clone, Debug, Args)]
pub struct WorkArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "its fields are documented")]
    pub database: DatabaseArgs,
    /// Reports made at the same time
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub jobs: usize,
    /// The program that makes reports [default: beside this one, else by PATH]
    #[arg(long, value_name = "PATH")]
    pub tuibao: Option<PathBuf>,
    /// Working folder of the reports: its tuibao.toml, profiles, corpus
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// Where the site is on this machine, when it is not where `enqueue` said
    #[arg(long, value_name = "PLACE")]
    pub site: Option<String>,
    /// The gateway that all questions to the model go through, such as `http://127.0.0.1:4000`
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,
    /// The environment variable that holds the gateway's token
    #[arg(long, value_name = "NAME", requires = "gateway")]
    pub token_env: Option<String>,
    /// Attempts at a report before it is a dead letter
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub attempts: u32,
    /// Before the second attempt; doubles from attempt to attempt, up to an hour
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub backoff_seconds: f64,
    /// The longest that one report may take
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub job_minutes: u64,
    /// Between two signs of life
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub heartbeat_seconds: u64,
    /// After so many signs of life that are missed, a worker's report is given to another
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub missed_heartbeats: usize,
    /// Between two looks into an empty queue
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub poll_seconds: f64,
    /// End when every report is done or dead, instead of waiting for more
    #[arg(long)]
    pub exit_when_done: bool,
    /// More flags for each `tuibao run`, behind `--`: `-- --config other.toml`
    #[arg(last = true)]
    pub more: Vec<String>,
}

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
