//! The HTTP layer: what is sent, what is read, what is learned.

use std::time::{Duration, Instant};

use llm::{ConnectError, Finish, Http, HttpSettings, Model, Quota};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::{
    endpoint::{CANARY, Endpoint, ask, class, completion, error, ok, request, request_with_schema},
    openapi,
};

#[test]
fn the_api_description_is_strict_enough_to_catch_mistakes() {
    if openapi::is_present() {
        let checks = || openapi::check_request(&json!({ "model": "m", "messages": [{ "role": "nobody" }] }));
        assert!(std::panic::catch_unwind(checks).is_err());
    }
}

#[tokio::test]
async fn a_good_reply_is_read_whole() {
    let endpoint = Endpoint::answering(vec![ok(completion("{\"items\":[]}", "stop"))]).await;
    let reply = endpoint.client().complete(&request_with_schema()).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.model.as_str()), ("{\"items\":[]}", "deepseek-chat-0324"));
    assert_eq!(reply.finish, Finish::Stop);
    assert_eq!((reply.usage.prompt_tokens, reply.usage.completion_tokens), (21, 7));
    assert_eq!((reply.usage.cached_tokens, reply.usage.estimated), (Some(16), false));

    let sent = &endpoint.bodies().await[0];
    assert_eq!(sent["messages"][0], json!({ "role": "system", "content": "你是编辑，只用 JSON 回答。" }));
    assert_eq!(sent["response_format"]["json_schema"]["strict"], json!(true));
    assert_eq!((&sent["max_tokens"], sent["temperature"].as_f64()), (&json!(1000), Some(0.2)));
    assert!(!sent.to_string().contains("key_events"), "the label is ours alone");
    let received = endpoint.server.received_requests().await.unwrap();
    assert_eq!(received[0].headers["authorization"], format!("Bearer {CANARY}"));
}

#[tokio::test]
async fn equal_requests_give_equal_bytes() {
    let endpoint = Endpoint::answering(vec![ok(completion("{}", "stop"))]).await;
    for _ in 0..2 {
        endpoint.client().complete(&request_with_schema()).await.unwrap();
    }
    let received = endpoint.server.received_requests().await.unwrap();
    assert_eq!(received[0].body, received[1].body);
}

#[tokio::test]
async fn finish_reasons_are_told_apart() {
    for (word, finish) in [
        ("stop", Finish::Stop),
        ("length", Finish::Length),
        ("content_filter", Finish::ContentFilter),
        ("tool_calls", Finish::Other("tool_calls".into())),
    ] {
        assert_eq!(ask(ok(completion("text", word))).await.unwrap().finish, finish);
    }
    for silent in [json!(null), json!(""), json!(7)] {
        let mut body = completion("text", "stop");
        body["choices"][0]["finish_reason"] = silent;
        assert_eq!(ask(ok(body)).await.unwrap().finish, Finish::Other(String::new()));
    }
}

#[tokio::test]
async fn vendors_bend_the_reply_and_it_is_still_read() {
    let bends: [fn(&mut Value); 7] = [
        |body| body["usage"] = Value::Null,
        |body| body["usage"] = json!({ "prompt_tokens": "21" }),
        |body| body["model"] = json!(["?"]),
        |body| body["error"] = Value::Null,
        |body| body["service_tier"] = json!("brand_new"),
        |body| body["choices"][0]["message"]["content"] = json!([{ "type": "text", "text": "text" }]),
        |body| *body = json!({ "choices": [{ "message": { "content": "text" } }] }),
    ];
    for bend in bends {
        let mut body = completion("text", "stop");
        bend(&mut body);
        let reply = ask(ok(body.clone())).await.unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(reply.text, "text");
        assert!(reply.usage.prompt_tokens > 5, "{body}");
        assert_eq!(reply.usage.estimated, body.pointer("/usage/completion_tokens").is_none());
    }
    let blank_lines = format!("\n\n\n\u{20}{}", completion("text", "stop"));
    assert!(ask(ResponseTemplate::new(200).set_body_string(blank_lines)).await.is_ok());
}

