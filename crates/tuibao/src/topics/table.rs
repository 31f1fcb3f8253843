//! Topics as lines of a table that fits a terminal; a Chinese character takes two columns.

use std::collections::BTreeMap;

use brief::Routed;
use corpus::{Salience, Topic, TweetId, Worth};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::console;

/// Columns where there is no terminal.
const WIDTH: usize = 120;
const SECTION: usize = 18;
const TERMS: usize = 32;
/// Columns of the fields before the section.
const FIRST: usize = 25;

/// The terminal's columns.
pub(super) fn terminal() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
}

pub(super) fn header(width: usize) -> String {
    let head = format!(
        "{:>3}  {:>6}  {:>7}  {}{}{}representative",
        "#",
        "score",
        "tw/acc",
        fit("", 6),
        fit("section", SECTION),
        fit("terms", TERMS)
    );
    cut(&head, width)
}

/// One topic: rank, score, tweets and accounts, 新 or 持续, where it goes, its terms, and how its first tweet begins.
pub(super) fn line(rank: usize, topic: &Topic, routed: Routed<'_>, width: usize) -> String {
    let terms: Vec<&str> = topic.terms.iter().map(|(term, _)| term.as_str()).collect();
    let counts = format!("{}/{}", topic.tweets.len(), topic.authors().len());
    let mark = if topic.earlier.is_some() { "持续" } else { "新" };
    let representative = topic.tweets.first().map_or_else(String::new, |unique| {
        format!("@{}: {}", unique.tweet.speaker(), head(&unique.tweet.text, width))
    });
    let line = format!(
        "{rank:>3}. {:>6.2}  {counts:>7}  {}{}{}{representative}",
        topic.salience.total,
        fit(mark, 6),
        fit(routed.heading, SECTION),
        fit(&terms.join(" "), TERMS),
    );
    cut(&console::plain(&line), width)
}

/// The salience term by term, where it was told before, and each tweet with its worth.
pub(super) fn details(topic: &Topic, worths: &BTreeMap<TweetId, Worth>, width: usize) -> Vec<String> {
    let mut lines = salience(&topic.salience).to_vec();
    lines.extend(
        topic.earlier.map(|earlier| format!("told on {} (likeness {:.2})", earlier.date, earlier.likeness)),
    );
    lines.extend(topic.tweets.iter().map(|unique| {
        let mark = if unique.suspect { " (suspect)" } else { "" };
        let worth = worths.get(&unique.tweet.id).map_or(0.0, |worth| worth.total);
        format!("{worth:>5.2}  @{}{mark}: {}", unique.tweet.speaker(), head(&unique.tweet.text, width))
    }));
    lines.iter().map(|line| cut(&format!("{:>FIRST$}{line}", ""), width)).collect()
}

fn salience(salience: &Salience) -> [String; 2] {
    let Salience {
        authors,
        engagement,
        novelty,
        recency,
        centrality,
        relevance,
        substance,
        promotion,
        echo,
        total: _,
    } = salience;
    [
        format!(
            "authors {authors:.2}  engagement {engagement:.2}  novelty {novelty:.2}  recency {recency:.2}  centrality {centrality:.2}"
        ),
        format!(
            "relevance {relevance:.2}  substance {substance:.2}  promotion {promotion:.2}  echo {echo:.2}"
        ),
    ]
}

/// How a text begins, on one line.
pub(super) fn head(text: &str, width: usize) -> String {
    cut(&console::plain(&text.split_whitespace().collect::<Vec<_>>().join(" ")), width)
}

/// Cut or filled to so many columns, the last one blank.
fn fit(text: &str, columns: usize) -> String {
    let cut = cut(text, columns.saturating_sub(1));
    format!("{cut}{}", " ".repeat(columns.saturating_sub(cut.width())))
}

/// Cut to so many columns, with `…` where something is missing.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(cut("智谱发布新模型", 14), "智谱发布新模型");
        assert_eq!(cut("智谱发布新模型", 10), "智谱发布…");
        assert_eq!(fit("持续", 6), "持续  ");
        assert_eq!(fit("模型与技术", 6).width(), 6);
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
