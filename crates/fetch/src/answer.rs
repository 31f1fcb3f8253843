//! What answers and failures of servers mean.

use std::{error::Error, iter, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

use crate::{Fault, FetchError, address::Forbidden};

/// What a failed connection means. A rule that our resolver enforced is told as such; a bad certificate does not heal.
pub(crate) fn broken(error: reqwest::Error, url: &str) -> FetchError {
    let error = error.without_url();
    let causes = || iter::successors(Some(&error as &(dyn Error + 'static)), |cause| (*cause).source());
    if let Some(reason) = causes().find_map(|cause| cause.downcast_ref::<Forbidden>()) {
        return FetchError::Forbidden { url: url.to_owned(), reason: reason.clone() };
    }
    let detail = causes().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    let is_untrusted = detail.contains("certificate");
    let fault = Fault { url: url.to_owned(), detail, ..Fault::default() };
    if is_untrusted { FetchError::Refused(fault) } else { FetchError::Unreachable(fault) }
}

/// An answer that is none; `hint` for what a person can do about this status.
pub(crate) fn status_error(
    (status, headers): (StatusCode, &HeaderMap),
    url: &str,
    detail: &str,
    hint: Option<&'static str>,
) -> FetchError {
    let reason = status.canonical_reason().unwrap_or_default();
    let fault = Fault {
        url: url.to_owned(),
        status: Some(status.as_u16()),
        detail: if detail.is_empty() { reason.to_owned() } else { detail.to_owned() },
        hint,
        retry_after: retry_after(headers),
        ..Fault::default()
    };
    if heals(status) { FetchError::Unreachable(fault) } else { FetchError::Refused(fault) }
}

fn heals(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500..=599)
}

/// Reads `Retry-After`, in seconds or as a date.
///
/// A date is measured against the answer's own `Date` header: no clock of ours is read, and a skewed one does no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let stated = text(headers, RETRY_AFTER.as_str())?;
    if let Ok(seconds) = stated.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(stated).ok()?;
    Some((until.to_utc() - date(headers)?).to_std().unwrap_or(Duration::ZERO))
}

/// The time at the server.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text(headers, DATE.as_str())?).ok().map(|date| date.to_utc())
}

/// A header as text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date_by_the_servers_own_clock() {
        let wait = |stated: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, "Wed, 04 Mar 2026 10:00:00 GMT".parse().unwrap());
            headers.insert(RETRY_AFTER, stated.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Wed, 04 Mar 2026 10:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(wait("Wed, 04 Mar 2026 09:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
    }
}