#[tokio::test]
async fn errors_are_named_after_what_to_do_next() {
    for (status, body, expected, retries) in [
        (503, json!({ "error": "overloaded" }), "unreachable", u32::MAX),
        (429, json!({ "error": { "message": "slow down", "code": null } }), "unreachable", u32::MAX),
        (429, json!({ "error": { "message": "pay", "code": "insufficient_quota" } }), "refused", 0),
        (429, json!({ "error": { "message": "欠费", "code": "1113" } }), "refused", 0),
        (401, json!({ "error": { "message": "bad key" } }), "refused", 0),
        (404, json!({ "error": { "message": "no such model" } }), "refused", 0),
        (302, json!({}), "refused", 0),
        (
            400,
            json!({ "error": { "code": 400, "type": "content_filter", "message": "high risk" } }),
            "filtered",
            0,
        ),
        (400, json!({ "detail": "Content Exists Risk" }), "filtered", 0),
        (403, json!({ "error": { "code": 403, "message": "Your input was flagged" } }), "filtered", 0),
        (400, json!({ "error": { "message": "maximum context length is 8192" } }), "too_long", 0),
        (413, json!({}), "too_long", 0),
        (504, json!({ "error": { "message": "upstream took too long" } }), "unreachable", u32::MAX),
        (200, json!({ "error": { "message": "slow down", "code": 429 } }), "unreachable", u32::MAX),
        (200, json!({ "error": { "message": "bad key", "code": 401 } }), "refused", 0),
        (200, json!({ "choices": null }), "unusable", 2),
        (200, json!({ "choices": [] }), "unusable", 2),
        (200, json!({ "choices": [], "prompt_filter_results": [{}] }), "filtered", 0),
        (200, completion(" \n", "stop"), "unusable", 2),
        (200, json!({ "choices": [{ "message": { "content": null, "refusal": "no" } }] }), "unusable", 1),
        (200, json!(["nothing"]), "unusable", 2),
    ] {
        let failure = ask(error(status, body.clone())).await.unwrap_err();
        assert_eq!(
            (class(&failure), failure.fault().retries),
            (expected, retries),
            "{status} {body}: {failure}"
        );
        assert_eq!(failure.fault().status, Some(status));
    }
}

