//! The layer that repeats what can heal: the only place in this crate that sleeps, and the only one that tries again.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};
use tracing::warn;

use crate::model::{BoxFuture, Fault, Model, ModelError, Reply, Request, after};

/// As many retries as the policy allows; see [`Fault::retries`].
pub(crate) const HEALS_WITH_TIME: u32 = u32::MAX;

/// How patient a [`Retry`] is with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts after the first.
    pub max_retries: u32,
    /// The longest back-off before the first retry; doubles from retry to retry.
    pub base: Duration,
    /// Where the doubling ends.
    pub cap: Duration,
    /// The most time to sleep in all; a `Retry-After` beyond it is given up at once.
    pub max_wait: Duration,
    /// The most time in all, sleeping and asking; cuts off the attempt that exceeds it.
    pub deadline: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 5,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(30),
            max_wait: Duration::from_secs(60),
            deadline: Duration::from_secs(15 * 60),
        }
    }
}

/// Says for a request's label and an attempt (from 1) which share of the back-off to sleep, from 0 to 1.
pub type Jitter = Arc<dyn Fn(&str, u32) -> f64 + Send + Sync>;

/// Repeats a model's failed attempts while they can heal.
///
/// Back-off is exponential with full jitter, so that calls that failed together do not come back together; a stated
/// `Retry-After` is slept as stated instead.
pub struct Retry<M> {
    inner: M,
    patience: Patience,
}

impl<M: Model> Retry<M> {
    /// A layer over `inner`, whose jitter differs from run to run.
    pub fn new(inner: M, policy: RetryPolicy) -> Self {
        Self { inner, patience: Patience::new(policy) }
    }

    /// The same layer with another source of jitter, e.g. a constant.
    #[must_use]
    pub fn with_jitter(self, jitter: Jitter) -> Self {
        Self { patience: Patience { jitter, ..self.patience }, ..self }
    }
}

/// What came of the last attempt, and what those before it took.
pub(crate) struct Persisted<T> {
    pub(crate) result: Result<T, ModelError>,
    attempts: u32,
    cost: f64,
}

/// The retries themselves, whatever it is that is asked.
pub(crate) struct Patience {
    policy: RetryPolicy,
    jitter: Jitter,
}

impl Patience {
    /// With a jitter that differs from run to run.
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        let keys = RandomState::new();
        let jitter = move |label: &str, attempt: u32| unit(keys.hash_one((label, attempt)));
        Self { policy, jitter: Arc::new(jitter) }
    }

    /// Asks until there is an answer, or a failure that more attempts will not heal.
    pub(crate) async fn persist<T, F>(&self, label: &str, ask: impl Fn() -> F) -> Persisted<T>
    where
        F: Future<Output = Result<T, ModelError>>,
    {
        let started = Instant::now();
        let (mut retries, mut waited) = (0, Duration::ZERO);
        let (mut attempts, mut cost) = (0, 0.0);
        let mut last = None;
        let result = loop {
            let left = self.policy.deadline.saturating_sub(started.elapsed());
            let Ok(result) = timeout(left, ask()).await else {
                break Err(last.unwrap_or_else(|| self.overdue()));
            };
            let error = match result {
                Ok(reply) => break Ok(reply),
                Err(error) => error,
            };
            let Some(pause) = self.pause(&error, retries + 1, label) else { break Err(error) };
            if waited.saturating_add(pause) > self.policy.max_wait
                || started.elapsed().saturating_add(pause) >= self.policy.deadline
            {
                break Err(error);
            }
            warn!(label, attempt = retries + 1, ?pause, %error, "model failed, trying again");
            sleep(pause).await;
            waited += pause;
            retries += 1;
            attempts += error.fault().attempts;
            cost += error.fault().cost;
            last = Some(error.counted());
        };
        Persisted { result, attempts, cost }
    }

    /// How long to sleep before the next attempt; `None` when none is worth it.
    fn pause(&self, error: &ModelError, attempt: u32, label: &str) -> Option<Duration> {
        let fault = error.fault();
        if attempt > fault.retries.min(self.policy.max_retries) {
            return None;
        }
        let stated = fault.retry_after.filter(|wait| !wait.is_zero());
        Some(stated.unwrap_or_else(|| self.back_off(attempt, label)))
    }

    fn back_off(&self, attempt: u32, label: &str) -> Duration {
        let doubled = self.policy.base.saturating_mul(2_u32.saturating_pow(attempt - 1));
        let longest = doubled.min(self.policy.cap);
        let share = (self.jitter)(label, attempt).clamp(0.0, 1.0);
        Duration::try_from_secs_f64(longest.as_secs_f64() * share).unwrap_or(longest)
    }

    fn overdue(&self) -> ModelError {
        let detail = format!("no reply within {} s", self.policy.deadline.as_secs());
        ModelError::Unreachable(Fault { attempts: 1, ..Fault::say(detail) })
    }
}

impl<M: Model> Model for Retry<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            let Persisted { result, attempts, cost } =
                self.patience.persist(&request.label, || self.inner.complete(request)).await;
            after(result, attempts, cost)
        })
    }
}

/// Spreads a hash over 0..=1.
fn unit(hash: u64) -> f64 {
    hash as f64 / u64::MAX as f64
}
