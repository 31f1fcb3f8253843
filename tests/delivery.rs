//! Telling of finished reports: once, by whoever gets it out first, and never at a report's cost.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use tokio::runtime::Runtime;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Ended, Site, fixture, post_path};

const DAY: &str = "2026-03-03";
/// In the address, as with most services.
const CANARY: &str = "CANARYHOOK0123456789";

struct Server {
    runtime: Runtime,
    server: MockServer,
}

impl Server {
    /// Answers with these, one after the other; the last stays.
    fn new(statuses: &[u16]) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        let server = Self { runtime, server };
        server.answers(statuses);
        server
    }

    fn answers(&self, statuses: &[u16]) {
        let (last, before) = statuses.split_last().unwrap();
        self.runtime.block_on(async {
            self.server.reset().await;
            for status in before {
                let mock = Mock::given(any()).respond_with(ResponseTemplate::new(*status));
                mock.up_to_n_times(1).mount(&self.server).await;
            }
            Mock::given(any()).respond_with(ResponseTemplate::new(*last)).mount(&self.server).await;
        });
    }

    /// The texts of the messages since the last change of answers.
    fn texts(&self) -> Vec<String> {
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        let text = |body: Value| body["content"].as_str().unwrap_or_default().to_owned();
        requests.iter().map(|request| text(request.body_json().unwrap())).collect()
    }

    fn site(&self, more: &str) -> Site {
        let address = format!("{}/api/webhooks/1/{CANARY}", self.server.uri());
        Site::quick(&config(more)).with("TEAM_URL", &address)
    }
}

/// Top-level keys come first in TOML, and the harness begins with a table: so both as tables.
fn config(more: &str) -> String {
    format!(
        "[delivery]\nretries = 0\n[output]\nbase_url = \"https://example.org\"\n\
         [[notify]]\nname = \"team\"\nservice = \"discord\"\nurl_env = \"TEAM_URL\"\npause_seconds = 0.0\n{more}"
    )
}

#[track_caller]
fn notified(ended: &Ended) -> Vec<(String, u64)> {
    let json = ended.json();
    let list = json["notified"].as_array().unwrap_or_else(|| panic!("no `notified`{ended}"));
    list.iter()
        .map(|one| (one["outcome"].as_str().unwrap().to_owned(), one["sent"].as_u64().unwrap()))
        .collect()
}

fn run(site: &Site, more: &[&str]) -> Ended {
    site.run_day(DAY, more)
}

#[test]
fn a_report_is_told_once() {
    let server = Server::new(&[204]);
    let site = server.site("");
    run(&site, &["--dry-run"]).exits(0);
    assert!(server.texts().is_empty(), "a dry run tells nobody");
    run(&site, &[]).exits(0).says("told: `team`");
    let texts = server.texts();
    let all = texts.concat().replace('\\', "");
    assert!(all.contains("Twitter AI 动态综合报告（2026-03-03）") && all.contains("核心信息"), "{all}");
    assert!(all.contains("(<https://example.org/2026/03/03/twitter_ai_20260303_20260303.html>)"), "{all}");
    assert!(all.contains("保留") && !all.contains("x.com"), "{all}");
    let before = site.tree();
    run(&site, &[]).exits(0).says("nothing to do").never_says("told");
    run(&site, &["--force"]).exits(0).never_says("told:");
    site.run(&["notify", "send", "--date", DAY]).exits(0).says("nobody was told anew");
    assert_eq!(server.texts().len(), texts.len());
    before.assert_same_bytes(&site.tree());
    site.run(&["notify", "send", "--date", DAY, "--force"]).exits(0).says("told: `team`");
    assert_eq!(server.texts().len(), 2 * texts.len());
}

#[test]
fn a_failure_is_told_and_changes_nothing() {
    let (server, silent) = (Server::new(&[500]), Site::quick(""));
    let site = server.site("");
    run(&silent, &[]).exits(0);
    let ended = run(&site, &["--json"]).exits(0).says("warning: `team` was not told of 2026-03-03");
    assert_eq!(notified(&ended), [("failed".to_owned(), 0)]);
    assert_eq!(site.post(DAY), silent.post(DAY));
    assert_eq!(
        fs::read(site.path(&crate::support::audit_path(DAY))).unwrap(),
        fs::read(silent.path(&crate::support::audit_path(DAY))).unwrap()
    );
    run(&site, &["--quiet"]).exits(0).says("was not told");
    server.answers(&[204]);
    let ended = run(&site, &["--json"]).exits(0).never_says("warning");
    assert_eq!(ended.json()["outcome"], "up_to_date");
    assert_eq!(notified(&ended)[0].0, "delivered");
    assert_eq!(notified(&run(&site, &["--json"]).exits(0))[0].0, "already");
    assert_eq!(server.texts().len(), notified(&ended)[0].1 as usize);
}

