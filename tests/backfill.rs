//! Back-filling: only what is missing; `torture.rs` kills it.

use std::{collections::BTreeSet, fs};

use crate::support::{Site, audit_path, chart_paths, picture_path, post_path, shared_data};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];

/// A site after an undisturbed back-fill.
fn filled() -> Site {
    let site = Site::quick("");
    let made = site.backfill(DAYS[0], DAYS[2], &[]).exits(0).says("3 reports: 3 published, 0 up to date");
    assert_eq!(made.stdout.lines().collect::<Vec<_>>(), DAYS.map(post_path));
    site
}

#[test]
fn three_days_three_posts_and_then_nothing_to_do() {
    let site = filled();
    let paths = DAYS.iter().flat_map(|day| {
        [post_path(day), picture_path(day), audit_path(day)].into_iter().chain(chart_paths(day))
    });
    let before = site.tree();
    let wanted: BTreeSet<String> = paths.chain(["tuibao.toml".to_owned()]).collect();
    assert_eq!(before.files(), wanted.iter().map(String::as_str).collect());

    let again = site
        .backfill(DAYS[0], DAYS[2], &[])
        .exits(0)
        .says("nothing to do: 3 reports: 0 published, 3 up to date");
    assert_eq!(again.stdout, "");
    before.assert_untouched(&site.tree());

    fs::remove_file(site.path(&post_path(DAYS[1]))).unwrap();
    let rebuilt = site.backfill(DAYS[0], DAYS[2], &[]).exits(0).says("3 reports: 1 published, 2 up to date");
    assert_eq!(rebuilt.stdout.lines().collect::<Vec<_>>(), [post_path(DAYS[1])]);
    assert_eq!(before.changed(&site.tree()), BTreeSet::from([post_path(DAYS[1]).as_str()]));
    before.assert_same_bytes(&site.tree());
}

#[test]
fn the_same_bytes_as_day_by_day_and_with_any_number_of_jobs() {
    let filled = filled();
    let (single, one_job) = (Site::quick(""), Site::quick(""));
    for day in DAYS {
        single.run_day(day, &[]).exits(0);
    }
    one_job.backfill(DAYS[0], DAYS[2], &["--jobs", "1"]).exits(0);
    filled.tree().assert_same_bytes(&single.tree());
    filled.tree().assert_same_bytes(&one_job.tree());
}

#[test]
fn an_empty_day_stops_no_other() {
    let site = Site::quick("");
    let made = site.backfill("2026-03-03", "2026-03-05", &[]).exits(3);
    let made = made.says("3 reports: 2 published, 0 up to date, 0 kept (better), 1 failed");
    let made =
        made.says("2026-03-05: error: no tweets on 2026-03-05").says("hint: the corpus covers 2026-03-0");
    assert_eq!(made.stdout.lines().collect::<Vec<_>>(), [post_path("2026-03-03"), post_path("2026-03-04")]);
    let lines = site.backfill("2026-03-04", "2026-03-05", &["--json"]).exits(3);
    let outcomes: Vec<serde_json::Value> =
        lines.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&outcomes[0]["outcome"], &outcomes[0]["exit"]), (&"up_to_date".into(), &0.into()));
    assert_eq!((&outcomes[1]["outcome"], &outcomes[1]["exit"]), (&"failed".into(), &4.into()));
    site.backfill("2026-03-09", "2026-03-10", &[]).exits(4).says("no tweets on 2026-03-10");
}

#[test]
fn weeks_and_months_are_one_report_each() {
    let site = Site::quick("");
    let made = site.backfill(DAYS[0], DAYS[2], &["--every", "week"]).exits(0);
    assert_eq!(made.stdout.trim_end(), "site/_posts/2026-03-08-twitter_ai_20260302_20260308.md");
    let made = site.backfill(DAYS[0], DAYS[2], &["--every", "month"]).exits(0);
    assert_eq!(made.stdout.trim_end(), "site/_posts/2026-03-31-twitter_ai_20260301_20260331.md");
    site.run(&["check", made.stdout.trim_end()]).exits(0);
}

#[test]
fn a_month_of_real_tweets_gives_a_month_of_posts() {
    let Some(corpus) = shared_data("raw/x_kit_daily") else { return };
    let site = Site::quick("");
    let arguments = ["backfill", "--corpus", &corpus, "--from", "2026-01-01", "--to", "2026-01-31"];
    let made = site
        .run(&arguments)
        .exits(0)
        .says("31 reports: 31 published, 0 up to date, 0 kept (better), 0 failed");
    assert_eq!(made.stdout.lines().count(), 31);
    for post in made.stdout.lines() {
        site.run(&["check", post]).exits(0);
    }
}
