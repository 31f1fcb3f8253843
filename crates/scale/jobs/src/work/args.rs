//! `work` as typed.

use std::path::PathBuf;

use clap::Args;

use crate::database::DatabaseArgs;

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
