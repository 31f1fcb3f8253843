//! What nobody watches: days that were missed, data that came in late, back-fills of a part, and what the ledger tells of it.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::support::{Site, audit_path, fixture, post_path};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];

/// The morning after the last of the fixtures' days.
const MORNING: &str = "2026-03-05T02:04:00Z";

fn site(config: &str) -> Site {
    Site::quick(config).with("TUIBAO_NOW", MORNING)
}

/// As cron runs it: no day is named.
fn daily(site: &Site) -> crate::support::Ended {
    site.run(&["run", "--corpus", &fixture("ai")])
}

fn status(site: &Site) -> Value {
    site.run(&["status", "--json"]).exits(0).json()
}

fn there(site: &Site) -> Vec<&'static str> {
    DAYS.into_iter().filter(|day| site.path(&post_path(day)).is_file()).collect()
}

/// A copy of the fixtures in the site's folder, for tests that change it.
fn own_corpus(site: &Site) {
    for entry in fs::read_dir(fixture("ai")).unwrap() {
        let entry = entry.unwrap();
        site.write(
            &format!("corpus/{}", entry.file_name().to_string_lossy()),
            fs::read(entry.path()).unwrap(),
        );
    }
}

/// Another tweet of the last day, in a file of its own.
fn late_tweet(site: &Site) {
    let late = json!({"id_str": "2029225227719800001", "created_at": "Wed Mar 04 15:00:00 +0000 2026", "full_text": "Late news: Quarry-9 weights are out under Apache 2.0, 9B parameters, runs on one GPU", "user": {"screen_name": "late_owl", "name": "Late"}});
    site.write("corpus/late.jsonl", late.to_string());
}

#[test]
fn the_daily_run_makes_up_for_days_that_were_missed() {
    let site = site("[run]\ncatch_up_days = 3\n[late]\ndays = 3\n");
    site.run_day(DAYS[0], &[]).exits(0);
    let made = daily(&site).exits(0);
    assert_eq!(there(&site), DAYS);
    assert_eq!(made.stdout.lines().next(), Some(post_path(DAYS[1]).as_str()), "oldest first");
    let in_order = Site::quick("");
    in_order.backfill(DAYS[0], DAYS[2], &[]).exits(0);
    assert_eq!(DAYS.map(|day| site.post(day)), DAYS.map(|day| in_order.post(day)), "the bytes of day by day");
    let before = site.tree();
    let runs = status(&site)["runs"].as_array().unwrap().len();
    let again = site.run(&["run", "--corpus", &fixture("ai"), "-v"]).exits(0).says("up to date");
    before.assert_untouched(&site.tree());
    // The days before have not changed, so that their tweets are not read again.
    assert_eq!(again.stderr.matches("ingest{").count(), 1, "{again}");
    assert_eq!(status(&site)["runs"].as_array().unwrap().len(), runs + 1);
    // A post that somebody took away stays away; what is not there at all is made.
    site.configure("[run]\ncatch_up_days = 3\n");
    fs::remove_file(site.path(&post_path(DAYS[1]))).unwrap();
    daily(&site).exits(0);
    assert_eq!(there(&site), [DAYS[0], DAYS[2]]);
    fs::remove_file(site.path(&audit_path(DAYS[1]))).unwrap();
    daily(&site).exits(0);
    assert_eq!(there(&site), DAYS);
}

#[test]
fn a_first_run_makes_one_report_and_a_named_day_only_itself() {
    let fresh = site("[run]\ncatch_up_days = 3\n");
    daily(&fresh).exits(0);
    assert_eq!(there(&fresh), [DAYS[2]]);
    let named = site("[run]\ncatch_up_days = 3\n");
    named.run_day(DAYS[0], &[]).exits(0);
    named.run_day(DAYS[2], &[]).exits(0);
    assert_eq!(there(&named), [DAYS[0], DAYS[2]]);
}

