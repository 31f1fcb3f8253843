//! The layers that keep within an endpoint's limits: [`Slots`] bounds how many calls are under way, [`Pace`] how many
//! requests and tokens leave in a minute.
//!
//! They are two because they stand in two places. A slot is held through a call's retries, so that an endpoint in trouble is
//! asked less and not more; the pace counts each request that is sent, also those that only find out what the endpoint lacks.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Queue, Semaphore},
    time::{Instant, sleep_until},
};

use crate::{
    model::{BoxFuture, Model, ModelError, Reply, Request},
    tokens::estimate_request,
};

/// What "a minute" means: a little more, because requests that leave evenly do not arrive evenly.
const MINUTE: Duration = Duration::from_millis(60_500);

/// The longest that all calls wait because one was told to; more is for the retries to give up on.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Bounds the calls under way; who comes first is served first.
pub struct Slots<M> {
    inner: M,
    slots: Semaphore,
}

impl<M: Model> Slots<M> {
    /// At most `parallel` calls at once, and at least one.
    pub fn new(inner: M, parallel: usize) -> Self {
        Self { inner, slots: Semaphore::new(parallel.clamp(1, Semaphore::MAX_PERMITS)) }
    }
}

impl<M: Model> Model for Slots<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            // Never closed; if it were, asking would still be right.
            let _slot = self.slots.acquire().await;
            self.inner.complete(request).await
        })
    }
}

/// Requests and tokens a minute; 0 is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaceSettings {
    /// Requests in any minute.
    pub requests: u32,
    /// Tokens in any minute, of questions and answers; of answers not yet come the room that they have.
    pub tokens: u32,
}

/// Sends no faster than the settings allow and the endpoint says.
///
/// A window that slides, not a bucket that fills: with a bucket twice the bound can leave within the first minute.
pub struct Pace<M> {
    inner: M,
    settings: PaceSettings,
    /// Held while waiting, so that who comes first leaves first.
    queue: Queue<()>,
    turnstile: Mutex<Turnstile>,
}

struct Sent {
    number: u64,
    at: Instant,
    tokens: u64,
}

#[derive(Default)]
struct Turnstile {
    /// The requests of the last minute, oldest first.
    sent: VecDeque<Sent>,
    /// Requests so far.
    count: u64,
    /// Before this nothing leaves.
    hold: Option<Instant>,
}

impl<M: Model> Pace<M> {
    /// A layer over `inner`.
    pub fn new(inner: M, settings: PaceSettings) -> Self {
        Self { inner, settings, queue: Queue::default(), turnstile: Mutex::default() }
    }

    /// Waits for a place in the window, and gives its number.
    async fn leave(&self, tokens: u64) -> u64 {
        let _first = self.queue.lock().await;
        loop {
            let until = {
                let (mut turnstile, now) = (self.turnstile(), Instant::now());
                let Some(until) = turnstile.wait(self.settings, tokens, now) else {
                    turnstile.count += 1;
                    let number = turnstile.count;
                    turnstile.sent.push_back(Sent { number, at: now, tokens });
                    return number;
                };
                until
            };
            sleep_until(until).await;
        }
    }

    fn turnstile(&self) -> MutexGuard<'_, Turnstile> {
        self.turnstile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes notice of what a request really took, and of what the endpoint says.
    fn heed(&self, number: u64, result: &Result<Reply, ModelError>) {
        let mut turnstile = self.turnstile();
        let hold = match result {
            Ok(reply) => {
                let tokens = reply.usage.prompt_tokens + reply.usage.completion_tokens;
                if let Some(sent) = turnstile.sent.iter_mut().find(|sent| sent.number == number) {
                    sent.tokens = tokens;
                }
                reply.quota.wait()
            }
            Err(error) => error.fault().retry_after,
        };
        if let Some(hold) = hold.filter(|hold| *hold <= LONGEST_HOLD) {
            turnstile.hold = turnstile.hold.max(Some(Instant::now() + hold));
        }
    }
}

impl Turnstile {
    /// Until when the next request has to wait, if it has to.
    fn wait(&mut self, settings: PaceSettings, tokens: u64, now: Instant) -> Option<Instant> {
        if let Some(hold) = self.hold.filter(|hold| *hold > now) {
            return Some(hold);
        }
        while self.sent.front().is_some_and(|sent| sent.at + MINUTE <= now) {
            self.sent.pop_front();
        }
        let oldest = self.sent.front()?.at;
        let in_window: u64 = self.sent.iter().map(|sent| sent.tokens).sum();
        let is_full = settings.requests > 0 && self.sent.len() >= settings.requests as usize
            || settings.tokens > 0 && in_window + tokens > u64::from(settings.tokens);
        is_full.then(|| oldest + MINUTE)
    }
}

impl<M: Model> Model for Pace<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            let bounded = self.settings.tokens > 0;
            let tokens = if bounded { estimate_request(request) + u64::from(request.max_tokens) } else { 0 };
            let number = self.leave(tokens).await;
            let result = self.inner.complete(request).await;
            self.heed(number, &result);
            result
        })
    }
}
