//! What tells one question from another.

use serde::Serialize;

use crate::model::{Request, Schema};

/// All of a question that bears on its answer.
#[derive(Serialize)]
struct Question<'a> {
    scope: &'a str,
    model: &'a str,
    system: &'a str,
    user: &'a str,
    schema: Option<&'a Schema>,
    max_tokens: u32,
    temperature: f32,
}

/// A hash (BLAKE3, hexadecimal) of a question put to `scope`. Label and form are no part of the question.
pub(crate) fn key(scope: &str, request: &Request) -> String {
    let Request { model, system, user, schema, max_tokens, temperature, label: _, form: _ } = request;
    let question = Question {
        scope,
        model,
        system,
        user,
        schema: schema.as_ref(),
        max_tokens: *max_tokens,
        temperature: *temperature,
    };
    let mut hasher = blake3::Hasher::new();
    // Writing to a hasher cannot fail, and these types are always JSON.
    let _ = serde_json::to_writer(&mut hasher, &question);
    hasher.finalize().to_hex().to_string()
}
