//! The API key goes into one header and nowhere else.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use llm::{Http, HttpSettings, Model, RetryPolicy};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use wiremock::ResponseTemplate;

use crate::endpoint::{CANARY, Endpoint, completion, error, ok, request, stack};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_key_is_in_no_error_no_log_and_no_debug_output() {
    // For the whole process: a subscriber of one thread can miss what other threads were first to log.
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();

    let half_cut = format!("{}{CANARY}", "x".repeat(190));
    let mut seen = String::new();
    for answer in [
        error(401, json!({ "error": { "message": format!("Incorrect API key provided: {CANARY}") } })),
        error(500, json!(half_cut)).insert_header("retry-after-ms", "1"),
        error(302, json!({})).insert_header("location", format!("http://127.0.0.1:9/?{CANARY}")),
        ResponseTemplate::new(200).set_body_string(CANARY),
        ok(completion("{}", "stop")),
    ] {
        let endpoint = Endpoint::answering(vec![answer]).await;
        let with_user = endpoint.server.uri().replace("http://", &format!("http://user:{CANARY}@"));
        for base_url in [format!("{}/v1?k={CANARY}", endpoint.server.uri()), format!("{with_user}/v1")] {
            let retry = RetryPolicy { max_retries: 1, ..RetryPolicy::default() };
            let settings = HttpSettings { base_url, retry, ..endpoint.settings() };
            let result = stack(settings.clone()).complete(&request()).await;
            let client = Http::new(&endpoint.settings()).unwrap();
            seen.extend([format!("{settings:?} {client:?} {result:?}")]);
            seen.extend(result.err().map(|error| error.to_string()));
        }
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("model failed, trying again") && log.contains("model replied"),
        "the log was caught: {log}"
    );
    for text in [seen, log] {
        assert!(text.contains("***") && !text.contains("CANARY"), "{text}");
    }
}
