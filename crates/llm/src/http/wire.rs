//! One address and the way there: bytes out, an answer or a classified failure back. What is asked and how the answer reads
//! is for others: [`super::Http`] chats, [`super::JsonEndpoint`] sends any JSON.

use std::{error::Error, time::Duration};

use reqwest::{
    Client, Response, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use secrecy::SecretString;

use super::{
    ConnectError, HttpSettings,
    classify::{Class, Verdict},
    pause,
    quota::quota,
    secret::{bearer, endpoint_label, mask, trimmed},
};
use crate::{
    model::{Fault, ModelError, Quota},
    retry::HEALS_WITH_TIME,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_CAP: usize = 8 * 1024 * 1024;
/// How rustls words what no retry heals: a certificate that is not trusted, a server that speaks no TLS, one that declines.
const TLS_FAILURES: [&str; 3] = ["certificate", "received corrupt message", "received fatal alert"];
const EXCERPT_CHARS: usize = 200;

/// An answer as it came.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) quota: Quota,
    pub(super) bytes: Vec<u8>,
    pub(super) too_big: bool,
}

/// An address with its client and key.
pub(super) struct Wire {
    client: Client,
    url: Url,
    /// The address as errors and logs may name it.
    pub(super) endpoint: String,
    key: Option<SecretString>,
    quota_heals: bool,
}

impl Wire {
    /// To `path` below the base URL; opens no connection.
    pub(super) fn new(settings: &HttpSettings, path: &[&str]) -> Result<Self, ConnectError> {
        let HttpSettings { base_url, api_key, timeout, idle, quota_heals, extra: _, retry: _ } = settings;
        let url = below(base_url, path)?;
        let key = api_key.as_ref().and_then(trimmed);
        let client = Client::builder()
            .default_headers(headers(key.as_ref())?)
            .user_agent(concat!("tuibao/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(*timeout)
            .read_timeout(*idle)
            // A POST that moves is a wrong base URL, and the key must not follow it.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| ConnectError::Client(error.without_url()))?;
        let endpoint = mask(&endpoint_label(&url), key.as_ref());
        Ok(Self { client, url, endpoint, key, quota_heals: *quota_heals })
    }

    pub(super) async fn send(&self, body: serde_json::Result<Vec<u8>>) -> Result<Raw, ModelError> {
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

    pub(super) fn error(&self, verdict: &Verdict, raw: Option<&Raw>) -> ModelError {
        let heals = verdict.class == Class::Refused && raw.is_some_and(|raw| self.heals(raw));
        let fault = Fault {
            status: raw.map(|raw| raw.status),
            endpoint: self.endpoint.clone(),
            detail: self.detail(&verdict.reason, raw),
            retries: if heals { HEALS_WITH_TIME } else { verdict.retries },
            retry_after: raw.and_then(|raw| raw.retry_after.or(raw.quota.wait())),
            attempts: 1,
            cost: 0.0,
        };
        match verdict.class {
            Class::Refused if heals => ModelError::Unreachable(fault),
            Class::Unreachable => ModelError::Unreachable(fault),
            Class::Refused => ModelError::Refused(fault),
            Class::Filtered => ModelError::Filtered(fault),
            Class::TooLong => ModelError::TooLong(fault),
            Class::Unusable => ModelError::Unusable(fault),
        }
    }

    /// Whether a refusal is about a moment: a quota a minute, or money that is only spoken for (`OpenRouter`'s 402, which then
    /// says how long to wait).
    fn heals(&self, raw: &Raw) -> bool {
        raw.status == 429 && self.quota_heals || raw.status == 402 && raw.retry_after.is_some()
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

/// An address below the base URL, whose query is kept.
fn below(base_url: &str, path: &[&str]) -> Result<Url, ConnectError> {
    let mut url = Url::parse(base_url.trim()).map_err(|_| ConnectError::BadUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ConnectError::BadUrl);
    }
    url.path_segments_mut().map_err(|()| ConnectError::BadUrl)?.pop_if_empty().extend(path);
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
    let quota = quota(response.headers());
    let mut raw = Raw { status: status.as_u16(), retry_after, quota, bytes: Vec::new(), too_big: false };
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
    if TLS_FAILURES.iter().any(|words| reason.contains(words)) {
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
