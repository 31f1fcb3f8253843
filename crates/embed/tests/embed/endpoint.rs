//! The endpoint: what is sent, how answers are read, what failures become.

use std::time::Duration;

use embed::{EmbedError, Embedder, Endpoint};
use llm::{HttpSettings, ModelError, RetryPolicy};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

/// A key that must never be seen outside of the `Authorization` header.
const CANARY: &str = "sk-CANARY0123456789abcdef";

/// Answers with vectors of the texts' lengths, last text first.
struct Lengths;

impl Respond for Lengths {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let texts = body["input"].as_array().unwrap().iter().enumerate();
        let mut data: Vec<Value> = texts
            .map(|(index, text)| {
                json!({"object": "embedding", "index": index, "embedding": [text.as_str().unwrap().len(), 1]})
            })
            .collect();
        data.reverse();
        let body =
            json!({"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1}, "new": {}});
        ResponseTemplate::new(200).set_body_json(body)
    }
}

/// A server that gives these answers once each, then right ones.
pub(crate) async fn server(first: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let asked = || Mock::given(method("POST")).and(path("/v1/embeddings"));
    for answer in first {
        asked().respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    asked().respond_with(Lengths).mount(&server).await;
    server
}

pub(crate) fn endpoint(server: &MockServer, batch: usize) -> Endpoint {
    let settings = HttpSettings {
        base_url: format!("{}/v1", server.uri()),
        api_key: Some(SecretString::from(CANARY)),
        timeout: Duration::from_secs(5),
        retry: RetryPolicy { max_retries: 2, ..RetryPolicy::default() },
        ..HttpSettings::default()
    };
    Endpoint::new(&settings, "m", batch).unwrap()
}

/// What an endpoint that first answers so makes of three texts.
async fn embed(first: Vec<ResponseTemplate>) -> (Result<Vec<Vec<f32>>, EmbedError>, usize) {
    let server = server(first).await;
    let result = endpoint(&server, 9).embed(&["a", "bb", "ccc"]).await;
    (result, server.received_requests().await.unwrap().len())
}

fn ok(data: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "data": data }))
}

fn right() -> Vec<Vec<f32>> {
    vec![vec![1.0, 1.0], vec![2.0, 1.0], vec![3.0, 1.0]]
}

#[tokio::test]
async fn batches_are_asked_and_put_in_order_by_index() {
    let server = server(Vec::new()).await;
    let texts = ["a", "bb", "ccc", "dddd", "eeeee"];
    let vectors = endpoint(&server, 2).embed(&texts).await.unwrap();
    assert_eq!(vectors, (1..=5_u8).map(|length| vec![f32::from(length), 1.0]).collect::<Vec<_>>());
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 3);
    let bodies: Vec<Value> = requests.iter().map(|request| request.body_json().unwrap()).collect();
    assert!(bodies.contains(&json!({"model": "m", "input": ["ccc", "dddd"]})), "{bodies:?}");
    assert_eq!(requests[0].headers["authorization"], format!("Bearer {CANARY}"));
}

#[tokio::test]
async fn no_text_is_no_request() {
    let server = server(Vec::new()).await;
    assert!(endpoint(&server, 2).embed(&[]).await.unwrap().is_empty());
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn blank_texts_are_not_sent_blank_and_long_ones_are_cut() {
    let server = server(Vec::new()).await;
    let long = "长".repeat(9000);
    endpoint(&server, 9).embed(&[" \n", &long]).await.unwrap();
    let body: Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    assert_eq!(
        (body["input"][0].as_str(), body["input"][1].as_str()),
        (Some("-"), Some(&*"长".repeat(4000)))
    );
}

#[tokio::test]
async fn what_can_heal_is_asked_again() {
    let busy = ResponseTemplate::new(503).insert_header("retry-after-ms", "1");
    let (result, requests) = embed(vec![busy.clone(), busy]).await;
    assert_eq!((result.unwrap(), requests), (right(), 3));
}

#[tokio::test]
async fn a_refusal_is_final_and_tells_no_key() {
    let body = json!({"error": {"message": format!("no such key {CANARY}"), "code": "invalid_api_key"}});
    let (result, requests) = embed(vec![ResponseTemplate::new(401).set_body_json(body)]).await;
    let error = result.unwrap_err();
    assert!(matches!(error, EmbedError::Endpoint(ModelError::Refused(_))), "{error:?}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("HTTP 401") && source.contains("no such key ***"), "{source}");
    assert!(!format!("{error:?}{error}{source}").contains(CANARY));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_answer_in_the_wrong_form_is_asked_again() {
    for data in [
        json!([]),
        json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1]}]),
        json!([{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}, {"index": 2, "embedding": [1]}]),
        json!([{"index": 0, "embedding": []}, {"index": 1, "embedding": []}, {"index": 2, "embedding": []}]),
        json!("none"),
    ] {
        let (result, requests) = embed(vec![ok(&data)]).await;
        assert_eq!((result.unwrap(), requests), (right(), 2), "{data}");
    }
}

#[tokio::test]
async fn an_answer_without_indices_is_in_order() {
    let data = json!([{"embedding": [1]}, {"embedding": [2]}, {"embedding": [3]}]);
    assert_eq!(embed(vec![ok(&data)]).await.0.unwrap(), vec![vec![1.0], vec![2.0], vec![3.0]]);
}

#[tokio::test]
async fn vectors_of_several_lengths_are_an_error() {
    let data = json!([{"embedding": [1]}, {"embedding": [2, 2]}, {"embedding": [3]}]);
    assert!(matches!(embed(vec![ok(&data)]).await.0, Err(EmbedError::Uneven(1, 2))));
}

#[tokio::test]
async fn the_key_is_in_no_debug_output() {
    let server = server(Vec::new()).await;
    assert!(!format!("{:?}", endpoint(&server, 2)).contains(CANARY));
}
