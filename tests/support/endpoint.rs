//! A pretended model on loopback: it reads each request as a model would, and answers from what it reads.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use super::openapi;

/// A key that must never be seen outside of the `Authorization` header.
pub(crate) const CANARY: &str = "sk-CANARY0123456789abcdef";

/// What a request asks, read from the user's message.
pub(crate) struct Question {
    /// The JSON lines between the two boundary lines: tweets for a section, claims for the brief part.
    pub(crate) lines: Vec<Value>,
    /// The claims of an earlier answer that are to be written anew.
    pub(crate) refused: Vec<Value>,
    /// The first group offered; empty in the brief part.
    pub(crate) group: String,
    /// The system's message.
    pub(crate) system: String,
    /// Of the tweets: how many requests about tweets came before this one.
    pub(crate) section: Option<usize>,
    /// Whether the key points are asked for; the overview begins with a claim without a lead.
    pub(crate) key_points: bool,
    /// Whether it asks in Chinese.
    pub(crate) chinese: bool,
}

/// What the pretended model does.
pub(crate) enum Answer {
    /// A chat completion with these claims.
    Claims(Vec<Value>),
    /// A chat completion with this text.
    Text(String),
    /// A status and no completion.
    Status(u16, Value),
}

/// The endpoint and all that passed through it.
pub(crate) struct Endpoint {
    runtime: Runtime,
    server: MockServer,
    replies: Arc<Mutex<Vec<Value>>>,
}

impl Endpoint {
    pub(crate) fn start(answer: impl Fn(&Question) -> Answer + Send + Sync + 'static) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        let replies = Arc::new(Mutex::new(Vec::new()));
        let (sections, kept) = (AtomicUsize::new(0), Arc::clone(&replies));
        let respond = move |request: &Request| {
            let body: Value = request.body_json().unwrap();
            let reply = match answer(&Question::read(&body, &sections)) {
                Answer::Claims(claims) => completion(&body, &json!({ "claims": claims }).to_string()),
                Answer::Text(text) => completion(&body, &text),
                Answer::Status(status, body) => return ResponseTemplate::new(status).set_body_json(body),
            };
            kept.lock().unwrap().push(reply.clone());
            ResponseTemplate::new(200).set_body_json(reply)
        };
        let mock = Mock::given(method("POST")).and(path("/v1/chat/completions")).respond_with(respond);
        runtime.block_on(mock.mount(&server));
        Self { runtime, server, replies }
    }

    /// Answers every question from its tweets or claims alone.
    pub(crate) fn honest() -> Self {
        Self::start(|question| Answer::Claims(question.honest_claims()))
    }

    /// The configuration that asks this endpoint, without patience.
    pub(crate) fn config(&self) -> String {
        config(&format!("{}/v1", self.server.uri()))
    }

    /// All requests so far. Panics unless each, and each reply, keeps to the API description.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        for request in &requests {
            openapi::check_request(&request.body_json().unwrap());
        }
        self.replies.lock().unwrap().iter().for_each(openapi::check_response);
        requests
    }
}

/// A configuration that writes by the model at `base_url`, without retries.
pub(crate) fn config(base_url: &str) -> String {
    format!(
        "[writer]\nmode = \"model\"\n[model]\nbase_url = \"{base_url}\"\nmax_retries = 0\ntimeout_seconds = 10\nbackoff_seconds = 0.01\n"
    )
}

/// The address of a server that is down: a port that was free a moment ago.
pub(crate) fn closed_port() -> String {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}/v1")
}

impl Question {
    /// Reads the last message that has data; what is said after it is about an earlier answer.
    pub(crate) fn read(body: &Value, sections: &AtomicUsize) -> Self {
        let mut said = body["messages"].as_array().unwrap().iter().filter_map(|one| one["content"].as_str());
        let user = said.rfind(|text| text.contains("\nDATA-")).unwrap_or_default();
        let mut parts = user.split_inclusive('\n').map(str::trim_end);
        let before: Vec<&str> = parts.by_ref().take_while(|line| !line.starts_with("DATA-")).collect();
        let lines = data(&mut parts);
        parts.by_ref().find(|line| line.starts_with("DATA-"));
        let refused = data(&mut parts);
        let group = before.iter().find_map(|line| line.strip_prefix("- ")?.split_once(['：', ':']));
        let about_tweets = lines.iter().any(|line| line.get("by").is_some());
        let system = body["messages"][0]["content"].as_str().unwrap_or_default().to_owned();
        Self {
            lines,
            refused,
            system,
            group: group.map_or_else(String::new, |(id, _)| id.to_owned()),
            section: about_tweets.then(|| sections.fetch_add(1, Ordering::SeqCst)),
            key_points: before.iter().any(|line| line.contains("核心信息") || line.contains("key points")),
            chinese: before.iter().any(|line| line.contains('。')),
        }
    }

    /// One claim a topic, of words of its first tweet; in the brief part, the claims given.
    pub(crate) fn honest_claims(&self) -> Vec<Value> {
        if self.section.is_none() {
            return self.repeated();
        }
        let mut claims: Vec<Value> = Vec::new();
        let mut told = Vec::new();
        for tweet in self.lines.iter().filter(|tweet| tweet["text"].is_string()) {
            if !told.contains(&&tweet["topic"]) {
                told.push(&tweet["topic"]);
                let (lead, text) = said(tweet, self.chinese);
                claims.push(json!({"group": self.group, "lead": lead, "text": text, "cites": [tweet["id"]]}));
            }
        }
        claims
    }

    fn repeated(&self) -> Vec<Value> {
        let repeat = |(place, claim): (usize, &Value)| {
            let lead = if place == 0 && !self.key_points { json!("") } else { claim["lead"].clone() };
            json!({"group": "", "lead": lead, "text": claim["text"], "cites": claim["cites"]})
        };
        self.lines.iter().enumerate().map(repeat).collect()
    }
}

/// JSON lines up to the next boundary.
fn data<'l>(lines: &mut impl Iterator<Item = &'l str>) -> Vec<Value> {
    let data = lines.take_while(|line| !line.starts_with("DATA-"));
    data.map(|line| serde_json::from_str(line).expect("JSON lines as data")).collect()
}

/// A lead, and a sentence of nothing but a tweet's author and one of its words.
fn said(tweet: &Value, chinese: bool) -> (&'static str, String) {
    let (by, text) = (tweet["by"].as_str().unwrap(), tweet["text"].as_str().unwrap());
    let word =
        text.split_whitespace().find(|word| word.len() >= 4 && word.chars().all(|c| c.is_ascii_alphabetic()));
    match (chinese, word) {
        (true, Some(word)) => ("动态", format!("{by} 谈到 {word}。")),
        (true, None) => ("动态", format!("{by} 就此发文。")),
        (false, Some(word)) => ("in brief", format!("{by} mentions {word}.")),
        (false, None) => ("in brief", format!("{by} writes about it.")),
    }
}

/// A chat completion as OpenAI describes it.
pub(crate) fn completion(request: &Value, content: &str) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_772_500_000,
        "model": request["model"],
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": null},
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
    })
}
