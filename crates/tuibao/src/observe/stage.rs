//! A stage of a run in the logs: a span whose fields are its counts, and a line with the time it took.
//!
//! Fields are numbers and names of ours, never what a tweet, a model or an endpoint says: logs are kept, and read by others.

use std::fmt::Display;

use tokio::time::Instant;
use tracing::{Span, Value, info, span::EnteredSpan};

/// A stage under way. Dropped without [`Stage::end`] it has stopped half-way.
pub(crate) struct Stage {
    span: Span,
    begun: Instant,
    done: bool,
}

impl Stage {
    /// Begins; counts that are not known yet are empty fields of the span.
    pub(crate) fn begin(span: Span) -> Self {
        Self { span, begun: Instant::now(), done: false }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// What comes until the guard is dropped is within the span.
    pub(crate) fn enter(&self) -> EnteredSpan {
        self.span.clone().entered()
    }

    /// Fills in a field.
    pub(crate) fn record(&self, field: &'static str, value: impl Value) -> &Self {
        self.span.record(field, value);
        self
    }

    /// It is done.
    pub(crate) fn end(mut self) {
        self.done = true;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let seconds = (self.begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let message = if self.done { "done" } else { "stopped" };
        // Entered, because the JSON of a line names the spans that are, not the one that is given to it.
        self.span.in_scope(|| info!(seconds, "{message}"));
    }
}

/// Counts by reason in one field: `ad 3, off_topic 7`.
pub(crate) fn listed<R: Display, N: Display>(counts: impl IntoIterator<Item = (R, N)>) -> String {
    counts.into_iter().map(|(reason, count)| format!("{reason} {count}")).collect::<Vec<_>>().join(", ")
}
