//! The bottom layer: chat completions over HTTP, as `OpenAI` defined them and others bend them.
//!
//! Requests are built from async-openai's types and sent by our own client; replies are read tolerantly. One call is one
//! question: no retries here (see [`crate::Retry`]), except to step down from a parameter that the endpoint lacks.

mod classify;
mod dialect;
mod pause;
mod reply;
mod secret;

use std::{error::Error, fmt, time::Duration};

use reqwest::{
    Client, Response, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use secrecy::SecretString;
use tracing::debug;

use crate::{
    model::{BoxFuture, Fault, Model, ModelError, Reply, Request},
    retry::HEALS_WITH_TIME,
};
use classify::{Class, Verdict};
use dialect::Dialect;
use secret::{bearer, endpoint_label, mask, trimmed};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_CAP: usize = 8 * 1024 * 1024;
const EXCERPT_CHARS: usize = 200;

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
    client: Client,
    url: Url,
    endpoint: String,
    key: Option<SecretString>,
    dialect: Dialect,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Model for Http {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }
}

/// An answer as it came.
struct Raw {
    status: u16,
    retry_after: Option<Duration>,
    bytes: Vec<u8>,
    too_big: bool,
}

impl Http {
    /// Prepares the client; opens no connection.
    ///
    /// # Errors
    /// A [`ConnectError`] when the settings cannot work.
    pub fn new(settings: &HttpSettings) -> Result<Self, ConnectError> {
        let HttpSettings { base_url, api_key, timeout, max_retries: _ } = settings;
        let url = completions_url(base_url)?;
        let key = api_key.as_ref().and_then(trimmed);
        let client = Client::builder()
            .default_headers(headers(key.as_ref())?)
            .user_agent(concat!("tuibao/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(*timeout)
            // A POST that moves is a wrong base URL, and the key must not follow it.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| ConnectError::Client(error.without_url()))?;
        let endpoint = mask(&endpoint_label(&url), key.as_ref());
        Ok(Self { client, url, endpoint, key, dialect: Dialect::default() })
    }

    /// Asks until the endpoint accepts the form of the question; each round drops one thing it lacks, so there are few.
    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        loop {
            let spoken = self.dialect.now();
            let raw = self.send(spoken.body(request)).await?;
            let verdict = match reply::judge(&raw, request) {
                Ok(reply) => {
                    let (status, usage) = (raw.status, reply.usage);
                    debug!(label = request.label, model = reply.model, status, ?usage, finish = ?reply.finish, "model replied");
                    return Ok(reply);
                }
                Err(verdict) => verdict,
            };
            if !self.dialect.learn(spoken, raw.status, request.schema.is_some(), &verdict) {
                return Err(self.error(&verdict, Some(&raw)));
            }
            debug!(
                label = request.label,
                status = raw.status,
                "endpoint lacks a parameter, asking without it"
            );
        }
    }

    async fn send(&self, body: serde_json::Result<Vec<u8>>) -> Result<Raw, ModelError> {
        let body = body.map_err(|error| {
            self.error(&Verdict::new(Class::Refused, format!("request cannot be written: {error}")), None)
        })?;
        let sent = self.client.post(self.url.clone()).body(body).send().await;
        match sent {
            Ok(response) => read_capped(response).await,
            Err(error) => Err(error),
        }
        .map_err(|error| self.error(&broken(&error.without_url()), None))
    }

    fn error(&self, verdict: &Verdict, raw: Option<&Raw>) -> ModelError {
        let fault = Fault {
            status: raw.map(|raw| raw.status),
            endpoint: self.endpoint.clone(),
            detail: self.detail(&verdict.reason, raw),
            retries: verdict.retries,
            retry_after: raw.and_then(|raw| raw.retry_after),
            attempts: 1,
        };
        match verdict.class {
            Class::Unreachable => ModelError::Unreachable(fault),
            Class::Refused => ModelError::Refused(fault),
            Class::Filtered => ModelError::Filtered(fault),
            Class::TooLong => ModelError::TooLong(fault),
            Class::Unusable => ModelError::Unusable(fault),
        }
    }

    /// The reason, then the start of the body; masked before it is cut, so that no half of a key survives the cut.
    fn detail(&self, reason: &str, raw: Option<&Raw>) -> String {
        let body = raw.map(|raw| String::from_utf8_lossy(&raw.bytes).into_owned()).unwrap_or_default();
        let body = excerpt(&mask(&body, self.key.as_ref()));
        let reason = mask(reason, self.key.as_ref());
        match (reason.is_empty(), body.is_empty()) {
            (true, true) => "empty body".to_owned(),
            (true, false) => body,
            (false, true) => reason,
            (false, false) => format!("{reason}: {body}"),
        }
    }
}

fn completions_url(base_url: &str) -> Result<Url, ConnectError> {
    let mut url = Url::parse(base_url.trim()).map_err(|_| ConnectError::BadUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ConnectError::BadUrl);
    }
    url.path_segments_mut()
        .map_err(|()| ConnectError::BadUrl)?
        .pop_if_empty()
        .extend(["chat", "completions"]);
    Ok(url)
}

fn headers(key: Option<&SecretString>) -> Result<HeaderMap, ConnectError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(key) = key {
        headers.insert(AUTHORIZATION, bearer(key).ok_or(ConnectError::BadKey)?);
    }
    Ok(headers)
}

/// Reads at most [`BODY_CAP`] bytes. An error status stands even if its body breaks off.
async fn read_capped(mut response: Response) -> reqwest::Result<Raw> {
    let status = response.status();
    let retry_after = pause::retry_after(response.headers());
    let mut raw = Raw { status: status.as_u16(), retry_after, bytes: Vec::new(), too_big: false };
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(raw),
            Ok(Some(chunk)) if raw.bytes.len() + chunk.len() > BODY_CAP => {
                raw.too_big = true;
                return Ok(raw);
            }
            Ok(Some(chunk)) => raw.bytes.extend_from_slice(&chunk),
            Err(_) if !status.is_success() => return Ok(raw),
            Err(error) => return Err(error),
        }
    }
}

/// What a connection that failed means. A bad certificate does not heal; a name or a silent server seldom does.
fn broken(error: &reqwest::Error) -> Verdict {
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |cause| (*cause).source());
    let reason = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    if reason.contains("certificate") {
        return Verdict::new(Class::Refused, reason);
    }
    let is_stubborn = error.is_dns() || (error.is_timeout() && !error.is_connect());
    Verdict {
        retries: if is_stubborn { 2 } else { HEALS_WITH_TIME },
        ..Verdict::new(Class::Unreachable, reason)
    }
}

/// The start of a text on one line, without control characters, which could deceive a terminal.
fn excerpt(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(EXCERPT_CHARS).collect();
    words.join(" ").chars().take(EXCERPT_CHARS).collect()
}
