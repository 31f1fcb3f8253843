//! The only place that prints: data on stdout, words for people on stderr.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// A line of data. A closed pipe (`| head`) is no failure.
pub(crate) fn data(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line for people.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Text from outside, safe to show on a terminal: control characters are written out.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// Logs to stderr: warnings by default, more with `-v`, errors only with `-q`.
pub(crate) fn start_logs(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info,hyper=warn,reqwest=warn",
        (false, 2) => "debug,hyper=warn,reqwest=warn",
        (false, _) => "trace,hyper=info",
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    tracing_subscriber::registry().with(EnvFilter::new(level)).with(layer).init();
}

/// A bar on a terminal; elsewhere it shows nothing, and callers print plain lines.
pub(crate) fn bar(length: u64, quiet: bool) -> ProgressBar {
    let terminal = std::io::stderr().is_terminal() && !quiet;
    let bar = if terminal { ProgressBar::new(length) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta} left)");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
