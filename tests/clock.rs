//! The clock: which day is the newest at which moment, days that have not begun, and a clock that is set back.

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Ended, Site, fixture, post_path};

/// At a moment, without a date on the command line.
fn at(site: &Site, now: &str, arguments: &[&str]) -> Ended {
    let corpus = fixture("ai");
    let mut command = site.command(&[arguments, &["--corpus", &corpus]].concat());
    let output = command.env("TUIBAO_NOW", now).output().unwrap();
    Ended::new(format!("tuibao {} at {now}", arguments.join(" ")), output)
}

#[test]
fn the_newest_day_is_the_one_that_has_just_ended() {
    let cases = [
        // Zone, cutoff, label, now, the report's day.
        ("Asia/Shanghai", "00:00", "start", "2026-03-03T15:59:59Z", "2026-03-02"),
        ("Asia/Shanghai", "00:00", "start", "2026-03-03T16:00:00Z", "2026-03-03"),
        ("Asia/Shanghai", "10:00", "end", "2026-03-04T01:59:59Z", "2026-03-03"),
        ("Asia/Shanghai", "10:00", "end", "2026-03-04T02:00:00Z", "2026-03-04"),
        ("America/New_York", "00:00", "start", "2026-03-04T04:59:59Z", "2026-03-02"),
        ("America/New_York", "00:00", "start", "2026-03-04T05:00:00Z", "2026-03-03"),
    ];
    for (zone, cutoff, label, now, day) in cases {
        let site = Site::quick(&format!(
            "[window]\ntimezone = \"{zone}\"\ncutoff = \"{cutoff}\"\nlabel = \"{label}\"\n"
        ));
        at(&site, now, &["run", "--quiet"]).exits(0).prints(&post_path(day));
    }
}

#[test]
fn a_day_that_has_not_begun_is_refused_and_one_that_is_not_over_is_told() {
    let site = Site::quick("");
    let now = "2026-03-03T12:00:00+08:00";
    for command in ["run", "topics"] {
        let refused = at(&site, now, &[command, "--date", "2026-03-04"]).exits(2);
        refused
            .says("2026-03-04 has not begun: it is 2026-03-03 12:00 +0800")
            .says("newest complete day is 2026-03-02");
    }
    at(&site, now, &["run", "--from", "2026-03-04", "--to", "2026-03-05"]).exits(2);
    assert!(!site.path("site").join("_posts").exists(), "nothing is written");
    at(&site, now, &["run", "--date", "2026-03-03"]).exits(0).says("is not over yet");
    let filled = at(&site, now, &["backfill", "--from", "2026-03-02", "--to", "2026-03-31"]).exits(0);
    filled.says("28 reports are left out, whose days have not begun").says("2 reports");
    at(&site, now, &["backfill", "--from", "2026-04-01", "--to", "2026-04-30"])
        .exits(2)
        .says("has not begun");
    // It may be the clock that is wrong.
    at(&site, now, &["run", "--date", "2026-03-04", "--force"]).exits(0).says("is not over yet");
}

#[test]
fn what_is_no_time_is_an_error() {
    let site = Site::quick("");
    at(&site, "yesterday", &["run"]).exits(2).says("`TUIBAO_NOW=yesterday` is no time");
}

#[test]
fn a_clock_that_is_set_back_publishes_and_tells_nothing_twice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(MockServer::start());
    runtime.block_on(Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server));
    let messages = || runtime.block_on(server.received_requests()).unwrap().len();
    let site = Site::quick(
        "[run]\ncatch_up_days = 3\n[output]\nbase_url = \"https://example.org\"\n\
         [[notify]]\nname = \"team\"\nservice = \"discord\"\nurl_env = \"TEAM_URL\"\npause_seconds = 0.0\n",
    )
    .with("TEAM_URL", &format!("{}/api/webhooks/1/token", server.uri()));
    at(&site, "2026-03-03T00:05:00+08:00", &["run"]).exits(0).prints(&post_path("2026-03-02"));
    at(&site, "2026-03-04T00:05:00+08:00", &["run"]).exits(0).prints(&post_path("2026-03-03"));
    let (before, told) = (site.tree(), messages());
    assert!(told >= 2, "{told} messages");

    // Back by a day, and by a year, where there is no tweet: nothing is made, nothing is told, nothing is gone.
    at(&site, "2026-03-03T00:06:00+08:00", &["run"]).exits(0).says("nothing to do");
    at(&site, "2025-03-03T00:06:00+08:00", &["run"]).exits(4);
    let unchanged = |path: &str| before.bytes(path) == site.tree().bytes(path);
    assert!(before.files().iter().filter(|path| path.starts_with("site/")).all(|path| unchanged(path)));
    assert_eq!(messages(), told);

    // The last run that was noted is the last one made, whatever its clock said.
    let status = at(&site, "2026-03-05T00:05:00+08:00", &["status", "--json"]).exits(0).json();
    let ends: Vec<&str> =
        status["runs"].as_array().unwrap().iter().map(|run| run["state"].as_str().unwrap()).collect();
    assert_eq!(ends, ["failed", "up_to_date", "published", "published"], "{status:#}");
    at(&site, "2026-03-05T00:05:00+08:00", &["run"]).exits(0).prints(&post_path("2026-03-04"));
    assert_eq!(site.tree().files().iter().filter(|path| path.ends_with(".md")).count(), 3);
}
