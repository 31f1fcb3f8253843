//! How a request is put to this endpoint: what it turned out to lack is left out from then on.
//!
//! Learned from refusals, never from tables of who can do what: those lie.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
    CreateChatCompletionRequest, ResponseFormat, ResponseFormatJsonSchema,
};

use super::classify::{Class, Verdict};
use crate::model::{Request, Schema};

/// Steps of `response_format`, best first.
const STRICT_SCHEMA: u8 = 0;
const ANY_OBJECT: u8 = 1;
const WORDS_ONLY: u8 = 2;

/// What was learned so far; shared by all calls in flight, and only ever steps down.
#[derive(Default)]
pub(super) struct Dialect {
    format: AtomicU8,
    wants_completion_tokens: AtomicBool,
    fixes_temperature: AtomicBool,
}

/// The dialect of one attempt.
#[derive(Clone, Copy)]
pub(super) struct Spoken {
    format: u8,
    wants_completion_tokens: bool,
    fixes_temperature: bool,
}

impl Dialect {
    /// The dialect as known now.
    pub(super) fn now(&self) -> Spoken {
        Spoken {
            format: self.format.load(Ordering::Relaxed),
            wants_completion_tokens: self.wants_completion_tokens.load(Ordering::Relaxed),
            fixes_temperature: self.fixes_temperature.load(Ordering::Relaxed),
        }
    }

    /// Whether the refusal taught something that makes another attempt worth while.
    pub(super) fn learn(&self, spoken: Spoken, status: u16, had_schema: bool, verdict: &Verdict) -> bool {
        if !matches!(status, 400 | 422) || verdict.class != Class::Refused {
            return false;
        }
        let complaint = &verdict.complaint;
        if had_schema && spoken.format < WORDS_ONLY && complaint.mentions(&["response_format", "json_schema"])
        {
            self.format.fetch_max(spoken.format + 1, Ordering::Relaxed);
            return true;
        }
        // OpenAI's reasoning models refuse what all other endpoints need, and name it.
        if complaint.param == "max_tokens" && complaint.mentions(&["max_completion_tokens"]) {
            self.wants_completion_tokens.store(true, Ordering::Relaxed);
            return !spoken.wants_completion_tokens;
        }
        if complaint.param == "temperature" && complaint.code.starts_with("unsupported") {
            self.fixes_temperature.store(true, Ordering::Relaxed);
            return !spoken.fixes_temperature;
        }
        false
    }
}

impl Spoken {
    /// The body to send: the same bytes for the same request and dialect.
    #[allow(deprecated, reason = "`max_tokens` is the only name that most compatible endpoints know")]
    pub(super) fn body(self, request: &Request) -> serde_json::Result<Vec<u8>> {
        let Request { model, system, user, schema, max_tokens, temperature, label: _ } = request;
        let limit = Some(*max_tokens);
        serde_json::to_vec(&CreateChatCompletionRequest {
            model: model.clone(),
            messages: messages(system, user),
            max_tokens: limit.filter(|_| !self.wants_completion_tokens),
            max_completion_tokens: limit.filter(|_| self.wants_completion_tokens),
            temperature: Some(*temperature).filter(|_| !self.fixes_temperature),
            response_format: schema.as_ref().and_then(|schema| self.response_format(schema)),
            ..CreateChatCompletionRequest::default()
        })
    }

    fn response_format(self, schema: &Schema) -> Option<ResponseFormat> {
        let json_schema = || ResponseFormatJsonSchema {
            description: None,
            name: schema.name.clone(),
            schema: schema.json.clone(),
            strict: Some(true),
        };
        match self.format {
            STRICT_SCHEMA => Some(ResponseFormat::JsonSchema { json_schema: json_schema() }),
            ANY_OBJECT => Some(ResponseFormat::JsonObject),
            _ => None,
        }
    }
}

fn messages(system: &str, user: &str) -> Vec<ChatCompletionRequestMessage> {
    vec![
        ChatCompletionRequestSystemMessage::from(system).into(),
        ChatCompletionRequestUserMessage::from(user).into(),
    ]
}
