//! The retry layer over a scripted model, with time that only sleeping moves.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use llm::{
    BoxFuture, Effort, Fault, Finish, Model, ModelError, Quota, Reply, Request, Retry, RetryPolicy, Usage,
};
use serde_json::json;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, completion, error, ok, request, stack};

/// Fails as scripted, then answers; notes when it was asked.
struct Script {
    failures: Mutex<VecDeque<ModelError>>,
    asked: Mutex<Vec<Instant>>,
    takes: Duration,
}

impl Script {
    fn new(failures: Vec<ModelError>) -> Arc<Self> {
        Self::slow(failures, Duration::ZERO)
    }

    fn slow(failures: Vec<ModelError>, takes: Duration) -> Arc<Self> {
        Arc::new(Self { failures: Mutex::new(failures.into()), asked: Mutex::default(), takes })
    }

    fn gaps(&self) -> Vec<Duration> {
        self.asked.lock().unwrap().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    fn calls(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Model for Script {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(Instant::now());
            tokio::time::sleep(self.takes).await;
            match self.failures.lock().unwrap().pop_front() {
                Some(failure) => Err(failure),
                None => Ok(Reply {
                    text: request.user.clone(),
                    model: request.model.clone(),
                    usage: Usage::default(),
                    finish: Finish::Stop,
                    effort: Effort { attempts: 1, ..Effort::default() },
                    quota: Quota::default(),
                }),
            }
        })
    }
}

fn fault(retries: u32, retry_after: Option<Duration>) -> Fault {
    Fault {
        status: Some(503),
        endpoint: "http://localhost/v1/chat/completions".into(),
        detail: "down".into(),
        retries,
        retry_after,
        attempts: 1,
        ..Fault::default()
    }
}

fn down() -> ModelError {
    ModelError::Unreachable(fault(u32::MAX, None))
}

fn wait(seconds: u64) -> ModelError {
    ModelError::Unreachable(fault(u32::MAX, Some(Duration::from_secs(seconds))))
}

/// Retries with the full back-off, so that the gaps are known.
fn full(script: &Arc<Script>, policy: RetryPolicy) -> Retry<Arc<Script>> {
    Retry::new(Arc::clone(script), policy).with_jitter(Arc::new(|_, _| 1.0))
}

#[tokio::test(start_paused = true)]
async fn back_off_doubles_up_to_the_cap() {
    let script = Script::new(vec![down(); 5]);
    let policy = RetryPolicy { cap: Duration::from_secs(4), ..RetryPolicy::default() };
    let reply = full(&script, policy).complete(&request()).await.unwrap();
    assert_eq!(script.gaps(), [1, 2, 4, 4, 4].map(Duration::from_secs));
    assert_eq!(reply.effort.attempts, 6, "failed attempts count");
}

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_and_counted() {
    let script = Script::new(vec![down(); 99]);
    let failure = full(&script, RetryPolicy::default()).complete(&request()).await.unwrap_err();
    assert_eq!((script.calls(), failure.fault().attempts), (6, 6));
    assert_eq!(
        failure.to_string(),
        "model is unreachable: HTTP 503 from http://localhost/v1/chat/completions: down (after 6 attempts)"
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_heal_is_not_repeated() {
    for failure in [
        ModelError::Refused(fault(0, None)),
        ModelError::Filtered(fault(0, None)),
        ModelError::TooLong(fault(0, None)),
    ] {
        let script = Script::new(vec![failure.clone()]);
        assert_eq!(full(&script, RetryPolicy::default()).complete(&request()).await, Err(failure));
        assert_eq!(script.calls(), 1);
    }
    let script = Script::new(vec![ModelError::Unusable(fault(2, None)); 9]);
    full(&script, RetryPolicy::default()).complete(&request()).await.unwrap_err();
    assert_eq!(script.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_stated_wait_is_kept_and_one_beyond_a_minute_given_up() {
    let script = Script::new(vec![wait(2), wait(0), wait(50)]);
    full(&script, RetryPolicy::default()).complete(&request()).await.unwrap();
    assert_eq!(script.gaps(), [2, 2, 50].map(Duration::from_secs), "0 is no wait, so back-off");

    let script = Script::new(vec![wait(60)]);
    assert!(full(&script, RetryPolicy::default()).complete(&request()).await.is_ok());

    for seconds in [61, 1_209_600, u64::MAX] {
        let (script, start) = (Script::new(vec![wait(seconds)]), Instant::now());
        full(&script, RetryPolicy::default()).complete(&request()).await.unwrap_err();
        assert_eq!((script.calls(), start.elapsed()), (1, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn all_waits_together_are_bounded() {
    let script = Script::new(vec![wait(40), wait(40)]);
    let failure = full(&script, RetryPolicy::default()).complete(&request()).await.unwrap_err();
    assert_eq!((script.calls(), failure.fault().attempts), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_sleeping_and_asking() {
    let policy = RetryPolicy { deadline: Duration::from_secs(10), ..RetryPolicy::default() };
    for (takes, calls, detail) in [(4, 2, "down"), (9, 1, "down"), (11, 1, "no reply within 10 s")] {
        let (script, start) = (Script::slow(vec![down(); 9], Duration::from_secs(takes)), Instant::now());
        let failure = full(&script, policy).complete(&request()).await.unwrap_err();
        assert_eq!(
            (script.calls(), failure.fault().detail.as_str()),
            (calls, detail),
            "{takes} s an attempt"
        );
        assert!(start.elapsed() <= policy.deadline);
    }
}

#[tokio::test(start_paused = true)]
async fn jitter_stays_within_the_back_off_and_differs_from_run_to_run() {
    let mut runs = Vec::new();
    for _ in 0..3 {
        let script = Script::new(vec![down(); 5]);
        Retry::new(Arc::clone(&script), RetryPolicy::default()).complete(&request()).await.unwrap();
        let longest = [1, 2, 4, 8, 16].map(Duration::from_secs);
        // The paused clock ticks in milliseconds.
        assert!(
            script
                .gaps()
                .iter()
                .zip(longest)
                .all(|(gap, longest)| *gap <= longest + Duration::from_millis(1))
        );
        runs.push(script.gaps());
    }
    assert!(runs[0] != runs[1] && runs[1] != runs[2]);

    let script = Script::new(vec![down()]);
    let odd = Retry::new(Arc::clone(&script), RetryPolicy::default()).with_jitter(Arc::new(|_, _| f64::NAN));
    assert!(odd.complete(&request()).await.is_ok(), "no jitter makes it panic");
}

#[tokio::test]
async fn an_overloaded_endpoint_is_asked_again_over_http() {
    let busy =
        error(429, json!({ "error": { "message": "slow down" } })).insert_header("retry-after-ms", "30");
    let endpoint = Endpoint::answering(vec![busy, ok(completion("{}", "stop"))]).await;
    let start = Instant::now();
    stack(endpoint.settings()).complete(&request()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(30));
    assert_eq!(endpoint.bodies().await.len(), 2);

    let broke =
        error(429, json!({ "error": { "code": "insufficient_quota" } })).insert_header("retry-after", "1");
    let endpoint = Endpoint::answering(vec![broke]).await;
    stack(endpoint.settings()).complete(&request()).await.unwrap_err();
    assert_eq!(endpoint.bodies().await.len(), 1);
}
