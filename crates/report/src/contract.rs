//! The contract of a post: its parts in order, its key points as many as it says, a source behind every line.

use std::{fmt, sync::LazyLock};

use brief::Outline;
use regex::Regex;

use crate::{
    escape::escape,
    head::HeadField,
    post::{Citations, Marks, PostSettings},
};

/// What a post must keep to.
pub struct Contract<'a> {
    /// Its sections.
    pub outline: &'a Outline,
    /// Whether its lines show sources.
    pub post: &'a PostSettings,
    /// Heading of the brief part.
    pub brief: &'a str,
    /// Heading of the overview.
    pub overview: &'a str,
    /// Heading of the detailed part.
    pub detail: &'a str,
}

/// A breach, with the line (counted from 1; 0 for the whole post).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub line: usize,
    /// What.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 { write!(f, "line {}: {}", self.line, self.what) } else { f.write_str(&self.what) }
    }
}

#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

static TWEET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\[[^\]]+\]\(https://x\.com/[A-Za-z0-9_]{1,15}/status/\d{1,20}\)$"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[^\\])\]\(([^)]*)\)"));
static COUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+"));
/// Liquid, raw HTML other than our own, template and reasoning left-overs.
static FOREIGN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\{\{|\{%|\{:|<(?:[a-zA-Z/!][^>]*)|</?think|```|<\|"));
/// The one piece of Liquid that we write: the address of a picture, by `image_url` of the settings.
static OWN_LIQUID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\{\{ '([A-Za-z0-9_./%-]*)' \| relative_url \}\}"));
static OWN_HTML: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?(?:span|strong)>"));

/// Every breach of the contract, in the order of the lines.
pub fn violations(markdown: &str, contract: &Contract<'_>) -> Vec<Violation> {
    let mut found = front_matter(markdown, contract);
    found.extend(headings(markdown, contract));
    found.extend(key_points(markdown, contract));
    found.extend(lines(markdown, contract));
    found.sort_by_key(|violation| violation.line);
    found
}

fn breach(line: usize, what: impl Into<String>) -> Violation {
    Violation { line, what: what.into() }
}

/// The keys that the settings ask for; a picture's only stands there when there is a picture.
fn front_matter(markdown: &str, contract: &Contract<'_>) -> Vec<Violation> {
    let mut lines = markdown.lines();
    if lines.next() != Some("---") {
        return vec![breach(1, "the front matter is missing")];
    }
    let keys: Vec<&str> = lines
        .take_while(|line| *line != "---")
        .filter_map(|line| line.split_once(':').map(|(key, _)| key))
        .collect();
    let wanted = contract.post.head.iter().filter(|(_, field)| *field != HeadField::Picture);
    let missing = wanted.map(|(key, _)| key.as_str()).filter(|key| !keys.contains(key));
    missing.map(|key| breach(1, format!("the front matter lacks `{key}`"))).collect()
}

/// The fixed headings, each after the one before.
fn headings(markdown: &str, contract: &Contract<'_>) -> Vec<Violation> {
    let mut wanted = vec![
        format!("## {}", escape(contract.brief)),
        format!("### {}", escape(contract.overview)),
        format!("## {}", escape(contract.detail)),
    ];
    wanted
        .extend(contract.outline.sections.iter().map(|section| format!("### {}", escape(&section.heading))));
    let mut lines = markdown.lines();
    wanted
        .iter()
        .filter(|heading| !lines.by_ref().any(|line| line == heading.as_str()))
        .map(|heading| breach(0, format!("the heading `{heading}` is missing or out of order")))
        .collect()
}

/// Lines of the heading that counts the key points, and the points below it.
fn key_points(markdown: &str, contract: &Contract<'_>) -> Vec<Violation> {
    let overview = format!("### {}", escape(contract.overview));
    let mut lines = markdown.lines().enumerate().skip_while(|(_, line)| *line != overview).skip(1);
    let Some((at, heading)) = lines.find(|(_, line)| line.starts_with("### ")) else {
        return vec![breach(0, "the key points are missing")];
    };
    let said = COUNT.find(heading).and_then(|count| count.as_str().parse::<usize>().ok());
    let there = lines
        .take_while(|(_, line)| !line.starts_with('#') && *line != "---")
        .filter(|(_, line)| line.starts_with("- "))
        .count();
    let mut found = Vec::new();
    if said != Some(there) {
        found.push(breach(
            at + 1,
            format!("the heading speaks of {} key points, there are {there}", said.unwrap_or(0)),
        ));
    }
    if there > contract.outline.key_points {
        found.push(breach(
            at + 1,
            format!("{there} key points are more than the {} asked for", contract.outline.key_points),
        ));
    }
    found
}

/// Each claim's sources, each link's target, and nothing that the reader's site would run.
fn lines(markdown: &str, contract: &Contract<'_>) -> Vec<Violation> {
    let body = markdown.lines().enumerate().skip(1).skip_while(|(_, line)| *line != "---").skip(1);
    let bold = [("- **", "**"), ("- <strong>", "</strong>")];
    let group = |line: &str| bold.iter().any(|(open, close)| line.starts_with(open) && line.ends_with(close));
    let empties: Vec<String> = contract
        .outline
        .sections
        .iter()
        .flat_map(|section| &section.groups)
        .filter_map(|group| group.empty.as_deref().map(escape))
        .collect();
    let mut found = Vec::new();
    for (at, line) in body {
        let line = &*OWN_LIQUID.replace_all(line, "$1");
        let claim = line.trim_start().starts_with("- ")
            && !group(line)
            && !empties.iter().any(|empty| line.ends_with(empty.as_str()));
        if claim && contract.post.citations != Citations::None && !has_sources(line, &contract.post.marks) {
            found.push(breach(at + 1, "no source, or one that is no tweet's page"));
        }
        if let Some(mark) = FOREIGN.find(&OWN_HTML.replace_all(line, "")) {
            found.push(breach(at + 1, format!("foreign markup `{}`", mark.as_str())));
        }
        let strange =
            LINK.captures_iter(line).filter_map(|link| link.get(1)).find(|link| !own(link.as_str()));
        found.extend(strange.map(|link| breach(at + 1, format!("a link to `{}`", link.as_str()))));
    }
    found
}

/// Whether a line ends with links to tweets, between the report's marks.
fn has_sources(line: &str, marks: &Marks) -> bool {
    let inner = line.strip_suffix(&marks.close).and_then(|rest| rest.rsplit_once(&marks.open));
    inner.is_some_and(|(_, links)| links.split(&marks.between).all(|link| TWEET.is_match(link)))
}

/// A link that we build ourselves: a tweet's page, or a picture of the site.
fn own(link: &str) -> bool {
    let of_ours = |name: &str| name.starts_with("wordcloud_") || name.starts_with("chart_");
    let picture = link.rsplit('/').next().is_some_and(of_ours);
    link.starts_with("https://x.com/") || (picture && (!link.contains(':') || link.starts_with("https://")))
}
