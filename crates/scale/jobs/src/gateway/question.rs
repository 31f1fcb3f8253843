//! A question to the model: what tells it from others, and what it may cost at worst.

use serde_json::{Map, Value};

use super::price::{Amount, Prices};

/// Tokens of framing around a message, and what an estimate may be short by.
const FRAMING: u64 = 16;
const MARGIN_PERCENT: u64 = 25;

/// A question, as it came in.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Behind the upstream's base path, such as `/chat/completions`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    pub(super) body: Value,
    /// BLAKE3 of upstream, path and body, whatever the order of its keys.
    pub(super) key: String,
}

impl Question {
    /// None when the body is no JSON object, which nobody answers from a cache.
    pub(super) fn read(upstream: &str, path: &str, bytes: Vec<u8>) -> Option<Self> {
        let body: Value = serde_json::from_slice(&bytes).ok()?;
        let parts = (upstream, path, canonical(body.as_object().map(|_| &body)?));
        let key = blake3::hash(&serde_json::to_vec(&parts).ok()?).to_hex().to_string();
        Some(Self { path: path.to_owned(), bytes, body, key })
    }

    /// Where its answer is kept.
    pub(super) fn shelf(&self) -> String {
        format!("{}/{}.json", self.key.chars().take(2).collect::<String>(), self.key)
    }

    pub(super) fn model(&self) -> &str {
        self.body.get("model").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the answer is to be JSON.
    pub(super) fn wants_json(&self) -> bool {
        let kind = self.body.pointer("/response_format/type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.starts_with("json"))
    }

    /// The most that it may cost: its own tokens with a margin, and all the room for the answer.
    pub(super) fn worst(&self, prices: &Prices, room: u64) -> Amount {
        let asked = strings(&self.body).map(|text| llm::estimate_tokens(text) as u64 + FRAMING).sum::<u64>();
        let asked = asked + asked * MARGIN_PERCENT / 100;
        let number = |key: &str| self.body.get(key).and_then(Value::as_u64);
        let is_chat = self.body.get("messages").is_some();
        let room = number("max_completion_tokens").or(number("max_tokens")).unwrap_or(if is_chat {
            room
        } else {
            0
        });
        prices.amount(self.model(), asked, room.saturating_mul(number("n").unwrap_or(1)))
    }
}

/// The same with all keys sorted.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> =
                fields.iter().map(|(key, value)| (key.clone(), canonical(value))).collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(sorted.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

/// Every text of a body, also its schema, which endpoints count too.
fn strings(value: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Value::String(text) => Box::new(std::iter::once(text.as_str())),
        Value::Array(items) => Box::new(items.iter().flat_map(strings)),
        Value::Object(fields) => Box::new(
            fields.iter().flat_map(|(key, value)| std::iter::once(key.as_str()).chain(strings(value))),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(path: &str, body: &str) -> Question {
        Question::read("https://a.example/v1", path, body.into()).unwrap()
    }

    #[test]
    fn the_key_is_all_of_the_question_and_no_order() {
        let chat = |body| question("/chat/completions", body).key;
        let one = chat(r#"{"model":"m","messages":[{"role":"user","content":"你好"}],"temperature":0.2}"#);
        assert_eq!(
            one,
            chat(r#"{ "temperature":0.2, "messages":[{"content":"你好","role":"user"}], "model":"m"}"#)
        );
        for other in [
            r#"{"model":"n","messages":[{"role":"user","content":"你好"}],"temperature":0.2}"#,
            r#"{"model":"m","messages":[{"role":"user","content":"你好!"}],"temperature":0.2}"#,
            r#"{"model":"m","messages":[{"role":"user","content":"你好"}],"temperature":0.3}"#,
        ] {
            assert_ne!(one, chat(other));
        }
        assert_ne!(question("/a", "{}").key, question("/b", "{}").key);
        let elsewhere = Question::read("https://b.example/v1", "/a", "{}".into()).unwrap();
        assert_ne!(question("/a", "{}").key, elsewhere.key);
        assert!(Question::read("u", "/a", "[1]".into()).is_none());
        assert!(Question::read("u", "/a", "no".into()).is_none());
    }

    #[test]
    fn the_worst_case_has_the_room_for_the_answer() {
        let prices = Prices::default();
        let worst = |body| question("/chat/completions", body).worst(&prices, 500).tokens;
        let bare = worst(r#"{"messages":[]}"#);
        assert!((500..600).contains(&bare), "{bare}");
        assert_eq!(
            worst(r#"{"messages":[],"max_tokens":40}"#) - 40,
            worst(r#"{"messages":[],"max_tokens":0}"#)
        );
        assert!(worst(r#"{"messages":[],"n":3}"#) > bare + 900);
        assert!(question("/embeddings", r#"{"input":"a"}"#).worst(&prices, 500).tokens < 100);
    }
}
