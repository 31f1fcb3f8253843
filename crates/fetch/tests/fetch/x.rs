//! Sources of the X API: pages, what is new, limits, and runs that end early.

use std::{fs, time::Duration};

use chrono::{DateTime, Utc};
use fetch::{FetchError, Stopped, XSettings};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::feed::{Bench, names};

fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    range.collect()
}

/// Without fractions: limits are told in whole seconds.
#[expect(clippy::disallowed_methods, reason = "the pretended API has the time of its HTTP server")]
fn in_seconds(seconds: u64) -> DateTime<Utc> {
    let at = Utc::now() + Duration::from_secs(seconds);
    DateTime::from_timestamp(at.timestamp(), 0).unwrap()
}

fn used_up(until: DateTime<Utc>) -> Vec<(&'static str, String)> {
    vec![("x-rate-limit-remaining", "0".into()), ("x-rate-limit-reset", until.timestamp().to_string())]
}

fn too_many(until: DateTime<Utc>) -> ResponseTemplate {
    used_up(until)
        .into_iter()
        .fold(ResponseTemplate::new(429), |answer, (name, value)| answer.insert_header(name, value))
}

#[tokio::test]
async fn pages_are_read_to_the_end_and_stored_as_they_come() {
    let bench = Bench::of(8).await;
    let pulled = bench.pull(&bench.list()).await.unwrap();
    assert_eq!((pulled.tweets, pulled.pages, pulled.stopped), (8, 3, None));
    let folder = bench.folder.path().join("x/list-84839422");
    assert_eq!(pulled.files, [folder.join("2026-03-04-8.jsonl")]);
    assert_eq!(names(&folder), [".state.json", "2026-03-04-8.jsonl"]);
    let lines = fs::read_to_string(&pulled.files[0]).unwrap();
    assert_eq!(lines.lines().count(), 3);
    assert!(
        lines.lines().all(|line| line.contains("\"includes\"")),
        "pages, with all that is beside the tweets"
    );
    assert_eq!(bench.ids(&bench.list()), numbers(1..=8));
    assert_eq!(
        bench.state(&bench.list()),
        json!({"version": 1, "user_id": null, "newest_id": 8, "unfinished": null})
    );
    let asked = bench.asked();
    assert!(asked[0].starts_with("/2/lists/84839422/tweets?max_results=100&tweet.fields="), "{}", asked[0]);
    for part in [
        "note_tweet",
        "public_metrics",
        "author_id",
        "edit_history_tweet_ids",
        "variants",
        "referenced_tweets.id",
    ] {
        assert!(asked[0].contains(part), "{part}");
    }
    assert!(
        asked[1].ends_with("pagination_token=before-5") && asked[2].ends_with("pagination_token=before-2")
    );
}

#[tokio::test]
async fn a_second_run_asks_only_for_what_is_new() {
    let bench = Bench::of(8).await;
    for keys in [bench.search(), bench.user(), bench.list()] {
        bench.feed(|feed| feed.tweets = (1..=8).rev().collect());
        bench.pull(&keys).await.unwrap();
        bench.asked();
        let idle = bench.pull(&keys).await.unwrap();
        assert_eq!((idle.files.len(), idle.tweets, idle.pages), (0, 0, 1), "nothing new, nothing stored");
        let is_list = keys.list.is_some();
        bench.feed(|feed| feed.tweets = (1..=12).rev().collect());
        let pulled = bench.pull(&keys).await.unwrap();
        assert_eq!((pulled.pages, pulled.stopped), (2, None));
        let asked = bench.asked();
        assert_eq!(asked.iter().all(|asked| asked.contains("since_id=8")), !is_list, "{asked:?}");
        assert_eq!(bench.ids(&keys), numbers(1..=12));
        assert_eq!(bench.state(&keys)["newest_id"], 12);
    }
}

