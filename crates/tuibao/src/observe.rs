//! Who watches unattended runs: a monitor that expects a sign of life, a file of figures for Prometheus, a span for the logs.
//!
//! One wrapper around `run` and `backfill`. Nothing here changes a report or how its run ends; what fails is a warning.

mod figures;
mod pulse;
mod stage;
mod tally;
mod textfile;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tracing::{field::Empty, info_span};

use self::{pulse::Pulse, tally::Figures};
pub(crate) use self::{
    stage::{Stage, listed},
    tally::Tally,
};
use crate::{
    exit::{Code, Failure},
    pipeline::now,
    settings::Settings,
};

/// What is watched.
pub(crate) struct Watched<'a> {
    /// Its name on the command line.
    pub(crate) command: &'static str,
    /// None where they cannot be read: then the command says so, and nobody knows whom to tell.
    pub(crate) settings: Option<&'a Settings>,
    /// A dry run writes nothing and opens no connection.
    pub(crate) dry_run: bool,
}

/// How a command went.
struct Ended {
    code: Code,
    at: DateTime<Utc>,
    seconds: f64,
    figures: Figures,
}

/// Runs a command under watch.
pub(crate) fn observe(
    watched: &Watched<'_>,
    work: impl FnOnce(&Arc<Tally>) -> Result<Code, Failure>,
) -> Result<Code, Failure> {
    let report = watched.settings.map_or("", |settings| settings.report.name.as_str());
    let stage = Stage::begin(info_span!("command", command = watched.command, report, exit_code = Empty));
    let _entered = stage.enter();
    let tally = Arc::new(Tally::within(stage.span()));
    let told = watched.settings.filter(|_| !watched.dry_run);
    let pulse = told.map(Pulse::begin);
    let begun = Instant::now();
    let result = work(&tally);
    let code = result.as_ref().map_or_else(|failure| failure.code, |code| *code);
    stage.record("exit_code", code as u8);
    let ended = Ended { code, at: now(), seconds: begun.elapsed().as_secs_f64(), figures: tally.figures() };
    // Another run is at work, and tells its own end.
    if let (Some(settings), true) = (told, code != Code::Busy) {
        textfile::write(settings, &ended);
        pulse.inspect(|pulse| pulse.end(&ended));
    }
    stage.end();
    result
}
