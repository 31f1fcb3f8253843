//! A reply that came as server-sent events, put together to the completion that it would have been in one piece.
//!
//! The whole stream is read before any of it is used, so that an answer which is withdrawn or breaks off leaves nothing.

use serde_json::{Value, json};

use super::classify::{Class, Complaint, Verdict};

/// Whether a body is a stream of events, whatever was asked for.
pub(super) fn is_stream(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    [&b"data:"[..], b"event:", b"id:", b": ", b":\n"].iter().any(|mark| start.starts_with(mark))
}

/// A stream's parts, as far as they matter.
#[derive(Default)]
struct Parts {
    content: String,
    reasoning: String,
    refusal: String,
    /// The reason, and the error that it may be.
    finish: Option<(Value, Value)>,
    model: Value,
    usage: Value,
    done: bool,
}

/// The completion that a stream tells.
pub(super) fn completion(bytes: &[u8], status: u16) -> Result<Value, Verdict> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = Parts::default();
    for data in text.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim) {
        if data == "[DONE]" {
            parts.done = true;
        } else if !data.is_empty() {
            let event: Value = serde_json::from_str(data)
                .map_err(|_| Verdict::unusable("an event of the stream is not JSON", 2))?;
            parts.add(&event, status)?;
        }
    }
    parts.whole()
}

impl Parts {
    fn add(&mut self, event: &Value, status: u16) -> Result<(), Verdict> {
        if let Some(complaint) = Complaint::find(event) {
            return Err(Verdict::of(status, complaint));
        }
        keep(&mut self.model, event.get("model"));
        keep(&mut self.usage, event.get("usage"));
        let Some(choice) = event.pointer("/choices/0") else { return Ok(()) };
        if choice.get("index").and_then(Value::as_u64).unwrap_or(0) != 0 {
            return Ok(());
        }
        // Some send the whole message last.
        let piece =
            ["delta", "message"].iter().find_map(|name| choice.get(name).filter(|piece| piece.is_object()));
        let text = |name: &str| piece.and_then(|piece| piece.get(name)?.as_str()).unwrap_or_default();
        self.content += text("content");
        self.reasoning += text("reasoning_content");
        self.reasoning += text("reasoning");
        self.refusal += text("refusal");
        if let Some(error) = choice.get("error").filter(|error| error.is_object()) {
            self.finish = Some((json!("error"), error.clone()));
        } else if let Some(reason) = choice.get("finish_reason").filter(|reason| !reason.is_null()) {
            self.finish = Some((reason.clone(), Value::Null));
        }
        Ok(())
    }

    /// A stream that says neither how it ended nor that it did was cut.
    fn whole(self) -> Result<Value, Verdict> {
        let Self { content, reasoning, refusal, finish, model, usage, done } = self;
        if finish.is_none() && !done {
            return Err(Verdict::new(Class::Unreachable, "the stream ended before the answer did"));
        }
        let (finish_reason, error) = finish.unwrap_or_default();
        let message = json!({ "content": content, "reasoning_content": reasoning, "refusal": refusal });
        let choice = json!({ "finish_reason": finish_reason, "error": error, "message": message });
        Ok(json!({ "choices": [choice], "model": model, "usage": usage }))
    }
}

fn keep(place: &mut Value, value: Option<&Value>) {
    if let Some(value) = value.filter(|value| !value.is_null()) {
        *place = value.clone();
    }
}
