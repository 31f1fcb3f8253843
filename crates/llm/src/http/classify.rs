//! What an endpoint's complaint means: first by its code, then by its words, last by the HTTP status.
//!
//! The status alone misleads: 429 is also an empty account, and 400 is also moderation, with the same code as a bad
//! parameter (`DeepSeek`) or an integer one (Kimi).

use serde_json::Value;

use crate::retry::HEALS_WITH_TIME;

/// The variants of [`crate::ModelError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Unreachable,
    Refused,
    Filtered,
    TooLong,
    Unusable,
}

/// Why an answer is none.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) class: Class,
    /// See [`crate::Fault::retries`].
    pub(super) retries: u32,
    /// Our own words, if the body alone does not say it.
    pub(super) reason: String,
    /// The endpoint's words.
    pub(super) complaint: Box<Complaint>,
}

impl Verdict {
    pub(super) fn new(class: Class, reason: impl Into<String>) -> Self {
        let retries = if class == Class::Unreachable { HEALS_WITH_TIME } else { 0 };
        Self { class, retries, reason: reason.into(), complaint: Box::default() }
    }

    /// A reply that cannot be read, and how many more attempts that is worth.
    pub(super) fn unusable(reason: impl Into<String>, retries: u32) -> Self {
        Self { retries, ..Self::new(Class::Unusable, reason) }
    }

    /// What this complaint under this status means.
    pub(super) fn of(status: u16, complaint: Complaint) -> Self {
        let class = classify(status, &complaint);
        Self { complaint: Box::new(complaint), ..Self::new(class, "") }
    }
}

/// An endpoint's complaint, whatever its shape; absent parts are empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaint {
    pub(super) code: String,
    kind: String,
    pub(super) param: String,
    message: String,
}

impl Complaint {
    /// Finds the complaint in a body: `error` as object or string, or bare `code`, `message` or `detail`.
    pub(super) fn find(body: &Value) -> Option<Self> {
        let body = body.get(0).unwrap_or(body);
        match body.get("error") {
            Some(Value::String(message)) if !message.is_empty() => {
                Some(Self { message: message.clone(), ..Self::default() })
            }
            Some(error @ Value::Object(fields)) if !fields.is_empty() => Some(Self::read(error)),
            _ if body.get("choices").is_some() => None,
            // Embeddings; a complaint may have an empty `data` beside it.
            _ if body.pointer("/data/0").is_some() => None,
            _ => Some(Self::read(body)).filter(|found| !(found.message.is_empty() && found.code.is_empty())),
        }
    }

    /// A complaint in plain text.
    pub(super) fn plain(message: &[u8]) -> Self {
        Self { message: String::from_utf8_lossy(message).into_owned(), ..Self::default() }
    }

    fn read(object: &Value) -> Self {
        let field = |name| object.get(name).map(as_text).unwrap_or_default();
        let message = [field("message"), field("detail")].concat();
        Self { code: field("code"), kind: field("type"), param: field("param"), message }
    }

    /// Whether the complaint names one of these words.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.message.contains(word) || self.param.contains(word))
    }
}

/// A field as text: endpoints send codes as strings, integers or null.
fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Parts of codes; those made of digits (GLM's) must match as a whole.
const CODES: &[(Class, &[&str])] = &[
    (
        Class::Filtered,
        &["content_filter", "content_policy", "inspection", "riskdetection", "sensitivecontent", "1301"],
    ),
    (Class::TooLong, &["context_length", "context_size", "1261"]),
    (
        Class::Refused,
        &[
            "insufficient_quota",
            "exceeded_current_quota",
            "insufficient_balance",
            "accountoverdue",
            "arrearage",
            "billing",
            "api_key",
            "apikey",
            "authentication",
            "permission",
            "model_not_found",
            "modelnotopen",
            "invalidendpointormodel",
            "1000",
            "1001",
            "1002",
            "1003",
            "1004",
            "1110",
            "1111",
            "1112",
            "1113",
            "1121",
            "1211",
            "1304",
            "1308",
            "1310",
        ],
    ),
    (Class::Unreachable, &["rate_limit", "overloaded", "1302", "1303", "1305", "1312"]),
];

/// Parts of messages, in lower case.
const WORDS: &[(Class, &[&str])] = &[
    (
        Class::Filtered,
        &[
            "content exists risk",
            "considered high risk",
            "inappropriate content",
            "sensitive content",
            "敏感内容",
            // OpenRouter's, under 403.
            "requires moderation",
            "flagged",
        ],
    ),
    (
        Class::TooLong,
        &[
            "context length",
            "context size",
            "context window",
            "token limit",
            "too long",
            "range of input length",
            "超长",
        ],
    ),
    (Class::Refused, &["insufficient balance", "exceeded your current quota", "欠费"]),
];

fn classify(status: u16, complaint: &Complaint) -> Class {
    // An error inside a success states its own status, if any.
    let inner = complaint.code.parse().ok().filter(|code| (400..600).contains(code));
    let status = if status < 300 { inner.unwrap_or(status) } else { status };
    by_code(complaint).or_else(|| by_words(status, complaint)).unwrap_or_else(|| by_status(status))
}

fn by_code(complaint: &Complaint) -> Option<Class> {
    let codes = [complaint.code.to_lowercase(), complaint.kind.to_lowercase()];
    let is_named = |part: &&str| {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        codes.iter().any(|code| if is_number { code == part } else { code.contains(part) })
    };
    CODES.iter().find(|(_, parts)| parts.iter().any(is_named)).map(|(class, _)| *class)
}

fn by_words(status: u16, complaint: &Complaint) -> Option<Class> {
    // Elsewhere "too long" is how long the server took, and a token limit is one per minute.
    let may_be_length = matches!(status, 200..=299 | 400 | 413 | 422);
    let message = complaint.message.to_lowercase();
    WORDS
        .iter()
        .filter(|(class, _)| *class != Class::TooLong || may_be_length)
        .find(|(_, words)| words.iter().any(|word| message.contains(word)))
        .map(|(class, _)| *class)
}

fn by_status(status: u16) -> Class {
    match status {
        413 => Class::TooLong,
        200..=299 | 408 | 409 | 425 | 429 | 500.. => Class::Unreachable,
        _ => Class::Refused,
    }
}
