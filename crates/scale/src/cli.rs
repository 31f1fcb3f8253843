//! The command line: what is typed, and what is printed.

use std::{io::Write as _, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use jobs::{EnqueueArgs, GatewayArgs, JobsError, RetryArgs, StatusArgs, WorkArgs};
use serde::Serialize;
use store::StoreError;

use crate::{
    cluster::{self, ExecutorArgs, SchedulerArgs},
    digest::{self, DigestArgs},
    import::{self, ImportArgs},
    stats::{self, StatsArgs},
};

/// tuibao beyond one machine: the corpus as one DataFusion plan, here or on a cluster.
#[derive(Debug, Parser)]
#[command(name = "tuibao-scale", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// What is told on stderr: error, warn, info, debug, or directives such as `info,datafusion=debug`
    #[arg(long, global = true, default_value = "warn", value_name = "LEVEL")]
    log: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings raw tweets into a store
    Import(Box<ImportArgs>),
    /// Works out figures of a store over a long range, for reports of weeks, months and years
    Stats(StatsArgs),
    /// Tells what a store holds, so that stores can be compared
    Digest(DigestArgs),
    /// Adds the reports of a range of days to those that workers make
    Enqueue(Box<EnqueueArgs>),
    /// Makes reports that were added, until it is stopped
    Work(Box<WorkArgs>),
    /// Shows which reports are done, under way, waiting or dead
    Status(StatusArgs),
    /// Puts dead reports back
    Retry(RetryArgs),
    /// Answers questions to the model from a shared cache, else asks it, within one rate and one budget
    Gateway(Box<GatewayArgs>),
    /// Runs the scheduler of a cluster
    Scheduler(SchedulerArgs),
    /// Runs an executor of a cluster
    Executor(ExecutorArgs),
}

/// Runs what was asked for.
pub(crate) async fn start(cli: Cli) -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(cli.log.as_str()).with_writer(std::io::stderr).init();
    match run(cli.command).await {
        // Nobody is left to tell when stdout is closed.
        Ok(text) if text.is_empty() || writeln!(std::io::stdout(), "{}", text.trim_end()).is_ok() => {
            ExitCode::SUCCESS
        }
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let of_jobs = error.downcast_ref::<JobsError>().map(|error| error.hint().to_owned());
            let hint =
                of_jobs.or_else(|| error.downcast_ref::<StoreError>().map(|error| error.hint().to_owned()));
            let hint = hint.map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
            let _ = writeln!(std::io::stderr(), "error: {error:#}{hint}");
            ExitCode::FAILURE
        }
    }
}

/// What is printed; nothing of what runs until it is stopped.
async fn run(command: Command) -> Result<String> {
    Ok(match command {
        Command::Import(args) => import::import(*args).await?,
        Command::Stats(args) => stats::stats(args).await?,
        Command::Digest(args) => digest::digest(&args)?,
        Command::Enqueue(args) => json(&jobs::enqueue(&args).await?)?,
        Command::Work(args) => json(&jobs::work(&args).await?)?,
        Command::Status(args) if args.json => jobs::status(&args).await?.json(),
        Command::Status(args) => jobs::status(&args).await?.to_string(),
        Command::Retry(args) => json(&jobs::retry(&args).await?)?,
        Command::Gateway(args) => jobs::gateway(&args).await.map(|()| String::new())?,
        Command::Scheduler(args) => cluster::scheduler(args).await.map(|()| String::new())?,
        Command::Executor(args) => cluster::executor(args).await.map(|()| String::new())?,
    })
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?)
}
