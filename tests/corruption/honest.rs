//! Claims that a tweet holds, in the report's language: those that people labelled as faithful, the tweet's own sentences, or
//! where it is in another language a list of its names and figures.

use std::{collections::BTreeMap, fs, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    figures::figures,
    operators::{Draft, Source},
};
use crate::support::dice::Dice;

/// Faithful claims about a tweet, by the beginning of its text and the report's language: lead and text.
type Book = BTreeMap<(String, bool), Vec<(String, String)>>;

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book::new();
    for row in labels().filter(|row| row["supported"] == true && row["tweets"][1].is_null()) {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let key = (beginning(row["tweets"][0]["text"].as_str().unwrap()), row["language"] == "zh");
        book.entry(key).or_default().push((word(&row["claim"]["lead"]), word(&row["claim"]["text"])));
    }
    book
});

/// The labelled claims of the checker's own measure.
fn labels() -> impl Iterator<Item = Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/labels/claims.jsonl");
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>().into_iter()
}

/// The tweets of the labelled claims, each once.
pub(crate) fn labelled_tweets() -> Vec<Value> {
    let mut tweets: BTreeMap<String, Value> = BTreeMap::new();
    for row in labels() {
        for tweet in row["tweets"].as_array().unwrap() {
            tweets.insert(tweet["id"].as_str().unwrap().to_owned(), tweet.clone());
        }
    }
    tweets.into_values().collect()
}

fn beginning(text: &str) -> String {
    text.split_whitespace().collect::<String>().chars().take(24).collect()
}

static ENGLISH_END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[.!?]\s+|\n|[.!?]$").unwrap());
static HOST: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9-]+\.[a-z]{2,}").unwrap());
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$[A-Z]{2,5}\b|[A-Z][A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)+|[A-Z][a-z]*[A-Z][A-Za-z0-9]*").unwrap()
});

/// One claim about a tweet; `None` of a tweet without facts or with what no report may say.
pub(crate) fn claim(source: &Source, group: &str, chinese: bool, dice: &mut Dice) -> Option<Draft> {
    let draft = |lead: String, text: String, lists| Draft {
        group: group.to_owned(),
        lead,
        text,
        cites: vec![source.alias.clone()],
        lists,
    };
    if let Some(known) = BOOK.get(&(beginning(&source.text), chinese)) {
        let (lead, text) = dice.choose(known)?.clone();
        return Some(draft(lead, text, false));
    }
    let lead = lead(chinese);
    if is_chinese(&source.text) == chinese {
        let sentences = sentences(&source.text, chinese);
        let said = dice.choose(&sentences)?;
        return Some(draft(lead, spoken(&source.by, said, chinese, dice), false));
    }
    Some(draft(lead, listed(source, chinese)?, true))
}

/// A lead that says nothing.
pub(crate) fn lead(chinese: bool) -> String {
    if chinese { "动态" } else { "in brief" }.to_owned()
}

fn is_chinese(text: &str) -> bool {
    let han = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    han * 5 > text.chars().filter(|c| c.is_alphabetic()).count()
}

fn spoken(by: &str, sentence: &str, chinese: bool, dice: &mut Dice) -> String {
    match (chinese, dice.below(3)) {
        (true, 0) => format!("{sentence}。"),
        (true, _) => format!("{by} 称，{sentence}。"),
        (false, 0) => format!("{sentence}."),
        (false, _) => format!("{by} says: {sentence}."),
    }
}

/// Sentences that hold a figure or a name and nothing that no report may have.
fn sentences(text: &str, chinese: bool) -> Vec<String> {
    let plain: String =
        text.chars().filter(|c| *c < '\u{2190}' || ('\u{3000}'..='\u{ffef}').contains(c)).collect();
    let pieces: Vec<&str> = if chinese {
        plain.split(['。', '！', '？', '\n', '；']).collect()
    } else {
        ENGLISH_END.split(&plain).collect()
    };
    let (least, most) = if chinese { (8, 150) } else { (30, 300) };
    let fits = |piece: &String| {
        let has_facts = !figures(piece).is_empty() || NAME.is_match(piece);
        let is_odd =
            piece.contains(['<', '>', '{', '}', '[', '\\', '|', '#', '*', '`', '_']) || HOST.is_match(piece);
        (least..most).contains(&piece.chars().count()) && has_facts && !is_odd && !piece.contains("$$")
    };
    pieces.into_iter().map(|piece| piece.trim().to_owned()).filter(fits).collect()
}

/// Up to two names and three figures.
fn listed(source: &Source, chinese: bool) -> Option<String> {
    let mut names: Vec<&str> = NAME.find_iter(&source.text).map(|hit| hit.as_str()).collect();
    names.dedup();
    names.truncate(2);
    let told = figures(&source.text).into_iter().filter(|figure| !matches!(figure.raw as u32, 0..=2));
    let figures: Vec<String> = told.take(3).map(|figure| figure.told(chinese)).collect();
    if figures.is_empty() || HOST.is_match(&names.join(" ")) {
        return None;
    }
    let (names, figures) = if chinese {
        (names.join("、"), figures.join("、"))
    } else {
        (names.join(" and "), figures.join(", "))
    };
    Some(match (chinese, names.is_empty()) {
        (true, true) => format!("{} 给出的数字是 {figures}。", source.by),
        (true, false) => format!("{} 谈到 {names}，给出的数字是 {figures}。", source.by),
        (false, true) => format!("{} gives these figures: {figures}.", source.by),
        (false, false) => format!("{} mentions {names} with these figures: {figures}.", source.by),
    })
}
