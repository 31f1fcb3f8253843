//! Reports of several days from the audits of their days: courses, claims with their days, missing days, and the same guarantees.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Ended, Site,
    audit::{claims, list},
    audit_path, fixture, post_path,
    tree::Tree,
};

const DAYS: [&str; 4] = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];
const SLUG: &str = "twitter_ai_20260302_20260305";

/// A tweet on a day of `DAYS`, in its hour.
fn tweet(day: usize, number: usize, text: &str) -> Value {
    let handle = format!("user{day}{number}");
    let at = format!("{}T{:02}:00:00Z", DAYS[day], 1 + number % 14);
    json!({"id": (2_029_000_000_000_000_000_u64 + (day * 100 + number) as u64).to_string(),
        "author": {"handle": handle, "name": handle}, "created_at": at, "text": text})
}

/// Four days on which one story grows, one dies down and one stays as it is; `more` tweets of the first on the last day.
fn corpus(more: usize) -> String {
    let counts = [[1, 8, 4], [1, 7, 4], [8, 1, 4], [9 + more, 1, 4]];
    let story = |story: usize, day: usize, number: usize| match story {
        0 => format!(
            "Qingwu-72B 开源大模型的量化版实测：MacBook 跑到 {} tokens/s，显存 41GB，第 {day}{number} 次",
            17 + number
        ),
        1 => format!(
            "Loomcode 3.0 AI agents ship today: {} background agents in parallel for $40 a month, run {day}{number}",
            3 + number
        ),
        _ => format!(
            "Tessera $TSSR AI chip revenue up {}% in the data center, guidance 2.8 billion, note {day}{number}",
            5 + number
        ),
    };
    let mut lines = Vec::new();
    for (day, counts) in counts.iter().enumerate() {
        for (place, count) in counts.iter().enumerate() {
            let numbers = (0..*count).map(|number| 20 * place + number);
            lines.extend(numbers.map(|number| tweet(day, number, &story(place, day, number)).to_string()));
        }
    }
    lines.join("\n")
}

/// A site with the daily reports of the corpus.
fn site() -> Site {
    let site = Site::quick("[corpus]\npaths = [\"corpus.jsonl\"]\n");
    site.write("corpus.jsonl", corpus(0));
    site.run(&["backfill", "--from", DAYS[0], "--to", DAYS[3]]).exits(0);
    site
}

fn long(site: &Site, more: &[&str]) -> Ended {
    site.run(&[&["run", "--from", DAYS[0], "--to", DAYS[3], "--from-audits"], more].concat())
}

fn long_post() -> String {
    format!("site/_posts/{}-{SLUG}.md", DAYS[3])
}

fn read(site: &Site) -> (String, Value) {
    let post = fs::read_to_string(site.path(&long_post())).unwrap();
    let audit = fs::read(site.path(&format!("site/_audit/{SLUG}.audit.json"))).unwrap();
    (post, serde_json::from_slice(&audit).unwrap())
}

/// The lines below a group of the section on courses.
fn group(post: &str, name: &str) -> Vec<String> {
    let lines = post.lines().skip_while(|line| *line != format!("- **{name}**")).skip(1);
    lines.take_while(|line| line.starts_with("  - ")).map(str::to_owned).collect()
}

#[test]
fn what_rose_fell_and_held_is_told_with_sources_and_days() {
    let site = site();
    long(&site, &[]).exits(0);
    let (post, audit) = read(&site);
    for (name, words) in [("上升", "Qingwu-72B"), ("回落", "Loomcode 3.0"), ("持平", "TSSR")] {
        let lines = group(&post, name);
        assert!(lines.len() >= 2 && lines[0].contains(words), "{name}: {lines:?}\n{post}");
        assert!(lines[1].contains("日）**：") && lines[1].contains("/status/"), "{lines:?}");
    }
    assert!(
        group(&post, "上升")[0].contains("3 月 2 日 1 条、3 月 3 日 1 条、3 月 4 日 8 条、3 月 5 日 9 条"),
        "{post}"
    );
    site.run(&["check", &long_post()]).exits(0);
    site.run(&["verify", &long_post()]).exits(0);
    // Every claim is the program's count, or names the day whose report said it.
    let days: Vec<&str> =
        list(&audit["made_of"]["days"]).iter().map(|day| day["date"].as_str().unwrap()).collect();
    assert_eq!(days, DAYS);
    let from_days = claims(&audit).into_iter().filter(|(part, _)| *part == "key_points");
    assert!(from_days.clone().count() > 0);
    assert!(from_days.map(|(_, claim)| claim["day"].as_str().unwrap()).all(|day| DAYS.contains(&day)));
}

