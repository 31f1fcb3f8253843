//! The commands that only look: `inspect`, `topics`, `doctor`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::{Value, json};

use crate::support::{Site, fixture};

/// What the README of the messy files says of one.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    tweets: u64,
    notices: u64,
    /// Place and reason.
    rejected: BTreeSet<(u64, String)>,
}

#[test]
fn inspect_finds_what_the_readme_of_the_messy_files_tells() {
    let seen = Site::new().run(&["inspect", &fixture("messy"), "--json"]).exits(0).json();
    let files = seen["files"].as_array().unwrap();
    let found: BTreeMap<String, Row> = files.iter().map(found).collect();
    let readme = fs::read_to_string(fixture("messy/README.md")).unwrap();
    let told: BTreeMap<String, Row> = readme.lines().filter_map(told).collect();
    assert_eq!((found.len(), told.len()), (20, 20));
    let wrong: Vec<_> = told
        .iter()
        .filter(|(file, row)| found.get(*file) != Some(row))
        .map(|(file, row)| (file, row, &found[file]))
        .collect();
    assert!(wrong.is_empty(), "file, as told, as found: {wrong:#?}");

    let totals = &seen["totals"];
    assert_eq!((&totals["files"], &totals["tweets"]), (&json!(20), &json!(42)));
    let all = |value: &Value| {
        value["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(all(totals), 18);
    for value in files.iter().chain([totals]) {
        let number = |key: &str| value[key].as_u64().unwrap();
        assert_eq!(number("records"), number("tweets") + number("notices") + all(value), "{value}");
    }
}

/// `| good.jsonl | 3 | 0 | none | … |`, `| x | 2 | 0 | 1: no_author, 2, 3: bad_id | … |`.
fn told(line: &str) -> Option<(String, Row)> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let file = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
    let mut rejected = BTreeSet::new();
    let mut places = Vec::new();
    for word in cells[4].split(", ").filter(|word| *word != "none") {
        let (place, reason) =
            word.split_once(": ").map_or((word, None), |(place, reason)| (place, Some(reason)));
        places.push(place.parse().unwrap());
        if let Some(reason) = reason {
            rejected.extend(places.drain(..).map(|place| (place, reason.to_owned())));
        }
    }
    Some((file.to_owned(), Row { tweets: cells[2].parse().ok()?, notices: cells[3].parse().ok()?, rejected }))
}

fn found(file: &Value) -> (String, Row) {
    let rejects = file["rejects"].as_array().unwrap().iter();
    let rejected = rejects
        .map(|one| (one["line"].as_u64().unwrap(), one["reason"].as_str().unwrap().to_owned()))
        .collect();
    let name = file["path"].as_str().unwrap().rsplit('/').next().unwrap();
    (
        name.to_owned(),
        Row {
            tweets: file["tweets"].as_u64().unwrap(),
            notices: file["notices"].as_u64().unwrap(),
            rejected,
        },
    )
}

#[test]
fn inspect_prints_a_table_and_with_v_every_reject() {
    let site = Site::new();
    let table = site.run(&["inspect", &fixture("messy")]).exits(0).prints("20 files").prints("bad_ids.jsonl");
    table.says("`tuibao inspect -v`").prints("days (UTC): 2026-03-08 to 2026-03-08, 1 with tweets");
    let listed = site.run(&["inspect", "-v", &fixture("messy/bad_ids.jsonl")]).exits(0);
    assert_eq!(listed.stdout.matches(": bad_id: ").count(), 6, "{listed}");
    site.run(&["inspect", "nowhere"]).exits(4).says("cannot read the corpus `nowhere`");
    assert!(site.tree().files().is_empty(), "it only looks");
}

#[test]
fn topics_are_listed_with_their_tweets() {
    let site = Site::new();
    let corpus = fixture("ai");
    let arguments = ["topics", "--corpus", &corpus, "--date", "2026-03-03", "--json"];
    let ended = site.run(&arguments).exits(0);
    let topics: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(topics.len() >= 10, "{ended}");
    let mut ids = BTreeSet::new();
    for (place, topic) in topics.iter().enumerate() {
        assert_eq!(topic["rank"], json!(place + 1));
        let tweets = topic["tweets"].as_array().unwrap();
        assert!(
            !tweets.is_empty() && tweets.iter().all(|tweet| ids.insert(tweet["id"].to_string())),
            "each tweet once"
        );
    }
    let totals: Vec<f64> = topics.iter().map(|topic| topic["salience"]["total"].as_f64().unwrap()).collect();
    assert!(totals.is_sorted_by(|a, b| a >= b), "most salient first: {totals:?}");
    for topic in &topics {
        let where_to = ["section", "group"].map(|key| topic[key].as_str().unwrap_or_default().to_owned());
        assert!(where_to.iter().all(|id| !id.is_empty()), "{topic}");
        assert!(topic["tweets"][0]["worth"]["total"].is_f64() && topic["earlier"].is_null(), "{topic}");
    }
    let table = site.run(&arguments[..5]).exits(0).prints("  1. ").prints("  新  ");
    assert_eq!(table.stdout.lines().count(), topics.len() + 1, "one line a topic{table}");
    site.run(&[&arguments[..5], &["-v"]].concat()).exits(0).prints("novelty 1.00");
    assert!(site.tree().files().is_empty(), "it only looks");
}

#[test]
fn doctor_finds_a_good_setup_good() {
    let site = Site::new();
    let findings = site.run(&["doctor", "--corpus", &fixture("ai")]).exits(0);
    let findings = findings
        .prints("ok    font: TuibaoSansSC")
        .prints("ok    corpus: 3 files")
        .prints("profile `twitter_ai`");
    assert!(
        findings.stdout.lines().all(|line| line.starts_with("ok ") || line.starts_with("note ")),
        "{findings}"
    );
    assert!(site.tree().files().is_empty(), "it only looks");
}

#[test]
fn doctor_finds_what_is_wrong() {
    let site = Site::new();
    site.run(&["doctor"])
        .exits(2)
        .prints("wrong corpus: cannot read the corpus `corpus`")
        .prints("ok    font: ");
    site.write("taken", "");
    let both = site.run(&["doctor", "--corpus", &fixture("ai"), "--out", "taken/site"]).exits(2);
    both.prints("ok    corpus").prints("wrong output: `taken/site` cannot be written");
    site.run(&["doctor", "--profile", "nobody"]).exits(2).says("no report profile `nobody`");
}

#[test]
fn doctor_tells_of_the_key_but_not_the_key() {
    let site = Site::quick(&crate::support::endpoint::config("http://127.0.0.1:9/v1"));
    site.run(&["doctor", "--corpus", &fixture("ai")])
        .exits(0)
        .prints("without a key (`OPENAI_API_KEY` is not set)");
    let site = site.with("OPENAI_API_KEY", crate::support::endpoint::CANARY);
    let told = site.run(&["doctor", "--corpus", &fixture("ai"), "-vv"]).exits(0).prints(", with a key");
    assert!(!told.to_string().contains("CANARY"), "{told}");
}
