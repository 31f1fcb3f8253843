//! Answers as they go over the wire, whole or as a stream.

use std::sync::atomic::AtomicUsize;

use serde_json::{Value, json};

use super::catalogue::{WITHDRAWN, answer};
use crate::support::{
    endpoint::{Question, completion},
    fault_server::{Call, Play, Response},
};

/// What an honest model answers.
pub(crate) fn honest(call: &Call) -> Play {
    Play::Whole(reply(call, &json!({}), &answer(&honest_claims(call))))
}

/// The claims of an honest model.
pub(crate) fn honest_claims(call: &Call) -> Vec<Value> {
    Question::read(&call.body, &AtomicUsize::new(0)).honest_claims()
}

/// The same claims with a word that must not be published.
pub(crate) fn withdrawn(claims: Vec<Value>) -> Vec<Value> {
    let mark = |mut claim: Value| {
        claim["text"] = json!(format!("{WITHDRAWN}，{}", claim["text"].as_str().unwrap()));
        claim
    };
    claims.into_iter().map(mark).collect()
}

/// The first half.
pub(crate) fn cut_off(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

/// `body`, or an ordinary completion when it is empty, in the way that the call asks for. `text` is its content.
pub(crate) fn reply(call: &Call, body: &Value, text: &str) -> Response {
    let ordinary = || completion(&call.body, text);
    let body = if body["choices"].is_array() { body.clone() } else { ordinary() };
    if call.streams() { Response::events(events(&body)) } else { Response::json(200, &body) }
}

/// A completion as the events of a stream.
fn events(body: &Value) -> String {
    let choice = &body["choices"][0];
    let mut events = vec![chunk(body, &json!({"role": "assistant", "content": ""}), &Value::Null)];
    for field in ["reasoning_content", "refusal", "content"] {
        for piece in pieces(choice["message"][field].as_str().unwrap_or_default()) {
            events.push(chunk(body, &json!({field: piece}), &Value::Null));
        }
    }
    let mut last = chunk(body, &json!({}), &choice["finish_reason"]);
    if let Some(error) = choice.get("error") {
        last["choices"][0]["error"] = error.clone();
    }
    events.push(last);
    if let Some(usage) = body.get("usage") {
        let mut counted = chunk(body, &json!({}), &Value::Null);
        counted["choices"] = json!([]);
        counted["usage"] = usage.clone();
        events.push(counted);
    }
    let told = events.iter().map(ToString::to_string).chain(["[DONE]".to_owned()]);
    told.fold(String::new(), |told, event| told + "data: " + &event + "\n\n")
}

fn chunk(body: &Value, delta: &Value, finish: &Value) -> Value {
    json!({
        "id": body["id"],
        "object": "chat.completion.chunk",
        "created": 1_772_500_000,
        "model": body["model"],
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}],
    })
}

/// Of 1, 2, 3 … characters, over and over, so that cuts fall everywhere.
fn pieces(text: &str) -> Vec<String> {
    let mut rest = text.chars().peekable();
    let mut sizes = (1..=23).cycle();
    std::iter::from_fn(|| {
        rest.peek()?;
        Some(rest.by_ref().take(sizes.next()?).collect())
    })
    .collect()
}
