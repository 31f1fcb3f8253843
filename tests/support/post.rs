//! Reads a post as its readers do.

use std::collections::BTreeSet;

/// Front matter as `key: value` lines.
pub(crate) fn front_matter(post: &str) -> Vec<(&str, &str)> {
    let inner =
        post.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("front matter").0;
    inner.lines().map(|line| line.split_once(": ").expect("key: value")).collect()
}

/// Headings in order, without the title's `# …` line.
pub(crate) fn headings(post: &str) -> Vec<&str> {
    post.lines().filter(|line| line.starts_with("## ") || line.starts_with("### ")).collect()
}

/// The lines below a heading, up to the next one of its kind or a rule.
pub(crate) fn below<'a>(post: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = post.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    lines
        .take_while(|line| !line.starts_with("## ") && !line.starts_with("### ") && *line != "---")
        .filter(|line| !line.is_empty())
        .collect()
}

/// Lines that say something about tweets: bullets, but not the names of groups, nor of groups that stand empty.
pub(crate) fn claims(post: &str) -> Vec<&str> {
    let bullets = post.lines().filter(|line| line.trim_start().starts_with("- "));
    bullets.filter(|line| !line.ends_with("**") && !line.contains("本期推文中未发现")).collect()
}

/// The ids of the tweets that a line's closing bracket links to; empty unless it ends with such a bracket.
pub(crate) fn sources(line: &str) -> Vec<&str> {
    let bracket =
        line.strip_suffix('）').and_then(|rest| rest.rsplit_once('（')).map_or("", |(_, inner)| inner);
    bracket.split('、').filter_map(tweet_id).collect()
}

/// Of `[@handle](https://x.com/handle/status/123)`.
fn tweet_id(link: &str) -> Option<&str> {
    let target = link.strip_prefix('[')?.split_once("](https://x.com/")?.1.strip_suffix(')')?;
    let (handle, id) = target.split_once("/status/")?;
    let right = !handle.is_empty() && !handle.contains('/') && id.chars().all(|digit| digit.is_ascii_digit());
    right.then_some(id)
}

/// Every tweet that a post links to.
pub(crate) fn linked(post: &str) -> BTreeSet<&str> {
    let links = post.split("](https://x.com/").skip(1).filter_map(|rest| rest.split_once(')'));
    links.filter_map(|(target, _)| target.split_once("/status/")).map(|(_, id)| id).collect()
}
