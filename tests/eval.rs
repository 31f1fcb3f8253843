//! `eval` and `train`: figures of labelled sets, and weights that are the same each time.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};

use crate::support::{Ended, Site, fixture, shared_data};

/// The fixtures' own labels in the form that `eval` reads, a row a line.
fn fixture_labels() -> String {
    let table = fs::read_to_string(fixture("labels.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let ad = if fields[2] == "ad" { "drop" } else { "keep" };
        let relevant = match fields[2] {
            "off_topic" => "no",
            label if label.starts_with("topic:") => "yes",
            _ => "unsure",
        };
        json!({"id": fields[0], "day": fields[1], "ad": ad, "relevant": relevant, "text": fields[2]})
            .to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn object(ended: &Ended) -> Value {
    serde_json::from_str(ended.stdout.lines().next().unwrap()).unwrap()
}

#[track_caller]
fn at_least(figures: &Value, floors: &[(&str, f64)]) {
    for (name, floor) in floors {
        let found = figures[*name].as_f64().unwrap_or_else(|| panic!("no `{name}` in {figures}"));
        assert!(found >= *floor, "{name} is {found}, below {floor}: {figures}");
    }
}

#[test]
fn filter_and_ten_points_hold_on_the_fixtures() {
    let site = Site::new();
    site.write("labels.jsonl", fixture_labels());
    let corpus = fixture("ai");
    let eval = |arguments: &[&str]| {
        object(&site.run(&[&["eval"], arguments, &["--json", "--corpus", &corpus]].concat()).exits(0))
    };
    at_least(&eval(&["ads", "labels.jsonl"]), &[("precision", 0.95), ("recall", 0.7)]);
    at_least(&eval(&["relevance", "labels.jsonl"]), &[("precision", 0.9), ("recall", 0.9), ("f1", 0.9)]);
    let ten = eval(&["rank", "--labels", "labels.jsonl"]);
    let counts: BTreeMap<String, u64> = serde_json::from_value(ten["points"]["ad"].clone()).unwrap();
    let kept = counts.get("keep").copied().unwrap_or(0);
    assert!(kept >= 27 && counts.get("drop").copied().unwrap_or(0) == 0, "an advert is among the ten: {ten}");
}

/// The figures that docs/quality.md promises, with a little room.
#[test]
fn clusters_reach_their_figures() {
    let Some(set) = shared_data("clustering/trec_tweet_2472x89.jsonl") else { return };
    let figures = object(&Site::new().run(&["eval", "cluster", "--json", &set]).exits(0));
    at_least(&figures, &[("nmi", 0.92), ("ari", 0.86), ("acc", 0.87), ("bcubed_f1", 0.86)]);
}

#[test]
fn training_twice_makes_the_same_weights() {
    let site = Site::new();
    let row = |n: u32| {
        let (text, label) = if n.is_multiple_of(3) {
            (format!("Use code SAVE{n} for {n}% off, link in bio! Buy now"), "ad")
        } else {
            (format!("The paper {n} shows that sparse attention halves memory at equal loss"), "ok")
        };
        json!({"id": n.to_string(), "text": text, "label": label}).to_string()
    };
    site.write("set.jsonl", (0..60).map(row).collect::<Vec<_>>().join("\n"));
    for out in ["first.toml", "second.toml"] {
        site.run(&["train", "ads", "set.jsonl", "--out", out]).exits(0);
    }
    let [first, second] = ["first.toml", "second.toml"].map(|name| fs::read(site.path(name)).unwrap());
    assert!(first == second && !first.is_empty());
}

#[test]
fn a_set_without_labels_is_named() {
    let site = Site::new();
    site.write("set.jsonl", r#"{"id": 7, "text": "no label"}"#);
    site.run(&["eval", "cluster", "set.jsonl"]).exits(4).says("row `7` has no `label`");
    site.write("broken.jsonl", "{\"id\": 1, \"label\": 2}\n{broken");
    site.run(&["eval", "cluster", "broken.jsonl"]).exits(4).says("`broken.jsonl` line 2");
    site.run(&["eval", "cluster", "gone.jsonl"]).exits(4).says("cannot read `gone.jsonl`");
}
