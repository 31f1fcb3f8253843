//! The layer over several endpoints: asks the first that can answer.
//!
//! An endpoint that refused for good (key, quota, unknown model) is not asked again in this run; one that was down is let
//! rest while another answers.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tracing::warn;

use crate::model::{BoxFuture, Fault, Model, ModelError, Reply, Request, after};

/// How long an endpoint that was down is passed over.
const REST: Duration = Duration::from_secs(60);

/// Endpoints in order of preference.
pub struct Fallback {
    choices: Vec<Choice>,
}

/// An endpoint, and the model asked for there.
struct Choice {
    name: String,
    model: Box<dyn Model>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    refused: Option<Fault>,
    rests_until: Option<Instant>,
}

impl Fallback {
    /// Over pairs of a model's name, which replaces that of the request, and who answers to it.
    pub fn new(choices: Vec<(String, Box<dyn Model>)>) -> Self {
        let choice = |(name, model)| Choice { name, model, state: Mutex::default() };
        Self { choices: choices.into_iter().map(choice).collect() }
    }

    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let now = Instant::now();
        let (awake, resting): (Vec<&Choice>, Vec<&Choice>) =
            self.choices.iter().partition(|choice| !choice.rests(now));
        let (mut attempts, mut cost) = (0, 0.0);
        let mut worst = None;
        for choice in awake.into_iter().chain(resting) {
            let error = match choice.ask(request).await {
                Ok(reply) => return after(Ok(reply), attempts, cost),
                Err(error) => error,
            };
            if self.choices.len() > 1 {
                warn!(label = request.label, model = choice.name, %error, "model gave no answer, trying the next one");
            }
            attempts += error.fault().attempts;
            cost += error.fault().cost;
            worst = Some(more_telling(worst, error.counted()));
        }
        let none = || ModelError::Refused(Fault::say("no endpoint is configured"));
        after(Err(worst.unwrap_or_else(none)), attempts, cost)
    }
}

impl Choice {
    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        if let Some(fault) = self.state().refused.clone() {
            return Err(ModelError::Refused(fault));
        }
        let request = Request { model: self.name.clone(), ..request.clone() };
        let result = self.model.complete(&request).await;
        match &result {
            Err(error @ ModelError::Refused(fault)) if is_for_good(fault) => {
                self.state().refused = Some(error.clone().counted().fault().clone());
            }
            Err(ModelError::Unreachable(_)) => self.state().rests_until = Some(Instant::now() + REST),
            _ => {}
        }
        result
    }

    fn rests(&self, now: Instant) -> bool {
        self.state().rests_until.is_some_and(|until| until > now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a refusal is about who asks and not about what is asked: another request may still be taken.
fn is_for_good(fault: &Fault) -> bool {
    !matches!(fault.status, Some(400 | 413 | 422))
}

/// Of two failures the one with which the caller can do more.
fn more_telling(one: Option<ModelError>, other: ModelError) -> ModelError {
    let use_of = |error: &ModelError| match error {
        ModelError::Refused(_) | ModelError::Lacking(..) => 0,
        ModelError::Unreachable(_) => 1,
        ModelError::Spent(_) => 2,
        ModelError::Unusable(_) => 3,
        ModelError::TooLong(_) => 4,
        ModelError::Filtered(_) => 5,
    };
    match one {
        Some(one) if use_of(&one) >= use_of(&other) => one,
        _ => other,
    }
}

impl Model for Fallback {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }
}