#[test]
fn no_tweet_is_read_and_the_same_audits_make_the_same_bytes() {
    let site = site();
    fs::remove_file(site.path("corpus.jsonl")).unwrap();
    long(&site, &[]).exits(0);
    let first = Tree::of(&site.path("site"));
    long(&site, &[]).exits(0).says("is up to date");
    long(&site, &["--force"]).exits(0);
    first.assert_same_bytes(&Tree::of(&site.path("site")));
    // A report from tweets is another one, and can do nothing without them.
    site.run(&["run", "--from", DAYS[0], "--to", DAYS[3]]).exits(4);
}

#[test]
fn a_day_that_changed_makes_it_stale() {
    let site = site();
    long(&site, &[]).exits(0);
    site.write("corpus.jsonl", corpus(3));
    site.run(&["run", "--date", DAYS[3]]).exits(0);
    long(&site, &["--dry-run"]).exits(0).prints("would change");
    long(&site, &[]).exits(0).never_says("is up to date");
    let (post, _) = read(&site);
    assert!(group(&post, "上升")[0].contains("3 月 5 日 12 条"), "{post}");
}

#[test]
fn a_missing_day_is_told_and_none_is_an_error() {
    let site = site();
    fs::remove_file(site.path(&audit_path(DAYS[1]))).unwrap();
    long(&site, &[]).exits(3).says("no daily report of 2026-03-03");
    let (post, audit) = read(&site);
    assert_eq!(post.matches("缺 2026-03-03").count(), 2, "{post}");
    assert_eq!(audit["made_of"]["missing"], json!(["2026-03-03"]));
    site.run(&["check", &long_post()]).exits(0);
    site.run(&["verify", &long_post()]).exits(0);
    // One that cannot be read is as good as none.
    site.write(&audit_path(DAYS[2]), "{}");
    long(&site, &[]).exits(3).says("is not told again");
    let empty = Site::quick("");
    long(&empty, &[]).exits(4).says("tuibao backfill --from 2026-03-02 --to 2026-03-05");
}

#[test]
fn weeks_months_and_years_are_made_from_audits() {
    let site = site();
    for (every, days) in
        [("week", "20260302_20260308"), ("month", "20260301_20260331"), ("year", "20260101_20261231")]
    {
        let range = ["backfill", "--from", DAYS[0], "--to", DAYS[3], "--every", every, "--from-audits"];
        let made = site.run(&range).exits(3);
        assert!(made.stdout.contains(days), "{made}");
        site.run(&["check", made.stdout.trim_end()]).exits(0);
        site.run(&range).exits(0).says("1 up to date");
    }
    site.configure("[long]\nsource = \"audits\"\n");
    site.run(&["backfill", "--from", DAYS[0], "--to", DAYS[3], "--every", "week"])
        .exits(0)
        .says("1 up to date");
}

#[test]
fn a_day_has_no_audits_to_be_made_from() {
    let site = Site::quick("");
    site.run_day(DAYS[0], &["--from-audits"]).exits(2).says("for reports of several days");
    site.run_day(DAYS[0], &["--statistics", "stats.json"]).exits(2).says("for reports from audits");
    // As a setting it says nothing of days.
    site.configure("[long]\nsource = \"audits\"\n");
    site.run_day(DAYS[0], &[]).exits(0);
    assert!(site.path(&post_path(DAYS[0])).is_file());
}

