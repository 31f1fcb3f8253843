//! A quiet day and a day whose collector stood still are told apart, and said in the post; how often that is right on real days.
//!
//! `cargo test -p tuibao --test integration coverage::real -- --nocapture` prints the figures of `docs/coverage.md`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use corpus::{CoverageSettings, Tweet, Verdict, Window, coverage};
use serde_json::json;

use crate::support::{Site, audit::list, dice::Dice, post_path, shared_data, stages};

const DAY: &str = "2026-03-03";
const SETTINGS: CoverageSettings = CoverageSettings { quiet_tweets: 20, gap_hours: 3, night_hours: [0, 9] };

/// A day in Shanghai with four tweets an hour, but for the hours that are left out; every tweet has a story of its own.
fn corpus(without: &[u32]) -> String {
    let hours = (0..24).filter(|hour| !without.contains(hour));
    let tweets = hours.flat_map(|hour| (0..4).map(move |quarter| (hour, quarter)));
    let line = |(hour, quarter): (u32, u32)| {
        let number = 100 + hour * 4 + quarter;
        let at = format!("{DAY}T{hour:02}:{:02}:00+08:00", quarter * 15 + 3);
        let text = format!(
            "Model Vega-{number} 大模型开源，MoE 架构激活 {number}B，跑分 {}%，权重已发布",
            number % 90
        );
        json!({"id": number.to_string(), "author": {"handle": format!("lab{number}"), "name": "Lab"}, "created_at": at, "text": text}).to_string() + "\n"
    };
    tweets.map(line).collect()
}

/// The report of such a day, with what it printed as JSON.
fn reported(site: &Site, without: &[u32], more: &[&str]) -> serde_json::Value {
    site.write("corpus/day.jsonl", corpus(without));
    site.run(&[&["run", "--date", DAY, "--json"], more].concat()).exits(0).json()
}

#[test]
fn a_gap_of_the_collector_is_said_in_post_audit_and_summary() {
    let site = Site::quick("");
    let told = reported(&site, &[13, 14, 15, 16, 17, 18], &[]);
    assert_eq!(told["coverage"]["verdict"], "incomplete", "{told:#}");
    let post = site.post(DAY);
    assert!(post.contains("12:48–19:03 没有任何推文，采集可能中断，本期内容不完整。"), "{post}");
    assert!(!post.contains("推文较少"), "{post}");
    let coverage = &site.audit(DAY)["coverage"];
    assert_eq!(coverage["gaps"][0]["start"], "2026-03-03T04:48:00Z");
    assert_eq!(coverage["gaps"][0]["end"], "2026-03-03T11:03:00Z");
    assert_eq!((list(&coverage["gaps"]).len(), list(&coverage["hours"]).len()), (1, 24));
    assert_eq!((&coverage["hours"][12], &coverage["hours"][13]), (&json!(4), &json!(0)));
    // What is said of gaps is the program's own line for those who check it.
    site.run(&["check", &post_path(DAY)]).exits(0).says("keeps the contract");
    let lines = site.run(&["verify", &post_path(DAY), "--json"]).json();
    let note =
        list(&lines["lines"]).iter().find(|line| line["text"].as_str().unwrap().contains("采集可能中断"));
    assert!(note.is_none_or(|note| list(&note["no_source"]).is_empty()), "{note:?}");
    site.run(&["run", "--date", DAY, "--force"]).exits(0).says("warning: no tweets at all in 12:48–19:03");
}

#[test]
fn a_whole_day_says_nothing_and_a_quiet_one_says_so() {
    let site = Site::quick("");
    assert_eq!(reported(&site, &[], &[])["coverage"]["verdict"], "usual");
    let whole = site.post(DAY);
    assert!(!whole.contains("采集可能中断") && !whole.contains("推文较少"), "{whole}");
    let quiet = Site::quick("");
    let few: Vec<u32> = (0..24).filter(|hour| hour % 8 != 1).collect();
    assert_eq!(reported(&quiet, &few, &[])["coverage"]["verdict"], "quiet");
    let post = quiet.post(DAY);
    assert!(post.contains("本期推文较少（保留 12 条）。") && !post.contains("采集可能中断"), "{post}");
    quiet.run(&["run", "--date", DAY, "--force"]).exits(0).says("a quiet day: 12 tweets were kept");
}

#[test]
fn the_settings_bear_on_the_report() {
    let site = Site::quick("");
    let gap = [13, 14, 15, 16, 17, 18];
    reported(&site, &gap, &[]);
    // Another setting makes the report anew, and none looks for no gap.
    site.configure("[coverage]\ngap_hours = 0\nquiet_tweets = 500\n");
    let told = reported(&site, &gap, &[]);
    assert_eq!((&told["outcome"], &told["coverage"]["verdict"]), (&json!("published"), &json!("quiet")));
    site.configure("[coverage]\nnight_hours = [0, 24]\n");
    site.run(&["run", "--date", DAY]).exits(2).says("coverage.night_hours");
}

#[test]
fn the_same_file_twice_is_no_busier_day() {
    let (once, twice) = (Site::quick(""), Site::quick(""));
    let first = reported(&once, &[13, 14, 15, 16, 17, 18], &[]);
    twice.write("corpus/again.jsonl", corpus(&[13, 14, 15, 16, 17, 18]));
    assert_eq!(reported(&twice, &[13, 14, 15, 16, 17, 18], &[])["coverage"], first["coverage"]);
}

