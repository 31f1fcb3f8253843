//! Reads a reply as it comes: endpoints omit, null, retype and invent fields, and put errors into successes.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::{
    classify::{Class, Complaint, Verdict},
    events,
    wire::Raw,
};
use crate::{
    model::{Effort, Finish, Quota, Reply, Request, Usage},
    tokens::{estimate_request, estimate_tokens},
};

#[derive(Deserialize)]
struct Completion {
    #[serde(default, deserialize_with = "lenient")]
    choices: Vec<Choice>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default)]
    usage: Value,
    /// Azure's word on the question, which comes with empty choices when it filters.
    #[serde(default)]
    prompt_filter_results: Value,
}

#[derive(Default, Deserialize)]
struct Choice {
    #[serde(default, deserialize_with = "lenient")]
    finish_reason: String,
    #[serde(default, deserialize_with = "lenient")]
    message: Message,
    #[serde(default)]
    error: Value,
}

#[derive(Default, Deserialize)]
struct Message {
    #[serde(default)]
    content: Value,
    #[serde(default, deserialize_with = "lenient")]
    refusal: String,
    #[serde(default, alias = "reasoning", deserialize_with = "lenient")]
    reasoning_content: String,
}

/// The value if it has the right shape, else the default: a field of the wrong type is a field that is missing.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(source: D) -> Result<T, D::Error> {
    Ok(T::deserialize(Value::deserialize(source)?).unwrap_or_default())
}

/// The reply in an answer, or why there is none.
pub(super) fn judge(raw: &Raw, request: &Request) -> Result<Reply, Verdict> {
    let is_stream = (200..300).contains(&raw.status) && !raw.too_big && events::is_stream(&raw.bytes);
    let body =
        if is_stream { events::completion(&raw.bytes, raw.status) } else { body(raw, "chat completion") };
    let completion =
        Completion::deserialize(body?).map_err(|_| Verdict::unusable("body is not a chat completion", 2))?;
    let reply = reply(completion, raw.status, request)?;
    Ok(Reply { quota: raw.quota, ..reply })
}

/// The JSON of a success, which should be a `wanted`, or what the failure means.
pub(super) fn body(raw: &Raw, wanted: &str) -> Result<Value, Verdict> {
    let body = serde_json::from_slice::<Value>(without_bom(&raw.bytes));
    let complaint = body.as_ref().ok().and_then(Complaint::find);
    match raw.status {
        200..300 => {}
        300..400 => {
            return Err(Verdict::new(Class::Refused, "redirects are not followed, correct the base URL"));
        }
        // Some servers reject a parameter in plain text; elsewhere plain text is a proxy's page, with any words in it.
        400 | 422 => {
            let complaint = complaint.unwrap_or_else(|| Complaint::plain(&raw.bytes));
            return Err(Verdict::of(raw.status, complaint));
        }
        status => return Err(Verdict::of(status, complaint.unwrap_or_default())),
    }
    if raw.too_big {
        return Err(Verdict::unusable("body is larger than 8 MiB", 1));
    }
    match complaint {
        Some(complaint) => Err(Verdict::of(raw.status, complaint)),
        None => body.map_err(|_| Verdict::unusable(format!("body is not a {wanted}"), 2)),
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

fn reply(completion: Completion, status: u16, request: &Request) -> Result<Reply, Verdict> {
    let Completion { choices, model, usage, prompt_filter_results } = completion;
    let mut choices = choices.into_iter();
    let Some(first) = choices.next() else {
        return Err(match prompt_filter_results {
            Value::Null => Verdict::unusable("no choices", 2),
            _ => Verdict::new(Class::Filtered, "no choices"),
        });
    };
    let is_said = |choice: &Choice| !text(&choice.message.content).trim().is_empty();
    // Of several choices the first that says something.
    let choice = if is_said(&first) { first } else { choices.find(is_said).unwrap_or(first) };
    let finish = finish(&choice, status)?;
    let text = text(&choice.message.content);
    if text.trim().is_empty() && !matches!(finish, Finish::Length | Finish::ContentFilter) {
        return Err(blank(&choice.message));
    }
    let usage = read_usage(&usage).unwrap_or_else(|| estimate(request, &text));
    let model = model.filter(|name| !name.is_empty()).unwrap_or_else(|| request.model.clone());
    let effort = Effort { attempts: 1, ..Effort::default() };
    Ok(Reply { text, model, usage, finish, effort, quota: Quota::default() })
}

fn finish(choice: &Choice, status: u16) -> Result<Finish, Verdict> {
    let is_fault = choice.finish_reason == "error" || choice.error.is_object();
    match choice.finish_reason.as_str() {
        _ if is_fault => {
            let holder = serde_json::json!({ "error": choice.error });
            Err(Verdict::of(status, Complaint::find(&holder).unwrap_or_default()))
        }
        "insufficient_system_resource" => {
            Err(Verdict::new(Class::Unreachable, "endpoint ran out of resources"))
        }
        "stop" => Ok(Finish::Stop),
        "length" => Ok(Finish::Length),
        "content_filter" | "sensitive" => Ok(Finish::ContentFilter),
        other => Ok(Finish::Other(other.to_owned())),
    }
}

/// Content is a string, or a list of parts of which some are text.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

/// Reasoning is never an answer, so a reply that holds nothing else is blank.
fn blank(message: &Message) -> Verdict {
    match (message.refusal.is_empty(), message.reasoning_content.is_empty()) {
        (false, _) => Verdict::unusable("model declined to answer", 1),
        (true, false) => Verdict::unusable("only reasoning, no answer", 1),
        (true, true) => Verdict::unusable("empty answer", 2),
    }
}

fn read_usage(usage: &Value) -> Option<Usage> {
    let count = |pointer| usage.pointer(pointer).and_then(Value::as_u64);
    Some(Usage {
        prompt_tokens: count("/prompt_tokens")?,
        completion_tokens: count("/completion_tokens")?,
        // OpenAI's place, then DeepSeek's, then Kimi's.
        cached_tokens: count("/prompt_tokens_details/cached_tokens")
            .or_else(|| count("/prompt_cache_hit_tokens"))
            .or_else(|| count("/cached_tokens")),
        estimated: false,
    })
}

fn estimate(request: &Request, text: &str) -> Usage {
    Usage {
        prompt_tokens: estimate_request(request),
        completion_tokens: estimate_tokens(text) as u64,
        cached_tokens: None,
        estimated: true,
    }
}
