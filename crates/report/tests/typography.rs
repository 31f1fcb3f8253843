//! The typography suite through comrak: each case is seen as it should be.
//!
//! `bench/typography.py` does the same with kramdown and markdown-it.

#![allow(clippy::unwrap_used, reason = "tests fail loudly, helpers outside of test functions included")]

mod cases;

use brief::typeset;
use cases::{Line, html, lines};
use regex::Regex;

fn shown(html: &str) -> String {
    let text = Regex::new("<[^>]*>").unwrap().replace_all(html, "").into_owned();
    html_escape::decode_html_entities(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn strong(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<strong>")?;
    Some(shown(rest.split_once("</strong>")?.0))
}

#[test]
fn every_case_is_seen_as_it_should_be() {
    let lines = lines().unwrap();
    assert!(lines.len() >= 60, "{} cases", lines.len());
    let faults: Vec<String> = lines.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), lines.len(), faults.join("\n"));
}

fn fault(Line { name, markdown, shows, strong: wanted }: &Line) -> Option<String> {
    let html = html(markdown);
    let wrong = shown(&html) != *shows || wanted.is_some() && strong(&html) != *wanted;
    wrong
        .then(|| format!("{name}: wanted {shows}\n  shown {}\n  {markdown}\n  {}", shown(&html), html.trim()))
}

#[test]
fn names_are_given_once() {
    let mut names: Vec<String> = lines().unwrap().into_iter().map(|line| line.name).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Words that the program writes around the claims are not set: they must stand in the profile as they are printed.
#[test]
fn the_profile_s_own_words_are_printed_as_they_should_be() {
    let profile: toml::Table =
        toml::from_str(include_str!("../../../config/reports/twitter_ai.toml")).unwrap();
    let mut words = Vec::new();
    texts("report", &profile["report"], &mut words);
    for part in ["phrases", "sections", "kinds"] {
        texts(part, &profile["outline"][part], &mut words);
    }
    assert!(words.len() > 60, "{} texts", words.len());
    let tag = Regex::new(r"\{%.*?%\}").unwrap();
    let value = Regex::new(r"\{\{.*?\}\}").unwrap();
    for (name, template) in words {
        // A value is a figure or a name; what stands around it brings its own room.
        let text = value.replace_all(&tag.replace_all(template, ""), "某").into_owned();
        // Its brackets are those of the posts that readers know.
        if name != "report.intro" {
            assert_eq!(typeset(&text), text, "{name}");
        }
    }
}

/// All texts, without the lists of words that are looked for in tweets.
fn texts<'v>(name: &str, value: &'v toml::Value, into: &mut Vec<(String, &'v str)>) {
    match value {
        toml::Value::String(text) => into.push((name.to_owned(), text)),
        toml::Value::Array(list) => list.iter().for_each(|one| texts(name, one, into)),
        toml::Value::Table(table) => {
            let told = table.iter().filter(|(key, _)| *key != "words" && *key != "subjects");
            told.for_each(|(key, one)| texts(&format!("{name}.{key}"), one, into));
        }
        _ => {}
    }
}
