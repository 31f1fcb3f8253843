//! Services that are down, busy, slow or cross: bounded patience, and going on where it stopped.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use deliver::{Courier, DeliverySettings, Outcome, Report, Service};
use serde_json::json;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::{NOW, Office, TOKEN, notice, settings, target, target_with};

/// Answers one request after the other with these, the last again and again.
async fn server(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let next = AtomicUsize::new(0);
    let answer = move |_: &Request| {
        let place = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        answers[place].clone()
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

async fn texts(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests
        .iter()
        .map(|request| request.body_json::<serde_json::Value>().unwrap()["content"].to_string())
        .collect()
}

#[tokio::test]
async fn what_was_sent_is_not_sent_again_after_a_failure_in_the_middle() {
    let server = server(vec![status(204), status(400), status(204)]).await;
    let (office, target) = (Office::new(), target(Service::Discord, &server.uri()));
    let long = notice(40, &"推理速度提升，价格下降。".repeat(12));
    let first = office.deliver(&target, &long).await;
    assert_eq!((first.outcome, first.sent), (Outcome::Failed, 1), "{first:?}");
    assert!(first.parts > 2 && first.error.is_some());
    let second = office.deliver(&target, &long).await;
    assert_eq!((second.outcome, second.sent), (Outcome::Delivered, second.parts), "{second:?}");
    let texts = texts(&server).await;
    assert_eq!(texts.len(), second.parts + 1, "only the refused part is sent twice");
    assert_eq!(texts[1], texts[2]);
    assert!(!texts[2..].contains(&texts[0]));
}

#[tokio::test]
async fn a_moment_of_trouble_is_waited_for() {
    let busy = status(429).insert_header("retry-after", "0");
    let slow = status(429).set_body_json(json!({"retry_after": 0.2}));
    let server = server(vec![busy, slow, status(204)]).await;
    let delivery = Office::new().deliver(&target(Service::Discord, &server.uri()), &notice(1, "x")).await;
    assert_eq!((delivery.outcome, delivery.sent), (Outcome::Delivered, 1), "{delivery:?}");
}

#[tokio::test]
async fn patience_has_bounds() {
    for (answer, requests) in [
        (status(400), 1),
        (status(301), 1),
        (status(429).insert_header("retry-after", "3600"), 1),
        (status(503), 3),
    ] {
        let server = server(vec![answer]).await;
        let begun = Instant::now();
        let delivery = Office::new().deliver(&target(Service::Discord, &server.uri()), &notice(1, "x")).await;
        assert_eq!(delivery.outcome, Outcome::Failed);
        assert_eq!(server.received_requests().await.unwrap().len(), requests, "{delivery:?}");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_200_that_says_no_is_a_no() {
    for (service, answer, requests) in [
        (Service::Feishu, json!({"code": 19024, "msg": "Key Words Not Found"}), 1),
        (Service::Wecom, json!({"errcode": 93000, "errmsg": "invalid webhook url"}), 1),
        (Service::Wecom, json!({"errcode": 45009, "errmsg": "api freq out of limit"}), 3),
        (Service::Telegram, json!({"ok": false, "description": "chat not found"}), 1),
        (Service::Dingtalk, json!("<html>"), 1),
    ] {
        let server = server(vec![status(200).set_body_json(answer)]).await;
        let delivery = Office::new().deliver(&target(service, &server.uri()), &notice(1, "x")).await;
        assert_eq!(delivery.outcome, Outcome::Failed, "{service}");
        assert_eq!(server.received_requests().await.unwrap().len(), requests, "{service}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_not_asked_for_twice() {
    let server = server(vec![status(204).set_delay(Duration::from_secs(20))]).await;
    let office = Office::new();
    let short = DeliverySettings { timeout_seconds: 1, ..settings(office.folder()) };
    let (target, notice) = (target(Service::Discord, &server.uri()), notice(1, "x"));
    let report = Report { slug: &notice.slug, post: "post", again: false };
    let delivery = Courier::new(&short, NOW).unwrap().deliver(&target, &notice, report).await;
    assert!(delivery.error.unwrap().contains("may have arrived"));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_sent() {
    let server = server(vec![status(204)]).await;
    let office = Office::new();
    let blocked = DeliverySettings { state: office.folder().join("file/below"), ..settings(office.folder()) };
    std::fs::write(office.folder().join("file"), "").unwrap();
    let (target, notice) = (target(Service::Discord, &server.uri()), notice(1, "x"));
    let report = Report { slug: &notice.slug, post: "post", again: false };
    let delivery = Courier::new(&blocked, NOW).unwrap().deliver(&target, &notice, report).await;
    assert_eq!(delivery.outcome, Outcome::Failed);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_token_in_an_address_is_masked() {
    let server = server(vec![status(404).set_body_string(format!("no /bot{TOKEN}/sendMessage"))]).await;
    let delivery = Office::new().deliver(&target(Service::Telegram, &server.uri()), &notice(1, "x")).await;
    let error = delivery.error.unwrap();
    assert!(error.contains("answered 404") && !error.contains("CANARY"), "{error}");
}

#[tokio::test]
async fn no_secret_in_an_error_nor_in_a_note() {
    let echo = status(400)
        .set_body_string(format!("no bot {TOKEN} at /services/T000CANARY/CANARYPATH?key=CANARYKEY"));
    let server = server(vec![echo]).await;
    let office = Office::new();
    let address = format!("{}/services/T000CANARY/CANARYPATH?key=CANARYKEY", server.uri());
    for service in [Service::Feishu, Service::Slack, Service::Ntfy] {
        let target = target(service, &address);
        let delivery = office.deliver(&target, &notice(1, "x")).await;
        let error = delivery.error.unwrap();
        assert!(error.contains("answered 400") && !error.contains("CANARY"), "{error}");
        assert!(!format!("{target:?}").contains("CANARY"));
    }
    let down = target_with(Service::Slack, "http://127.0.0.1:9/CANARYPATH", |settings| {
        settings.name = "down".into();
    });
    let error = office.deliver(&down, &notice(1, "x")).await.error.unwrap();
    assert!(!error.contains("CANARY") && error.contains("3 attempts"), "{error}");
    for file in std::fs::read_dir(office.folder()).unwrap() {
        assert!(!std::fs::read_to_string(file.unwrap().path()).unwrap().contains("CANARY"));
    }
}
