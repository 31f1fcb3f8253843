//! The tiny day of `fixtures/walkthrough`, told stage by stage, each file from the one before it.
//!
//! `UPDATE_WALKTHROUGH=1 cargo test -p tuibao --test integration walkthrough` writes the files anew; `git diff` then shows
//! what a change does to each stage.

use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::{claims, list},
    fixture, is_as_stored,
    stages::{self, STAGES},
};

const DAY: &str = "2026-03-07";

#[test]
fn the_walkthrough_is_what_the_stages_make() {
    let site = Site::quick("");
    site.run(&["run", "--corpus", &fixture("walkthrough/01-raw.jsonl"), "--date", DAY]).exits(0);
    let (audit, [tweets, kept, unique]) = (site.audit(DAY), corpus_stages());
    let files = [
        ("02-tweets.jsonl", tweets),
        ("03-kept.jsonl", kept),
        ("04-unique.jsonl", unique),
        ("05-topics.jsonl", lines(topics(&audit))),
        ("06-draft.jsonl", lines(drafts(&audit))),
        ("07-brief.jsonl", lines(checked(&audit))),
        ("08-post.md", site.post(DAY)),
    ];
    for (name, now) in files {
        is_as_stored(&format!("walkthrough/{name}"), &now);
    }
}

/// 02 to 04, by the library.
fn corpus_stages() -> [String; 3] {
    let read = stages::ingest(&fixture("walkthrough/01-raw.jsonl"), "01-raw.jsonl");
    let tweets = read.tweets.iter().map(|tweet| json!(tweet)).collect();
    let sifted = STAGES.filter(&read.tweets, stages::window(DAY));
    let kept = sifted.kept.iter().map(|kept| {
        let tweet = &kept.tweet;
        json!({"kept": tweet.id, "handle": tweet.author.handle, "relevance": kept.relevance, "ad": kept.ad, "text": tweet.text})
    });
    let kept = kept.chain(sifted.dropped.iter().map(|dropped| json!({"dropped": dropped}))).collect();
    let deduped = STAGES.dedupe(sifted.kept);
    let unique = deduped.unique.iter().map(|unique| {
        let corpus::Unique { tweet, copies, authors, engagement, .. } = unique;
        json!({"unique": tweet.id, "copies": copies, "authors": authors, "engagement": engagement, "text": tweet.text})
    });
    let unique = unique.chain(deduped.folded.iter().map(|folded| json!({"folded": folded}))).collect();
    [lines(tweets), lines(kept), lines(unique)]
}

/// 05, as the audit has it: topics in order, then what is in none.
fn topics(audit: &Value) -> Vec<Value> {
    let topics = list(&audit["topics"]).iter().map(|topic| {
        let tweets: Vec<Value> =
            list(&topic["tweets"]).iter().map(|tweet| tweet["tweet"]["id"].clone()).collect();
        let terms: Vec<&Value> = list(&topic["terms"]).iter().take(6).map(|term| &term[0]).collect();
        json!({"tweets": tweets, "terms": terms, "salience": topic["salience"]})
    });
    topics.chain([json!({"left_out": audit["left_out"]})]).collect()
}

/// 06: what the writer gave to the checker, sources as short names.
fn drafts(audit: &Value) -> Vec<Value> {
    let draft = |part: &str, claim: &Value, cites: Vec<&Value>| json!({"part": part, "group": claim["group"], "lead": claim["lead"], "text": claim["text"], "cites": cites});
    let admitted = claims(audit).into_iter().map(|(part, claim)| {
        draft(part, claim, list(&claim["cites"]).iter().map(|cite| &cite["alias"]).collect())
    });
    let refused = list(&audit["brief"]["refused"]).iter().map(|refused| {
        draft(
            refused["section"].as_str().unwrap(),
            &refused["draft"],
            list(&refused["draft"]["cites"]).iter().collect(),
        )
    });
    admitted.chain(refused).collect()
}

/// 07: what the checker let through, each fact with the tweet that holds it.
fn checked(audit: &Value) -> Vec<Value> {
    let admitted = claims(audit).into_iter().map(|(part, claim)| {
        let cites: Vec<&Value> = list(&claim["cites"]).iter().map(|cite| &cite["url"]).collect();
        json!({"part": part, "lead": claim["lead"], "text": claim["text"], "cites": cites, "evidence": claim["evidence"]})
    });
    admitted
        .chain(list(&audit["brief"]["refused"]).iter().map(|refused| json!({"refused": refused})))
        .collect()
}

/// One JSON object a line, fractions to two places: the last digits are the platform's.
fn lines(values: Vec<Value>) -> String {
    let lines: Vec<String> = values.into_iter().map(|value| format!("{}\n", rounded(value))).collect();
    lines.concat()
}

fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!((number.as_f64().unwrap() * 100.0).round() / 100.0),
        Value::Array(values) => values.into_iter().map(rounded).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, rounded(value))).collect(),
        other => other,
    }
}
