//! `tuibao-scale`: tuibao beyond one machine. The corpus half of tuibao as one DataFusion plan, which runs in this process,
//! on a Ballista of its own, or on a cluster; and reports as jobs that many machines share.
//!
//! No rule of tuibao is written again here: the plan's steps are functions of `corpus` and `store`.

mod cli;
mod cluster;
mod codec;
mod deliver;
mod digest;
mod import;
mod listing;
mod objects;
mod pieces;
mod places;
mod plan;
mod read;
mod rows;
mod rules;
mod session;
mod stats;
mod topics;
mod udfs;

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    cli::start(cli::Cli::parse()).await
}
