//! The token goes into one header, to one host, and nowhere else.

use std::{
    fs,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use fetch::{Client, Settings, Source, XSettings, download};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::feed::{Bench, CANARY, clock, names};

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
async fn the_token_is_in_no_file_no_error_no_log_and_no_debug_output() {
    // For the whole process: a subscriber of one thread can miss what other threads were first to log.
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&elsewhere).await;

    let mut seen = String::new();
    for answer in [
        ResponseTemplate::new(401).set_body_json(json!({"detail": format!("no such token: {CANARY}")})),
        ResponseTemplate::new(403).set_body_string(format!("{}{CANARY}", "x".repeat(190))),
        ResponseTemplate::new(400).set_body_json(json!({"errors": [{"message": CANARY}]})),
        ResponseTemplate::new(500).set_body_string(CANARY),
        ResponseTemplate::new(302).insert_header("location", format!("{}/?{CANARY}", elsewhere.uri())),
        ResponseTemplate::new(200).set_body_string(CANARY),
        ResponseTemplate::new(429).set_body_string(CANARY),
    ] {
        let bench = Bench::of(8).await;
        bench.feed(|feed| feed.instead.extend((2..9).map(|turn| (turn, answer.clone()))));
        let keys = XSettings { max_wait_seconds: 0, ..bench.list() };
        let result = bench.pull(&keys).await;
        seen.extend([format!("{keys:?} {:?} {result:?}", bench.source(&keys))]);
        seen.extend(result.err().map(|error| error.to_string()));
        let folder = bench.source(&keys).folder().to_owned();
        let texts = names(&folder).into_iter().map(|name| fs::read_to_string(folder.join(name)).unwrap());
        seen.extend(texts);
    }
    // Addresses of files hold secrets too.
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { folder: folder.path().to_owned(), allow_private: true, ..Settings::default() };
    let client = Client::new(&settings).unwrap();
    let here = download(&client, &format!("{}/day.jsonl?sig=CANARY", elsewhere.uri())).await;
    let not = download(&client, &format!("{}?sig=CANARY", elsewhere.uri().replace("http", "ftp"))).await;
    seen.extend([format!("{client:?} {here:?} {not:?} {:?}", names(client.folder()))]);
    let texts = names(client.folder())
        .into_iter()
        .map(|name| fs::read_to_string(client.folder().join(name)).unwrap());
    seen.extend(texts);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("X API answered") && log.contains("trying again"), "the log was caught: {log}");
    for text in [seen, log] {
        assert!(text.contains("***") && !text.contains("CANARY"), "{text}");
    }
    assert_eq!(
        elsewhere.received_requests().await.unwrap().len(),
        1,
        "no redirect was followed with the token"
    );
}

#[test]
fn the_token_goes_over_https_or_not_at_all() {
    let source = |base_url: &str, token: &str| {
        let keys =
            XSettings { list: Some("1".into()), base_url: base_url.to_owned(), ..XSettings::default() };
        Source::new(&keys, &Settings::default(), &token.into(), clock())
    };
    for base_url in
        ["https://api.x.com", "https://gate.example/x", "http://127.0.0.1:9", "http://localhost:9"]
    {
        source(base_url, CANARY).unwrap();
    }
    for base_url in [
        "http://api.x.com",
        "ftp://api.x.com",
        "https://me:CANARY@api.x.com",
        "https://api.x.com/?k=CANARY",
        "api.x.com",
    ] {
        let error = source(base_url, CANARY).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
    }
    let error = source("https://api.x.com", "CANARY\u{7}").unwrap_err();
    assert!(!format!("{error:?}").contains("CANARY"));
}
