//! The bottom layer: chat completions over HTTP, as `OpenAI` defined them and others bend them.
//!
//! Requests are built from async-openai's types and sent by our own client; replies are read tolerantly. One call is one
//! question: nothing is repeated here, and nothing remembered.

mod body;
mod classify;
mod events;
mod json;
mod lack;
mod pause;
mod quota;
mod reply;
mod secret;
mod wire;

use std::{fmt, time::Duration};

use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Map, Value};
use tracing::debug;

use crate::{
    model::{BoxFuture, Model, ModelError, Reply, Request},
    retry::RetryPolicy,
};
pub use json::JsonEndpoint;
use secret::{endpoint_label, mask};
use wire::Wire;

/// How to reach an endpoint.
#[derive(Clone)]
pub struct HttpSettings {
    /// Up to and without `/chat/completions`, e.g. `https://api.deepseek.com/v1`. A query is kept.
    pub base_url: String,
    /// Sent as a bearer token; local servers need none.
    pub api_key: Option<SecretString>,
    /// For one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// The longest silence within an attempt.
    pub idle: Duration,
    /// Whether what this endpoint calls a quota is one a minute, and heals.
    pub quota_heals: bool,
    /// Keys that go into each chat request as they are, over ours.
    pub extra: Map<String, Value>,
    /// How patient the layers above are.
    pub retry: RetryPolicy,
}

impl Default for HttpSettings {
    /// Bounds for an endpoint still to be named.
    fn default() -> Self {
        Self {
            base_url: String::new(),
            api_key: None,
            timeout: Duration::from_secs(600),
            idle: Duration::from_secs(120),
            quota_heals: false,
            extra: Map::new(),
            retry: RetryPolicy::default(),
        }
    }
}

impl HttpSettings {
    /// The address as files and logs may name it: without user, password and query.
    pub fn label(&self) -> String {
        let endpoint = Url::parse(&self.base_url).map(|url| endpoint_label(&url)).unwrap_or_default();
        mask(&endpoint, self.api_key.as_ref())
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_url: _, api_key, timeout, idle, quota_heals, extra, retry } = self;
        f.debug_struct("HttpSettings")
            .field("base_url", &self.label())
            .field("has_key", &api_key.is_some())
            .field("timeout", timeout)
            .field("idle", idle)
            .field("quota_heals", quota_heals)
            .field("extra", extra)
            .field("retry", retry)
            .finish()
    }
}

/// Settings that cannot work; free of secrets.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Correct the address.
    #[error("base URL is not an `http://` or `https://` address")]
    BadUrl,
    /// Correct the key; it holds what no header may hold.
    #[error("API key has characters that cannot be sent")]
    BadKey,
    /// The HTTP client cannot start, e.g. for want of root certificates.
    #[error("HTTP client cannot start")]
    Client(#[source] reqwest::Error),
}

/// An OpenAI-compatible endpoint.
pub struct Http {
    wire: Wire,
    extra: Map<String, Value>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("endpoint", &self.wire.endpoint).finish_non_exhaustive()
    }
}

impl Model for Http {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }
}

impl Http {
    /// Prepares the client; opens no connection.
    ///
    /// # Errors
    /// A [`ConnectError`] when the settings cannot work.
    pub fn new(settings: &HttpSettings) -> Result<Self, ConnectError> {
        let wire = Wire::new(settings, &["chat", "completions"])?;
        Ok(Self { wire, extra: settings.extra.clone() })
    }

    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let raw = self.wire.send(body::body(request, &self.extra)).await?;
        match reply::judge(&raw, request) {
            Ok(reply) => {
                let (status, usage) = (raw.status, reply.usage);
                debug!(label = request.label, model = reply.model, status, ?usage, finish = ?reply.finish, "model replied");
                Ok(reply)
            }
            Err(verdict) => {
                let error = self.wire.error(&verdict, Some(&raw));
                match lack::lack(request, raw.status, &verdict) {
                    Some(lack) => Err(ModelError::Lacking(lack, error.fault().clone())),
                    None => Err(error),
                }
            }
        }
    }
}
