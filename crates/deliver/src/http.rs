//! One attempt at one part over HTTP, and what the answer means.

use std::time::Duration;

use reqwest::{Client, Request, Response, header::RETRY_AFTER, redirect};
use serde_json::Value;

use crate::{DeliverError, Target, harmless::one_line, preset::Preset, retry::Attempt};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_CAP: usize = 64 * 1024;
const EXCERPT_CHARS: usize = 200;

/// The client. Redirects are not followed: an address with a secret does not travel.
pub(crate) fn client(timeout: Duration) -> Result<Client, DeliverError> {
    Client::builder()
        .user_agent(concat!("tuibao/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .build()
        .map_err(|error| {
            DeliverError::settings(format!("the HTTP client cannot start: {}", error.without_url()))
        })
}

/// Sends a request once.
pub(crate) async fn send(client: &Client, target: &Target, request: Request) -> Attempt {
    let response = match client.execute(request).await {
        Ok(response) => response,
        Err(error) => return broken(target, error),
    };
    let (status, asked) = (response.status().as_u16(), retry_after(&response));
    match body(response).await {
        Ok(bytes) => judge(target, status, asked, &bytes),
        Err(error) if status < 300 => broken(target, error),
        Err(_) => judge(target, status, asked, b""),
    }
}

/// A request that did not get to the service may be sent again; one whose answer is missing may have been heard.
fn broken(target: &Target, error: reqwest::Error) -> Attempt {
    let before = error.is_connect() || error.is_builder();
    let reason = target.masked(&causes(&error.without_url()));
    if before { Attempt::Later(reason, None) } else { Attempt::Unknown(reason) }
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !words.contains(&said) {
            words = format!("{words}: {said}");
        }
        cause = inner.source();
    }
    words
}

async fn body(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut bytes = Vec::new();
    while bytes.len() < BODY_CAP
        && let Some(chunk) = response.chunk().await?
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(BODY_CAP);
    Ok(bytes)
}

fn judge(target: &Target, status: u16, asked: Option<Duration>, body: &[u8]) -> Attempt {
    let preset = &target.preset;
    let json = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let said = said(target, body);
    let reason =
        if said.is_empty() { format!("answered {status}") } else { format!("answered {status}: {said}") };
    let asked = asked.or_else(|| stated(preset, &json));
    match status {
        200..300 => match verdict(preset, &json) {
            Verdict::Good => Attempt::Done,
            Verdict::Busy => Attempt::Later(reason, asked),
            Verdict::Bad => Attempt::Refused(reason),
        },
        429 | 500..600 => Attempt::Later(reason, asked),
        _ => Attempt::Refused(reason),
    }
}

/// The beginning of the answer; masked before it is cut, so that no half of a secret survives the cut.
fn said(target: &Target, body: &[u8]) -> String {
    let text = one_line(&target.masked(&String::from_utf8_lossy(body)));
    let mut said: String = text.chars().take(EXCERPT_CHARS).collect();
    if said.len() < text.len() {
        said.push('…');
    }
    said
}

enum Verdict {
    Good,
    Busy,
    Bad,
}

/// Several services answer 200 to everything and tell in the body.
fn verdict(preset: &Preset, json: &Value) -> Verdict {
    let Some(answer) = &preset.answer else { return Verdict::Good };
    let found = json.pointer(&answer.at);
    let busy = found.and_then(Value::as_i64).is_some_and(|code| preset.busy.contains(&code));
    match (found == Some(&answer.good), busy) {
        (true, _) => Verdict::Good,
        (false, true) => Verdict::Busy,
        (false, false) => Verdict::Bad,
    }
}

/// The wait that a body asks for.
fn stated(preset: &Preset, json: &Value) -> Option<Duration> {
    let seconds = json.pointer(&preset.wait).filter(|_| !preset.wait.is_empty())?.as_f64()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// `Retry-After` in seconds, also in fractions of them. As a date it is not read: no clock is at hand.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds: f64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