#[test]
fn a_missed_day_without_tweets_is_told_and_harms_nothing() {
    let site = Site::quick("[run]\ncatch_up_days = 2\n").with("TUIBAO_NOW", "2026-03-06T02:04:00Z");
    site.backfill(DAYS[1], DAYS[2], &["--quiet"]).exits(0);
    fs::remove_file(site.path(&post_path(DAYS[2]))).unwrap();
    fs::remove_file(site.path(&audit_path(DAYS[2]))).unwrap();
    let ended = daily(&site).exits(4).says("no tweets on 2026-03-05");
    assert_eq!(there(&site), [DAYS[1], DAYS[2]], "{ended}");
}

#[test]
fn late_data_is_looked_for_left_alone_or_let_go() {
    let own = ["run", "--corpus", "corpus"];
    for (config, changes, says) in [
        ("[late]\ndays = 2\n", true, ""),
        ("[late]\npolicy = \"leave\"\ndays = 2\n", false, ""),
        ("", false, ""),
    ] {
        let site = Site::quick(config).with("TUIBAO_NOW", "2026-03-06T02:04:00Z");
        own_corpus(&site);
        site.run(&["run", "--corpus", "corpus", "--date", DAYS[2]]).exits(0);
        let before = site.post(DAYS[2]);
        late_tweet(&site);
        // The day itself has no tweets; what matters is the one before.
        site.run(&own).exits(4).says(says);
        assert_eq!(site.post(DAYS[2]) != before, changes, "{config}");
    }
    let site = Site::quick("[late]\npolicy = \"leave\"\n").with("TUIBAO_NOW", MORNING);
    own_corpus(&site);
    site.run(&own).exits(0);
    let before = site.tree();
    late_tweet(&site);
    site.run(&own).exits(0).says("`late.policy` leaves it");
    assert_eq!(before.changed(&site.tree()).into_iter().collect::<Vec<_>>(), ["corpus/late.jsonl"]);
    assert_eq!(status(&site)["runs"][0]["state"], "left");
    let all = ["backfill", "--corpus", "corpus", "--from", DAYS[2], "--to", DAYS[2]];
    site.run(&all).exits(0).says("1 left (late data)");
    site.run(&[&all[..], &["--force"]].concat()).exits(0).says("1 published");
    assert!(site.post(DAYS[2]) != String::from_utf8(before.bytes(&post_path(DAYS[2])).to_vec()).unwrap());
}

#[test]
fn newest_first_makes_the_same_bytes() {
    let (oldest, newest) = (Site::quick(""), Site::quick(""));
    oldest.backfill(DAYS[0], DAYS[2], &[]).exits(0);
    newest.backfill(DAYS[0], DAYS[2], &["--order", "newest", "--jobs", "1"]).exits(0);
    oldest.tree().assert_same_bytes(&newest.tree());
    let runs = status(&newest)["runs"].clone();
    let days: Vec<&str> = runs.as_array().unwrap().iter().map(|run| run["first"].as_str().unwrap()).collect();
    assert_eq!(days, DAYS, "the last run was for the first day");
    newest.backfill(DAYS[0], DAYS[2], &["--order", "newest"]).exits(0).says("3 up to date");
}

#[test]
fn only_what_is_asked_for_is_made() {
    let site = Site::quick("");
    site.backfill(DAYS[0], DAYS[1], &["--quiet"]).exits(0);
    site.backfill(DAYS[0], DAYS[2], &["--only", "failed"]).exits(0).says("0 reports");
    site.backfill("2026-03-05", "2026-03-05", &["--quiet"]).exits(4);
    site.backfill(DAYS[0], "2026-03-05", &["--only", "failed"]).exits(4).says("no tweets on 2026-03-05");
    site.configure("[post]\nlinks = 1\n");
    let before = site.tree();
    site.backfill(DAYS[0], DAYS[2], &["--only", "missing"]).exits(0).says("1 reports: 1 published");
    assert_eq!(there(&site), DAYS);
    assert!(before.changed(&site.tree()).iter().all(|path| path.contains("20260304")));
    site.backfill(DAYS[0], DAYS[2], &["--only", "stale"])
        .exits(0)
        .says("3 reports: 2 published, 1 up to date");
}

