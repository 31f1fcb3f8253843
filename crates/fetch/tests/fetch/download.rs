//! Files of the web: kept, asked for again, cut, too large, moved, late.

use std::{fs, path::Path, time::Duration};

use fetch::{Client, Downloaded, FetchError, Forbidden, Patience, Settings, download};
use tempfile::TempDir;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, header_exists, header_regex, method, path},
};

use crate::raw::{Bytes, serve};

fn settings(folder: &Path) -> Settings {
    Settings { folder: folder.to_owned(), allow_private: true, ..Settings::default() }
}

/// A client whose retries take no time, and its folder.
fn client() -> (Client, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (patient(&settings(folder.path())), folder)
}

fn patient(settings: &Settings) -> Client {
    let base = Duration::from_millis(1);
    let max_wait = Duration::from_secs(2);
    Client::new(settings).unwrap().with_patience(Patience {
        base,
        max_wait,
        max_retries: 2,
        ..Patience::default()
    })
}

fn ok(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "application/x-ndjson")
}

/// Bodies of all files that a walk over the folder would see.
fn files(client: &Client) -> Vec<String> {
    let entries = fs::read_dir(client.folder()).into_iter().flatten().flatten();
    let shown = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    shown.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect()
}

fn hidden(client: &Client) -> usize {
    fs::read_dir(client.folder()).unwrap().count() - files(client).len()
}

#[tokio::test]
async fn a_file_is_kept_and_asked_for_again_only_if_it_has_changed() {
    let (client, _folder) = client();
    let server = MockServer::start().await;
    let unchanged = Mock::given(method("GET"))
        .and(header("if-none-match", "\"v1\""))
        .and(header_regex("if-modified-since", "^Wed, 04 Mar 2026 10:00:00 GMT$"))
        .respond_with(ResponseTemplate::new(304));
    unchanged.with_priority(1).expect(1).mount(&server).await;
    let first = ok("{\"id\":1}")
        .insert_header("etag", "\"v1\"")
        .insert_header("last-modified", "Wed, 04 Mar 2026 10:00:00 GMT");
    Mock::given(method("GET"))
        .and(header("accept-encoding", "identity"))
        .respond_with(first)
        .expect(2)
        .mount(&server)
        .await;

    let url = format!("{}/corpus/day.jsonl?key=1#top", server.uri());
    assert_eq!(client.cached(&url).unwrap(), None);
    let fresh = download(&client, &url).await.unwrap();
    assert!(!fresh.from_cache && fresh.bytes == 8);
    assert!(fresh.path.to_str().unwrap().ends_with("-day.jsonl"));
    assert_eq!(client.cached(&url).unwrap().as_ref(), Some(&fresh.path));
    let again = download(&client, &url).await.unwrap();
    assert_eq!(again, Downloaded { from_cache: true, ..fresh.clone() });
    assert_eq!(files(&client), ["{\"id\":1}"]);

    // A file that somebody has cut is asked for as if it were not here.
    fs::write(&fresh.path, "{").unwrap();
    assert!(!download(&client, &url).await.unwrap().from_cache);
    assert_eq!(files(&client), ["{\"id\":1}"]);
}

#[tokio::test]
async fn a_304_to_a_question_without_conditions_is_an_error() {
    let (client, _folder) = client();
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(304)).mount(&server).await;
    assert!(matches!(download(&client, &server.uri()).await, Err(FetchError::Refused(_))));
}

#[tokio::test]
async fn what_one_server_says_of_a_version_is_not_told_to_another() {
    let (client, _folder) = client();
    let (old, new) = (MockServer::start().await, MockServer::start().await);
    let tagged = |body| ok(body).insert_header("etag", "\"same\"");
    Mock::given(path("/a")).respond_with(tagged("old")).up_to_n_times(1).mount(&old).await;
    let moved = ResponseTemplate::new(301).insert_header("location", format!("{}/a", new.uri()));
    Mock::given(path("/a")).respond_with(moved).mount(&old).await;
    Mock::given(header_exists("if-none-match")).respond_with(ResponseTemplate::new(304)).mount(&new).await;
    Mock::given(path("/a")).respond_with(tagged("new")).mount(&new).await;

    let url = format!("{}/a", old.uri());
    download(&client, &url).await.unwrap();
    assert!(!download(&client, &url).await.unwrap().from_cache);
    assert_eq!(files(&client), ["new"]);
    // Now the new server's word is known, behind the same redirect.
    assert!(download(&client, &url).await.unwrap().from_cache);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_stalls_never_replaces_the_good_file() {
    let folder = tempfile::tempdir().unwrap();
    let client = patient(&Settings { idle_seconds: 1, ..settings(folder.path()) });
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ngood";
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 400\r\nconnection: close\r\n\r\nbad";
    let unended = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nbad\r\n";
    for (bad, silence) in [(cut, 0), (unended, 0), (cut, 2)] {
        let silence = Duration::from_secs(silence);
        let url = serve(vec![Bytes(whole, Duration::ZERO), Bytes(bad, silence)]).await;
        let good = download(&client, &url).await.unwrap();
        let error = download(&client, &url).await.unwrap_err();
        assert!(matches!(&error, FetchError::Unreachable(fault) if fault.attempts == 3), "{error}");
        assert_eq!(fs::read_to_string(&good.path).unwrap(), "good");
        assert_eq!(client.cached(&url).unwrap(), Some(good.path));
    }
    assert!(files(&client).iter().all(|body| body == "good"));
    assert_eq!(hidden(&client), 3, "only what is known of the three files");
}

#[tokio::test]
async fn an_attempt_has_a_longest_time() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { timeout_seconds: 1, ..settings(folder.path()) };
    let client = patient(&settings).with_patience(Patience { max_retries: 0, ..Patience::default() });
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ok("late").set_delay(Duration::from_secs(3)))
        .mount(&server)
        .await;
    let error = download(&client, &server.uri()).await.unwrap_err();
    assert!(error.to_string().contains("not done within 1 s"), "{error}");
    assert!(error.hint().unwrap().contains("timeout_seconds"));
}

