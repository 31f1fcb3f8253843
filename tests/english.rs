//! Another language is data: the built-in English profile over the same tweets, with no code of its own.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::{claims, list},
    endpoint::Endpoint,
    fixture,
};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];
const DAY: &str = DAYS[2];

/// The English report of a day: its post, which keeps the contract, and its audit.
fn run(site: &Site, day: &str) -> (String, Value) {
    let compact = day.replace('-', "");
    let slug = format!("twitter_ai_en_{compact}_{compact}");
    let post = format!("site/_posts/{day}-{slug}.md");
    site.run_day(day, &["--profile", "twitter_ai_en", "--quiet"]).exits(0).prints(&post);
    site.run(&["check", "--profile", "twitter_ai_en", &post]).exits(0).says("keeps the contract");
    let read = |path: &str| fs::read_to_string(site.path(path)).unwrap();
    (read(&post), serde_json::from_str(&read(&format!("site/_audit/{slug}.audit.json"))).unwrap())
}

/// What would be Chinese in an English post: characters, and punctuation of their width.
fn chinese(text: &str) -> String {
    let wide =
        |c: &char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    text.chars().filter(wide).collect()
}

/// A post without what stands between its quotation marks, and that.
fn unquoted(post: &str) -> (String, Vec<&str>) {
    let mut pieces = post.split('“');
    let mut plain = pieces.next().unwrap().to_owned();
    let mut quoted = Vec::new();
    for (quote, after) in pieces.map(|piece| piece.split_once('”').expect("a closed quotation")) {
        quoted.push(quote);
        plain.push_str(after);
    }
    (plain, quoted)
}

#[test]
fn an_english_post_has_no_chinese_but_in_quotations_of_tweets() {
    let site = Site::quick("");
    for day in DAYS {
        let (post, audit) = run(&site, day);
        let claims = claims(&audit);
        assert!(claims.len() > 20 && list(&audit["brief"]["refused"]).is_empty(), "{audit:#}");
        let evidence = claims.iter().flat_map(|(_, claim)| list(&claim["evidence"]));
        let of_tweets: Vec<String> = evidence
            .filter(|evidence| evidence["fact"]["kind"] == "quotation" && evidence["tweet"].is_string())
            .map(|evidence| chinese(evidence["fact"]["written"].as_str().unwrap()))
            .collect();
        let (plain, quoted) = unquoted(&post);
        assert_eq!(chinese(&plain), "", "{plain}");
        assert!(quoted.iter().any(|quote| !chinese(quote).is_empty()), "tweets are quoted as they are");
        for quote in quoted {
            assert!(of_tweets.contains(&chinese(quote)), "no tweet's words: {quote}");
        }
    }
}

#[test]
fn a_model_writes_it_in_english() {
    let endpoint = Endpoint::honest();
    let (post, audit) = run(&Site::quick(&endpoint.config()), DAY);
    assert_eq!(audit["grade"], "model");
    let held = |one: &Value| one["problems"] == json!([{"problem": "surplus"}]);
    assert!(list(&audit["brief"]["refused"]).iter().all(held), "{}", audit["brief"]["refused"]);
    assert_eq!(chinese(&post), "", "{post}");
}

#[test]
fn the_same_tweets_make_the_same_topics_in_both_languages() {
    let site = Site::quick("");
    let (_, english) = run(&site, DAY);
    site.run_day(DAY, &["--quiet"]).exits(0);
    assert_eq!(english["topics"], site.audit(DAY)["topics"]);
}

#[test]
fn profiles_that_build_on_each_other_or_on_nothing_are_told() {
    let site = Site::quick("");
    site.write("config/reports/one.toml", "base = \"two\"");
    site.write("config/reports/two.toml", "base = \"one\"");
    site.write("config/reports/three.toml", "base = \"twitter_tea\"");
    site.write("config/reports/four.toml", "base = \"twitter_ai\"\n[outline.phrases]\none = \"{{ bye }}\"");
    let corpus = fixture("ai");
    let run = |profile| site.run(&["run", "--corpus", &corpus, "--date", DAY, "--profile", profile]).exits(2);
    run("one").says("the report profiles `one`, `two` build on each other");
    run("three").says("no report profile `twitter_tea`");
    run("four").says("outline.phrases.one").says("`{{ by }}`, `{{ phrase }}`");
}
