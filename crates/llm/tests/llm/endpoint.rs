//! A pretended endpoint on loopback, and the questions put to it.

use std::time::Duration;

use llm::{
    Capability, EndpointSettings, Form, Http, HttpSettings, Model, ModelError, PaceSettings, Reply, Request,
    Schema, Stack, StackSettings,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, method, path},
};

use crate::openapi;

/// A key that must never be seen outside of the `Authorization` header.
pub(crate) const CANARY: &str = "sk-CANARY0123456789abcdef";

pub(crate) struct Endpoint {
    pub(crate) server: MockServer,
}

impl Endpoint {
    /// Gives these answers in turn, the last one for ever.
    pub(crate) async fn answering(answers: Vec<ResponseTemplate>) -> Self {
        let server = MockServer::start().await;
        let last = answers.len() - 1;
        for (index, answer) in answers.into_iter().enumerate() {
            let mock = Mock::given(method("POST")).and(path("/v1/chat/completions")).respond_with(answer);
            let mock = if index < last { mock.up_to_n_times(1) } else { mock };
            mock.mount(&server).await;
        }
        Mock::given(any()).respond_with(ResponseTemplate::new(418)).with_priority(9).mount(&server).await;
        Self { server }
    }

    pub(crate) fn settings(&self) -> HttpSettings {
        HttpSettings {
            base_url: format!("{}/v1", self.server.uri()),
            api_key: Some(SecretString::from(CANARY)),
            timeout: Duration::from_secs(5),
            idle: Duration::from_secs(5),
            ..HttpSettings::default()
        }
    }

    /// The endpoint with what is learned about it, without retries.
    pub(crate) fn client(&self) -> Capability<Http> {
        Capability::new(Http::new(&self.settings()).unwrap(), Form::default())
    }

    /// The bodies received so far, each checked against the API description.
    pub(crate) async fn bodies(&self) -> Vec<Value> {
        let requests = self.server.received_requests().await.unwrap();
        let bodies: Vec<Value> = requests.iter().map(|request| request.body_json().unwrap()).collect();
        bodies.iter().for_each(openapi::check_request);
        bodies
    }
}

/// An endpoint as a run uses it.
pub(crate) fn chosen(http: HttpSettings) -> EndpointSettings {
    EndpointSettings {
        http,
        model: "deepseek-chat".into(),
        form: Form::default(),
        parallel: 8,
        pace: PaceSettings::default(),
        price: None,
    }
}

/// All layers over one endpoint, with nothing kept.
pub(crate) fn stack(http: HttpSettings) -> Stack {
    Stack::new(&StackSettings { endpoints: vec![chosen(http)], ..StackSettings::default() }).unwrap()
}

/// Asks an endpoint that gives one answer, without retries.
pub(crate) async fn ask(answer: ResponseTemplate) -> Result<Reply, ModelError> {
    let endpoint = Endpoint::answering(vec![answer]).await;
    let result = endpoint.client().complete(&request()).await;
    endpoint.bodies().await;
    result
}

pub(crate) fn request() -> Request {
    Request {
        model: "deepseek-chat".into(),
        system: "你是编辑，只用 JSON 回答。".into(),
        user: "t1: hello 世界".into(),
        schema: None,
        max_tokens: 1000,
        temperature: 0.2,
        label: "key_events".into(),
        form: Form::default(),
    }
}

pub(crate) fn request_with_schema() -> Request {
    let json = json!({
        "type": "object",
        "properties": { "items": { "type": "array", "items": { "type": "string" } } },
        "required": ["items"],
        "additionalProperties": false,
    });
    Request { schema: Some(Schema { name: "items".into(), json }), ..request() }
}

/// A well-formed chat completion, checked against the API description.
pub(crate) fn completion(content: &str, finish: &str) -> Value {
    let body = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_760_000_000,
        "model": "deepseek-chat-0324",
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": content, "refusal": null },
            "logprobs": null,
            "finish_reason": finish,
        }],
        "usage": {
            "prompt_tokens": 21,
            "completion_tokens": 7,
            "total_tokens": 28,
            "prompt_tokens_details": { "cached_tokens": 16, "audio_tokens": 0 },
        },
    });
    openapi::check_response(&body);
    body
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn error(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// The name of an error's variant.
pub(crate) fn class(error: &ModelError) -> &'static str {
    match error {
        ModelError::Unreachable(_) => "unreachable",
        ModelError::Refused(_) => "refused",
        ModelError::Filtered(_) => "filtered",
        ModelError::TooLong(_) => "too_long",
        ModelError::Unusable(_) => "unusable",
        ModelError::Lacking(..) => "lacking",
        ModelError::Spent(_) => "spent",
    }
}
