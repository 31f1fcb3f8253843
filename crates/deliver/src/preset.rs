//! What is known of each service, as data: `presets/<service>.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{DeliverError, Service, escape::Escape, split::Unit};

/// What is known of a service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preset {
    /// How text is escaped.
    pub(crate) escape: Escape,
    /// What the limit counts.
    pub(crate) unit: Unit,
    /// The most that the text of a part may have; 0 is no limit.
    pub(crate) limit: usize,
    /// Between two messages.
    #[serde(default)]
    pub(crate) pause_seconds: f64,
    /// The address, where it is no secret.
    #[serde(default)]
    pub(crate) base: String,
    /// What comes behind it; `{token}` stands for the token.
    #[serde(default)]
    pub(crate) path: String,
    /// How requests are signed.
    #[serde(default)]
    pub(crate) sign: Sign,
    /// What says that a 200 is one.
    #[serde(default)]
    pub(crate) answer: Option<Answer>,
    /// Values there that mean: later.
    #[serde(default)]
    pub(crate) busy: Vec<i64>,
    /// Where an answer says how many seconds to wait.
    #[serde(default)]
    pub(crate) wait: String,
    /// Headers, as templates; an empty one is left out.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// What a request's body is.
    pub(crate) form: Form,
    /// JSON whose strings are templates.
    #[serde(default)]
    pub(crate) body: Value,
    /// The text, as a template.
    pub(crate) text: String,
    /// The mail's HTML, as a template.
    #[serde(default)]
    pub(crate) html: String,
}

/// Where in an answer it stands whether all is well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// A JSON pointer.
    pub(crate) at: String,
    /// What stands there then.
    pub(crate) good: Value,
}

/// How a request is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sign {
    #[default]
    None,
    /// `timestamp` and `sign` in the body.
    Feishu,
    /// `timestamp` and `sign` in the address.
    Dingtalk,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// The body, filled in.
    Json,
    /// The text alone.
    Text,
    /// The whole notice as JSON.
    Notice,
    /// A mail.
    Mail,
}

impl Preset {
    pub(crate) fn of(service: Service) -> Result<Self, DeliverError> {
        toml::from_str(file(service))
            .map_err(|error| DeliverError::settings(format!("the preset `{service}`: {error}")))
    }
}

fn file(service: Service) -> &'static str {
    match service {
        Service::Feishu => include_str!("../presets/feishu.toml"),
        Service::Wecom => include_str!("../presets/wecom.toml"),
        Service::Dingtalk => include_str!("../presets/dingtalk.toml"),
        Service::Telegram => include_str!("../presets/telegram.toml"),
        Service::Slack => include_str!("../presets/slack.toml"),
        Service::Discord => include_str!("../presets/discord.toml"),
        Service::Ntfy => include_str!("../presets/ntfy.toml"),
        Service::Webhook => include_str!("../presets/webhook.toml"),
        Service::Email => include_str!("../presets/email.toml"),
    }
}
