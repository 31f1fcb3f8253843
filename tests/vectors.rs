//! Sentence vectors: from an endpoint over real HTTP, kept between runs, and a report all the same without them.

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use crate::support::{
    Site,
    endpoint::{CANARY, closed_port},
    post_path,
};

const DAY: &str = "2026-03-03";

/// A pretended endpoint whose vectors count letters.
struct Embeddings {
    runtime: Runtime,
    server: MockServer,
}

impl Embeddings {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        let mock = Mock::given(method("POST")).and(path("/v1/embeddings")).respond_with(answer);
        runtime.block_on(mock.mount(&server));
        Self { runtime, server }
    }

    fn requests(&self) -> Vec<Request> {
        self.runtime.block_on(self.server.received_requests()).unwrap()
    }

    fn config(&self) -> String {
        config(&format!("{}/v1", self.server.uri()))
    }
}

fn answer(request: &Request) -> ResponseTemplate {
    let body: Value = request.body_json().unwrap();
    let vector = |text: &str| -> Vec<usize> {
        ('a'..='z').map(|letter| 1 + text.chars().filter(|char| *char == letter).count()).collect()
    };
    let texts = body["input"].as_array().unwrap().iter().enumerate();
    let data: Vec<Value> = texts
        .map(|(index, text)| json!({"index": index, "embedding": vector(text.as_str().unwrap())}))
        .collect();
    ResponseTemplate::new(200).set_body_json(json!({"object": "list", "data": data, "model": body["model"]}))
}

fn config(base_url: &str) -> String {
    format!("[model]\nmax_retries = 0\n[embeddings]\nsource = \"endpoint\"\nbase_url = \"{base_url}\"\n")
}

#[test]
fn vectors_are_asked_for_once_and_kept() {
    let endpoint = Embeddings::start();
    let site = Site::quick(&endpoint.config()).with("OPENAI_API_KEY", CANARY);
    let made = site.run_day(DAY, &["-vvv"]).exits(0).never_says("without sentence vectors");
    let asked = endpoint.requests();
    assert!(!asked.is_empty() && !made.to_string().contains("CANARY"));
    assert!(asked.iter().all(|request| request.headers["authorization"] == format!("Bearer {CANARY}")));

    let post = site.post(DAY);
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
    site.run_day(DAY, &["--force"]).exits(0);
    assert_eq!((endpoint.requests().len(), site.post(DAY)), (asked.len(), post));
}

#[test]
fn offline_commands_use_what_is_kept_and_ask_nothing() {
    let endpoint = Embeddings::start();
    let site = Site::quick(&endpoint.config());
    let before = site.tree();
    site.run_day(DAY, &["--dry-run"]).exits(0).prints("would be new").says("without sentence vectors");
    before.assert_untouched(&site.tree());
    assert!(endpoint.requests().is_empty());

    site.run_day(DAY, &[]).exits(0);
    let (asked, made) = (endpoint.requests().len(), site.tree());
    let shown = site.run_day(DAY, &["--dry-run", "--force"]).exits(0).prints("would be the same");
    shown.never_says("without sentence vectors");
    site.run(&["topics", "--corpus", &crate::support::fixture("ai"), "--date", DAY]).exits(0);
    site.run(&["doctor", "--corpus", &crate::support::fixture("ai")])
        .prints("embeddings: model `text-embedding-3-small`");
    assert_eq!(endpoint.requests().len(), asked);
    made.assert_untouched(&site.tree());
}

#[test]
fn with_the_endpoint_down_there_is_a_report_and_a_later_run_betters_it() {
    let site = Site::quick(&config(&closed_port()));
    site.run_day(DAY, &[]).exits(3).prints(&post_path(DAY)).says("without sentence vectors");
    site.run_day(DAY, &[]).exits(0).says("nothing to do");

    let endpoint = Embeddings::start();
    site.configure(&endpoint.config());
    site.run_day(DAY, &[]).exits(0).prints(&post_path(DAY));
    let post = site.post(DAY);
    // What was made with vectors stays when there are none.
    std::fs::remove_dir_all(site.path("cache")).unwrap();
    drop(endpoint);
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
    assert_eq!(site.post(DAY), post);
}

#[test]
fn rather_no_report_than_one_without_vectors() {
    let strict = format!("{}[writer]\non_failure = \"fail\"\n", config(&closed_port()));
    let site = Site::quick(&strict);
    site.run_day(DAY, &[]).exits(5).says("no sentence vectors").says("hint: see [embeddings]");
    assert!(!site.path(&post_path(DAY)).exists());
}

#[test]
fn wrong_settings_say_what_to_do() {
    let site = Site::quick("[embeddings]\nsource = \"endpoint\"\nbase_url = \"ftp://x\"\n");
    site.run_day(DAY, &[]).exits(2).says("base URL is not").says("embeddings.base_url");
    site.configure("[embeddings]\nsource = \"local\"\nfolder = \"nowhere\"\n");
    let said = site.run_day(DAY, &[]).exits(2);
    if cfg!(feature = "local-embeddings") {
        said.says("`config.json` is missing in the model's folder `nowhere`");
    } else {
        said.says("is not part of this build").says("--features local-embeddings");
    }
}
