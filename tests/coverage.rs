//! A quiet day and a day whose collector stood still are told apart, and said in the post.

use serde_json::json;

use crate::support::{Site, audit::list, post_path};

mod real;

const DAY: &str = "2026-03-03";

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
    assert!(text.contains("There are no tweets at all in 12:48–19:03, so"), "{text}");
    site.run(&["check", "--profile", "twitter_ai_en", post]).exits(0);
}