/// Figures of a corpus in which Loomcode, which the reports told less and less, is spoken of more and more.
fn statistics(from: &str) -> String {
    let totals = |day: &&str| json!({"day": day, "tweets": 1000, "authors": 400, "ads": 100});
    let of = |counts: [u64; 4]| -> Vec<Value> {
        let days = DAYS.iter().zip(counts);
        days.map(|(day, tweets)| json!({"day": day, "tweets": tweets})).collect()
    };
    let voices = |counts: [u64; 4]| -> Vec<Value> {
        let days = DAYS.iter().zip(counts);
        days.map(|(day, tweets)| json!({"day": day, "tweets": tweets, "authors": tweets})).collect()
    };
    let term = |term: &str, counts: [u64; 4]| json!({"term": term, "tweets": 100, "authors": 50, "days": of(counts)});
    json!({"schema": 1, "from": from, "to": DAYS[3], "days": DAYS.iter().map(totals).collect::<Vec<_>>(),
        "terms": [term("agents", [5, 10, 40, 80]), term("<b>{{ x }}", [80, 40, 10, 5]), term("data", [9, 9, 9, 9])],
        "authors": [{"handle": "a", "tweets": 40, "days": 4}],
        "topics": [{"topic": "Loomcode", "terms": ["loomcode"], "days": voices([2, 5, 40, 60])}]})
    .to_string()
}

#[test]
fn statistics_of_the_corpus_count_instead_of_the_audits() {
    let site = site();
    let audit = site.audit(DAYS[0]);
    let topics = list(&audit["topics"]);
    let loomcode = topics
        .iter()
        .find(|topic| topic["tweets"][0]["tweet"]["text"].to_string().contains("Loomcode"))
        .unwrap();
    let term = loomcode["terms"][0][0].as_str().unwrap();
    site.write("stats.json", statistics(DAYS[0]).replace("loomcode", term));
    long(&site, &["--statistics", "stats.json"]).exits(0);
    let (post, _) = read(&site);
    let risen = group(&post, "上升").join("\n");
    assert!(risen.contains("Loomcode") && risen.contains("语料中 4 天共 107 条推文"), "{post}");
    assert!(post.contains("推文 4000 条，每日平均 400 个账号，其中广告占 10.0%"), "{post}");
    assert!(post.contains("说得更多的词：agents；说得更少的词：&lt;b&gt;"), "{post}");
    site.run(&["check", &long_post()]).exits(0);
    site.run(&["verify", &long_post()]).exits(0);
    // Other figures make another report; those of other days make none.
    long(&site, &["--statistics", "stats.json"]).exits(0).says("is up to date");
    long(&site, &[]).exits(0).never_says("is up to date");
    site.write("stats.json", statistics(DAYS[1]));
    long(&site, &["--statistics", "stats.json"]).exits(4).says("it covers 2026-03-03 to 2026-03-05");
}

#[test]
fn it_is_told_in_english_too() {
    let site = site();
    let english = ["--profile", "twitter_ai_en"];
    site.run(&[&["backfill", "--from", DAYS[0], "--to", DAYS[3]], &english[..]].concat()).exits(0);
    let made = long(&site, &english).exits(0);
    let path = made.stdout.lines().next().unwrap();
    let post = fs::read_to_string(site.path(path)).unwrap();
    assert!(group(&post, "Rose").len() >= 2 && post.contains("March 5: 9"), "{post}");
    site.run(&[&["check", path], &english[..]].concat()).exits(0);
}

#[test]
fn the_days_of_the_fixtures_make_a_report() {
    let site = Site::quick("");
    site.backfill(DAYS[0], DAYS[2], &[]).exits(0);
    let corpus = fixture("ai");
    let range = ["run", "--corpus", &corpus, "--from", DAYS[0], "--to", DAYS[2], "--from-audits", "--html"];
    let made = site.run(&range).exits(0);
    let post = made.stdout.lines().find(|line| line.ends_with(".md")).unwrap();
    site.run(&["check", post]).exits(0);
    let text = fs::read_to_string(site.path(post)).unwrap();
    for heading in ["### 走势", "## 图表", "### 核心信息（10 个信息点概述）"] {
        assert!(text.contains(heading), "{text}");
    }
}
