//! Repeats what can heal, within bounds.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use tokio::time::sleep;
use tracing::warn;

use crate::FetchError;

/// How patient one download, or one page, is with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts after the first.
    pub max_retries: u32,
    /// The longest back-off before the first retry; doubles from retry to retry.
    pub base: Duration,
    /// Where the doubling ends.
    pub cap: Duration,
    /// The most time to sleep in all; a `Retry-After` beyond it is given up at once.
    pub max_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { max_retries: 4, base: seconds(1), cap: seconds(30), max_wait: seconds(60) }
    }
}

impl Patience {
    /// The longest pause before the `attempt`-th retry, from 1.
    pub(crate) fn longest(&self, attempt: u32) -> Duration {
        self.base.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(self.cap)
    }
}

/// The attempts at one thing.
pub(crate) struct Tries<'a> {
    patience: &'a Patience,
    failed: u32,
    waited: Duration,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(patience: &'a Patience) -> Self {
        Self { patience, failed: 0, waited: Duration::ZERO }
    }

    /// Sleeps until the next attempt is due; gives the error back when none is worth it.
    ///
    /// A stated wait is slept as stated. Ours are random from zero up, so that what failed together does not come back
    /// together.
    pub(crate) async fn rest(&mut self, error: FetchError) -> Result<(), FetchError> {
        self.failed += 1;
        let FetchError::Unreachable(mut fault) = error else { return Err(error) };
        fault.attempts = self.failed;
        let pause = fault.retry_after.filter(|wait| !wait.is_zero());
        let pause = pause.unwrap_or_else(|| self.patience.longest(self.failed).mul_f64(chance(self.failed)));
        let is_worth_it = self.failed <= self.patience.max_retries
            && self.waited.saturating_add(pause) <= self.patience.max_wait;
        if !is_worth_it {
            return Err(FetchError::Unreachable(fault));
        }
        warn!(attempt = self.failed, ?pause, error = %fault, "fetching failed, trying again");
        sleep(pause).await;
        self.waited += pause;
        Ok(())
    }
}

/// A share from 0 to 1, another each time.
fn chance(attempt: u32) -> f64 {
    RandomState::new().hash_one(attempt) as f64 / u64::MAX as f64
}
