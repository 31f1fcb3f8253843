//! The same command again: nothing to do, or exactly what is missing.

use std::fs::{self, File};

use crate::support::{Site, audit_path, chart_paths, picture_path, post_path};

const DAY: &str = "2026-03-03";

#[test]
fn the_second_run_writes_nothing() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0).never_says("nothing to do");
    let before = site.tree();
    let again = site.run_day(DAY, &[]).exits(0).says("nothing to do").says(&post_path(DAY));
    assert_eq!(again.stdout, "");
    before.assert_untouched(&site.tree());
    assert_eq!(site.run_day(DAY, &["--json"]).exits(0).json()["outcome"], "up_to_date");
    before.assert_untouched(&site.tree());
}

#[test]
fn what_is_missing_or_spoilt_is_made_again_with_the_same_bytes() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let whole = site.tree();
    let charts = chart_paths(DAY);
    for path in [post_path(DAY), picture_path(DAY), audit_path(DAY)].into_iter().chain(charts) {
        let before = site.tree();
        fs::remove_file(site.path(&path)).unwrap();
        site.run_day(DAY, &[]).exits(0).prints(&post_path(DAY));
        assert_eq!(
            before.changed(&site.tree()).into_iter().collect::<Vec<_>>(),
            [&path],
            "only what was missing"
        );
        whole.assert_same_bytes(&site.tree());
    }
    site.write(&post_path(DAY), "half a po");
    site.run_day(DAY, &[]).exits(0).prints(&post_path(DAY));
    whole.assert_same_bytes(&site.tree());
}

#[test]
fn force_makes_the_same_bytes() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let before = site.tree();
    site.run_day(DAY, &["--force"]).exits(0).prints(&post_path(DAY)).never_says("nothing to do");
    before.assert_same_bytes(&site.tree());
}

#[test]
fn other_settings_or_tweets_make_a_report_stale() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let before = site.post(DAY);
    site.configure("[post]\nlinks = 1\n");
    site.run_day(DAY, &[]).exits(0).prints(&post_path(DAY));
    let after = site.post(DAY);
    assert!(before.contains("、[") && !after.contains("、["), "one link a line");
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
}

#[test]
fn two_runs_do_not_write_at_once() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let lock = File::options().write(true).open(site.path("site/.tuibao-twitter_ai.lock")).unwrap();
    lock.try_lock().unwrap();
    let before = site.tree();
    site.run_day(DAY, &["--force"])
        .exits(75)
        .says("another run writes to `site`")
        .says("hint: wait until it ends");
    site.backfill("2026-03-02", "2026-03-04", &[]).exits(75);
    before.assert_untouched(&site.tree());
    site.run_day(DAY, &["--dry-run"]).exits(0);
    drop(lock);
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
}