#[tokio::test]
async fn a_file_has_a_largest_size_told_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let client = patient(&Settings { max_mb: 1, ..settings(folder.path()) });
    let server = MockServer::start().await;
    let most = "x".repeat(1 << 20);
    let large = format!("{most}x");
    Mock::given(path("/told")).respond_with(ok(&large)).expect(1).mount(&server).await;
    Mock::given(path("/most")).respond_with(ok(&most)).mount(&server).await;
    // Without a length, only what arrives can be counted.
    let untold = Box::leak(format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{large}").into_boxed_str());
    let raw = serve(vec![Bytes(untold, Duration::ZERO)]).await;
    for url in [format!("{}/told", server.uri()), raw] {
        let error = download(&client, &url).await.unwrap_err();
        assert!(matches!(&error, FetchError::TooLarge { max_mb: 1, .. }), "{error}");
        assert_eq!(client.cached(&url).unwrap(), None);
    }
    assert_eq!(download(&client, &format!("{}/most", server.uri())).await.unwrap().bytes, 1 << 20);
}

#[tokio::test]
async fn redirects_are_followed_three_times() {
    let (client, _folder) = client();
    let server = MockServer::start().await;
    for (from, to) in [("/4", "/3"), ("/3", "/2"), ("/2", "/1"), ("/1", "/0"), ("/loop", "/loop")] {
        let moved = ResponseTemplate::new(307).insert_header("location", to);
        Mock::given(path(from)).respond_with(moved).mount(&server).await;
    }
    Mock::given(path("/0")).respond_with(ok("here")).mount(&server).await;
    download(&client, &format!("{}/3", server.uri())).await.unwrap();
    for start in ["/4", "/loop"] {
        let result = download(&client, &format!("{}{start}", server.uri())).await;
        let reason = Forbidden::TooManyRedirects(3);
        assert!(
            matches!(&result, Err(FetchError::Forbidden { reason: r, .. }) if *r == reason),
            "{result:?}"
        );
    }
}

#[tokio::test]
async fn what_heals_is_tried_again_and_a_stated_wait_is_kept() {
    let (client, _folder) = client();
    for (first, at_least) in [
        (ResponseTemplate::new(429).insert_header("retry-after", "1"), 1000),
        (ResponseTemplate::new(503), 0),
        (ResponseTemplate::new(500).set_body_string("oops"), 0),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(first).up_to_n_times(1).mount(&server).await;
        Mock::given(method("GET")).respond_with(ok("here")).mount(&server).await;
        let started = std::time::Instant::now();
        download(&client, &server.uri()).await.unwrap();
        assert!(started.elapsed() >= Duration::from_millis(at_least));
    }
}

#[tokio::test]
async fn patience_ends() {
    let (client, _folder) = client();
    for (answer, calls) in [
        (ResponseTemplate::new(503), 3),
        (ResponseTemplate::new(429).insert_header("retry-after", "1209600"), 1),
        (ResponseTemplate::new(404), 1),
        (ResponseTemplate::new(403), 1),
        (ResponseTemplate::new(206), 1),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(answer).mount(&server).await;
        let error = download(&client, &format!("{}/a?token=CANARY", server.uri())).await.unwrap_err();
        assert_eq!(server.received_requests().await.unwrap().len(), calls, "{error}");
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
        match calls {
            1 if !error.to_string().contains("429") => {
                assert!(matches!(error, FetchError::Refused(_)), "{error}");
            }
            _ => assert!(matches!(error, FetchError::Unreachable(_)), "{error}"),
        }
    }
}

#[tokio::test]
async fn what_is_no_corpus_file_is_told_so() {
    let (client, _folder) = client();
    let page = ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html; charset=utf-8");
    for answer in [page, ok("x").insert_header("content-encoding", "br")] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(answer).mount(&server).await;
        let error = download(&client, &server.uri()).await.unwrap_err();
        assert!(matches!(error, FetchError::Unusable(_)) && error.hint().is_some(), "{error}");
    }
    assert!(files(&client).is_empty());
}

#[tokio::test]
async fn a_packed_body_is_stored_as_sent() {
    let (client, _folder) = client();
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(packed);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let here = download(&client, &format!("{}/day.json.gz", server.uri())).await.unwrap();
    assert_eq!(fs::read(here.path).unwrap(), packed);
}

/// Compiles only if downloads can be spawned.
#[test]
fn downloads_can_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (client, _folder) = client();
    is_send(download(&client, "https://example.com"));
}
