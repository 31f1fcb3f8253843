//! The bottom layer: chat completions over HTTP, as `OpenAI` defined them and others bend them.
//!
//! Requests are built from async-openai's types and sent by our own client; replies are read tolerantly. One call is one
//! question: no retries here (see [`crate::Retry`]), except to step down from a parameter that the endpoint lacks.

mod classify;
mod dialect;
mod json;
mod pause;
mod reply;
mod secret;
mod wire;

use std::{fmt, time::Duration};

use reqwest::Url;
use secrecy::SecretString;
use tracing::debug;

use crate::model::{BoxFuture, Model, ModelError, Reply, Request};
use dialect::Dialect;
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
    /// How often [`connect`](crate::connect) lets a failed attempt be repeated.
    pub max_retries: u32,
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_url, api_key, timeout, max_retries } = self;
        let endpoint = Url::parse(base_url).map(|url| endpoint_label(&url)).unwrap_or_default();
        f.debug_struct("HttpSettings")
            .field("base_url", &mask(&endpoint, api_key.as_ref()))
            .field("has_key", &api_key.is_some())
            .field("timeout", timeout)
            .field("max_retries", max_retries)
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

/// An OpenAI-compatible endpoint. Remembers what the endpoint turned out to lack.
pub struct Http {
    wire: Wire,
    dialect: Dialect,
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
        Ok(Self { wire, dialect: Dialect::default() })
    }

    /// Asks until the endpoint accepts the form of the question; each round drops one thing it lacks, so there are few.
    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        loop {
            let spoken = self.dialect.now();
            let raw = self.wire.send(spoken.body(request)).await?;
            let verdict = match reply::judge(&raw, request) {
                Ok(reply) => {
                    let (status, usage) = (raw.status, reply.usage);
                    debug!(label = request.label, model = reply.model, status, ?usage, finish = ?reply.finish, "model replied");
                    return Ok(reply);
                }
                Err(verdict) => verdict,
            };
            if !self.dialect.learn(spoken, raw.status, request.schema.is_some(), &verdict) {
                return Err(self.wire.error(&verdict, Some(&raw)));
            }
            debug!(
                label = request.label,
                status = raw.status,
                "endpoint lacks a parameter, asking without it"
            );
        }
    }
}