#[tokio::test]
async fn a_message_shows_status_endpoint_and_little_of_the_body() {
    let page = format!("<html>\u{1b}[31m{}</html>", "坏".repeat(5000));
    let endpoint = Endpoint::answering(vec![ResponseTemplate::new(502).set_body_string(page)]).await;
    let settings = HttpSettings {
        base_url: format!("{}/v1?tenant=secret", endpoint.server.uri()),
        ..endpoint.settings()
    };
    let failure = Http::new(&settings).unwrap().complete(&request()).await.unwrap_err();
    let message = failure.to_string();
    assert!(message.starts_with("model is unreachable: HTTP 502 from http://127.0.0.1:"), "{message}");
    assert!(
        message.contains("/v1/chat/completions: <html> [31m坏") && !message.contains("secret"),
        "{message}"
    );
    assert_eq!(failure.fault().detail.chars().count(), 200);
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_not_read() {
    let huge = completion(&"字".repeat(3 * 1024 * 1024), "stop");
    let failure = ask(ok(huge)).await.unwrap_err();
    assert_eq!((class(&failure), failure.fault().retries), ("unusable", 1));
}

#[tokio::test]
async fn a_dead_server_and_a_slow_one_heal() {
    let settings = HttpSettings {
        base_url: "http://127.0.0.1:9".into(),
        timeout: Duration::from_millis(200),
        ..HttpSettings::default()
    };
    let dead = Http::new(&settings).unwrap().complete(&request()).await.unwrap_err();
    assert_eq!((class(&dead), dead.fault().status), ("unreachable", None));

    let late = ok(completion("{}", "stop")).set_delay(Duration::from_secs(2));
    let endpoint = Endpoint::answering(vec![late]).await;
    let settings = HttpSettings { base_url: format!("{}/v1/", endpoint.server.uri()), ..settings };
    let slow = Http::new(&settings).unwrap().complete(&request()).await.unwrap_err();
    assert_eq!((class(&slow), slow.fault().retries), ("unreachable", 2), "{slow}");
}

#[tokio::test]
async fn some_refusals_are_about_a_moment() {
    let empty = || error(429, json!({ "error": { "message": "You exceeded your current quota" } }));
    let endpoint = Endpoint::answering(vec![empty()]).await;
    let settings = HttpSettings { quota_heals: true, ..endpoint.settings() };
    let moment = Http::new(&settings).unwrap().complete(&request()).await.unwrap_err();
    assert_eq!((class(&moment), moment.fault().retries), ("unreachable", u32::MAX));
    assert_eq!(class(&ask(empty()).await.unwrap_err()), "refused");

    let spoken_for = error(402, json!({ "error": { "message": "in-flight spending" } }));
    assert_eq!(class(&ask(spoken_for.clone()).await.unwrap_err()), "refused");
    let spoken_for = spoken_for.insert_header("retry-after", "3");
    assert_eq!(class(&ask(spoken_for).await.unwrap_err()), "unreachable");
}

#[tokio::test]
async fn silence_is_bounded_by_itself() {
    let late = ok(completion("{}", "stop")).set_delay(Duration::from_secs(2));
    let endpoint = Endpoint::answering(vec![late]).await;
    let settings = HttpSettings { idle: Duration::from_millis(200), ..endpoint.settings() };
    let begun = Instant::now();
    let silent = Http::new(&settings).unwrap().complete(&request()).await.unwrap_err();
    assert_eq!((class(&silent), silent.fault().retries), ("unreachable", 2), "{silent}");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_left_of_the_limits_is_read() {
    let answer = ok(completion("{}", "stop"))
        .insert_header("x-ratelimit-remaining-requests", "0")
        .insert_header("x-ratelimit-reset-requests", "6m0s")
        .insert_header("x-ratelimit-remaining-tokens", "149984");
    let Quota { requests, tokens } = ask(answer).await.unwrap().quota;
    assert_eq!((requests.count, requests.reset), (Some(0), Some(Duration::from_secs(360))));
    assert_eq!((tokens.count, tokens.reset), (Some(149_984), None));
}

#[tokio::test]
async fn keys_of_the_endpoint_s_own_go_into_the_body() {
    let endpoint = Endpoint::answering(vec![ok(completion("{}", "stop"))]).await;
    let extra = serde_json::from_value(json!({"reasoning_effort": "low", "temperature": 1})).unwrap();
    let settings = HttpSettings { extra, ..endpoint.settings() };
    Http::new(&settings).unwrap().complete(&request()).await.unwrap();
    let sent = &endpoint.bodies().await[0];
    assert_eq!((&sent["reasoning_effort"], &sent["temperature"]), (&json!("low"), &json!(1)));
}

#[tokio::test]
async fn retry_after_is_read_in_all_its_forms() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (headers, expected) in [
        (vec![("retry-after", "2")], Some(Duration::from_secs(2))),
        (vec![("retry-after", "0.5")], Some(Duration::from_millis(500))),
        (vec![("retry-after-ms", "350"), ("retry-after", "1")], Some(Duration::from_millis(350))),
        (
            vec![("date", date), ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")],
            Some(Duration::from_secs(3)),
        ),
        (vec![("date", date), ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], Some(Duration::ZERO)),
        (vec![("retry-after", "1e300")], Some(Duration::MAX)),
        (vec![("retry-after", "-1")], None),
        (vec![("retry-after", "NaN")], None),
        (vec![("retry-after", "soon")], None),
        (vec![], None),
    ] {
        let mut answer = error(429, json!({}));
        for (name, value) in &headers {
            answer = answer.insert_header(*name, *value);
        }
        assert_eq!(ask(answer).await.unwrap_err().fault().retry_after, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn a_refused_response_format_is_stepped_down_and_remembered() {
    let no_schema =
        error(400, json!({ "error": { "message": "This response_format type is unavailable now" } }));
    let no_object = ResponseTemplate::new(422).set_body_string("unknown variant response_format.json_object");
    let endpoint = Endpoint::answering(vec![no_schema, no_object, ok(completion("{}", "stop"))]).await;
    let client = endpoint.client();
    for _ in 0..2 {
        client.complete(&request_with_schema()).await.unwrap();
    }
    let formats: Vec<Value> = endpoint
        .bodies()
        .await
        .iter()
        .map(|body| body.pointer("/response_format/type").cloned().into())
        .collect();
    assert_eq!(formats, [json!("json_schema"), json!("json_object"), Value::Null, Value::Null]);
}

#[tokio::test]
async fn an_endpoint_that_always_complains_is_asked_three_times() {
    let complaint = error(400, json!({ "error": { "message": "Invalid response_format" } }));
    let endpoint = Endpoint::answering(vec![complaint]).await;
    let failure = endpoint.client().complete(&request_with_schema()).await.unwrap_err();
    assert_eq!((class(&failure), endpoint.bodies().await.len()), ("refused", 3));

    let failure = endpoint.client().complete(&request()).await.unwrap_err();
    assert_eq!(
        (class(&failure), endpoint.bodies().await.len()),
        ("refused", 4),
        "no schema, nothing to step down"
    );
}

#[tokio::test]
async fn parameters_that_reasoning_models_refuse_are_dropped_and_remembered() {
    let refusal = |code: &str, param: &str, message: &str| {
        error(
            400,
            json!({ "error": { "message": message, "type": "invalid_request_error", "param": param, "code": code } }),
        )
    };
    let limit = refusal("unsupported_parameter", "max_tokens", "Use 'max_completion_tokens' instead.");
    let temperature = refusal("unsupported_value", "temperature", "Only the default (1) value is supported.");
    let endpoint = Endpoint::answering(vec![limit, temperature, ok(completion("{}", "stop"))]).await;
    let client = endpoint.client();
    for _ in 0..2 {
        client.complete(&request()).await.unwrap();
    }
    let bodies = endpoint.bodies().await;
    assert_eq!(bodies.len(), 4);
    assert_eq!(bodies[3]["max_completion_tokens"], json!(1000));
    assert!(bodies[3].get("max_tokens").is_none() && bodies[3].get("temperature").is_none());
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    let settings = |base_url: &str, key: &str| HttpSettings {
        base_url: base_url.into(),
        api_key: Some(SecretString::from(key)),
        ..HttpSettings::default()
    };
    for url in ["", "api.deepseek.com/v1", "file:///etc", "mailto:a@b"] {
        assert!(matches!(Http::new(&settings(url, "k")), Err(ConnectError::BadUrl)), "{url}");
    }
    assert!(matches!(Http::new(&settings("http://localhost", "a\nb")), Err(ConnectError::BadKey)));
    assert!(Http::new(&settings("http://localhost", " \n")).is_ok(), "a blank key is no key");
}