#[test]
fn the_english_report_says_it_in_english() {
    let site = Site::quick("");
    reported(&site, &[13, 14, 15, 16, 17, 18], &["--profile", "twitter_ai_en"]);
    let post = "site/_posts/2026-03-03-twitter_ai_en_20260303_20260303.md";
    let text = std::fs::read_to_string(site.path(post)).unwrap();
    assert!(text.contains("There are no tweets at all in 12:48–19:03"), "{text}");
    site.run(&["check", "--profile", "twitter_ai_en", post]).exits(0);
}

/// Times of a set's distinct tweets by day in Shanghai; a day of fewer tweets than the method looks at can have no gap.
fn days(files: &[String]) -> BTreeMap<NaiveDate, Vec<DateTime<Utc>>> {
    let tweets: BTreeSet<_> = files
        .iter()
        .flat_map(|file| stages::ingest(file, file).tweets)
        .map(|Tweet { created_at, id, .. }| (created_at, id))
        .collect();
    let mut days: BTreeMap<NaiveDate, Vec<DateTime<Utc>>> = BTreeMap::new();
    for (time, _) in tweets {
        days.entry((time + TimeDelta::hours(8)).date_naive()).or_default().push(time);
    }
    days.retain(|_, times| times.len() >= 24);
    days
}

fn judge(times: &[DateTime<Utc>], window: Window) -> corpus::Coverage {
    let nights: Vec<Window> = (0..(window.end - window.start).num_days())
        .map(|day| window.start + TimeDelta::days(day))
        .map(|start| Window { start, end: start + TimeDelta::hours(9) })
        .collect();
    coverage(times, times.len() as u64, window, &nights, &SETTINGS)
}

/// Of holes of so many hours at random places of each day: how many were cut, and how many are found.
fn holes(days: &BTreeMap<NaiveDate, Vec<DateTime<Utc>>>, hours: i64, earliest: i64) -> (usize, usize) {
    let (mut dice, mut cut, mut found) = (Dice(hours.unsigned_abs()), 0, 0);
    for (day, times) in days.iter().flat_map(|day| std::iter::repeat_n(day, 4)) {
        let window = stages::window(&day.to_string());
        let room = usize::try_from((24 - hours - earliest) * 60).unwrap();
        let start =
            window.start + TimeDelta::minutes(i64::try_from(dice.below(room + 1)).unwrap() + earliest * 60);
        let hole = Window { start, end: start + TimeDelta::hours(hours) };
        let left: Vec<_> = times.iter().copied().filter(|time| !hole.contains(*time)).collect();
        let gaps = judge(&left, window).gaps;
        cut += 1;
        found += usize::from(gaps.iter().any(|gap| gap.start <= hole.start && hole.end <= gap.end));
    }
    (cut, found)
}

#[test]
fn real_days_have_few_false_gaps_and_holes_are_found() {
    let Some(raw) = shared_data("raw") else { return };
    let mut daily: Vec<String> = std::fs::read_dir(format!("{raw}/x_kit_daily"))
        .unwrap()
        .map(|file| file.unwrap().path().display().to_string())
        .collect();
    daily.sort();
    let sets = [
        ("home timeline", days(&daily)),
        ("user timelines", days(&[format!("{raw}/x_kit_user_tweets/all.jsonl.zst")])),
    ];
    let mut told = Vec::new();
    for (name, days) in &sets {
        let wrong: Vec<_> = days
            .iter()
            .filter(|(day, times)| {
                judge(times, stages::window(&day.to_string())).verdict == Verdict::Incomplete
            })
            .collect();
        let weeks: Vec<(&NaiveDate, Vec<DateTime<Utc>>)> = days
            .keys()
            .step_by(7)
            .filter_map(|first| {
                let week: Vec<_> = first
                    .iter_days()
                    .take(7)
                    .map(|day| days.get(&day))
                    .collect::<Option<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .copied()
                    .collect();
                Some((first, week))
            })
            .collect();
        let wrong_weeks = weeks
            .iter()
            .filter(|(first, times)| {
                let start = stages::window(&first.to_string()).start;
                judge(times, Window { start, end: start + TimeDelta::days(7) }).verdict == Verdict::Incomplete
            })
            .count();
        eprintln!(
            "{name}: {} whole days, {} of them called incomplete ({:?}); {} whole weeks, {wrong_weeks} called incomplete",
            days.len(),
            wrong.len(),
            wrong.iter().map(|(day, _)| day.to_string()).collect::<Vec<_>>(),
            weeks.len()
        );
        for hours in [3, 4, 6, 8] {
            let ((cut, found), (cut_awake, found_awake)) = (holes(days, hours, 0), holes(days, hours, 9));
            eprintln!(
                "{name}: holes of {hours} h: {found} of {cut} found at any time, {found_awake} of {cut_awake} from 09:00 on"
            );
            told.push((*name, hours, found_awake * 100 / cut_awake.max(1)));
        }
        assert!(wrong.len() * 100 <= days.len(), "{name}: {} false gaps", wrong.len());
    }
    let share = |name, hours| told.iter().find(|one| (one.0, one.1) == (name, hours)).unwrap().2;
    assert!(share("home timeline", 4) >= 40 && share("home timeline", 6) >= 70, "{told:?}");
}
