//! Checks JSON against `OpenAI`'s published API description, which lies beside the repository and is not part of it.
//!
//! Without the file every check passes, and says so once.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "test support fails and reports loudly"
)]

use std::{fs, sync::LazyLock};

use jsonschema::Validator;
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/openapi/openai_openapi.yaml");

/// The compiled schemas; `None` when the file is absent.
static SCHEMAS: LazyLock<Option<Schemas>> = LazyLock::new(|| {
    let Ok(text) = fs::read_to_string(PATH) else {
        eprintln!("skipped: no API description at {PATH}");
        return None;
    };
    let document = parse(&text);
    let components = document.get("components").expect("an API description has components");
    Some(Schemas {
        request: compile(components, "CreateChatCompletionRequest"),
        response: compile(components, "CreateChatCompletionResponse"),
    })
});

struct Schemas {
    request: Validator,
    response: Validator,
}

/// Panics with every violation unless `body` is a chat completion request.
#[track_caller]
pub(crate) fn check_request(body: &Value) {
    if let Some(schemas) = SCHEMAS.as_ref() {
        check(&schemas.request, body);
    }
}

/// Every violation of a chat completion request, for those who may not panic where they are.
pub(crate) fn request_violations(body: &Value) -> Vec<String> {
    SCHEMAS.as_ref().map_or_else(Vec::new, |schemas| violations(&schemas.request, body))
}

/// Panics with every violation unless `body` is a chat completion.
#[track_caller]
pub(crate) fn check_response(body: &Value) {
    if let Some(schemas) = SCHEMAS.as_ref() {
        check(&schemas.response, body);
    }
}

/// Whether the checks check anything.
pub(crate) fn is_present() -> bool {
    SCHEMAS.is_some()
}

/// Parses with room for a document of some megabytes; the default budget is for configuration files.
fn parse(text: &str) -> Value {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 10_000_000, max_nodes: 5_000_000, max_depth: 256 },
    };
    serde_saphyr::from_str_with_options(text, options).expect("the API description is YAML")
}

fn compile(components: &Value, name: &str) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{name}"),
        "components": components,
    });
    jsonschema::validator_for(&schema).expect("the API description holds valid schemas")
}

#[track_caller]
fn check(validator: &Validator, body: &Value) {
    let violations = violations(validator, body);
    assert!(violations.is_empty(), "{body}\nviolates the API description:\n{}", violations.join("\n"));
}

fn violations(validator: &Validator, body: &Value) -> Vec<String> {
    validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