#[tokio::test]
async fn a_handle_is_resolved_once() {
    let bench = Bench::of(2).await;
    bench.pull(&bench.user()).await.unwrap();
    assert_eq!(bench.asked()[0], "/2/users/by/username/karpathy?");
    bench.pull(&bench.user()).await.unwrap();
    let asked = bench.asked();
    assert!(asked.len() == 1 && asked[0].starts_with("/2/users/33836629/tweets?"), "{asked:?}");

    let bench = Bench::of(2).await;
    let nobody = json!({"errors": [{"title": "Not Found Error", "detail": "Could not find user"}]});
    bench.feed(|feed| feed.instead.insert(1, ResponseTemplate::new(200).set_body_json(nobody)));
    let error = bench.pull(&bench.user()).await.unwrap_err();
    assert!(matches!(&error, FetchError::Refused(fault) if fault.detail == "Could not find user"), "{error}");
}

#[tokio::test]
async fn a_first_run_takes_so_many_pages_and_later_ones_close_the_gap() {
    let bench = Bench::of(20).await;
    let keys = XSettings { max_pages: 2, ..bench.list() };
    let first = bench.pull(&keys).await.unwrap();
    assert_eq!((first.stopped, first.pages), (Some(Stopped::MaxPages), 2));
    assert_eq!(bench.state(&keys)["unfinished"], json!(null), "the past is not wanted");
    bench.feed(|feed| feed.tweets = (1..=30).rev().collect());
    let second = bench.pull(&keys).await.unwrap();
    assert_eq!(second.stopped, Some(Stopped::MaxPages));
    let unfinished = json!({"token": "before-24", "newest_id": 30, "since_id": 20});
    assert_eq!(bench.state(&keys)["unfinished"], unfinished);
    // The rest of the gap, then the top, in one run.
    bench.feed(|feed| feed.tweets = (1..=32).rev().collect());
    bench.pull(&XSettings { max_pages: 9, ..keys.clone() }).await.unwrap();
    assert_eq!(bench.ids(&keys), numbers(15..=32));
    assert_eq!(bench.state(&keys)["newest_id"], 32);
}

#[tokio::test]
async fn a_short_wait_is_waited_after_what_came_is_safe() {
    let bench = Bench::of(8).await;
    let until = in_seconds(1);
    bench.feed(|feed| feed.headers.insert(1, used_up(until)));
    bench.feed(|feed| feed.instead.insert(3, too_many(in_seconds(2))));
    let started = std::time::Instant::now();
    let pulled = bench.pull(&bench.list()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(900), "{:?}", started.elapsed());
    assert_eq!((pulled.stopped, pulled.tweets, pulled.files.len()), (None, 8, 3));
    assert_eq!(bench.ids(&bench.list()), numbers(1..=8));
}

#[tokio::test]
async fn too_long_a_wait_ends_the_run_and_the_next_goes_on_from_there() {
    let until = in_seconds(900);
    for refused in [false, true] {
        let bench = Bench::of(8).await;
        let keys = XSettings { max_wait_seconds: 5, ..bench.search() };
        bench.feed(|feed| {
            if refused {
                feed.instead.insert(3, too_many(until));
            } else {
                feed.headers.insert(2, used_up(until));
            }
        });
        let pulled = bench.pull(&keys).await.unwrap();
        assert_eq!(pulled.stopped, Some(Stopped::RateLimit { until: Some(until) }));
        let told = pulled.stopped.unwrap().to_string();
        assert!(told.contains(&until.format("%H:%M:%S").to_string()), "{told}");
        assert_eq!(bench.ids(&keys), numbers(3..=8));
        assert_eq!(bench.state(&keys)["newest_id"], json!(null), "not while some are missing");

        bench.asked();
        bench.feed(|feed| feed.tweets.insert(0, 9));
        assert_eq!(bench.pull(&keys).await.unwrap().stopped, None);
        let asked = bench.asked();
        assert!(asked[0].contains("next_token=before-2") && !asked[0].contains("since_id"), "{asked:?}");
        assert!(asked[1].contains("since_id=8"), "{asked:?}");
        assert_eq!(bench.ids(&keys), numbers(1..=9));
    }
}

