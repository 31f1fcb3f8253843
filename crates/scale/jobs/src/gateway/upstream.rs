//! The model behind the gateway: one attempt over HTTP, with the key that nobody else has.

use std::time::Duration;

use axum::http::Method;
use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect,
};
use secrecy::{ExposeSecret, SecretString};

use super::answer::Answer;
use crate::{
    error::JobsError,
    mask::{mask, mask_known},
};

/// The upstream.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    client: Client,
    base: String,
    key: Option<SecretString>,
}

/// What came of an attempt.
#[derive(Debug)]
pub(super) enum Sent {
    /// An answer, or a complaint.
    Back(Answer),
    /// It asks all to wait so long.
    Wait(Answer, Duration),
    /// None came back, though it may have been paid for.
    Lost(String),
}

impl Upstream {
    pub(super) fn new(base: &str, key: Option<SecretString>, timeout: Duration) -> Result<Self, JobsError> {
        let client = Client::builder()
            // A redirect could carry the key elsewhere.
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(30))
            .timeout(timeout)
            .build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), key })
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Sends it as it came, but for the credentials.
    pub(super) async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Sent {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        if let Some(bearer) = self.key.as_ref().and_then(bearer) {
            request = request.header(AUTHORIZATION, bearer);
        }
        let back = match request.send().await {
            Ok(back) => back,
            Err(error) => return self.lost(&error),
        };
        let (status, wait) = (back.status().as_u16(), wait(back.headers()));
        let content_type =
            text(back.headers(), CONTENT_TYPE.as_str()).unwrap_or("application/json").to_owned();
        let body = match back.text().await {
            // An endpoint that refuses a key may repeat it.
            Ok(body) => mask_known(&body, &self.secrets()),
            Err(error) => return self.lost(&error),
        };
        let answer = Answer { status, content_type, body };
        match wait {
            Some(wait) if matches!(status, 429 | 503) => Sent::Wait(answer, wait),
            _ => Sent::Back(answer),
        }
    }

    fn secrets(&self) -> Vec<String> {
        self.key.iter().map(|key| key.expose_secret().to_owned()).collect()
    }

    fn lost(&self, error: &reqwest::Error) -> Sent {
        // An address may hold credentials.
        let why = if error.is_timeout() { "no answer in time" } else { "the connection broke" };
        tracing::warn!(why, connect = error.is_connect(), "the upstream does not answer");
        Sent::Lost(format!("{why}, before the model of `{}` answered", mask(&self.base, &self.secrets())))
    }
}

fn bearer(key: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// `retry-after-ms` or `Retry-After` in seconds. A date is taken as a minute: its clock is not ours.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let number = |text: &str| text.parse::<f64>().ok();
    let milliseconds = text(headers, "retry-after-ms").and_then(number).map(|wait| wait / 1000.0);
    let stated = || text(headers, RETRY_AFTER.as_str()).map(|text| number(text).unwrap_or(60.0));
    milliseconds.or_else(stated).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_says_how_long_to_wait() {
        let check = |name: &'static str, value: &'static str, wanted: Option<u64>| {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))]);
            assert_eq!(wait(&headers).map(|wait| wait.as_millis() as u64), wanted, "{name}: {value}");
        };
        check("retry-after", "7", Some(7000));
        check("retry-after-ms", "250", Some(250));
        check("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", Some(60_000));
        check("retry-after", "-1", None);
        check("x-other", "1", None);
    }
}
