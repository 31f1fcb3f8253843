//! The typography suite through comrak: each case is seen as it should be.
//!
//! `bench/typography.py` does the same with kramdown and markdown-it.

mod cases;

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
