//! The calls to a model that a report took, for the audit and for who pays.

use std::time::Duration;

use llm::{Effort, Fault, ModelError, Reply, Usage};
use schemars::JsonSchema;
use serde::Serialize;

/// A call to the model, and what it took.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Call {
    /// A section's id, `overview` or `key_points`.
    pub part: String,
    /// Why it was made.
    pub round: Round,
    /// The model that answered; empty when none did.
    pub model: String,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Whether the answer came from the cache or a recording: then nothing was paid.
    pub kept: bool,
    /// Tokens of the question.
    pub prompt_tokens: u64,
    /// Of these, those that the endpoint had in its own cache, where it says so.
    pub cached_tokens: Option<u64>,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// Whether the tokens are our estimate, because the endpoint did not count.
    pub estimated: bool,
    /// Requests that were sent, with those that failed.
    pub attempts: u32,
    /// Money, by the table of prices.
    pub cost: f64,
    /// Time until the answer was there, waiting included.
    pub seconds: f64,
}

/// Why a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// As the part was first asked.
    First,
    /// The same again, because moderation may have erred.
    Repeated,
    /// The last answer could not be used.
    Again,
    /// The last answer did not fit.
    MoreRoom,
    /// Question or answer did not fit, so fewer topics.
    Shorter,
    /// A part of the data, because moderation objects to something in them.
    Part,
    /// The claims that the checker refused, with its reasons.
    Repair,
}

impl Call {
    pub(crate) fn of(part: &str, round: Round, result: &Result<Reply, ModelError>, took: Duration) -> Self {
        let (usage, effort, model, failed) = match result {
            Ok(reply) => (reply.usage, reply.effort, reply.model.clone(), None),
            Err(error) => {
                let Fault { attempts, cost, .. } = *error.fault();
                // A failure that no request was sent for was kept.
                let effort = Effort { attempts, cost, kept: attempts == 0 };
                (Usage::default(), effort, String::new(), Some(error.to_string()))
            }
        };
        Self {
            part: part.to_owned(),
            round,
            model,
            failed,
            kept: effort.kept,
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage.cached_tokens,
            completion_tokens: usage.completion_tokens,
            estimated: usage.estimated,
            attempts: effort.attempts,
            cost: effort.cost,
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
        }
    }
}

/// What all calls of a report took together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Spending {
    /// Questions that were put, kept answers included.
    pub calls: u64,
    /// Of these, answered from the cache or a recording.
    pub kept: u64,
    /// Requests beyond the first of a call.
    pub retries: u64,
    /// Tokens asked, without those of kept answers.
    pub prompt_tokens: u64,
    /// Of these, those that the endpoint had in its cache.
    pub cached_tokens: u64,
    /// Tokens answered, without those of kept answers.
    pub completion_tokens: u64,
    /// Whether some of the tokens are estimates.
    pub estimated: bool,
    /// Money, by the table of prices.
    pub cost: f64,
}

impl Spending {
    /// Of these calls.
    pub fn of<'c>(calls: impl IntoIterator<Item = &'c Call>) -> Self {
        Self::default().and_all(calls)
    }

    pub(crate) fn and_all<'c>(self, calls: impl IntoIterator<Item = &'c Call>) -> Self {
        calls.into_iter().fold(self, Self::and)
    }

    fn and(self, call: &Call) -> Self {
        let paid = |tokens: u64| if call.kept { 0 } else { tokens };
        Self {
            calls: self.calls + 1,
            kept: self.kept + u64::from(call.kept),
            retries: self.retries + u64::from(call.attempts.saturating_sub(1)),
            prompt_tokens: self.prompt_tokens + paid(call.prompt_tokens),
            cached_tokens: self.cached_tokens + paid(call.cached_tokens.unwrap_or(0)),
            completion_tokens: self.completion_tokens + paid(call.completion_tokens),
            estimated: self.estimated || call.estimated && !call.kept,
            cost: self.cost + call.cost,
        }
    }
}
