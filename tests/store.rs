//! `tuibao import`: a store instead of raw files, with the same reports; and the corpus on standard input.

use std::{
    fs::{self, File},
    process::Stdio,
};

use serde_json::json;

use crate::support::{Ended, Site, fixture, post_path};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];

/// What a post says, without the paragraph that counts what was read.
fn claims(site: &Site, day: &str) -> serde_json::Value {
    let audit = site.audit(day);
    json!([audit["claims"], audit["topics"]])
}

#[test]
fn a_store_makes_the_same_reports_as_its_files() {
    let (raw, stored) = (Site::quick(""), Site::quick(""));
    raw.backfill(DAYS[0], DAYS[2], &[]).exits(0);
    let imported = stored.run(&["import", &fixture("ai"), "--store", "tweets", "--json"]).exits(0).json();
    assert_eq!(imported["records"], json!(194), "{imported}");
    assert_eq!(imported["tweets"], imported["import"]["received"]);
    stored.run(&["backfill", "--corpus", "tweets", "--from", DAYS[0], "--to", DAYS[2]]).exits(0);
    for day in DAYS {
        assert_eq!(claims(&raw, day), claims(&stored, day), "{day}");
    }
    stored.run(&["run", "--corpus", "tweets", "--date", DAYS[1]]).exits(0).says("nothing to do");
}

#[test]
fn a_second_import_changes_no_file() {
    let site = Site::quick("");
    let import = || site.run(&["import", &fixture("ai"), "--store", "tweets"]).exits(0);
    import().says("0 unchanged");
    let before = site.tree();
    import().says("store: 0 new, 0 updated");
    before.assert_untouched(&site.tree());
    site.run(&["inspect", "tweets"]).exits(0).prints("tweets").prints("days (UTC): 2026-03-0");
}

#[test]
fn rejected_records_are_told_and_kept() {
    let site = Site::quick("");
    let made =
        site.run(&["import", &fixture("messy"), "--store", "tweets", "--rejects", "rejects.jsonl"]).exits(0);
    made.says("rejected: bad_json");
    let rejects = fs::read_to_string(site.path("rejects.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(rejects.lines().next().unwrap()).unwrap();
    assert!(first["source"]["file"].is_string() && first["reason"].is_string(), "{first}");
}

#[test]
fn what_is_no_store_is_not_touched() {
    let site = Site::quick("");
    site.write("mine/letter.txt", "dear");
    let made = site.run(&["import", &fixture("ai"), "--store", "mine"]).exits(4);
    made.says("`mine` is not a tweet store").says("hint:");
    assert_eq!(fs::read_dir(site.path("mine")).unwrap().count(), 1);
    site.run(&["import", &fixture("ai"), "--store", "tweets"]).exits(0);
    site.run(&["import", "tweets", "--store", "other"]).exits(2).says("is a store already");
}

#[test]
fn a_corpus_may_come_on_standard_input() {
    let site = Site::quick("");
    let folder = fixture("ai");
    let file = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).min().unwrap();
    let piped = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        let output = command.stdin(Stdio::from(File::open(&file).unwrap())).output().unwrap();
        Ended::new(arguments.join(" "), output)
    };
    let (from_pipe, from_file) = (
        piped(&["inspect", "-", "--json"]).exits(0).json(),
        site.run(&["inspect", file.to_str().unwrap(), "--json"]).json(),
    );
    assert_eq!(from_pipe["totals"], from_file["totals"]);
    assert!(from_pipe["totals"]["tweets"].as_u64() > Some(0));
    assert!(!site.path(&post_path(DAYS[0])).exists());
}
