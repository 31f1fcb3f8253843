//! Logs on stderr, as text for people or as JSON for collectors, and to an OpenTelemetry collector when one is named.
//!
//! In JSON every line of stderr is one object: what is said to people is a log line then, at every level.

#[cfg(feature = "otlp")]
mod otlp;

use std::{io::IsTerminal, sync::OnceLock};

use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

#[cfg(not(feature = "otlp"))]
use crate::exit::Code;
use crate::{
    cli::Common,
    exit::Failure,
    settings::{LogFormat, LogSettings},
};

/// Where words for people come from, which no level hides.
const SAID: &str = "said";
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Whether stderr is for collectors.
pub(crate) fn json() -> bool {
    FORMAT.get() == Some(&LogFormat::Json)
}

/// Starts them: warnings by default, more with `-v`, errors only with `-q`. Without settings, which are wrong then, in the
/// format of the command line.
///
/// What is left to be exported is sent when the guard is dropped.
pub(crate) fn start(common: &Common, settings: Option<&LogSettings>) -> Result<Guard, Failure> {
    let unread = LogSettings { format: common.log_format.unwrap_or_default(), otlp: String::new() };
    let LogSettings { format, otlp } = settings.unwrap_or(&unread);
    let _ = FORMAT.set(*format);
    let (spans, guard) =
        exporter(otlp).map_or_else(|failure| (None, Err(failure)), |(layer, guard)| (layer, Ok(guard)));
    let layers: Vec<BoxedLayer> = spans.into_iter().chain([lines(*format, level(common))]).collect();
    tracing_subscriber::registry().with(layers).init();
    guard
}

/// What an exporter says of itself is told in our words (`logs/otlp.rs`).
fn level(common: &Common) -> &'static str {
    match (common.quiet, common.verbose) {
        (true, _) => "error,opentelemetry=off",
        (false, 0) => "warn,opentelemetry=off",
        (false, 1) => "info,hyper=warn,reqwest=warn,opentelemetry=off",
        (false, 2) => "debug,hyper=warn,reqwest=warn",
        (false, _) => "trace,hyper=info",
    }
}

/// The lines of stderr.
fn lines(format: LogFormat, level: &str) -> BoxedLayer {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => {
            lines.with_ansi(std::io::stderr().is_terminal()).with_filter(EnvFilter::new(level)).boxed()
        }
        LogFormat::Json => {
            let objects = lines.json().flatten_event(true).with_current_span(false);
            objects.with_filter(EnvFilter::new(format!("{level},{SAID}=trace"))).boxed()
        }
    }
}

/// Words for people as a log line.
pub(crate) fn said(line: &str) {
    match line.strip_prefix("warning: ") {
        Some(warning) => tracing::warn!(target: SAID, "{warning}"),
        None if line.contains("error: ") => tracing::error!(target: SAID, "{line}"),
        None => tracing::info!(target: SAID, "{line}"),
    }
}

/// The end of a command that failed, as a log line.
pub(crate) fn failed(failure: &Failure) {
    let causes: Vec<String> = failure.error.chain().skip(1).map(ToString::to_string).collect();
    tracing::error!(
        target: SAID,
        exit_code = failure.code as u8,
        caused_by = (!causes.is_empty()).then(|| causes.join(": ")),
        hint = failure.hint,
        "{}",
        failure.error
    );
}

/// Sends what is left to the collector when it is dropped.
#[cfg(feature = "otlp")]
pub(crate) use otlp::Guard;
#[cfg(feature = "otlp")]
use otlp::exporter;

/// Has nothing to send in this build.
#[cfg(not(feature = "otlp"))]
pub(crate) struct Guard;

#[cfg(not(feature = "otlp"))]
fn exporter(address: &str) -> Result<(Option<BoxedLayer>, Guard), Failure> {
    if address.is_empty() {
        return Ok((None, Guard));
    }
    Err(Failure::say(Code::Usage, "`log.otlp` is not part of this build")
        .hint("build with `cargo build --release -p tuibao --features otlp`, or leave it empty"))
}
