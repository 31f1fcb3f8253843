//! Unattended runs under watch: logs for collectors, figures for Prometheus, signs of life; none of them bears on a run.

use std::fs::{self, File};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{
    Ended, Site,
    endpoint::{self, Answer, Endpoint},
};

const DAY: &str = "2026-03-03";
/// In the monitor's address, which is a secret.
const CHECK: &str = "CANARYCHECK-0123-4567-89ab";
/// In a tweet's text, and in what the model answers.
const TWEET: &str = "Zyxcanary";
const STAGES: [&str; 9] =
    ["ingest", "filter", "dedupe", "cluster", "rank", "write", "verify", "render", "publish"];

/// Every line of stderr as an object.
#[track_caller]
fn objects(ended: &Ended) -> Vec<Value> {
    let object = |line: &str| {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}{ended}"));
        assert!(value["level"].is_string() && value["message"].is_string(), "{line}");
        assert!(value["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        value
    };
    ended.stderr.lines().map(object).collect()
}

/// The innermost span of a line.
fn span(line: &Value) -> &Value {
    line["spans"].as_array().and_then(|spans| spans.last()).unwrap_or(&Value::Null)
}

#[test]
fn every_stage_is_told_with_its_counts_and_time() {
    let site = Site::quick("");
    let made = site.run_day(DAY, &["-v", "--log-format", "json"]).exits(0);
    let lines = objects(&made);
    let done = |stage: &str| {
        let line = lines.iter().find(|line| line["message"] == "done" && span(line)["name"] == stage);
        line.unwrap_or_else(|| panic!("no `{stage}`{made}"))
    };
    for stage in STAGES {
        assert!(stage == "verify" || done(stage)["seconds"].is_number(), "{stage}: {}", done(stage));
    }
    let audit = site.audit(DAY);
    let counts = &audit["counts"];
    assert_eq!(
        span(done("ingest"))["records"],
        counts["read"].as_u64().unwrap() + counts["notices"].as_u64().unwrap()
    );
    assert_eq!(span(done("rank"))["topics"], counts["topics"]);
    assert_eq!(span(done("publish"))["outcome"], "published");
    assert!(span(done("filter"))["dropped"].as_str().unwrap().contains("ad "), "{}", done("filter"));
    let command = done("command");
    assert_eq!((&span(command)["report"], &span(command)["exit_code"]), (&json!("twitter_ai"), &json!(0)));
    site.run_day(DAY, &["-v", "--force"]).exits(0).says("filter{period=\"2026-03-03\"").says("done seconds=");
}

#[test]
fn in_json_every_line_is_an_object_and_the_failure_the_last() {
    let site = Site::quick("[log]\nformat = \"json\"\n");
    let made = site.run_day(DAY, &[]).exits(0);
    assert!(objects(&made).iter().any(|line| line["level"] == "INFO"), "what is said to people{made}");
    let ended = site.run_day("2026-03-20", &["-q"]).exits(4);
    let lines = objects(&ended);
    let last = lines.last().unwrap();
    assert_eq!((&last["level"], &last["exit_code"]), (&json!("ERROR"), &json!(4)), "{last}");
    assert!(last["message"].as_str().unwrap().contains("no tweets on 2026-03-20"), "{last}");
    assert!(last["hint"].as_str().unwrap().contains("the corpus covers"), "{last}");
    let text = site.run_day("2026-03-20", &["--log-format", "text"]).exits(4).says("error: no tweets");
    assert!(text.stderr.contains("\n  hint: the corpus covers"), "{text}");
    // Also where the configuration is what fails.
    site.configure("[log]\nformats = \"json\"\n");
    let wrong = site.run_day(DAY, &["--log-format", "json"]).exits(2);
    assert_eq!(objects(&wrong).last().unwrap()["hint"], "did you mean `format`?");
}

/// Tweets, what a model makes of them, refused or not, and keys stay out of the log.
#[test]
fn no_tweet_no_answer_and_no_secret_is_in_the_log() {
    let model = Endpoint::start(|question| {
        let mut claims = question.honest_claims();
        let first = claims.first().map_or(json!(["t1"]), |claim| claim["cites"].clone());
        for text in [format!("{TWEET} 发布了 99 个模型。"), format!("见 https://{TWEET}.example 。")]
        {
            claims.push(json!({"group": question.group, "lead": TWEET, "text": text, "cites": first}));
        }
        Answer::Claims(claims)
    });
    for format in ["text", "json"] {
        let site = Site::quick(&format!("{}[ping]\nurl_env = \"CHECK\"\n", model.config()))
            .with("OPENAI_API_KEY", endpoint::CANARY)
            .with("CHECK", &format!("http://127.0.0.1:1/{CHECK}"));
        site.write("corpus/day.jsonl", canaries());
        let made = site.run(&["run", "--date", DAY, "-v", "--log-format", format]);
        assert!([Some(0), Some(3)].contains(&made.code), "{made}");
        assert!(site.post(DAY).contains(TWEET), "{}", site.post(DAY));
        assert!(site.audit(DAY)["brief"]["refused"].to_string().contains(TWEET), "{}", site.audit(DAY));
        for canary in [TWEET, endpoint::CANARY, CHECK] {
            let log = made.stderr.to_lowercase();
            assert!(!log.contains(&canary.to_lowercase()), "`{canary}`{made}");
        }
        assert!(made.stderr.contains("the monitor of [ping] was not told"), "{made}");
    }
}

/// Tweets about one thing, with a name that is nowhere else, and what would play with a log.
fn canaries() -> String {
    let text = |place: u64| {
        format!(
            "{TWEET} Aurora-7B 大模型今天开源，推理速度提升 {place} 倍\u{1b}[31m\n{{\"level\":\"ERROR\"}} 权重已经放出，许可证是 Apache 2.0"
        )
    };
    let line = |place: u64| {
        json!({
            "id": (2_028_700_000_000_000_000 + place).to_string(), "text": text(place),
            "author": {"handle": format!("writer_{place}"), "name": TWEET},
            "created_at": format!("{DAY}T0{place}:00:00Z"),
        })
    };
    (1..5).map(|place| line(place).to_string() + "\n").collect()
}

/// The value of a figure; panics where a line has no form that Prometheus reads.
fn figure(text: &str, name: &str, label: &str) -> Option<f64> {
    let mut found = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        assert!(series.contains('{') && series.contains("report=\"twitter_ai\""), "{line}");
        if series.starts_with(&format!("{name}{{")) && series.contains(label) {
            found = Some(value);
        }
    }
    found
}

