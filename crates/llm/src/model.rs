//! The contract of every layer: what is asked, what comes back, and what can go wrong.
//!
//! Errors are named after what the caller does next, not after where they arose.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

/// A boxed future that may cross threads; written out so that [`Model`] stays object safe.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Anything that can answer a [`Request`]: an endpoint, or a layer over another model.
pub trait Model: Send + Sync {
    /// Answers one request.
    ///
    /// # Errors
    /// A [`ModelError`], whose variant says what the caller does next.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>>;
}

impl<M: Model + ?Sized> Model for Arc<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        (**self).complete(request)
    }
}

/// One question to a model. Two equal requests are the same question, so it can serve as a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The model's name as the endpoint knows it, e.g. `deepseek-chat`.
    pub model: String,
    /// The system message. Should itself ask for JSON in words: an endpoint that lacks schemas sees only this.
    pub system: String,
    /// The user message.
    pub user: String,
    /// The form of the answer, when it is to be JSON.
    pub schema: Option<Schema>,
    /// The most tokens the answer may have.
    pub max_tokens: u32,
    /// 0 (sober) to 2.
    pub temperature: f32,
    /// For logs, e.g. the section's id. Never sent.
    pub label: String,
}

/// The form of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// At most 64 of `a-z A-Z 0-9 _ -`.
    pub name: String,
    /// A JSON Schema in the strict subset (all keys required, no additional ones).
    pub json: serde_json::Value,
}

/// What a model answered. A `finish` other than [`Finish::Stop`] is the caller's to judge; only then may `text` be blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The answer as it came; see [`read_json`](crate::read_json).
    pub text: String,
    /// The model that answered, by the endpoint's own word, else the one asked for.
    pub model: String,
    /// What it took.
    pub usage: Usage,
    /// Why the model stopped.
    pub finish: Finish,
}

/// Tokens taken by one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the question, the cached ones included.
    pub prompt_tokens: u64,
    /// Tokens of the answer, hidden reasoning included.
    pub completion_tokens: u64,
    /// Those of the question that the endpoint had in its cache, where it says so.
    pub cached_tokens: Option<u64>,
    /// The endpoint did not count, so [`estimate_tokens`](crate::estimate_tokens) did.
    pub estimated: bool,
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// The answer is complete.
    Stop,
    /// The answer was cut at `max_tokens`: ask with more, or a shorter question; never feed the cut text back.
    Length,
    /// The endpoint withdrew the answer; treat as [`ModelError::Filtered`] and do not use the text.
    ContentFilter,
    /// Another word of the endpoint's; empty when it said nothing.
    Other(String),
}

/// Why there is no answer, by what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Heals with time, but did not within the retries: fall back, or come back later.
    #[error("model is unreachable: {0}")]
    Unreachable(Fault),
    /// Key, quota, unknown model or bad parameter: end the run, no further call can succeed.
    #[error("model refused the request: {0}")]
    Refused(Fault),
    /// Moderation objects to something in the request: split it, set the culprit aside, go on.
    #[error("model filtered the request: {0}")]
    Filtered(Fault),
    /// The request exceeds the context: shorten it, never repeat it unchanged.
    #[error("request is too long for the model: {0}")]
    TooLong(Fault),
    /// An answer came that cannot be read: ask again, or fall back.
    #[error("model gave an unusable reply: {0}")]
    Unusable(Fault),
}

impl ModelError {
    /// The facts behind the error.
    pub fn fault(&self) -> &Fault {
        let (Self::Unreachable(fault)
        | Self::Refused(fault)
        | Self::Filtered(fault)
        | Self::TooLong(fault)
        | Self::Unusable(fault)) = self;
        fault
    }

    /// The same error, found after this many attempts.
    #[must_use]
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        let (Self::Unreachable(fault)
        | Self::Refused(fault)
        | Self::Filtered(fault)
        | Self::TooLong(fault)
        | Self::Unusable(fault)) = &mut self;
        fault.attempts = attempts;
        self
    }
}

/// The facts behind a [`ModelError`]; free of secrets, so it may be logged and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The HTTP status, when there was an answer at all.
    pub status: Option<u16>,
    /// The address asked, without credentials and query; empty when no address was involved.
    pub endpoint: String,
    /// What happened, with at most 200 characters of the answer's body.
    pub detail: String,
    /// How many retries may heal it: 0 none, [`u32::MAX`] as many as the policy allows.
    pub retries: u32,
    /// The wait that the endpoint asked for.
    pub retry_after: Option<Duration>,
    /// How often it was tried.
    pub attempts: u32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "HTTP {status} from {}: {}", self.endpoint, self.detail)?,
            None if self.endpoint.is_empty() => f.write_str(&self.detail)?,
            None => write!(f, "{}: {}", self.endpoint, self.detail)?,
        }
        if self.attempts > 1 { write!(f, " (after {} attempts)", self.attempts) } else { Ok(()) }
    }
}
