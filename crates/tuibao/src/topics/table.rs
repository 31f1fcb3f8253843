//! Topics as lines of a table that fits a terminal; its columns are those of `columns.rs`.

use std::collections::BTreeMap;

use brief::Routed;
use corpus::{Salience, Topic, TweetId, Worth};

use crate::{
    columns::{cut, fit, head},
    console,
};

const SECTION: usize = 18;
const TERMS: usize = 32;
/// Columns of the fields before the section.
const FIRST: usize = 25;

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
