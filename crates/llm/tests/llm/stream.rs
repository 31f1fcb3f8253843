//! Replies that come piece by piece, whether or not that was asked for.

use llm::{Finish, Form, Http, Lack, Model, ModelError, Request};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::endpoint::{Endpoint, ask, class, completion, error, ok, request};

fn events(events: &[Value], end: &str) -> ResponseTemplate {
    let lines = events.iter().map(|event| format!("data: {event}\n\n")).collect::<Vec<_>>().concat();
    ResponseTemplate::new(200).set_body_raw(format!(": keep-alive\n\n{lines}{end}"), "text/event-stream")
}

fn piece(text: &str) -> Value {
    json!({"id": "c", "object": "chat.completion.chunk", "model": "m-1",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
}

fn last(finish: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 30, "completion_tokens": 9}})
}

const DONE: &str = "data: [DONE]\n\n";

#[tokio::test]
async fn pieces_become_one_reply() {
    let thought = json!({"choices": [{"delta": {"reasoning_content": "hm", "role": "assistant"}}]});
    let other = json!({"choices": [{"index": 1, "delta": {"content": "another choice"}}]});
    let all = [thought, piece("{\"items\":"), other, piece("[\"数"), piece("\"]}"), last("stop")];
    let reply = ask(events(&all, DONE)).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.model.as_str()), ("{\"items\":[\"数\"]}", "m-1"));
    assert_eq!((reply.finish, reply.usage.prompt_tokens, reply.usage.estimated), (Finish::Stop, 30, false));

    let uncounted = ask(events(&[piece("text")], DONE)).await.unwrap();
    assert!(uncounted.usage.estimated && uncounted.usage.prompt_tokens > 5);
    let withdrawn = ask(events(&[piece("half an ans"), last("sensitive")], DONE)).await.unwrap();
    assert_eq!(withdrawn.finish, Finish::ContentFilter);
    let no_done = ask(events(&[piece("text"), last("length")], "")).await.unwrap();
    assert_eq!(no_done.finish, Finish::Length);
}

#[tokio::test]
async fn a_stream_that_breaks_off_or_fails_leaves_nothing() {
    let complaint = |code: &str| json!({"error": {"code": code, "message": "no"}});
    for (answer, expected) in [
        (events(&[piece("{\"items\":[")], ""), "unreachable"),
        (events(&[], ""), "unreachable"),
        (events(&[piece("half"), complaint("data_inspection_failed")], ""), "filtered"),
        (events(&[piece("half"), complaint("429")], DONE), "unreachable"),
        (events(&[last("stop")], DONE), "unusable"),
        (events(&[piece("x")], "data: {broken\n\n"), "unusable"),
    ] {
        assert_eq!(class(&ask(answer).await.unwrap_err()), expected);
    }
}

#[tokio::test]
async fn a_stream_is_asked_for_and_counted_where_the_endpoint_lets_us() {
    let endpoint = Endpoint::answering(vec![
        error(400, json!({"error": {"message": "unknown field `stream_options`"}})),
        error(422, json!({"error": {"message": "stream is not supported"}})),
        ok(completion("{}", "stop")),
    ])
    .await;
    let http = Http::new(&endpoint.settings()).unwrap();
    let mut put = Request { form: Form { stream: true, ..Form::default() }, ..request() };
    let lacks = |result| match result {
        Err(ModelError::Lacking(lack, _)) => lack,
        other => panic!("{other:?}"),
    };
    assert_eq!(lacks(http.complete(&put).await), Lack::StreamUsage);
    put.form.uncounted = true;
    assert_eq!(lacks(http.complete(&put).await), Lack::Stream);
    put.form.stream = false;
    http.complete(&put).await.unwrap();
    let bodies = endpoint.bodies().await;
    assert_eq!(
        (&bodies[0]["stream"], &bodies[0]["stream_options"]),
        (&json!(true), &json!({"include_usage": true}))
    );
    assert_eq!((bodies[1].get("stream_options"), bodies[2].get("stream")), (None, None));
}
