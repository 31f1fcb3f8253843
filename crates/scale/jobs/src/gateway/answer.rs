//! What goes back to a worker: the upstream's answer, a kept one, or our own refusal in the shape of one.

use axum::{
    body::Body,
    http::{Response, StatusCode, header::CONTENT_TYPE},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    price::{Amount, Prices},
    question::Question,
};
use crate::work::BUDGET_SPENT;

const JSON: &str = "application/json";

/// An answer, whoever gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: String,
}

impl Answer {
    /// Whether the same question may get it again: complete, of a form that was asked for, and no complaint.
    pub(super) fn is_good(&self, question: &Question) -> bool {
        if self.status != 200 {
            return false;
        }
        if !self.content_type.starts_with(JSON) {
            return self.body.trim_end().ends_with("data: [DONE]");
        }
        let Ok(body) = serde_json::from_str::<Value>(&self.body) else { return false };
        let embedded = body.pointer("/data/0/embedding").is_some();
        body.get("error").is_none_or(Value::is_null) && (embedded || is_whole(&body, question.wants_json()))
    }

    /// What it cost; an answer that does not say so costs the worst, a complaint nothing.
    pub(super) fn cost(&self, question: &Question, prices: &Prices, worst: Amount) -> Amount {
        if self.status >= 300 {
            return Amount::default();
        }
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let number = |key: &str| body.pointer(&format!("/usage/{key}")).and_then(Value::as_u64);
        let answered = number("completion_tokens").unwrap_or_default();
        number("prompt_tokens").map_or(worst, |asked| prices.amount(question.model(), asked, answered))
    }

    /// For HTTP; `kept` tells whether it came out of the cache.
    pub(super) fn response(self, kept: bool) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        if let Ok(kind) = self.content_type.parse() {
            response.headers_mut().insert(CONTENT_TYPE, kind);
        }
        let from = if kept { "hit" } else { "miss" };
        response.headers_mut().insert("x-tuibao-cache", axum::http::HeaderValue::from_static(from));
        response
    }

    fn refusal(status: u16, code: &str, message: &str) -> Self {
        let kind = if status < 500 { "invalid_request_error" } else { "server_error" };
        let body = json!({"error": {"message": message, "type": kind, "param": null, "code": code}});
        Self { status, content_type: JSON.to_owned(), body: body.to_string() }
    }

    /// Final for who asks: the code is the one that vendors give an empty account.
    pub(super) fn spent(what: &str) -> Self {
        Self::refusal(
            429,
            "insufficient_quota",
            &format!("{BUDGET_SPENT} ({what}); it is a new one at 00:00 UTC"),
        )
    }

    /// A caller without the token.
    pub(super) fn stranger() -> Self {
        Self::refusal(401, "invalid_api_key", "the gateway's token is missing or wrong")
    }

    /// What cannot be a question.
    pub(super) fn unreadable(why: &str) -> Self {
        Self::refusal(400, "bad_request", why)
    }

    /// Worth another attempt later.
    pub(super) fn away(why: &str) -> Self {
        Self::refusal(503, "overloaded", why)
    }
}

/// Every choice has come to an end of its own, and is JSON where that was asked for: what was cut or is of another form would
/// be of no more use to the next who asks.
fn is_whole(body: &Value, json: bool) -> bool {
    let choices = body.get("choices").and_then(Value::as_array);
    choices.is_some_and(|choices| !choices.is_empty() && choices.iter().all(|choice| is_end(choice, json)))
}

fn is_end(choice: &Value, json: bool) -> bool {
    let text = choice.pointer("/message/content").and_then(Value::as_str).unwrap_or_default();
    let reads = || !json || serde_json::from_str::<Value>(text).is_ok();
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("stop") => !text.is_empty() && reads(),
        // The same question would be cut at the same place, or objected to again, and be paid for again.
        Some("length" | "content_filter") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, content_type: "application/json; charset=utf-8".into(), body: body.into() }
    }

    fn question(body: &str) -> Question {
        Question::read("u", "/chat/completions", body.into()).unwrap()
    }

    #[test]
    fn only_complete_good_answers_are_kept() {
        let words = question("{}");
        let json = question(r#"{"response_format":{"type":"json_schema"}}"#);
        let stop = |text: &str| {
            json!({"choices": [{"finish_reason": "stop", "message": {"content": text}}]}).to_string()
        };
        assert!(answer(200, &stop("好")).is_good(&words));
        assert!(!answer(200, &stop("好")).is_good(&json));
        assert!(answer(200, &stop("{}")).is_good(&json));
        assert!(!answer(200, &stop("")).is_good(&words));
        assert!(!answer(500, &stop("好")).is_good(&words));
        assert!(!answer(200, r#"{"error":{"code":"x"},"choices":[]}"#).is_good(&words));
        assert!(
            !answer(200, r#"{"choices":[{"finish_reason":null,"message":{"content":"a"}}]}"#).is_good(&words)
        );
        assert!(
            answer(200, r#"{"choices":[{"finish_reason":"length","message":{"content":"{"}}]}"#)
                .is_good(&json)
        );
        assert!(!answer(200, r#"{"choices":[{"finish_"#).is_good(&words));
        assert!(answer(200, r#"{"data":[{"embedding":[0.1]}]}"#).is_good(&words));
        let stream = |body: &str| Answer { content_type: "text/event-stream".into(), ..answer(200, body) };
        assert!(stream("data: {}\n\ndata: [DONE]\n\n").is_good(&words));
        assert!(!stream("data: {}\n\n").is_good(&words));
    }

    #[test]
    fn refusals_have_the_shape_that_vendors_give_them() {
        let Answer { status, body, .. } = Answer::spent("100 of 100 tokens");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (status, body.pointer("/error/code").unwrap().as_str()),
            (429, Some("insufficient_quota"))
        );
        assert!(body.pointer("/error/message").unwrap().as_str().unwrap().contains(BUDGET_SPENT));
        assert_eq!((Answer::stranger().status, Answer::away("").status), (401, 503));
    }

    #[test]
    fn a_call_costs_what_it_says_or_the_worst() {
        let (prices, worst) = (Prices::default(), Amount { tokens: 99, micros: 0 });
        let cost = |status, body| answer(status, body).cost(&question("{}"), &prices, worst).tokens;
        assert_eq!(cost(200, r#"{"usage":{"prompt_tokens":7,"completion_tokens":3}}"#), 10);
        assert_eq!(cost(200, r#"{"usage":{"prompt_tokens":7}}"#), 7);
        assert_eq!(cost(200, "{}"), 99);
        assert_eq!(cost(429, "{}"), 0);
    }
}