#[tokio::test]
async fn a_429_at_once_leaves_everything_as_it_was() {
    let bench = Bench::of(8).await;
    let keys = XSettings { max_wait_seconds: 0, ..bench.list() };
    bench.feed(|feed| feed.instead.insert(1, ResponseTemplate::new(429)));
    let pulled = bench.pull(&keys).await.unwrap();
    assert_eq!((pulled.stopped, pulled.pages), (Some(Stopped::RateLimit { until: None }), 0));
    assert!(names(bench.folder.path()).is_empty());
}

#[tokio::test]
async fn refusals_for_good_are_errors_with_a_hint_and_pages_stay() {
    for (status, body, hint) in [
        (401, json!({"title": "Unauthorized", "detail": "Unauthorized"}), "bearer token"),
        (403, json!({"title": "Client Forbidden", "detail": "client-not-enrolled"}), "access level"),
        (402, json!({"title": "CreditsDepleted"}), "credit"),
        (
            429,
            json!({"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}),
            "month",
        ),
    ] {
        let bench = Bench::of(8).await;
        bench.feed(|feed| feed.instead.insert(2, ResponseTemplate::new(status).set_body_json(body)));
        let error = bench.pull(&bench.list()).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{error}");
        assert!(
            error.to_string().contains(&status.to_string()) && error.hint().unwrap().contains(hint),
            "{error}"
        );
        assert_eq!(bench.asked().len(), 2, "asked no further");
        assert_eq!(bench.ids(&bench.list()), numbers(6..=8));
        bench.pull(&bench.list()).await.unwrap();
        assert_eq!(bench.ids(&bench.list()), numbers(1..=8));
    }
}

#[tokio::test]
async fn faults_of_the_server_are_tried_again() {
    let bench = Bench::of(8).await;
    let page = ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html");
    bench.feed(|feed| feed.instead.extend([(1, ResponseTemplate::new(503)), (3, page)]));
    let pulled = bench.pull(&bench.list()).await.unwrap();
    assert_eq!((pulled.tweets, pulled.stopped), (8, None));

    // For good at the start: an error. Later: what came is told.
    for (from, pages) in [(1, 0), (2, 1)] {
        let bench = Bench::of(8).await;
        bench.feed(|feed| {
            feed.instead.extend((from..from + 3).map(|turn| (turn, ResponseTemplate::new(500))));
        });
        match bench.pull(&bench.list()).await {
            Err(FetchError::Unreachable(fault)) => assert_eq!((pages, fault.attempts), (0, 3)),
            Ok(pulled) => assert!(pages == 1 && matches!(pulled.stopped, Some(Stopped::Unreachable(_)))),
            other => panic!("{other:?}"),
        }
        bench.pull(&bench.list()).await.unwrap();
        assert_eq!(bench.ids(&bench.list()), numbers(1..=8));
    }
}

#[tokio::test]
async fn a_place_that_the_api_has_forgotten_is_left_once() {
    let bench = Bench::of(8).await;
    let keys = XSettings { max_wait_seconds: 0, ..bench.search() };
    bench.pull(&keys).await.unwrap();
    bench.feed(|feed| feed.tweets = (5..=14).rev().collect());
    bench.feed(|feed| feed.asked.clear());
    let forgotten = || {
        ResponseTemplate::new(400).set_body_json(json!({"errors": [{"message": "'since_id' is too old"}]}))
    };
    bench.feed(|feed| feed.instead.insert(1, forgotten()));
    assert_eq!(bench.pull(&keys).await.unwrap().stopped, None);
    let asked = bench.asked();
    assert!(asked[0].contains("since_id=8") && !asked[1].contains("since_id"), "{asked:?}");
    assert_eq!(bench.ids(&keys), numbers(1..=14));

    bench.feed(|feed| feed.instead.extend([(1, forgotten()), (2, forgotten())]));
    let error = bench.pull(&keys).await.unwrap_err();
    assert!(error.to_string().contains("'since_id' is too old"), "{error}");
}

#[tokio::test]
async fn an_error_page_is_stored_and_told() {
    let bench = Bench::of(0).await;
    let missing = json!({"errors": [{"title": "Not Found Error", "detail": "Could not find list"}]});
    for _ in 0..2 {
        bench.feed(|feed| feed.asked.clear());
        bench.feed(|feed| feed.instead.insert(1, ResponseTemplate::new(200).set_body_json(&missing)));
        let pulled = bench.pull(&bench.list()).await.unwrap();
        assert_eq!(pulled.complaints, ["Could not find list"]);
        assert_eq!(fs::read_to_string(&pulled.files[0]).unwrap(), format!("{missing}\n"));
    }
    assert_eq!(names(bench.source(&bench.list()).folder()), ["2026-03-04-0-2.jsonl", "2026-03-04-0.jsonl"]);
}

#[tokio::test]
async fn a_run_killed_between_pages_and_state_is_run_again() {
    let bench = Bench::of(8).await;
    let keys = bench.list();
    let first = bench.pull(&keys).await.unwrap();
    let before = fs::read(&first.files[0]).unwrap();
    fs::remove_file(bench.source(&keys).folder().join(".state.json")).unwrap();
    let again = bench.pull(&keys).await.unwrap();
    assert!(again.files[0].ends_with("2026-03-04-8-2.jsonl"), "{:?}", again.files);
    assert_eq!(fs::read(&first.files[0]).unwrap(), before, "older files stay as they are");
    assert_eq!(bench.state(&keys)["newest_id"], 8);
    assert_eq!(bench.ids(&keys), numbers(1..=8));
}

#[tokio::test]
async fn a_run_dropped_while_it_waits_loses_nothing() {
    let bench = Bench::of(8).await;
    let keys = bench.list();
    bench.feed(|feed| feed.headers.insert(2, used_up(in_seconds(600))));
    let run = tokio::time::timeout(Duration::from_secs(2), bench.pull(&keys)).await;
    assert!(run.is_err(), "it waits");
    assert_eq!(bench.ids(&keys), numbers(3..=8));
    bench.pull(&keys).await.unwrap();
    assert_eq!(bench.ids(&keys), numbers(1..=8), "not one page was asked for twice");
}

#[tokio::test]
async fn pages_that_could_not_be_stored_are_not_told_of_in_the_state() {
    let bench = Bench::of(8).await;
    let folder = bench.source(&bench.list()).folder().to_owned();
    fs::create_dir_all(&folder).unwrap();
    // No name is left for the file.
    let more = (2..=1000).map(|n| format!("2026-03-04-8-{n}.jsonl"));
    let taken: Vec<_> = more.chain(["2026-03-04-8.jsonl".to_owned()]).map(|name| folder.join(name)).collect();
    for waits in [false, true] {
        for name in &taken {
            fs::write(name, "").unwrap();
        }
        if waits {
            bench.feed(|feed| feed.asked.clear());
            bench.feed(|feed| feed.headers.insert(1, used_up(in_seconds(0))));
        }
        let error = bench.pull(&bench.list()).await.unwrap_err();
        assert!(matches!(error, FetchError::Disk { .. }), "{error}");
        assert!(names(&folder).iter().all(|name| !name.starts_with('.')), "no state, nothing half");
    }
    for name in &taken {
        fs::remove_file(name).unwrap();
    }
    bench.pull(&bench.list()).await.unwrap();
    assert_eq!(bench.ids(&bench.list()), numbers(1..=8));
}

#[tokio::test]
async fn a_state_that_is_none_is_not_guessed_at() {
    let bench = Bench::of(8).await;
    let folder = bench.source(&bench.list()).folder().to_owned();
    fs::create_dir_all(&folder).unwrap();
    for text in ["{", "{\"version\": 2, \"user_id\": null, \"newest_id\": null, \"unfinished\": null}"] {
        fs::write(folder.join(".state.json"), text).unwrap();
        let error = bench.pull(&bench.list()).await.unwrap_err();
        assert!(matches!(error, FetchError::State { .. }) && error.hint().is_some(), "{error}");
    }
    assert!(bench.asked().is_empty());
}

/// Compiles only if runs can be spawned.
#[tokio::test]
async fn runs_can_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let bench = Bench::of(1).await;
    is_send(fetch::pull(&bench.source(&bench.list())));
}
