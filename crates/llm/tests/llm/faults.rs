//! The project's catalogue of model faults, which lies beside the repository: each ends in its class within its calls.
//!
//! Those that need a stream or a broken socket are left out here, as are the judgements on content that layers above make.

use std::fs;

use llm::{Finish, Model, ModelError, Reply, read_json};
use serde::Deserialize;
use serde_json::Value;
use wiremock::ResponseTemplate;

use crate::endpoint::{Endpoint, class, completion, ok, request_with_schema};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/llm_faults.json");

#[derive(Deserialize)]
struct Case {
    id: String,
    act: String,
    max_calls: u32,
    status: u16,
    headers: std::collections::BTreeMap<String, String>,
    body: Value,
    raw: Option<String>,
    net: Option<String>,
}

#[tokio::test]
async fn every_fault_ends_in_its_class() {
    let Ok(text) = fs::read_to_string(PATH) else {
        eprintln!("skipped: no catalogue of faults at {PATH}");
        return;
    };
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| case.net.is_none()) {
        let (result, calls) = play(case).await;
        if !is_right(case, &result, calls) {
            wrong.push(format!(
                "{} ({}, {} calls): {calls} calls, {result:?}",
                case.id, case.act, case.max_calls
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn play(case: &Case) -> (Result<Reply, ModelError>, usize) {
    let answer = ResponseTemplate::new(case.status);
    let mut answer = match &case.raw {
        Some(raw) => answer.set_body_string(raw.clone()),
        None => answer.set_body_json(&case.body),
    };
    for (name, value) in case.headers.iter().filter(|(_, value)| !value.contains('<')) {
        answer = answer.insert_header(name.as_str(), value.as_str());
    }
    let answers = match case.act.as_str() {
        "downgrade_format" => vec![answer, ok(completion("{}", "stop"))],
        _ => vec![answer],
    };
    let endpoint = Endpoint::answering(answers).await;
    let result = endpoint.client().complete(&request_with_schema()).await;
    let calls = endpoint.bodies().await.len();
    (result, calls)
}

fn is_right(case: &Case, result: &Result<Reply, ModelError>, calls: usize) -> bool {
    let class = result.as_ref().err().map(class);
    // Retries that the policy of five would make; a stated wait of two weeks is given up by the layer above.
    let more = result.as_ref().err().map_or(0, |error| error.fault().retries.min(5));
    let finish = result.as_ref().ok().map(|reply| &reply.finish);
    let read = result.as_ref().ok().map(|reply| read_json(&reply.text).is_ok());
    match case.act.as_str() {
        "retry" => matches!(class, Some("unreachable" | "unusable")) && more > 0 && more < case.max_calls,
        "retry_after" | "fallback" => class == Some("unreachable"),
        "fatal_run" => class == Some("refused") && calls == 1,
        "bisect" => class == Some("filtered") || finish == Some(&Finish::ContentFilter),
        "shrink" => class == Some("too_long"),
        "grow_tokens" => finish == Some(&Finish::Length),
        "downgrade_format" => result.is_ok() && calls == 2,
        "ok" | "ok_warn" | "repair" => read == Some(true),
        "reask" => result.is_ok() || class == Some("unusable"),
        other => panic!("unknown act `{other}`"),
    }
}
