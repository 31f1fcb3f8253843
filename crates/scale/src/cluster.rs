//! The processes of a cluster. They are this program, because a plan needs our operators and functions where it is planned
//! and where it runs.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result};
use ballista_core::{config::TaskSchedulingPolicy, registry::BallistaFunctionRegistry};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server,
};
use clap::Args;
use url::Url;

use crate::{
    codec::{Logical, Physical},
    session,
};

/// What `scheduler` is told.
#[derive(Args, Debug)]
pub(crate) struct SchedulerArgs {
    /// Address to listen on; nothing protects it, so keep it inside a network that you trust
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "HOST:PORT")]
    listen: SocketAddr,
    /// Seconds without a sign of life after which an executor's work goes to others
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    executor_timeout: u64,
}

/// What `executor` is told.
#[derive(Args, Debug)]
pub(crate) struct ExecutorArgs {
    /// The scheduler
    #[arg(long, default_value = "df://127.0.0.1:50050", value_name = "df://HOST:PORT")]
    scheduler: Url,
    /// Address to listen on, for other executors and clients; nothing protects it
    #[arg(long, default_value = "127.0.0.1:50051", value_name = "HOST:PORT")]
    listen: SocketAddr,
    /// Name or address under which the others reach it, where that is another one
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Tasks at the same time; 0 means one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    cores: usize,
    /// Megabytes that its tasks may take together before they go to the disk; 0 means no limit
    #[arg(long, default_value_t = 2048, value_name = "MB")]
    memory: u64,
    /// Folder for what is shuffled and spilled; a new temporary one as usual
    #[arg(long, value_name = "FOLDER")]
    work: Option<PathBuf>,
    /// Seconds between signs of life
    #[arg(long, default_value_t = 20, value_name = "SECONDS")]
    heartbeat: u64,
}

/// Runs a scheduler until it is stopped.
pub(crate) async fn scheduler(args: SchedulerArgs) -> Result<()> {
    let config = SchedulerConfig {
        bind_host: args.listen.ip().to_string(),
        bind_port: args.listen.port(),
        external_host: args.listen.ip().to_string(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: args.executor_timeout,
        expire_dead_executor_interval_seconds: args.executor_timeout.div_ceil(4).max(1),
        grpc_server_max_decoding_message_size: session::MESSAGE,
        grpc_server_max_encoding_message_size: session::MESSAGE,
        override_logical_codec: Some(Arc::new(Logical::default())),
        override_physical_codec: Some(Arc::new(Physical::default())),
        override_config_producer: Some(Arc::new(|| session::config(1))),
        override_session_builder: Some(Arc::new(|config| {
            Ok(session::state(config, session::runtime(None)?))
        })),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, args.listen, Arc::new(config)).await.context("the scheduler stopped")
}

/// Runs an executor until it is stopped.
pub(crate) async fn executor(args: ExecutorArgs) -> Result<()> {
    let host = args.scheduler.host_str().context("the scheduler's address has no host")?.to_owned();
    let state = session::state(session::config(1), session::runtime(None)?);
    let config = ExecutorProcessConfig {
        bind_host: args.listen.ip().to_string(),
        external_host: Some(args.host.unwrap_or_else(|| args.listen.ip().to_string())),
        port: args.listen.port(),
        grpc_port: args.listen.port().saturating_add(1),
        scheduler_host: host,
        scheduler_port: args.scheduler.port().unwrap_or(50050),
        scheduler_connect_timeout_seconds: 30,
        vcores: args.cores,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: args.work.map(|folder| folder.display().to_string()),
        memory_pool_size: Some(args.memory << 20),
        executor_heartbeat_interval_seconds: args.heartbeat,
        grpc_max_decoding_message_size: session::MESSAGE,
        grpc_max_encoding_message_size: session::MESSAGE,
        override_function_registry: Some(Arc::new(BallistaFunctionRegistry::from(&state))),
        override_logical_codec: Some(Arc::new(Logical::default())),
        override_physical_codec: Some(Arc::new(Physical::default())),
        override_config_producer: Some(Arc::new(|| session::config(1))),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.context("the executor stopped")
}