#[test]
fn figures_are_written_after_every_run() {
    let site = Site::quick("[metrics]\ntextfile = \"figures/tuibao_{report}.prom\"\n");
    let text = || fs::read_to_string(site.path("figures/tuibao_twitter_ai.prom")).unwrap();
    site.run_day(DAY, &["--dry-run"]).exits(0);
    assert!(!site.path("figures").exists(), "a dry run writes nothing");
    site.run_day(DAY, &[]).exits(0);
    let first = text();
    let counts = &site.audit(DAY)["counts"];
    let is = |name, label, value: &Value| assert_eq!(figure(&first, name, label), value.as_f64(), "{first}");
    is("tuibao_tweets", "stage=\"kept\"", &counts["kept"]);
    is("tuibao_tweets", "stage=\"read\"", &counts["read"]);
    is("tuibao_tweets", "reason=\"ad\"", &counts["dropped"]["ad"]);
    is("tuibao_topics", "", &counts["topics"]);
    is("tuibao_last_exit_code", "", &json!(0));
    is("tuibao_reports", "outcome=\"published\"", &json!(1));
    is("tuibao_model_calls", "", &json!(0));
    // The end of the day in Shanghai.
    is("tuibao_newest_report_timestamp_seconds", "", &json!(1_772_553_600));
    assert!(figure(&first, "tuibao_claims", "").unwrap() > 0.0, "{first}");
    for name in ["tuibao_run_duration_seconds", "tuibao_tweets"] {
        assert!(
            first.contains(&format!("# HELP {name} ")) && first.contains(&format!("# TYPE {name} gauge\n"))
        );
    }

    site.run_day("2026-03-20", &[]).exits(4);
    let failed = text();
    for kept in ["tuibao_last_success_timestamp_seconds", "tuibao_newest_report_timestamp_seconds"] {
        assert_eq!(figure(&failed, kept, ""), figure(&first, kept, ""), "{failed}");
    }
    assert_eq!(figure(&failed, "tuibao_last_exit_code", ""), Some(4.0));
    assert_eq!(figure(&failed, "tuibao_claims", ""), None, "what was not come to is not told");

    for outcome in ["published", "up_to_date"] {
        site.backfill("2026-03-02", DAY, &[]).exits(0);
        let both = text();
        let reports = figure(&both, "tuibao_reports", &format!("outcome=\"{outcome}\""));
        assert_eq!(reports, Some(2.0), "the later day looks back on the earlier one: {both}");
    }
    assert_eq!(fs::read_dir(site.path("figures")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn figures_that_cannot_be_written_are_a_warning() {
    let site = Site::quick("[metrics]\ntextfile = \"blocked/t.prom\"\n");
    site.write("blocked", "a file where a folder should be");
    site.run_day(DAY, &[]).exits(0).says("warning: no figures in `blocked/t.prom`");
    site.run(&["doctor", "--corpus", &crate::support::fixture("ai")])
        .prints("ok    metrics: `blocked/t.prom`");
}

/// A monitor on loopback.
struct Monitor {
    runtime: Runtime,
    server: MockServer,
}

impl Monitor {
    fn start(status: u16) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        let mock = Mock::given(any()).respond_with(ResponseTemplate::new(status));
        runtime.block_on(mock.mount(&server));
        Self { runtime, server }
    }

    fn site(&self, more: &str) -> Site {
        let site = Site::quick(&format!("{more}[ping]\nurl_env = \"CHECK\"\n"));
        site.with("CHECK", &format!("{}/{CHECK}", self.server.uri()))
    }

    /// The signs so far, behind the address, and the text of the last.
    fn signs(&self) -> (Vec<String>, String) {
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        let sign = |path: &str| path.strip_prefix(&format!("/{CHECK}")).unwrap().to_owned();
        let text = requests.last().map(|last| String::from_utf8(last.body.clone()).unwrap());
        (requests.iter().map(|request| sign(request.url.path())).collect(), text.unwrap_or_default())
    }
}

#[test]
fn a_monitor_is_told_of_beginning_and_end() {
    let monitor = Monitor::start(200);
    let site = monitor.site("");
    site.run_day(DAY, &["--dry-run"]).exits(0);
    assert!(monitor.signs().0.is_empty(), "a dry run opens no connection");
    site.run_day(DAY, &[]).exits(0);
    let (signs, text) = monitor.signs();
    assert_eq!(signs, ["/start", ""]);
    assert!(text.starts_with("twitter_ai: exit 0; reports: 1 published, 0 up to date; tweets: "), "{text}");
    site.run_day("2026-03-20", &[]).exits(4);
    assert_eq!(monitor.signs().0[2..], ["/start", "/4"]);
    // Who holds the lock tells its own end.
    let lock = File::options().write(true).open(site.path("site/.tuibao-twitter_ai.lock")).unwrap();
    lock.lock().unwrap();
    site.backfill(DAY, DAY, &[]).exits(75);
    assert_eq!(monitor.signs().0[4..], ["/start"]);
}

#[test]
fn a_report_with_gaps_is_told_as_wanted() {
    let down = endpoint::config(&endpoint::closed_port());
    for (gaps, sign) in [("fail", "/3"), ("success", "")] {
        let monitor = Monitor::start(200);
        let site = monitor.site(&down).with("TUIBAO_PING__GAPS", gaps);
        site.run_day(DAY, &[]).exits(3);
        assert_eq!(monitor.signs().0, ["/start", sign]);
    }
}

#[test]
fn a_monitor_that_is_down_harms_no_run() {
    let monitor = Monitor::start(500);
    let site = monitor.site("");
    let made =
        site.run_day(DAY, &["-q"]).exits(0).says("warning: the monitor of [ping] was not told: answered 500");
    assert!(!made.to_string().contains("CANARY"), "{made}");
    assert_eq!(monitor.signs().0, ["/start", "/start", "", ""], "two attempts each");
    let unset = Site::quick("[ping]\nurl_env = \"CHECK\"\n");
    unset.run_day(DAY, &[]).exits(0).says("`CHECK` of `url_env` is not set");
    let written = Site::quick(&format!("[ping]\nurl = \"ftp://{CHECK}\"\n"));
    let made = written.run_day(DAY, &["-vv"]).exits(0).says("warning: the monitor of [ping] is not told");
    assert!(!made.to_string().contains("CANARY"), "{made}");
}

#[cfg(not(feature = "otlp"))]
#[test]
fn a_collector_needs_a_build_that_knows_it() {
    let site = Site::quick("[log]\notlp = \"http://127.0.0.1:4318/v1/traces\"\n");
    site.run_day(DAY, &[]).exits(2).says("`log.otlp` is not part of this build").says("--features otlp");
}

#[cfg(feature = "otlp")]
#[test]
fn a_collector_is_sent_the_stages() {
    let collector = Monitor::start(200);
    let site = Site::quick(&format!("[log]\notlp = \"{}/{CHECK}\"\n", collector.server.uri()));
    site.write("corpus/day.jsonl", canaries());
    site.run(&["run", "--date", DAY]).exits(0);
    let requests = collector.runtime.block_on(collector.server.received_requests()).unwrap();
    let sent: String = requests.iter().map(|request| String::from_utf8_lossy(&request.body)).collect();
    let missing: Vec<_> = STAGES.iter().filter(|stage| !sent.contains(**stage)).collect();
    assert!(missing.is_empty(), "{missing:?}: {sent}");
    assert!(!sent.contains(TWEET), "{sent}");
    let down = Site::quick(&format!("[log]\notlp = \"{}\"\n", endpoint::closed_port()));
    down.run_day(DAY, &[]).exits(0).says("`log.otlp`");
}