#[test]
fn what_is_out_is_not_sent_again() {
    let server = Server::new(&[204, 500]);
    // Short parts, so that there are several.
    let site = server.site("limit = 600\n");
    let ended = run(&site, &["--json"]).exits(0).says("1 of ");
    assert_eq!(notified(&ended), [("failed".to_owned(), 1)]);
    let first = server.texts();
    assert_eq!(first.len(), 2);
    server.answers(&[204]);
    let ended = run(&site, &["--json"]).exits(0);
    let rest = server.texts();
    assert_eq!(rest.len() as u64 + 1, notified(&ended)[0].1);
    assert_eq!(rest[0], first[1], "it goes on with the part that was not taken");
    assert!(!rest.contains(&first[0]));
    assert!(rest.iter().all(|text| text.encode_utf16().count() <= 600));
}

#[test]
fn a_target_that_cannot_be_told_harms_no_other() {
    let server = Server::new(&[204]);
    let more = "[[notify]]\nname = \"phone\"\nservice = \"ntfy\"\nurl_env = \"NOT_SET\"\n\
                [[notify]]\nname = \"team\"\nservice = \"slack\"\nurl_env = \"TEAM_URL\"\n\
                [[notify]]\nname = \"odd\"\nservice = \"discord\"\nurl_env = \"TEAM_URL\"\ntemplate = \"{{ tilte }}\"\n";
    let ended =
        run(&server.site(more), &["--json"]).exits(0).says("`NOT_SET`").says("tilte").says("two targets");
    let outcomes: Vec<String> = notified(&ended).into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["delivered", "failed", "failed", "failed"]);
}

#[test]
fn a_back_fill_tells_only_when_asked_to() {
    let server = Server::new(&[204]);
    let site = server.site("");
    site.backfill("2026-03-02", DAY, &[]).exits(0);
    assert!(server.texts().is_empty());
    assert!(!site.path("state/delivered").exists());
    site.backfill("2026-03-02", DAY, &["--notify"]).exits(0).says("told: `team` of 2 reports");
    let texts = server.texts();
    assert!(
        texts[0].contains("2026\\-03\\-02") && texts.last().unwrap().contains("20260303"),
        "in the order of time"
    );
    let again = site.backfill("2026-03-02", DAY, &["--notify", "--json"]).exits(0);
    assert_eq!(again.stdout.matches("\"already\"").count(), 2);
    assert_eq!(server.texts().len(), texts.len());
}

#[test]
fn no_secret_in_any_output_or_file() {
    for statuses in [[204], [403]] {
        let server = Server::new(&statuses);
        let site = server.site("");
        let ended = run(&site, &["-vvv"]).exits(0);
        let shown = [
            ended,
            site.run(&["doctor", "--corpus", &fixture("ai")]).exits(0),
            site.run(&["notify", "test", "-vvv"]),
        ];
        for ended in shown {
            assert!(!ended.stdout.contains("CANARY") && !ended.stderr.contains("CANARY"), "{ended}");
        }
        let notes: BTreeSet<_> =
            fs::read_dir(site.path("state/delivered")).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(notes.len(), 1);
        for path in site.tree().files() {
            let bytes = fs::read(site.path(path)).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("CANARY"), "{path}");
        }
    }
}

#[test]
fn a_report_with_gaps_may_wait() {
    let server = Server::new(&[204]);
    let site = server.site("when = \"whole\"\n");
    let model =
        "[writer]\nmode = \"model\"\n[model]\nbase_url = \"http://127.0.0.1:9/v1\"\nmax_retries = 0\n";
    site.configure(&config(&format!("when = \"whole\"\n{model}")));
    let site = site.with("OPENAI_API_KEY", "k");
    let ended = run(&site, &["--json"]).exits(3);
    assert_eq!(notified(&ended), []);
    site.configure(&config("when = \"whole\"\n"));
    assert_eq!(notified(&run(&site, &["--json"]).exits(0))[0].0, "delivered");
    assert!(site.path(&post_path(DAY)).is_file());
}

#[test]
fn a_test_message_says_what_is_wrong() {
    let server = Server::new(&[204]);
    let site = server.site("");
    site.run(&["notify", "test"]).exits(0).prints("ok    `team`");
    assert!(server.texts()[0].contains("test message"));
    assert!(!site.path("state").exists(), "it is noted nowhere");
    site.run(&["doctor", "--corpus", &fixture("ai")]).exits(0).prints("notify: `team` by discord");
    site.run(&["notify", "test", "taem"]).exits(2).says("no target `taem`").says("team");
    server.answers(&[404]);
    site.run(&["notify", "test", "team"]).exits(3).prints("wrong `team`: answered 404");
    Site::quick("").run(&["notify", "test"]).exits(2).says("docs/delivery.md");
    site.run(&["notify", "send", "--date", DAY]).exits(4).says("no report of 2026-03-03");
    let clear = "[[notify]]\nname = \"team\"\nservice = \"slack\"\nurl = \"https://hooks.example\"\n";
    Site::quick(clear).run(&["notify", "test"]).exits(2).says("unknown field `url`");
}
