//! The sign of life: `[ping]`. What fails is a warning, told once for the beginning and once for the end.

use deliver::{Gaps, Pinger, Sign};
use tokio::runtime::Builder;

use super::Ended;
use crate::{console, exit::Code, publishing::Outcome, settings::Settings};

/// A monitor that was told of the beginning; of none when there is no address, or no good one.
pub(super) struct Pulse {
    pinger: Option<Pinger>,
    report: String,
    gaps: Gaps,
}

impl Pulse {
    /// Tells that a run begins.
    pub(super) fn begin(settings: &Settings) -> Self {
        let pinger = settings.pinger().unwrap_or_else(|error| {
            console::say(&format!("warning: the monitor of [ping] is not told: {error}"));
            None
        });
        let pulse = Self { pinger, report: settings.report.name.clone(), gaps: settings.ping.gaps };
        pulse.give(Sign::Start, &format!("{}: begins", pulse.report));
        pulse
    }

    /// Tells how it ended.
    pub(super) fn end(&self, ended: &Ended) {
        let sign = match (ended.code, self.gaps) {
            (Code::Done, _) | (Code::Partial, Gaps::Success) => Sign::Success,
            (code, _) => Sign::Failure(code as u8),
        };
        self.give(sign, &line(&self.report, ended));
    }

    fn give(&self, sign: Sign, line: &str) {
        let Some(pinger) = &self.pinger else { return };
        let runtime = Builder::new_current_thread().enable_all().build();
        let given = runtime
            .map_err(|error| error.to_string())
            .and_then(|runtime| runtime.block_on(pinger.ping(sign, line)).map_err(|error| error.to_string()));
        if let Err(error) = given {
            console::say(&format!("warning: the monitor of [ping] was not told: {error}"));
        }
    }
}

/// How a run ended, in numbers: nothing that a tweet or a model says.
fn line(report: &str, ended: &Ended) -> String {
    let Ended { code, seconds, figures, .. } = ended;
    let (published, fresh) = (figures.count(Outcome::Published), figures.count(Outcome::UpToDate));
    let written = figures.written.unwrap_or_default();
    format!(
        "{report}: exit {}; reports: {published} published, {fresh} up to date; tweets: {} read, {} kept; topics: {}; \
         claims: {}, {} refused; {} model calls; {seconds:.1} s",
        *code as u8,
        figures.of("read"),
        figures.of("kept"),
        figures.topics.unwrap_or_default(),
        written.claims,
        written.refused,
        written.calls,
    )
}
