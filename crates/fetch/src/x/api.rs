//! One question to the API, one answer. The token goes into one header, to one host.

use reqwest::{
    Response, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tracing::debug;

use super::{
    Clock,
    limit::{self, Limit},
    page::{complaint, excerpt},
};
use crate::{
    Fault, FetchError, Patience, Settings,
    address::{label, safe_text},
    answer::{broken, status_error},
    client::{builder, built},
    retry::Tries,
};

const BODY_CAP: usize = 8 * 1024 * 1024;
const MASK: &str = "***";

/// The API at its address.
pub(super) struct Api {
    pub(super) base: Url,
    pub(super) patience: Patience,
    client: reqwest::Client,
    token: SecretString,
}

/// An answer that the caller can go on with.
pub(super) enum Answer {
    /// A body, and the limit that the next question will meet.
    Body(Vec<u8>, Option<Limit>),
    /// None now.
    Limited(Limit),
    /// The question is wrong, perhaps for what it remembers.
    BadRequest(Fault),
}

/// An answer as it came.
struct Raw {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Api {
    pub(super) fn new(base_url: &str, settings: &Settings, token: &SecretString) -> Result<Self, FetchError> {
        let base = base(base_url)?;
        let token = SecretString::from(token.expose_secret().trim());
        let client = builder()
            .default_headers(headers(&token)?)
            .read_timeout(settings.idle())
            .timeout(settings.timeout());
        Ok(Self { base, patience: Patience::default(), client: built(client)?, token })
    }

    /// Asks until there is an answer, or none is to be had.
    pub(super) async fn get(&self, url: Url, clock: &Clock) -> Result<Answer, FetchError> {
        let mut tries = Tries::new(&self.patience);
        loop {
            let answer = match self.send(url.clone()).await {
                Ok(raw) => self.judge(raw, &label(&url), clock),
                Err(error) => Err(error),
            };
            match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => tries.rest(error).await?,
            }
        }
    }

    async fn send(&self, url: Url) -> Result<Raw, FetchError> {
        let label = label(&url);
        let sent = async { read_capped(self.client.get(url).send().await?).await };
        let raw = sent.await.map_err(|error| broken(error, &label))?;
        debug!(url = label, status = raw.status.as_u16(), bytes = raw.body.len(), "X API answered");
        Ok(raw)
    }

    fn judge(&self, raw: Raw, url: &str, clock: &Clock) -> Result<Answer, FetchError> {
        let Raw { status, headers, body } = raw;
        let detail = self.detail(&body);
        match status.as_u16() {
            200 if body.len() > BODY_CAP => Err(not_json(url, "body is larger than 8 MiB")),
            200 if !is_object(&body) => Err(not_json(url, "the answer is no JSON object")),
            200 => Ok(Answer::Body(body, limit::ahead(&headers, clock))),
            429 if !is_used_up(&body) => Ok(Answer::Limited(limit::reached(&headers, clock))),
            429 => {
                let hint = Some("the plan's tweets of this month are used up");
                let fault =
                    Fault { url: url.to_owned(), status: Some(429), detail, hint, ..Fault::default() };
                Err(FetchError::Refused(fault))
            }
            code => match status_error((status, &headers), url, &detail, hint(code)) {
                FetchError::Refused(fault) if code == 400 => Ok(Answer::BadRequest(fault)),
                error => Err(error),
            },
        }
    }

    /// The API's own words, without the token, should they repeat it.
    fn detail(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
        let words = ["detail", "title"].into_iter().find_map(|key| parsed.get(key)?.as_str());
        let words = words.map(str::to_owned).or_else(|| parsed.get("errors").and_then(complaint));
        excerpt(&words.unwrap_or_else(|| text.into_owned()).replace(self.token.expose_secret(), MASK))
    }
}

/// An API answers in JSON; what does not is a gate on the way, and seldom for long.
fn not_json(url: &str, detail: &str) -> FetchError {
    FetchError::Unreachable(Fault {
        url: url.to_owned(),
        status: Some(200),
        detail: detail.to_owned(),
        hint: Some("a proxy or login page may stand before the API; check `fetch.x.base_url`"),
        ..Fault::default()
    })
}

fn is_object(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Map<String, Value>>(body).is_ok()
}

/// The monthly cap comes as a rate limit that no wait of ours outlasts.
fn is_used_up(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    ["usagecap", "usage cap", "usage-cap"].iter().any(|words| text.contains(words))
}

fn hint(status: u16) -> Option<&'static str> {
    match status {
        300..=399 => {
            Some("redirects are not followed, the token must not travel; correct `fetch.x.base_url`")
        }
        401 => Some("the bearer token is wrong or revoked; make a new one for `bearer_env`"),
        402 => Some("the API account is out of credit"),
        403 => Some("the bearer token's plan or app may not read this; check its access level"),
        404 => Some("check `fetch.x.base_url`, and the number of the list or account"),
        _ => None,
    }
}

/// An address that a token may be sent to: https, or this machine.
fn base(base_url: &str) -> Result<Url, FetchError> {
    let wrong = |reason: &str| FetchError::Settings {
        key: "x.base_url",
        reason: format!("`{}` {reason}", safe_text(base_url)),
    };
    let url = Url::parse(base_url.trim()).map_err(|_| wrong("is no address"))?;
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        _ => return Err(wrong("is not `https://`, and the token must not be seen on the way")),
    }
    let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if is_plain { Ok(url) } else { Err(wrong("has more than a host and a path")) }
}

fn headers(token: &SecretString) -> Result<HeaderMap, FetchError> {
    let reason = || "the bearer token has characters that cannot be sent".to_owned();
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| FetchError::Settings { key: "x.bearer_env", reason: reason() })?;
    bearer.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
}

/// Reads little more than [`BODY_CAP`]. An error status stands even if its body breaks off.
async fn read_capped(mut response: Response) -> reqwest::Result<Raw> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while body.len() <= BODY_CAP {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) if status.is_success() => return Err(error),
            Ok(None) | Err(_) => break,
        }
    }
    Ok(Raw { status, headers, body })
}
