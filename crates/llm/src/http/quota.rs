//! What an endpoint says is left of its limits: `x-ratelimit-remaining-…` and `x-ratelimit-reset-…`, as `OpenAI` and many
//! others send them.

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::model::{Left, Quota};

pub(super) fn quota(headers: &HeaderMap) -> Quota {
    Quota { requests: left(headers, "requests"), tokens: left(headers, "tokens") }
}

fn left(headers: &HeaderMap, what: &str) -> Left {
    let text = |part: &str| headers.get(format!("x-ratelimit-{part}-{what}"))?.to_str().ok();
    Left {
        count: text("remaining").and_then(|count| count.trim().parse().ok()),
        reset: text("reset").and_then(duration),
    }
}

/// A time such as `1s`, `6m0s`, `200ms`, `1h2m3.5s`, or bare seconds.
fn duration(text: &str) -> Option<Duration> {
    let mut seconds = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (count, behind) = rest.split_at_checked(number)?;
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(unit)?;
        let scale = match unit {
            "ms" => 0.001,
            "" | "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        seconds += count.parse::<f64>().ok()? * scale;
        rest = behind;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_endpoints_write_them() {
        for (text, milliseconds) in
            [("1s", 1000), ("6m0s", 360_000), ("200ms", 200), ("1h2m3.5s", 3_723_500), ("12", 12_000)]
        {
            assert_eq!(duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["soon", "1x", "-1s", "1.2.3s", "2026-01-01T00:00:00Z"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
