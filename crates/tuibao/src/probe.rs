//! `tuibao doctor --model`: one tiny call to each endpoint, and what that tells about it.

use std::time::{Duration, Instant};

use llm::{
    Capability, EndpointSettings, Form, Format, Http, Model, ModelError, Reply, Request, Room, Schema,
    read_json,
};
use serde_json::json;

use crate::{
    exit::{Code, Failure, OrFail},
    settings::ModelSettings,
};

/// Room for the answer; models that think first need some.
const ROOM: u32 = 512;

/// What the endpoint did, line by line; the error in words when it did not answer.
pub(crate) async fn probe(model: &ModelSettings) -> Result<Result<Vec<String>, String>, Failure> {
    let endpoint = model.meant(true)?;
    let http = Http::new(&endpoint.http).or_fail(Code::Usage)?;
    let capability = Capability::new(http, endpoint.form);
    let begun = Instant::now();
    let result = capability.complete(&question(&endpoint)).await;
    Ok(match result {
        Ok(reply) => Ok(findings(model, &reply, capability.form(), begun.elapsed())),
        Err(error) => Err(format!("{error}; {}", advice(&error))),
    })
}

fn question(endpoint: &EndpointSettings) -> Request {
    let schema = json!({"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"],
        "additionalProperties": false});
    Request {
        model: endpoint.model.clone(),
        system: "Answer with one JSON object and nothing else.".to_owned(),
        user: "Give the JSON object {\"ok\": true}.".to_owned(),
        schema: Some(Schema { name: "probe".to_owned(), json: schema }),
        max_tokens: ROOM,
        temperature: 0.0,
        label: "doctor".to_owned(),
        form: Form::default(),
    }
}

fn findings(model: &ModelSettings, reply: &Reply, form: Form, took: Duration) -> Vec<String> {
    let Reply { text, model: named, usage, finish, effort, quota } = reply;
    let format = match form.format {
        Format::JsonSchema => "JSON Schema",
        Format::JsonObject => "any JSON object (`json_object`)",
        Format::Words => "none, asked for in words",
    };
    let obeyed = match read_json(text) {
        Ok(value) if value == json!({"ok": true}) => "kept",
        Ok(_) => "not kept: other JSON came, which is told apart and asked again",
        Err(_) => "not kept: no JSON came, which is told apart and asked again",
    };
    let room = match form.room {
        Room::MaxTokens => "max_tokens",
        Room::MaxCompletionTokens => "max_completion_tokens",
    };
    let counted = if usage.estimated { "no, estimated" } else { "yes" };
    let cached = if usage.cached_tokens.is_some() { "told" } else { "not told" };
    let left = |count: Option<u64>| count.map_or_else(|| "not told".to_owned(), |count| count.to_string());
    let price = model.price().map_or_else(
        || format!("unknown; `[model.prices.\"{}\"]` sets it", model.ask.name),
        |price| format!("{} + {} {} for a million tokens", price.input, price.output, model.currency),
    );
    vec![
        format!(
            "answered as `{named}` in {:.1} s, {} requests, finish {finish:?}",
            took.as_secs_f64(),
            effort.attempts
        ),
        format!("structured output: {format}; {obeyed}"),
        format!(
            "bound of an answer: `{room}`; temperature: {}; stream: {}",
            if form.temperature_fixed { "its own" } else { "taken" },
            if form.stream { "yes" } else { "not asked for" }
        ),
        format!(
            "tokens counted: {counted} ({} + {}); cached ones: {cached}",
            usage.prompt_tokens, usage.completion_tokens
        ),
        format!(
            "left in this window: {} requests, {} tokens",
            left(quota.requests.count),
            left(quota.tokens.count)
        ),
        format!("price: {price}"),
    ]
}

/// What to do about a failure.
fn advice(error: &ModelError) -> &'static str {
    match error {
        ModelError::Unreachable(_) => "check `model.base_url`, the network and the proxy, or try again later",
        ModelError::Refused(_) => "check the key (`model.api_key_env`), the account and `model.ask.name`",
        ModelError::Filtered(_) => "its moderation objects to a harmless question; choose another model",
        ModelError::TooLong(_) => "its context is too small for any report",
        ModelError::Unusable(_) => {
            "the address answers, but not as a chat endpoint: is `/v1` missing in `model.base_url`?"
        }
        ModelError::Lacking(..) | ModelError::Spent(_) => "see `[model]` in config/default.toml",
    }
}
