//! The only place that prints: data on stdout, words for people on stderr.

use std::{
    io::{IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use brief::Spending;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::Instant;

use crate::{exit::Failure, logs};

/// A line of data. A closed pipe (`| head`) is no failure.
pub(crate) fn data(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line for people; where stderr is for collectors, a log line.
pub(crate) fn say(line: &str) {
    let safe = line.split('\n').map(plain).collect::<Vec<_>>().join("\n");
    if logs::json() {
        return logs::said(&safe);
    }
    let _ = writeln!(std::io::stderr().lock(), "{safe}");
}

/// Why a command failed.
pub(crate) fn fail(failure: &Failure) {
    if logs::json() { logs::failed(failure) } else { say(&failure.to_string()) }
}

/// Text from outside, safe to show on a terminal: control and bidi characters are written out.
pub(crate) fn plain(text: &str) -> String {
    let unsafe_here = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().flat_map(|c| if unsafe_here(c) { c.escape_unicode().collect() } else { vec![c] }).collect()
}

/// How far many reports have come: a bar on a terminal, elsewhere a line now and then.
pub(crate) struct Progress {
    bar: ProgressBar,
    lines: bool,
    told: Mutex<Instant>,
}

impl Progress {
    const PAUSE: Duration = Duration::from_secs(20);

    pub(crate) fn of(length: usize, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal() && !quiet && !logs::json();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(length as u64), target);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta} left)");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, lines: !terminal && !quiet, told: Mutex::new(Instant::now()) }
    }

    /// Another one is done. The estimate is that of the bar: by the pace of the last ones.
    pub(crate) fn step(&self, done: &str) {
        self.bar.inc(1);
        self.bar.set_message(done.to_owned());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.lines && told.elapsed() >= Self::PAUSE {
            *told = Instant::now();
            let (at, of) = (self.bar.position(), self.bar.length().unwrap_or_default());
            say(&format!("{at} of {of} reports, about {} left", HumanDuration(self.bar.eta())));
        }
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Shows how far the writing of reports has come: on a terminal behind a bar, elsewhere a line for each part.
pub(crate) struct Watch {
    bar: Option<ProgressBar>,
    lines: bool,
}

impl Watch {
    /// Of one report.
    pub(crate) fn lines(quiet: bool) -> Self {
        Self { bar: None, lines: !quiet }
    }

    /// Of many reports, whose bar it writes to.
    pub(crate) fn behind(progress: &Progress) -> Self {
        Self { bar: Some(progress.bar.clone()), lines: false }
    }

    /// Tells that a part of a report is done.
    pub(crate) fn tell(&self, span: &str, progress: &brief::Progress<'_>, currency: &str) {
        let brief::Progress { part, done, of, spending } = progress;
        let text = format!("{span}: {part}, {done} of {of} parts; {}", spent(spending, currency));
        if let Some(bar) = &self.bar {
            bar.set_message(text);
        } else if self.lines {
            say(&text);
        }
    }
}

/// Tokens and money in words.
pub(crate) fn spent(spending: &Spending, currency: &str) -> String {
    let Spending { prompt_tokens, cached_tokens, completion_tokens, estimated, cost, .. } = *spending;
    let about = if estimated { "about " } else { "" };
    let cached = if cached_tokens > 0 { format!(" ({cached_tokens} cached)") } else { String::new() };
    let money = if cost > 0.0 { format!(", {cost:.4} {currency}") } else { String::new() };
    format!("{about}{prompt_tokens}{cached} + {completion_tokens} tokens{money}")
}
