//! The application: command line, settings, the pipeline on one screen, exit codes.

mod allowance;
mod audit;
mod backfill;
mod books;
mod cache;
mod catch_up;
mod check;
mod cli;
mod columns;
mod console;
mod coverage;
mod delivery;
mod doctor;
mod drawing;
mod dry_run;
mod eval;
mod exit;
mod feed;
mod fetching;
mod floor;
mod import;
mod inspect;
mod job;
mod line;
mod making;
mod mappings;
mod memory;
mod notify;
mod period;
mod picture;
mod pipeline;
mod places;
mod preview;
mod probe;
mod publishing;
mod reading;
mod run;
mod settings;
mod sorting;
mod sources;
mod stamp;
mod status;
mod suggest;
mod texts;
mod topics;
mod train;
mod vectors;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command, TrainArgs};
use exit::{Code, Failure};

/// Tweets are made in the threads that parse and let go in the one that sorts, which this allocator is good at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    console::start_logs(cli.common.verbose, cli.common.quiet);
    let code = match dispatch(&cli) {
        Ok(code) => code,
        Err(failure) => {
            console::say(&failure.to_string());
            failure.code
        }
    };
    ExitCode::from(code as u8)
}

fn dispatch(cli: &Cli) -> Result<Code, Failure> {
    match &cli.command {
        Command::Run(args) => run::run(args, &cli.common),
        Command::Backfill(args) => backfill::backfill(args, &cli.common),
        Command::Status(args) => status::status(args, &cli.common),
        Command::Import(args) => import::import(args, &cli.common),
        Command::Fetch => fetching::fetch(&settings::load(&cli.common)?),
        Command::Inspect(args) => inspect::inspect(args, &cli.common),
        Command::Topics(args) => topics::topics(args, &cli.common),
        Command::Check(args) => check::check(args, &cli.common),
        Command::Preview(args) => preview::preview(args, &cli.common),
        Command::Audit(args) => audit::audit(args, &cli.common),
        Command::Verify(args) => verify::verify(args, &cli.common),
        Command::Eval(args) => eval::eval(args, &cli.common),
        Command::Train(TrainArgs::Ads(args)) => train::ads(args, &cli.common),
        Command::Doctor(args) => doctor::doctor(args, &cli.common),
        Command::Notify(command) => notify::notify(command, &cli.common),
        Command::Cache(command) => cache::cache(*command, &cli.common),
    }
}
