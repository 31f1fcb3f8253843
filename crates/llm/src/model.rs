//! The contract of every layer: what is asked and what comes back; what can go wrong is [`ModelError`].

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

mod fault;
pub(crate) use fault::after;
pub use fault::{Fault, Lack, ModelError};

/// A boxed future that may cross threads; written out so that [`Model`] stays object safe.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Anything that can answer a [`Request`]: an endpoint, or a layer over another model.
pub trait Model: Send + Sync {
    /// Answers one request.
    ///
    /// # Errors
    /// A [`ModelError`], whose variant says what the caller does next.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>>;

    /// Takes back a reply that turned out to be of no use, so that no layer gives it again. Most layers keep nothing.
    fn forget(&self, _request: &Request) {}
}

impl<M: Model + ?Sized> Model for Arc<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        (**self).complete(request)
    }

    fn forget(&self, request: &Request) {
        (**self).forget(request);
    }
}

impl<M: Model + ?Sized> Model for &M {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        (**self).complete(request)
    }

    fn forget(&self, request: &Request) {
        (**self).forget(request);
    }
}

impl<M: Model + ?Sized> Model for Box<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        (**self).complete(request)
    }

    fn forget(&self, request: &Request) {
        (**self).forget(request);
    }
}

/// One question to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The model's name as the endpoint knows it, e.g. `deepseek-chat`; empty for the stack's own.
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
    /// How the question is put, which is no part of the question; [`Capability`](crate::Capability) sets it.
    pub form: Form,
}

/// How a question is put to an endpoint, by what the endpoint takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// How the form of the answer is asked for.
    pub format: Format,
    /// The name of the bound of an answer.
    pub room: Room,
    /// No temperature is sent: the endpoint has one of its own.
    pub temperature_fixed: bool,
    /// The answer is sent piece by piece, which shows that a slow endpoint is alive.
    pub stream: bool,
    /// A stream is not asked to count its tokens.
    pub uncounted: bool,
}

/// How the form of an answer is asked for, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `response_format` with a JSON Schema.
    #[default]
    JsonSchema,
    /// `response_format` of any JSON object.
    JsonObject,
    /// By the system message alone.
    Words,
}

/// The name of the bound of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// What all compatible endpoints know.
    #[default]
    MaxTokens,
    /// What `OpenAI`'s reasoning models want instead.
    MaxCompletionTokens,
}

/// The form of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// What it cost besides tokens.
    pub effort: Effort,
    /// What the endpoint still allows.
    pub quota: Quota,
}

/// What a reply cost besides tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effort {
    /// Requests that were sent for it, failed ones included; 0 when none was.
    pub attempts: u32,
    /// Money, failed attempts included; 0 where no price is known.
    pub cost: f64,
    /// It was had without asking: from the cache, or from a recording.
    pub kept: bool,
}

/// What an endpoint says is left of its limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// Of requests.
    pub requests: Left,
    /// Of tokens.
    pub tokens: Left,
}

impl Quota {
    /// How long nothing more will be taken, if something is used up.
    pub fn wait(&self) -> Option<Duration> {
        let used_up = |left: Left| left.reset.filter(|_| left.count == Some(0));
        used_up(self.requests).max(used_up(self.tokens))
    }
}

/// What is left of one limit; `None` where the endpoint does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// So many.
    pub count: Option<u64>,
    /// Until then.
    pub reset: Option<Duration>,
}

/// Tokens taken by one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
