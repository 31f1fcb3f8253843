//! The commands by themselves, for trials: `cargo run -p jobs --example jobs -- work --help`.
#![expect(clippy::print_stdout, reason = "the example is a program")]

use clap::Parser;
use jobs::{EnqueueArgs, GatewayArgs, JobsError, RetryArgs, StatusArgs, WorkArgs};

#[derive(Parser)]
enum Command {
    /// Add the reports of a range of days
    Enqueue(EnqueueArgs),
    /// Make reports
    Work(WorkArgs),
    /// Show what is done
    Status(StatusArgs),
    /// Put dead reports back
    Retry(RetryArgs),
    /// Be the one way to the model
    Gateway(GatewayArgs),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter()).init();
    run(Command::parse()).await.map_err(|error| {
        let hint = error.hint();
        anyhow::Error::new(error).context(hint)
    })
}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing::Level::INFO.into())
        .from_env()
        .unwrap_or_default()
}

async fn run(command: Command) -> Result<(), JobsError> {
    let said = match command {
        Command::Enqueue(args) => json(&jobs::enqueue(&args).await?),
        Command::Work(args) => json(&jobs::work(&args).await?),
        Command::Retry(args) => json(&jobs::retry(&args).await?),
        Command::Status(args) if args.json => jobs::status(&args).await?.json(),
        Command::Status(args) => jobs::status(&args).await?.to_string(),
        Command::Gateway(args) => return jobs::gateway(&args).await,
    };
    println!("{}", said.trim_end());
    Ok(())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
