//! The body of a request: the same bytes for the same request, form and extra keys.

use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
    ChatCompletionStreamOptions, CreateChatCompletionRequest, ResponseFormat, ResponseFormatJsonSchema,
};
use serde_json::{Map, Value};

use crate::model::{Format, Request, Room, Schema};

/// The body, with the endpoint's own keys over ours.
#[allow(deprecated, reason = "`max_tokens` is the only name that most compatible endpoints know")]
pub(super) fn body(request: &Request, extra: &Map<String, Value>) -> serde_json::Result<Vec<u8>> {
    let Request { model, system, user, schema, max_tokens, temperature, label: _, form } = request;
    let room = |name| Some(*max_tokens).filter(|_| form.room == name);
    let ours = CreateChatCompletionRequest {
        model: model.clone(),
        messages: messages(system, user),
        max_tokens: room(Room::MaxTokens),
        max_completion_tokens: room(Room::MaxCompletionTokens),
        temperature: Some(*temperature).filter(|_| !form.temperature_fixed),
        response_format: schema.as_ref().and_then(|schema| response_format(schema, form.format)),
        stream: form.stream.then_some(true),
        stream_options: (form.stream && !form.uncounted)
            .then_some(ChatCompletionStreamOptions { include_usage: Some(true), include_obfuscation: None }),
        ..CreateChatCompletionRequest::default()
    };
    // Through text, which keeps a temperature of 0.2 what it is.
    let mut body = serde_json::from_slice(&serde_json::to_vec(&ours)?)?;
    if let Value::Object(keys) = &mut body {
        keys.extend(extra.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    serde_json::to_vec(&body)
}

fn response_format(schema: &Schema, format: Format) -> Option<ResponseFormat> {
    let json_schema = || ResponseFormatJsonSchema {
        description: None,
        name: schema.name.clone(),
        schema: schema.json.clone(),
        strict: Some(true),
    };
    match format {
        Format::JsonSchema => Some(ResponseFormat::JsonSchema { json_schema: json_schema() }),
        Format::JsonObject => Some(ResponseFormat::JsonObject),
        Format::Words => None,
    }
}

fn messages(system: &str, user: &str) -> Vec<ChatCompletionRequestMessage> {
    vec![
        ChatCompletionRequestSystemMessage::from(system).into(),
        ChatCompletionRequestUserMessage::from(user).into(),
    ]
}
