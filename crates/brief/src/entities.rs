//! Kinds of thing that a text names: tickers, coins, papers, products, somebody's own view.
//!
//! Which kinds there are, and how one knows them, is part of the report profile. Of several kinds that know the same place
//! of a text the first has it: `$BTC` is a coin, and so no ticker.

use std::ops::Range;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// A kind of entity, as written in the profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityKind {
    /// Short name, which groups use.
    pub id: String,
    /// How much the first one found speaks for a group; n of them 1 + ln n times as much.
    pub weight: f64,
    /// Regular expressions, in the syntax of Rust's `regex`.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Words: a Latin one as a whole word in any casing, a Chinese one anywhere.
    #[serde(default)]
    pub words: Vec<String>,
    /// Beginnings of links without `https://`, such as `arxiv.org/`.
    #[serde(default)]
    pub links: Vec<String>,
}

/// The kinds, compiled.
#[derive(Debug)]
pub(crate) struct Entities {
    kinds: Vec<Kind>,
}

#[derive(Debug)]
struct Kind {
    weight: f64,
    finder: Option<Regex>,
    links: Vec<String>,
}

impl Entities {
    pub(crate) fn new(kinds: &[EntityKind]) -> Result<Self, regex::Error> {
        let compile = |kind: &EntityKind| {
            let patterns = kind.patterns.iter().cloned();
            let all: Vec<String> = patterns.chain(kind.words.iter().map(|word| whole(word))).collect();
            let finder = if all.is_empty() { None } else { Some(Regex::new(&all.join("|"))?) };
            Ok(Kind { weight: kind.weight, finder, links: kind.links.clone() })
        };
        Ok(Self { kinds: kinds.iter().map(compile).collect::<Result<_, regex::Error>>()? })
    }

    /// How strongly a text and its links speak of each kind, in the order of the profile.
    pub(crate) fn scores(&self, text: &str, urls: &[&str]) -> Vec<f64> {
        let mut taken: Vec<Range<usize>> = Vec::new();
        let score = |kind: &Kind| {
            let found = kind.finder.iter().flat_map(|finder| finder.find_iter(text)).map(|hit| hit.range());
            let own: Vec<Range<usize>> =
                found.filter(|hit| !taken.iter().any(|other| overlap(hit, other))).collect();
            let times = own.len() + urls.iter().filter(|url| kind.links_to(url)).count();
            taken.extend(own);
            if times == 0 { 0.0 } else { kind.weight * (1.0 + (times as f64).ln()) }
        };
        self.kinds.iter().map(score).collect()
    }
}

impl Kind {
    fn links_to(&self, url: &str) -> bool {
        let bare =
            url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
        self.links.iter().any(|link| bare.starts_with(link.as_str()))
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// A word as a pattern.
fn whole(word: &str) -> String {
    let edge = |c: Option<char>| {
        if c.is_some_and(|c| c.is_ascii_alphanumeric()) { r"(?-u:\b)" } else { "" }
    };
    let (first, last) = (edge(word.chars().next()), edge(word.chars().next_back()));
    format!("{first}(?i:{}){last}", regex::escape(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(id: &str, patterns: &[&str], words: &[&str], links: &[&str]) -> EntityKind {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        EntityKind {
            id: id.to_owned(),
            weight: 2.0,
            patterns: list(patterns),
            words: list(words),
            links: list(links),
        }
    }

    #[test]
    fn the_first_kind_that_knows_a_place_has_it() {
        let kinds = [
            kind("coin", &[r"\$(BTC|ETH)(?-u:\b)"], &["比特币"], &[]),
            kind("ticker", &[r"\$[A-Z]{1,5}(?-u:\b)"], &[], &[]),
            kind("paper", &[], &["arXiv"], &["arxiv.org/"]),
        ];
        let entities = Entities::new(&kinds).unwrap();
        assert_eq!(entities.scores("比特币 $BTC涨", &[]), [2.0 * (1.0 + 2_f64.ln()), 0.0, 0.0]);
        assert_eq!(entities.scores("$NVDA 跌", &[]), [0.0, 2.0, 0.0]);
        assert_eq!(entities.scores("see", &["https://arxiv.org/abs/2601.1"]), [0.0, 0.0, 2.0]);
        assert_eq!(entities.scores("arxivist, ARXIV", &[]), [0.0, 0.0, 2.0]);
    }
}
