//! How long an endpoint asks us to wait.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Reads `retry-after-ms`, else `Retry-After` in seconds or as a date.
///
/// A date is measured against the answer's own `Date` header: no clock of ours is read, and a skewed one does no harm.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(number).map(|ms| ms / 1000.0);
    let stated = text(RETRY_AFTER.as_str());
    if let Some(seconds) = milliseconds.or_else(|| stated.and_then(number)) {
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let (until, now) = (stated.and_then(date)?, text(DATE.as_str()).and_then(date)?);
    Some((until - now).to_std().unwrap_or(Duration::ZERO))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| *number >= 0.0)
}

/// An HTTP date in the one form that RFC 9110 still lets servers send.
fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc2822(text).ok()
}
