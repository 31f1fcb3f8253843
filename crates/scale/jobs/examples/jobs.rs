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
    match command {
        Command::Enqueue(args) => {
            println!("{}", serde_json::to_string(&jobs::enqueue(&args).await?).unwrap_or_default())
        }
        Command::Work(args) => {
            println!("{}", serde_json::to_string(&jobs::work(&args).await?).unwrap_or_default())
        }
        Command::Retry(args) => {
            println!("{}", serde_json::to_string(&jobs::retry(&args).await?).unwrap_or_default())
        }
        Command::Status(args) => {
            let status = jobs::status(&args).await?;
            if args.json { println!("{}", status.json()) } else { print!("{status}") }
        }
        Command::Gateway(args) => jobs::gateway(&args).await?,
    }
    Ok(())
}
