//! Repeats what can heal, within bounds. The only sleep of the crate.

use std::time::Duration;

use tokio::time::sleep;
use tracing::{debug, info};

use crate::DeliverError;

/// How patient one part of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// Attempts after the first.
    pub(crate) retries: u32,
    /// Before the first retry; doubles from retry to retry.
    pub(crate) base: Duration,
    /// All waits together; a service that asks for more is given up.
    pub(crate) max_wait: Duration,
}

/// What came of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    Done,
    /// May heal; with the wait that the service asks for.
    Later(String, Option<Duration>),
    /// Will not heal.
    Refused(String),
    /// Sent, and no answer came: to send it again might tell it twice.
    Unknown(String),
}

/// Tries until it is done, refused, unknown, or not worth another attempt.
pub(crate) async fn patiently(
    patience: Patience,
    mut attempt: impl AsyncFnMut() -> Result<Attempt, DeliverError>,
) -> Result<(), DeliverError> {
    let mut waited = Duration::ZERO;
    let mut failed = 0;
    loop {
        let (reason, asked) = match attempt().await? {
            Attempt::Done => return Ok(()),
            Attempt::Refused(reason) => return Err(DeliverError::Refused(reason)),
            Attempt::Unknown(reason) => return Err(DeliverError::Unknown(reason)),
            Attempt::Later(reason, asked) => (reason, asked),
        };
        let pause = asked.unwrap_or(patience.base.saturating_mul(1 << failed.min(16)));
        failed += 1;
        if failed > patience.retries || waited.saturating_add(pause) > patience.max_wait {
            let tried = if failed > 1 { format!(" ({failed} attempts)") } else { String::new() };
            return Err(DeliverError::Unreachable(format!("{reason}{tried}")));
        }
        info!(attempt = failed, ?pause, "a message was not delivered, trying again");
        // What a service answers may repeat the message.
        debug!(reason, "why");
        sleep(pause).await;
        waited += pause;
    }
}

/// The pause that a service wants between two messages.
pub(crate) async fn pause(seconds: f64) {
    if let Ok(pause) = Duration::try_from_secs_f64(seconds) {
        sleep(pause).await;
    }
}
