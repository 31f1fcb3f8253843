//! How long the API's rate limits ask us to wait.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

use super::Clock;
use crate::answer::{date, retry_after, text};

/// Resets are told in whole seconds, and so is the server's time.
const MARGIN: Duration = Duration::from_secs(1);

/// A used-up rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// When it is filled up, if the API says so.
    pub(super) until: Option<DateTime<Utc>>,
    /// How long that is from now; zero when the API does not say.
    pub(super) wait: Duration,
}

/// The limit of an answer that still was one: the next will not be.
pub(super) fn ahead(headers: &HeaderMap, clock: &Clock) -> Option<Limit> {
    let remaining = text(headers, "x-rate-limit-remaining")?;
    (remaining == "0").then(|| reset(headers, clock)).flatten()
}

/// The limit that a 429 tells of: by its own header, else by `Retry-After`.
pub(super) fn reached(headers: &HeaderMap, clock: &Clock) -> Limit {
    let stated = || {
        let wait = retry_after(headers)?;
        Some(Limit {
            until: now(headers, clock).checked_add_signed(chrono::Duration::from_std(wait).ok()?),
            wait,
        })
    };
    reset(headers, clock).or_else(stated).unwrap_or(Limit { until: None, wait: Duration::ZERO })
}

fn reset(headers: &HeaderMap, clock: &Clock) -> Option<Limit> {
    let until = DateTime::from_timestamp(text(headers, "x-rate-limit-reset")?.parse().ok()?, 0)?;
    let wait = (until - now(headers, clock)).to_std().map_or(Duration::ZERO, |wait| wait + MARGIN);
    Some(Limit { until: Some(until), wait })
}

/// By the server's clock, so that a skew of ours does no harm.
fn now(headers: &HeaderMap, clock: &Clock) -> DateTime<Utc> {
    date(headers).unwrap_or_else(|| clock())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn limits_are_read_from_the_headers() {
        let clock: Clock = Arc::new(|| at(1000));
        let limit = |until, wait| Limit { until, wait: Duration::from_secs(wait) };
        let empty = headers(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "1060")]);
        assert_eq!(ahead(&empty, &clock), Some(limit(Some(at(1060)), 61)));
        assert_eq!(reached(&empty, &clock), limit(Some(at(1060)), 61));
        let left = headers(&[("x-rate-limit-remaining", "9"), ("x-rate-limit-reset", "1060")]);
        assert_eq!(ahead(&left, &clock), None);
        let over = headers(&[("x-rate-limit-reset", "900")]);
        assert_eq!(reached(&over, &clock), limit(Some(at(900)), 0));
        assert_eq!(reached(&headers(&[("retry-after", "5")]), &clock), limit(Some(at(1005)), 5));
        assert_eq!(reached(&headers(&[]), &clock), limit(None, 0));
        // The server's own time counts, not ours.
        let dated = headers(&[("date", "Thu, 01 Jan 1970 00:16:00 GMT"), ("x-rate-limit-reset", "1060")]);
        assert_eq!(reached(&dated, &clock).wait, Duration::from_secs(101));
    }
}
