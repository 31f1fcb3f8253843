//! What is kept: answers in the cache, recordings.

use std::{
    sync::Arc,
    task::{Context, Waker},
    time::{Duration, Instant},
};

use llm::{Cache, Finish, Model, ModelError, Record, Replay, Reply, Request, Shelf, Stack, StackSettings};
use secrecy::SecretString;
use serde_json::json;

use crate::{
    endpoint::{CANARY, Endpoint, chosen, class, completion, error, ok, request},
    layers::{Fake, fault, reply},
};

#[tokio::test]
async fn the_same_question_is_asked_once() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = || Shelf::new(folder.path(), 1 << 20);
    let fake = Fake::of(|request, _| Ok(Reply { text: request.user.clone(), ..reply() }));
    let cache = Cache::new(Arc::clone(&fake), shelf(), "a");
    let first = cache.complete(&request()).await.unwrap();
    assert!(!first.effort.kept);
    let again = cache.complete(&Request { label: "other".into(), ..request() }).await.unwrap();
    assert_eq!((&again.text, again.usage, &again.finish), (&first.text, first.usage, &first.finish));
    assert!(again.effort.kept && again.effort.attempts == 0 && again.effort.cost == 0.0);
    assert_eq!(fake.calls(), 1);
    // Anything that bears on the answer makes another question.
    for other in [
        Request { user: "t1: other".into(), ..request() },
        Request { system: "x".into(), ..request() },
        Request { max_tokens: 2000, ..request() },
        Request { temperature: 0.0, ..request() },
        crate::endpoint::request_with_schema(),
    ] {
        cache.complete(&other).await.unwrap();
    }
    Cache::new(Arc::clone(&fake), shelf(), "b").complete(&request()).await.unwrap();
    assert_eq!(fake.calls(), 7);
}

#[tokio::test]
async fn two_who_ask_the_same_at_once_get_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::of(|_, _| Ok(reply()));
    let cache = Cache::new(Arc::clone(&fake), Shelf::new(folder.path(), 1 << 20), "");
    let (question, other) = (request(), Request { user: "t1: other".into(), ..request() });
    let (one, two, three) =
        tokio::join!(cache.complete(&question), cache.complete(&question), cache.complete(&other));
    assert_eq!([one, two, three].map(|answer| answer.unwrap().effort.kept), [false, true, false]);
    assert_eq!(fake.calls(), 2);
}

/// Else a kill would lose an answer that has come.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_while_its_asker_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path(), 1 << 20);
    let cache = Cache::new(Fake::of(|_, _| Ok(reply())), shelf.clone(), "");
    let question = request();
    let mut asked = cache.complete(&question);
    assert!(asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let begun = Instant::now();
    while shelf.stats().answers == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "not kept");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn what_would_come_again_is_kept_and_what_may_heal_is_not() {
    for (answer, kept) in [
        (Ok(Reply { finish: Finish::Length, ..reply() }), true),
        (Ok(Reply { finish: Finish::ContentFilter, text: String::new(), ..reply() }), true),
        (Err(ModelError::Filtered(fault(400))), true),
        (Err(ModelError::TooLong(fault(400))), true),
        (Err(ModelError::Unreachable(fault(503))), false),
        (Err(ModelError::Refused(fault(401))), false),
        (Err(ModelError::Unusable(fault(200))), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (fake, told) = (
            Fake::of({
                let answer = answer.clone();
                move |_, _| answer.clone()
            }),
            answer,
        );
        let cache = Cache::new(Arc::clone(&fake), Shelf::new(folder.path(), 1 << 20), "");
        let first = cache.complete(&request()).await;
        let second = cache.complete(&request()).await;
        assert_eq!(fake.calls(), if kept { 1 } else { 2 }, "{told:?}");
        match (first, second) {
            (Ok(first), Ok(second)) => assert_eq!((first.text, first.finish), (second.text, second.finish)),
            (first, second) => {
                assert_eq!(first.as_ref().err().map(class), second.as_ref().err().map(class));
            }
        }
        cache.forget(&request());
        let _ = cache.complete(&request()).await;
        assert_eq!(fake.calls(), if kept { 2 } else { 3 }, "what is forgotten is asked again");
    }
}

#[tokio::test]
async fn recordings_say_again_what_was_said_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::of(|_, _| Ok(reply()));
    let said = Record::new(Arc::clone(&fake), folder.path()).complete(&request()).await.unwrap();
    let replay = Replay::new(folder.path());
    let again = replay.complete(&request()).await.unwrap();
    assert_eq!((again.text, again.usage, again.finish), (said.text, said.usage, said.finish));
    let unknown = Request { user: "t1: other".into(), ..request() };
    let missing = replay.complete(&unknown).await.unwrap_err();
    assert!(missing.to_string().contains("no recording of this question"), "{missing}");
}

#[tokio::test]
async fn the_stack_keeps_answers_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let picky = error(400, json!({"error": {"message": format!("no response_format, {CANARY}")}}));
    let endpoint = Endpoint::answering(vec![picky, ok(completion("{}", "stop"))]).await;
    let mut http = endpoint.settings();
    http.api_key = Some(SecretString::from(CANARY));
    http.base_url = http.base_url.replace("http://", &format!("http://user:{CANARY}@"));
    let settings = StackSettings {
        endpoints: vec![chosen(http)],
        cache: Some(Shelf::new(&folder.path().join("cache"), 1 << 20)),
        capabilities: Some(folder.path().join("capabilities")),
        record: Some(folder.path().join("recordings")),
        ..StackSettings::default()
    };
    let question = crate::endpoint::request_with_schema();
    let stack = Stack::new(&settings).unwrap();
    assert!(!stack.is_kept(&question));
    stack.complete(&question).await.unwrap();
    assert!(stack.is_kept(&question));
    assert!(Stack::new(&settings).unwrap().complete(&question).await.unwrap().effort.kept);
    assert_eq!(endpoint.bodies().await.len(), 2);
    let offline = StackSettings { replay: settings.record.clone(), record: None, ..settings.clone() };
    assert!(Stack::new(&offline).unwrap().complete(&question).await.unwrap().effort.kept);

    let files = walk(folder.path());
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let plain = zstd::decode_all(&bytes[..]).unwrap_or(bytes);
        assert!(!String::from_utf8_lossy(&plain).contains("CANARY"), "{}", file.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
