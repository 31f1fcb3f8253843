//! `TUIBAO_NOW`: the time that a command takes for now, so that tests and rehearsals can stand at any moment.

use chrono::{DateTime, Utc};

use crate::exit::{Code, Failure};

/// No key of the settings, though it begins like one: it is for one command, never for a file.
pub(super) const VARIABLE: &str = "TUIBAO_NOW";

/// The time that the environment sets, if it sets one that can be read.
pub(crate) fn now() -> Option<DateTime<Utc>> {
    read(&written()?).ok()
}

/// Whether what is set is a time.
pub(super) fn check() -> Result<(), Failure> {
    written().map_or(Ok(()), |text| read(&text).map(drop))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn written() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

fn read(text: &str) -> Result<DateTime<Utc>, Failure> {
    text.parse().map_err(|_| {
        Failure::say(Code::Usage, format!("`{VARIABLE}={text}` is no time"))
            .hint("write it as RFC 3339 does, such as `2026-01-24T10:04:00+08:00`; without it the machine's clock is read")
    })
}
