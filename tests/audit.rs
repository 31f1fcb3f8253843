//! `audit` and `verify`: what each line of a post rests on, told from its audit, and looked for again in the corpus.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Ended, Site,
    audit::{claims, list},
    audit_path,
    endpoint::{Answer, Endpoint},
    fixture, is_as_stored, post_path,
};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];
const DAY: &str = "2026-03-04";

fn site() -> Site {
    let site = Site::quick("");
    site.run_day(DAY, &["--quiet"]).exits(0);
    site
}

fn verify(site: &Site, post: &str) -> Ended {
    site.run(&["verify", post, "--corpus", &fixture("ai")])
}

fn objects(ended: &Ended) -> Vec<Value> {
    ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_line_is_told_with_its_sources_and_the_places_of_its_facts() {
    let site = site();
    let (post, audit) = (site.post(DAY), site.audit(DAY));
    let lines: Vec<&str> = post.lines().collect();
    let told = objects(&site.run(&["audit", &post_path(DAY), "--json"]).exits(0));
    assert_eq!(told.len(), claims(&audit).len());
    let mut before = 0;
    for claim in &told {
        let line = usize::try_from(claim["line"].as_u64().expect("it stands on a line")).unwrap();
        assert!(line > before, "in the order of the post: {claim}");
        before = line;
        for source in list(&claim["sources"]) {
            assert!(lines[line - 1].contains(&format!("({})", source["url"].as_str().unwrap())), "{claim}");
            assert!(source["created_at"].as_str().unwrap().starts_with("2026-03-0"), "{claim}");
        }
        for fact in list(&claim["facts"]).iter().filter(|fact| fact["verdict"] == "found") {
            assert!(tweet_has(&audit, fact), "{fact}");
        }
    }
}

/// Whether the tweet that a fact was found in holds its excerpt.
fn tweet_has(audit: &Value, fact: &Value) -> bool {
    let mut tweets = list(&audit["topics"]).iter().flat_map(|topic| list(&topic["tweets"]));
    let tweet = tweets.find(|one| one["tweet"]["id"] == fact["tweet"]).expect("the audit has the tweet");
    let part = |name: &str| {
        let part = fact["place"][name].as_str().unwrap_or_else(|| panic!("no place: {fact}"));
        part.trim_matches('…').to_owned()
    };
    let text = tweet["tweet"]["text"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let excerpt = format!("{}{}{}", part("before"), part("held"), part("after"));
    fact["place"]["field"] != "text" || text.contains(excerpt.trim())
}

#[test]
fn one_line_may_be_asked_for_and_the_totals_are_told() {
    let site = site();
    let all = site.run(&["audit", &post_path(DAY)]).exits(0);
    let claims = claims(&site.audit(DAY)).len();
    let all = all
        .prints(&format!("\n{claims} claims, "))
        .prints("0 drafts refused (0 replaced), 0 tweets withheld");
    let first = all.stdout.lines().next().unwrap().to_owned();
    let line = first.split_whitespace().nth(1).unwrap();
    let one = site.run(&["audit", &post_path(DAY), "--line", line]).exits(0).prints(&first);
    assert_eq!(one.stdout.lines().filter(|line| line.starts_with("line ")).count(), 1, "{one}");
    assert!(!one.stdout.contains("drafts refused"), "{one}");
    site.run(&["audit", &post_path(DAY), "--line", "1"])
        .exits(4)
        .says("line 1 of the post is no claim")
        .says(line);
}

#[test]
fn an_audit_of_another_post_tells_nothing() {
    let site = site();
    let changed = site.post(DAY).replace("条推文", "篇推文");
    site.write(&post_path(DAY), changed);
    let ended = site
        .run(&["audit", &post_path(DAY)])
        .exits(4)
        .says("the post has another hash")
        .says("tuibao verify");
    assert_eq!(ended.stdout, "");
    let audit = fs::read_to_string(site.path(&audit_path(DAY))).unwrap();
    site.write(&audit_path(DAY), audit.replacen("\"schema_version\": ", "\"schema_version\": 9", 1));
    site.run(&["audit", &post_path(DAY)]).exits(4).says("its schema version is 9");
    fs::remove_file(site.path(&audit_path(DAY))).unwrap();
    site.run(&["audit", &post_path(DAY)]).exits(4).says("has no audit file beside it");
    site.run(&["audit", "nothing.md"]).exits(4).says("cannot read the post `nothing.md`");
    site.run(&["audit"]).exits(2);
}

/// A model that invents a figure in each claim.
fn inventive() -> Endpoint {
    Endpoint::start(|question| {
        let mut claims = question.honest_claims();
        for claim in claims.iter_mut().take(1) {
            claim["text"] = json!(format!("{}增长 98765%。", claim["text"].as_str().unwrap()));
        }
        Answer::Claims(claims)
    })
}

#[test]
fn refused_drafts_are_told_with_their_problems() {
    let endpoint = inventive();
    let site = Site::quick(&endpoint.config());
    site.run_day(DAY, &["--quiet"]);
    let told = site.run(&["audit", &post_path(DAY)]).exits(0);
    let refused = site.audit(DAY)["brief"]["refused"].clone();
    assert!(!list(&refused).is_empty());
    let told =
        told.prints("not found: figure 98765%").prints(&format!("{} drafts refused", list(&refused).len()));
    let shown = told.stdout.lines().filter(|line| line.starts_with("refused  ")).count();
    assert_eq!(shown, list(&refused).len(), "{told}");
    let replaced = list(&refused).iter().filter(|one| one["replaced"] == true).count();
    assert_eq!(told.stdout.lines().filter(|line| line.ends_with("  replaced")).count(), replaced, "{told}");
    assert_is_of_the_schema(&site.audit(DAY));
}

const HOSTILE: &str = "\u{1b}[31m\u{202e}\u{9b}2J\r";

#[track_caller]
fn assert_safe(ended: &Ended) {
    let unsafe_here = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    let found: Vec<String> = format!("{}{}", ended.stdout, ended.stderr)
        .chars()
        .filter(unsafe_here)
        .map(|c| c.escape_unicode().to_string())
        .collect();
    assert!(found.is_empty(), "{found:?}{ended}");
}

/// A tweet's text is cleaned when it is read, but an audit or a post may come from elsewhere.
#[test]
fn what_would_play_with_a_terminal_is_written_out() {
    let endpoint = inventive();
    let site = Site::quick(&endpoint.config());
    site.run_day(DAY, &["--quiet"]);
    let hostile =
        |value: &mut Value| *value = json!(format!("{HOSTILE}{}{HOSTILE}", value.as_str().unwrap()));
    let mut audit = site.audit(DAY);
    for topic in audit["topics"].as_array_mut().unwrap() {
        topic["tweets"].as_array_mut().unwrap().iter_mut().for_each(|one| hostile(&mut one["tweet"]["text"]));
    }
    let brief = &mut audit["brief"];
    hostile(&mut brief["refused"][0]["draft"]["text"]);
    hostile(&mut brief["refused"][0]["section"]);
    hostile(&mut brief["key_points"][0]["text"]);
    hostile(&mut brief["key_points"][0]["lead"]);
    hostile(&mut brief["key_points"][0]["cites"][0]["handle"]);
    hostile(&mut brief["key_points"][0]["cites"][0]["url"]);
    hostile(&mut brief["key_points"][0]["evidence"][0]["fact"]["written"]);
    brief["withheld"] = json!([{"part": HOSTILE, "id": "7"}]);
    site.write(&audit_path(DAY), audit.to_string());
    let told =
        site.run(&["audit", &post_path(DAY)]).exits(0).prints("\\u{1b}[31m\\u{202e}").prints("no line");
    assert_safe(&told);

    site.write(
        "hand.md",
        format!("“{HOSTILE}Zyx9 {HOSTILE}” 增长 98765%\n\n另一段 https://x.com/a/status/7 {HOSTILE}Abc-9\n"),
    );
    let told = verify(&site, "hand.md").exits(3).prints("no source: ").prints("not in the corpus: tweet 7");
    assert_safe(&told);
}

#[test]
fn our_own_posts_are_found_again() {
    let site = Site::quick("");
    for day in DAYS {
        site.run_day(day, &["--quiet"]).exits(0);
        let told = verify(&site, &post_path(day))
            .exits(0)
            .says(" 0 not found, 0 links")
            .says(" 0 of them with facts");
        assert_eq!(told.stdout, "", "nothing is wrong");
    }
    let english = ["--profile", "twitter_ai_en", "--out", "en"];
    site.run_day(DAY, &[&english[..], &["--quiet"]].concat()).exits(0);
    let post = "en/_posts/2026-03-04-twitter_ai_en_20260304_20260304.md";
    site.run(&["verify", post, "--corpus", &fixture("ai"), "--profile", "twitter_ai_en"]).exits(0);
    site.run(&["import", &fixture("ai"), "--store", "tweets"]).exits(0);
    site.run(&["verify", &post_path(DAY), "--corpus", "tweets"]).exits(0);
}

#[test]
fn a_changed_figure_a_strange_corpus_and_a_count_of_its_own_are_told() {
    let site = site();
    let post = site.post(DAY);
    let (line, text) = post
        .lines()
        .zip(1..)
        .find(|(text, _)| text.contains("41GB"))
        .map(|(text, line)| (line, text))
        .unwrap();
    site.write("changed.md", post.replace("41GB", "43GB"));
    let told = verify(&site, "changed.md").exits(3).prints(&format!("line {line}: ")).prints("not found: ");
    assert!(text.contains("41GB") && told.stdout.contains("43GB"), "{told}");
    // Without the audit beside it nobody knows which figures the program counted.
    let counts = verify(&site, "changed.md").stdout;
    assert!(counts.contains("(figure)"), "{counts}");

    site.write("other.jsonl", "{\"id\":\"7\",\"author\":{\"handle\":\"a\",\"name\":\"a\"},\"created_at\":\"2026-03-04T00:00:00Z\",\"text\":\"b\"}\n");
    site.run(&["verify", &post_path(DAY), "--corpus", "other.jsonl"])
        .exits(3)
        .prints("not in the corpus: tweet ");
}

/// As another program, or a hand, would write it.
#[test]
fn any_post_can_be_verified() {
    let site = Site::quick("");
    let tweets = [
        json!({"id": "2028000000000000001", "author": {"handle": "lab_a", "name": "Lab A"}, "created_at": "2026-03-01T08:00:00Z",
            "text": "Aurora-7B scores 31% on FieldBench, 1.5 million users"}),
        json!({"id": "2028000000000000002", "author": {"handle": "lab_b", "name": "Lab B"}, "created_at": "2026-03-01T09:00:00Z",
            "text": "估值 $50B，“不是泡沫”"}),
    ];
    site.write("corpus.jsonl", tweets.map(|tweet| format!("{tweet}\n")).concat());
    let good = "# 日报 2026 Q1\n\nAurora-7B 得分 **31%**，有 150 万用户（[来源](https://x.com/lab_a/status/2028000000000000001)）。\n\n\
                * 估值 500 亿美元，他说\u{201c}不是泡沫\u{201d} https://twitter.com/lab_b/status/2028000000000000002?s=20\n* 没有事实的一行\n";
    site.write("good.md", good);
    let run =
        |post: &str, more: &[&str]| site.run(&[&["verify", post, "--corpus", "corpus.jsonl"], more].concat());
    run("good.md", &[])
        .exits(0)
        .says("2 lines with sources: 5 facts found")
        .says("1 lines without a source, 0 of them");

    let bad = good.replace("31%", "32%").replace("没有事实的一行", "Borealis-9 发布，售价 99 美元");
    site.write("bad.md", format!("{bad}\n三 https://x.com/i/status/2028000000000000003\n"));
    let told = run("bad.md", &[]).exits(3);
    let lines = told.stdout.lines().map(str::trim).filter(|line| !line.starts_with("line "));
    let wanted = [
        "not found: 32% (figure)",
        "no source: 99 美元 (figure), Borealis-9 (name)",
        "not in the corpus: tweet 2028000000000000003",
    ];
    assert_eq!(lines.collect::<Vec<_>>(), wanted, "{told}");
    let told = run("bad.md", &["--json"]).exits(3).json();
    assert_eq!(told["ok"], false);
    assert_eq!(
        told["totals"],
        json!({"with_source": 3, "without_source": 1, "no_source": 1, "found": 4, "counted": 0,
        "not_found": 1, "not_in_corpus": 1})
    );
    assert_eq!(told["lines"][0]["not_found"][0]["written"], "32%");
    run("nothing.md", &[]).exits(4).says("cannot read the post");
}

fn schema() -> Value {
    Site::new().run(&["audit", "--schema"]).exits(0).json()
}

/// The published schema is open, so that fields can be added; here none may be missing from it. What is a part of another
/// object, by a `$ref` in a `oneOf`, cannot be closed by itself.
fn closed(mut schema: Value) -> Value {
    let branches = |def: &Value| def["oneOf"].as_array().cloned().unwrap_or_default();
    let defs = schema["$defs"].as_object().unwrap().clone();
    let parts: Vec<String> = defs
        .values()
        .flat_map(branches)
        .filter_map(|branch| Some(branch["$ref"].as_str()?.to_owned()))
        .collect();
    schema["unevaluatedProperties"] = json!(false);
    for name in defs.keys().filter(|name| !parts.contains(&format!("#/$defs/{name}"))) {
        schema["$defs"][name]["unevaluatedProperties"] = json!(false);
    }
    schema
}

#[track_caller]
fn assert_is_of_the_schema(audit: &Value) {
    let validator = jsonschema::validator_for(&closed(schema())).expect("a valid schema");
    let faults: Vec<String> = validator
        .iter_errors(audit)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_published_schema_is_that_of_the_structs() {
    let printed = Site::new().run(&["audit", "--schema"]).exits(0);
    assert!(jsonschema::meta::is_valid(&printed.json()));
    is_as_stored("../docs/audit.schema.json", &printed.stdout);
}

#[test]
fn real_audits_are_of_the_published_schema() {
    let site = Site::quick("");
    for day in DAYS {
        site.run_day(day, &["--quiet"]).exits(0);
        assert_is_of_the_schema(&site.audit(day));
    }
    site.run(&["run", "--quiet", "--corpus", &fixture("messy"), "--date", "2026-03-08"]).exits(0);
    let mut messy = site.audit("2026-03-08");
    assert!(!list(&messy["rejected"]).is_empty());
    assert_is_of_the_schema(&messy);
    messy["brief"]["key_points"][0]["cites"][0]["id"] = json!(7);
    assert!(!jsonschema::is_valid(&schema(), &messy), "an id is a string");
    messy["brief"]["key_points"][0]["cites"][0]["id"] = json!("7");
    assert!(jsonschema::is_valid(&closed(schema()), &messy));
    messy["brief"]["key_points"][0]["new"] = json!(7);
    assert!(!jsonschema::is_valid(&closed(schema()), &messy), "a field that it does not name");
    assert!(jsonschema::is_valid(&schema(), &messy), "but readers may meet new ones");
}
