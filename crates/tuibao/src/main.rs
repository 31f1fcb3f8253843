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
mod config;
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
mod init;
mod inspect;
mod job;
mod line;
mod logs;
mod long;
mod making;
mod manual;
mod mappings;
mod memory;
mod notify;
mod observe;
mod period;
mod picture;
mod pipeline;
mod places;
mod preview;
mod probe;
mod publishing;
mod reading;
mod run;
mod schedule;
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
use observe::{Watched, observe};
use settings::Settings;

/// Tweets are made in the threads that parse and let go in the one that sorts, which this allocator is good at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // There are no logs yet, which these settings shape: what a layer warns of is told when the command reads them.
    let settings = settings::load(&cli.common).ok();
    let ended = logs::start(&cli.common, settings.as_ref().map(|settings| &settings.log))
        .and_then(|_until_the_end| dispatch(&cli, settings.as_ref()));
    let code = ended.unwrap_or_else(|failure| {
        console::fail(&failure);
        failure.code
    });
    ExitCode::from(code as u8)
}

fn dispatch(cli: &Cli, settings: Option<&Settings>) -> Result<Code, Failure> {
    let watched = |command, dry_run| Watched { command, settings, dry_run };
    match &cli.command {
        Command::Init(args) => init::init(args),
        Command::Config(command) => config::config(command, &cli.common),
        Command::Run(args) => {
            observe(&watched("run", args.dry_run), |tally| run::run(args, &cli.common, tally))
        }
        Command::Backfill(args) => {
            observe(&watched("backfill", args.dry_run), |tally| backfill::backfill(args, &cli.common, tally))
        }
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
        Command::Completions { shell } => Ok(manual::completions(*shell)),
        Command::Man => manual::man(cli.common.out.as_deref()),
    }
}
