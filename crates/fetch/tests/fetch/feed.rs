//! A pretended X API: some tweets, in pages of a few, newest first.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use fetch::{Clock, FetchError, Patience, Pulled, Settings, Source, XSettings, pull};
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::{Match as _, Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

pub(crate) const CANARY: &str = "CANARY-bearer-token";

/// What the API has, and what it does besides.
#[derive(Default)]
pub(crate) struct Feed {
    /// Ids, newest first.
    pub(crate) tweets: Vec<u64>,
    pub(crate) page_size: usize,
    /// Answers in place of a page, by the number of the request, from 1.
    pub(crate) instead: BTreeMap<usize, ResponseTemplate>,
    /// Headers beside a page, by the number of the request.
    pub(crate) headers: BTreeMap<usize, Vec<(&'static str, String)>>,
    /// What was asked, path and query.
    pub(crate) asked: Vec<String>,
}

impl Feed {
    fn answer(&mut self, request: &Request) -> ResponseTemplate {
        self.asked.push(format!("{}?{}", request.url.path(), request.url.query().unwrap_or_default()));
        let turn = self.asked.len();
        if let Some(answer) = self.instead.remove(&turn) {
            return answer;
        }
        if request.url.path().contains("/by/username/") {
            return ResponseTemplate::new(200)
                .set_body_json(json!({"data": {"id": "33836629", "username": "karpathy"}}));
        }
        let mut answer = ResponseTemplate::new(200).set_body_json(self.page(request));
        for (name, value) in self.headers.remove(&turn).unwrap_or_default() {
            answer = answer.insert_header(name, value);
        }
        answer
    }

    fn page(&self, request: &Request) -> Value {
        let parameter = |name: &str| {
            request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let since: u64 = parameter("since_id").map_or(0, |id| id.parse().unwrap());
        let token = parameter("pagination_token").or_else(|| parameter("next_token"));
        // A token names the newest tweet of its page, so that later tweets do not move it.
        let from: u64 = token.map_or(u64::MAX, |token| token.trim_start_matches("before-").parse().unwrap());
        let left: Vec<u64> = self.tweets.iter().copied().filter(|id| *id > since && *id <= from).collect();
        let data: Vec<Value> = left.iter().take(self.page_size).map(|id| tweet(*id)).collect();
        let mut meta = json!({"result_count": data.len()});
        if let Some(next) = left.get(self.page_size) {
            meta["next_token"] = json!(format!("before-{next}"));
        }
        if data.is_empty() {
            json!({"meta": meta})
        } else {
            json!({"data": data, "includes": users(), "meta": meta})
        }
    }
}

fn tweet(id: u64) -> Value {
    let text = format!("Tweet number {id} says\nsomething.");
    json!({"id": id.to_string(), "author_id": "7", "created_at": "2026-03-04T10:00:00.000Z", "text": text})
}

fn users() -> Value {
    json!({"users": [{"id": "7", "username": "someone", "name": "Some One"}]})
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Feed>>);

impl Respond for Shared {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let bearer = wiremock::matchers::header("authorization", format!("Bearer {CANARY}").as_str());
        assert!(bearer.matches(request), "the token is sent");
        self.0.lock().unwrap().answer(request)
    }
}

/// The pretended API, and a folder to pull into.
pub(crate) struct Bench {
    pub(crate) server: MockServer,
    pub(crate) folder: TempDir,
    feed: Shared,
}

impl Bench {
    pub(crate) async fn with(feed: Feed) -> Self {
        let server = MockServer::start().await;
        let feed = Shared(Arc::new(Mutex::new(feed)));
        Mock::given(any()).respond_with(feed.clone()).mount(&server).await;
        Self { server, feed, folder: tempfile::tempdir().unwrap() }
    }

    /// Tweets 1 to `newest`, three a page.
    pub(crate) async fn of(newest: u64) -> Self {
        Self::with(Feed { tweets: (1..=newest).rev().collect(), page_size: 3, ..Feed::default() }).await
    }

    pub(crate) fn feed<T>(&self, change: impl FnOnce(&mut Feed) -> T) -> T {
        change(&mut self.feed.0.lock().unwrap())
    }

    /// The requests since the last look.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.feed(|feed| std::mem::take(&mut feed.asked))
    }

    pub(crate) fn list(&self) -> XSettings {
        XSettings { list: Some("84839422".into()), base_url: self.server.uri(), ..XSettings::default() }
    }

    pub(crate) fn user(&self) -> XSettings {
        XSettings { list: None, user: Some("@Karpathy".into()), ..self.list() }
    }

    pub(crate) fn search(&self) -> XSettings {
        XSettings { list: None, search: Some("大模型 lang:zh".into()), ..self.list() }
    }

    pub(crate) fn source(&self, keys: &XSettings) -> Source {
        let base = Duration::from_millis(1);
        let settings = Settings { folder: self.folder.path().to_owned(), ..Settings::default() };
        Source::new(keys, &settings, &CANARY.into(), clock()).unwrap().with_patience(Patience {
            base,
            max_retries: 2,
            ..Patience::default()
        })
    }

    pub(crate) async fn pull(&self, keys: &XSettings) -> Result<Pulled, FetchError> {
        pull(&self.source(keys)).await
    }

    /// Ids of all tweets in all files of a source, sorted, each once; as `ingest` reads them.
    pub(crate) fn ids(&self, keys: &XSettings) -> Vec<u64> {
        let mut ids: Vec<u64> = names(self.source(keys).folder())
            .iter()
            .filter(|name| !name.starts_with('.'))
            .flat_map(|name| {
                let path = self.source(keys).folder().join(name);
                let open = Box::new(move || fs::File::open(&path).map(corpus::Origin::File));
                let input = corpus::Input { name: name.clone(), open, mapping: None, owner: None };
                let mut all = corpus::Ingested::default();
                corpus::ingest(&[input], &corpus::IngestSettings::default(), |part| all.add(part)).unwrap();
                assert!(all.rejected.is_empty(), "{:?}", all.rejected);
                all.tweets.into_iter().map(|tweet| tweet.id.to_string().parse::<u64>().unwrap())
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub(crate) fn state(&self, keys: &XSettings) -> Value {
        let text = fs::read(self.source(keys).folder().join(".state.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }
}

/// The names of all files, hidden ones included, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) fn clock() -> Clock {
    let now: DateTime<Utc> = "2026-03-04T23:30:00Z".parse().unwrap();
    Arc::new(move || now)
}
