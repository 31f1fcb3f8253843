//! `[log]`, `[metrics]` and `[ping]`: who watches the runs, and how.

use std::path::PathBuf;

use clap::ValueEnum;
use deliver::{DeliverError, Pinger};
use serde::{Deserialize, Serialize};

use super::{Settings, notify::variable};

/// How logs are written, and where else they go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub(crate) format: LogFormat,
    /// Address of an OpenTelemetry collector; empty for none.
    pub(crate) otlp: String,
}

/// How stderr is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// For collectors: one object a line
    Json,
}

/// Figures for Prometheus.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricsSettings {
    /// The file, in which `{report}` stands for the report's name; empty for none.
    pub(crate) textfile: String,
}

impl LogFormat {
    /// As the configuration spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl MetricsSettings {
    /// The file of a report.
    pub(crate) fn file(&self, report: &str) -> Option<PathBuf> {
        // A name that is none is refused by the run; until then it must not lead anywhere else.
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' };
        let name: String = report.chars().map(plain).collect();
        (!self.textfile.is_empty()).then(|| self.textfile.replace("{report}", &name).into())
    }
}

impl Settings {
    /// The monitor of `[ping]`; it may be wrong, which harms no report.
    pub(crate) fn pinger(&self) -> Result<Option<Pinger>, DeliverError> {
        Pinger::new(&self.ping, variable)
    }
}
