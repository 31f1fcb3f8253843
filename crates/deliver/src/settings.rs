//! The keys of `[[notify]]` and `[delivery]`, as written.

use std::{fmt, path::PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `[delivery]`: how all targets are told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettings {
    /// Folder where it is noted what was sent.
    pub state: PathBuf,
    /// For one attempt.
    pub timeout_seconds: u64,
    /// Attempts after the first, of what can heal.
    pub retries: u32,
    /// All waits before attempts at one part together.
    pub max_wait_seconds: u64,
    /// All that one target takes for one report.
    pub total_seconds: u64,
}

/// `[ping]`: a monitor that expects a sign of life.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PingSettings {
    /// The address; empty for none. Who knows it can tell the monitor that all is well.
    #[serde(skip_serializing)]
    pub url: SecretString,
    /// The environment variable that holds it instead.
    pub url_env: String,
    /// A file that holds it, used when the variable is not set.
    pub url_file: PathBuf,
    /// What a run is told as whose report has gaps.
    pub gaps: Gaps,
}

/// What a run is told as whose report has gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gaps {
    /// As failed, so that somebody looks.
    Fail,
    /// As done.
    Success,
}

/// One `[[notify]]`. Addresses that hold a secret are not in it, but where to find them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSettings {
    /// Names the target in notes, messages and files: letters, digits, `_` and `-`.
    pub name: String,
    /// Which service.
    pub service: Service,
    /// Which reports are told.
    #[serde(default)]
    pub when: When,
    /// Whether a report made anew with other words is told again.
    #[serde(default)]
    pub resend: bool,
    /// The environment variable that holds the address.
    #[serde(default)]
    pub url_env: String,
    /// A file that holds it, used when the variable is not set.
    #[serde(default)]
    pub url_file: PathBuf,
    /// The environment variable that holds the token (Telegram, ntfy, webhook).
    #[serde(default)]
    pub token_env: String,
    /// A file that holds it.
    #[serde(default)]
    pub token_file: PathBuf,
    /// The environment variable that holds the secret to sign with (Feishu, `DingTalk`).
    #[serde(default)]
    pub secret_env: String,
    /// A file that holds it.
    #[serde(default)]
    pub secret_file: PathBuf,
    /// The chat (Telegram).
    #[serde(default)]
    pub chat: String,
    /// Who writes (e-mail).
    #[serde(default)]
    pub from: String,
    /// Who is written to (e-mail).
    #[serde(default)]
    pub to: Vec<String>,
    /// The message's text instead of the preset's, as a template.
    #[serde(default)]
    pub template: Option<String>,
    /// The mail's HTML instead of the preset's, as a template.
    #[serde(default)]
    pub html: Option<String>,
    /// The request's JSON instead of the preset's; its strings are templates.
    #[serde(default)]
    pub body: Option<Value>,
    /// The size of a part instead of the preset's, in the preset's unit.
    #[serde(default)]
    pub limit: Option<usize>,
    /// The pause between two messages instead of the preset's.
    #[serde(default)]
    pub pause_seconds: Option<f64>,
}

/// A service; what is known of each is `presets/<service>.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the service of its name")]
pub enum Service {
    Feishu,
    Wecom,
    Dingtalk,
    Telegram,
    Slack,
    Discord,
    Ntfy,
    Webhook,
    Email,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Which reports a target is told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// Every one that is on the site.
    #[default]
    Published,
    /// Only one without gaps: what a model failed to write is waited for.
    Whole,
}
