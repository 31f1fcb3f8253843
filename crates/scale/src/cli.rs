//! The command line: what is typed, and what is printed.

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};

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
    /// Runs the scheduler of a cluster
    Scheduler(SchedulerArgs),
    /// Runs an executor of a cluster
    Executor(ExecutorArgs),
}

/// Runs what was asked for.
pub(crate) async fn start(cli: Cli) -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(cli.log.as_str()).with_writer(std::io::stderr).init();
    let done = match cli.command {
        Command::Import(args) => import::import(*args).await,
        Command::Stats(args) => stats::stats(args).await,
        Command::Digest(args) => digest::digest(&args),
        Command::Scheduler(args) => cluster::scheduler(args).await.map(|()| String::new()),
        Command::Executor(args) => cluster::executor(args).await.map(|()| String::new()),
    };
    match done {
        Ok(text) if text.is_empty() => ExitCode::SUCCESS,
        Ok(text) => match writeln!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            // Nobody is left to tell when stderr is closed.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