#[test]
fn what_has_not_changed_is_known_without_reading_a_tweet() {
    let site = Site::quick("");
    site.run(&["import", "--store", "store", &fixture("ai")]).exits(0);
    let range = ["backfill", "--corpus", "store", "--from", DAYS[0], "--to", DAYS[2], "-v"];
    site.run(&range).exits(0).says("ingest");
    let before = site.tree();
    site.run(&range).exits(0).says("3 up to date").never_says("ingest");
    before.assert_untouched(&site.tree());
    // Nor are other files than the audit forgotten, nor a change of settings, nor the days that were looked back on.
    fs::remove_file(site.path(&post_path(DAYS[1]))).unwrap();
    site.run(&range).exits(0).says("1 published, 2 up to date");
    before.assert_same_bytes(&site.tree());
    fs::remove_file(site.path("state/ledger.sqlite")).unwrap();
    site.run(&range).exits(0).says("3 up to date").says("ingest");
    site.run(&range).exits(0).says("3 up to date").never_says("ingest");
    site.configure("[memory]\ndays = 0\n");
    site.run(&range).exits(0).says("ingest");
}

#[test]
fn status_tells_runs_gaps_and_failures() {
    let site = Site::quick("").with("TUIBAO_NOW", "2026-03-08T02:04:00Z");
    site.run(&["status"]).exits(0).prints("0 daily reports").prints("no run is known");
    site.run_day(DAYS[0], &["--quiet"]).exits(0);
    site.run_day(DAYS[2], &["--quiet"]).exits(0);
    site.run_day("2026-03-05", &["--quiet"]).exits(4);
    let told = site.run(&["status"]).exits(0);
    let told = told.prints("2 daily reports, 2026-03-02 to 2026-03-04; newest complete day 2026-03-07");
    let told = told.prints("missing days: 4").prints("  2026-03-03  never run");
    let told = told
        .prints("  2026-03-05  failed: no tweets on 2026-03-05")
        .prints("  2026-03-06 to 2026-03-07  never run");
    told.prints("published").prints("exit 4").prints("nothing spent since 2026-03-01");
    let json = status(&site);
    assert_eq!(json["gaps"].as_array().unwrap().len(), 3);
    assert_eq!((&json["runs"][0]["state"], &json["runs"][0]["exit"]), (&json!("failed"), &json!(4)));
    assert!(json["runs"][1]["counts"]["kept"].as_u64().unwrap() > 10);
    site.run(&["run", "--corpus", "nowhere"]).exits(4);
    let last = &status(&site)["runs"][0];
    assert_eq!((&last["state"], &last["first"]), (&json!("failed"), &json!("2026-03-07")));
    // Nothing of that is in a look at an unknown site.
    assert_eq!(site.run(&["status", "--out", "elsewhere", "--json"]).exits(0).json()["runs"], json!([]));
}

#[test]
fn a_ledger_that_cannot_be_kept_is_told_and_a_damaged_one_put_aside() {
    let site = Site::quick("");
    site.write("state", "a file");
    site.run_day(DAYS[0], &[]).exits(6).says("cannot create the folder `state`").says("`ledger.file`");
    assert!(!Path::new(&site.path(&post_path(DAYS[0]))).exists());
    site.configure("[ledger]\nfile = \"\"\n");
    site.run_day(DAYS[0], &[]).exits(0);
    site.run(&["status"]).exits(0).prints("1 daily reports").prints("no run is known");
    fs::remove_file(site.path("state")).unwrap();
    site.configure("");
    site.write("state/ledger.sqlite", "no database at all, as long as it may be".repeat(200));
    site.run(&["doctor", "--corpus", &fixture("ai")]).prints("wrong ledger");
    site.run_day(DAYS[0], &[]).exits(0).says("it was put aside");
    assert!(site.path("state/ledger.sqlite.damaged").is_file());
    assert_eq!(status(&site)["runs"].as_array().unwrap().len(), 1);
}
