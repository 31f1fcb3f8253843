//! `[model]`: an endpoint, how it is asked, what it costs and what may be spent.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use brief::AskSettings;
use llm::{Caps, EndpointSettings, Form, Format, HttpSettings, PaceSettings, Price, RetryPolicy, Room};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::Table;

use super::api_key;
use crate::exit::{Code, Failure};

/// `[model]`, and each `[[model.fallback]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModelSettings {
    pub(crate) endpoint: String,
    pub(crate) base_url: String,
    pub(crate) api_key_env: String,
    pub(crate) api_key_file: PathBuf,
    pub(crate) format: Format,
    pub(crate) room: Room,
    pub(crate) temperature_fixed: bool,
    pub(crate) stream: bool,
    pub(crate) quota_heals: bool,
    pub(crate) extra: Map<String, Value>,
    pub(crate) timeout_seconds: u64,
    pub(crate) idle_seconds: u64,
    pub(crate) max_retries: u32,
    pub(crate) backoff_seconds: f64,
    pub(crate) max_wait_seconds: u64,
    pub(crate) call_minutes: u64,
    pub(crate) report_minutes: u64,
    pub(crate) parallel: usize,
    pub(crate) requests_per_minute: u32,
    pub(crate) tokens_per_minute: u32,
    pub(crate) currency: String,
    pub(crate) prices: BTreeMap<String, Price>,
    pub(crate) fallback: Vec<Table>,
    pub(crate) capabilities: PathBuf,
    pub(crate) record: PathBuf,
    pub(crate) replay: PathBuf,
    pub(crate) cache: ReplyCacheSettings,
    pub(crate) budget: BudgetSettings,
    pub(crate) ask: AskSettings,
}

/// Where answers are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyCacheSettings {
    pub(crate) folder: PathBuf,
    pub(crate) mb: u64,
}

/// What may be spent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetSettings {
    pub(crate) run_tokens: u64,
    pub(crate) run_money: f64,
    pub(crate) day_tokens: u64,
    pub(crate) day_money: f64,
    pub(crate) month_money: f64,
    pub(crate) folder: PathBuf,
}

impl BudgetSettings {
    pub(crate) fn caps(&self) -> Caps {
        let Self { run_tokens, run_money, day_tokens, day_money, month_money: _, folder: _ } = *self;
        Caps { run_tokens, run_money, day_tokens, day_money }
    }
}

impl ModelSettings {
    /// The key, from the environment or a file; never part of the settings themselves.
    pub(crate) fn api_key(&self) -> Result<Option<SecretString>, Failure> {
        api_key(&self.api_key_env, &self.api_key_file)
    }

    /// What the model's tokens cost, if the table of prices says so.
    pub(crate) fn price(&self) -> Option<Price> {
        self.prices.get(&self.ask.name).copied()
    }

    /// An address, asked with the patience of this endpoint.
    pub(crate) fn reached_at(&self, base_url: &str, api_key: Option<SecretString>) -> HttpSettings {
        HttpSettings {
            base_url: base_url.to_owned(),
            api_key,
            timeout: Duration::from_secs(self.timeout_seconds),
            idle: Duration::from_secs(self.idle_seconds),
            retry: self.patience(),
            ..HttpSettings::default()
        }
    }

    fn patience(&self) -> RetryPolicy {
        let base = Duration::try_from_secs_f64(self.backoff_seconds);
        RetryPolicy {
            max_retries: self.max_retries,
            base: base.unwrap_or(RetryPolicy::default().base),
            max_wait: Duration::from_secs(self.max_wait_seconds),
            deadline: Duration::from_secs(self.call_minutes * 60),
            ..RetryPolicy::default()
        }
    }

    /// The endpoint as meant; without its key when nobody is asked.
    pub(crate) fn meant(&self, online: bool) -> Result<EndpointSettings, Failure> {
        let Self { format, room, temperature_fixed, stream, quota_heals, .. } = *self;
        if self.ask.name.trim().is_empty() {
            return Err(Failure::say(Code::Usage, "no model is named")
                .hint("set `model.ask.name`, or choose a preset with `model.endpoint`"));
        }
        let key = if online { self.api_key()? } else { None };
        let http =
            HttpSettings { quota_heals, extra: self.extra.clone(), ..self.reached_at(&self.base_url, key) };
        Ok(EndpointSettings {
            http,
            model: self.ask.name.clone(),
            form: Form { format, room, temperature_fixed, stream, uncounted: false },
            parallel: self.parallel,
            pace: PaceSettings { requests: self.requests_per_minute, tokens: self.tokens_per_minute },
            price: self.price(),
        })
    }
}
