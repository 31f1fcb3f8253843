//! The spans of a command to an OpenTelemetry collector, by OTLP over HTTP. Only spans, whose fields are counts: what a line
//! of the log says stays on this machine.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Metadata;
use tracing_subscriber::{Layer, filter::filter_fn};

use super::BoxedLayer;
use crate::{
    console,
    exit::{Code, Failure},
};

/// For one export: a run does not wait for who watches it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends what is left when it is dropped.
pub(crate) struct Guard(Option<SdkTracerProvider>);

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(provider) = self.0.take() else { return };
        // Shutting down tells of no export that failed; flushing does.
        let flushed = provider.force_flush().and_then(|()| provider.shutdown_with_timeout(TIMEOUT));
        if let Err(error) = flushed {
            console::say(&format!("warning: the collector of `log.otlp` did not get all spans: {error}"));
        }
    }
}

/// The layer that collects spans for an address; none without one.
pub(super) fn exporter(address: &str) -> Result<(Option<BoxedLayer>, Guard), Failure> {
    if address.is_empty() {
        return Ok((None, Guard(None)));
    }
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::say(Code::Usage, format!("`log.otlp` cannot be used: {error}"))
            .hint("write the address in full, such as `http://localhost:4318/v1/traces`")
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(address)
        .with_timeout(TIMEOUT)
        .build()
        .map_err(|error| wrong(&error))?;
    let named = Resource::builder().with_service_name("tuibao").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(named).build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("tuibao"))
        .with_location(false)
        .with_threads(false)
        .with_filter(filter_fn(is_ours))
        .boxed();
    Ok((Some(layer), Guard(Some(provider))))
}

/// Spans of this program, at info level.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("tuibao") && *metadata.level() == tracing::Level::INFO
}
