//! The corpus on the network, over real HTTP on loopback: addresses, and pages of the X API.

use std::fs;

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

use crate::support::{Site, fixture, post_path};

const DAY: &str = "2026-03-03";
const TOKEN: &str = "AAAACANARYTOKEN0123456789";

struct Server {
    runtime: Runtime,
    server: MockServer,
}

impl Server {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        Self { runtime, server }
    }

    fn mount(&self, mock: Mock) {
        self.runtime.block_on(mock.mount(&self.server));
    }

    fn requests(&self) -> usize {
        self.runtime.block_on(self.server.received_requests()).unwrap().len()
    }
}

#[test]
fn an_address_is_fetched_once_and_then_asked_for_news() {
    let server = Server::new();
    let body = fs::read(fixture("ai/2026-03-03.jsonl")).unwrap();
    let fresh = ResponseTemplate::new(304);
    server.mount(Mock::given(header("if-none-match", "\"v1\"")).respond_with(fresh).with_priority(1));
    let whole = ResponseTemplate::new(200).set_body_bytes(body).insert_header("etag", "\"v1\"");
    server.mount(Mock::given(method("GET")).and(path("/day.jsonl")).respond_with(whole));

    let address = format!("{}/day.jsonl", server.server.uri());
    let site = Site::quick(&format!("[corpus]\npaths = [\"{address}\"]\n[fetch]\nallow_private = true\n"));
    site.run(&["run", "--date", DAY, "--dry-run"]).exits(4).says("not fetched yet").says("tuibao fetch");
    assert_eq!(server.requests(), 0, "a dry run opens no connection");
    site.run(&["run", "--date", DAY]).exits(0);
    assert!(site.path(&post_path(DAY)).is_file());
    site.run(&["run", "--date", DAY]).exits(0).says("nothing to do");
    assert_eq!(server.requests(), 2);
    site.run(&["run", "--date", DAY, "--dry-run"]).exits(0).prints("up to date");
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_private_address_is_refused_unless_allowed() {
    let server = Server::new();
    let address = format!("{}/day.jsonl", server.server.uri());
    let site = Site::quick(&format!("[corpus]\npaths = [\"{address}\"]\n"));
    site.run(&["fetch"]).exits(2).says("may not be fetched").says("hint:");
    assert_eq!(server.requests(), 0);
}

fn page(ids: &[u64], next: Option<&str>) -> Value {
    let tweet = |id: &u64| {
        json!({"id": id.to_string(), "author_id": "7", "created_at": "2026-03-03T04:00:00.000Z", "lang": "zh",
            "text": format!("智谱发布 GLM-{id} 模型，推理速度提升 30%，API 价格下调")})
    };
    let tweets: Vec<Value> = ids.iter().map(tweet).collect();
    let users = json!([{"id": "7", "username": "glm_watch", "name": "GLM 观察"}]);
    json!({"data": tweets, "includes": {"users": users}, "meta": {"result_count": ids.len(), "next_token": next}})
}

#[test]
fn a_list_of_the_x_api_is_a_corpus() {
    let server = Server::new();
    let list = || Mock::given(method("GET")).and(path("/2/lists/42/tweets"));
    let second = ResponseTemplate::new(200).set_body_json(page(&[2_028_690_000_000_000_001], None));
    server.mount(list().and(query_param("pagination_token", "p2")).respond_with(second).with_priority(1));
    let first = page(&[2_028_690_000_000_000_003, 2_028_690_000_000_000_002], Some("p2"));
    server.mount(
        list()
            .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
            .respond_with(ResponseTemplate::new(200).set_body_json(first)),
    );
    let uri = server.server.uri();
    let config = format!("[corpus]\npaths = []\n[[fetch.x]]\nlist = \"42\"\nbase_url = \"{uri}\"\n");
    let site = Site::quick(&config).with("X_BEARER_TOKEN", TOKEN);
    site.run(&["fetch"]).exits(0).never_says(TOKEN);
    let seen = site.run(&["inspect", "corpus", "--json"]).exits(0).json();
    assert_eq!(seen["totals"]["tweets"], json!(3), "{seen}");
    for file in site.tree().files() {
        let bytes = fs::read(site.path(file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(TOKEN), "{file} holds the token");
    }
}

#[test]
fn a_source_without_a_token_says_which_variable_is_missing() {
    let site = Site::quick("[corpus]\npaths = []\n[[fetch.x]]\nuser = \"@ann\"\n");
    site.run(&["fetch"]).exits(2).says("X_BEARER_TOKEN");
}
