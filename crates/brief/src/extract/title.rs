//! A topic's title: the names in its leading tweet that set it apart, in the tweet's own casing.

use std::{collections::BTreeSet, sync::LazyLock};

use corpus::{Topic, Words, is_han_char};
use regex::Regex;

use super::running::stands_as_name;
use crate::{
    outline::{Outline, Script},
    pattern::pattern,
};

/// One to three words that start with a capital, have an inner capital or a digit: `Claude Code`, `GPT-5.2 Pro`.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\$[A-Z]{1,6}(?-u:\b)|(?-u:\b)(?:[A-Z][\p{Latin}0-9]*|[a-z]+[A-Z][\p{Latin}0-9]*|[A-Za-z]+\d[A-Za-z0-9]*)(?:[.\-+][A-Za-z0-9]+)*(?: (?:[A-Z][A-Za-z0-9]*|\d+)(?:[.\-+][A-Za-z0-9]+)*){0,2}",
    )
});

/// Names in a title.
const NAMES_KEPT: usize = 2;
/// Columns of a title (a Chinese character counts two).
const WIDEST: usize = 36;

/// The title of each topic, its names joined as the outline says.
pub fn titles(topics: &[Topic], words: &Words, outline: &Outline) -> Vec<String> {
    topics.iter().map(|topic| title(topic, words, outline).join(&outline.phrases.and)).collect()
}

/// The names that make the title of a topic, from its leading tweet; at least one.
pub(super) fn title(topic: &Topic, words: &Words, outline: &Outline) -> Vec<String> {
    let Some(leading) = topic.tweets.first() else { return vec![outline.phrases.untitled.clone()] };
    let text = without_links(&leading.tweet.text);
    let mut names = names(&text, topic, words, outline);
    if names.is_empty() && outline.script == Script::Han {
        names = chinese_words(&text, topic, words);
    }
    if names.is_empty() {
        return vec![format!("@{}", leading.tweet.speaker())];
    }
    let mut title: Vec<String> = Vec::new();
    for name in names.into_iter().take(NAMES_KEPT) {
        let wide: usize = title.iter().map(|name| width(name)).sum();
        if !title.is_empty() && wide + width(name) > WIDEST {
            break;
        }
        title.push(name.to_owned());
    }
    title
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if is_han_char(c) || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ffef}') {
                2
            } else {
                1
            }
        })
        .sum()
}

/// On one line, without links and the brackets that held them.
pub(super) fn without_links(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.contains("://"));
    words.collect::<Vec<_>>().join(" ").replace("（）", "").replace("()", "").replace("，，", "，")
}

/// Names by how much the topic's terms and its other tweets speak of them, then by place in the text.
fn names<'t>(text: &'t str, topic: &Topic, words: &'t Words, outline: &Outline) -> Vec<&'t str> {
    let known_common = |name: &str| outline.common_words.iter().any(|word| word.eq_ignore_ascii_case(name));
    let known: BTreeSet<String> = outline.names().map(str::to_lowercase).collect();
    let mut found: Vec<(f64, usize, &str)> = Vec::new();
    for hit in NAME.find_iter(text) {
        let whole = without_figure(hit.as_str(), text.get(hit.end()..).unwrap_or(""));
        let name = without_fillers(whole, words);
        let handle =
            text.get(..hit.start()).is_some_and(|before| before.ends_with(['@', '＠', '_', '/', '#']));
        let is_name = stands_as_name(name, topic) || known.contains(&name.to_lowercase());
        if handle || !is_name || names_nothing(name) || known_common(name) {
            continue;
        }
        let part_of_known =
            found.iter().any(|(_, _, known)| known.to_lowercase().contains(&name.to_lowercase()));
        let weight = worth(name, topic, words);
        if weight > 0.0 && !part_of_known {
            found.push((weight, hit.start(), name));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, _, name)| name).collect()
}

/// Without a last number that goes on after the match, as the figure of a unit: `Max 200美金` names Max.
fn without_figure<'t>(name: &'t str, after: &str) -> &'t str {
    let goes_on =
        after.chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '％' | '.' | ','));
    match name.rsplit_once(' ') {
        Some((front, last)) if goes_on && last.chars().all(|c| c.is_ascii_digit() || c == '.') => {
            front.trim()
        }
        _ => name.trim(),
    }
}

/// Without articles and the like in front: `Our Redline` is about Redline.
fn without_fillers<'t>(name: &'t str, words: &Words) -> &'t str {
    let mut rest = name;
    let filler = |word: &str| {
        words.is_stop_word(word)
            || ["introducing", "meet", "announcing", "story", "breaking"]
                .contains(&word.to_lowercase().as_str())
    };
    while let Some((first, after)) = rest.split_once(' ') {
        if !filler(first) {
            break;
        }
        rest = after;
    }
    if filler(rest) { "" } else { rest }
}

/// Units, dates and licences look like names but name no story.
fn names_nothing(name: &str) -> bool {
    static UNIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?i:[kmgtp]?(?:w|wh|b|hz|bps|flops?))$"));
    const NOTHING: [&str; 17] = [
        "U.S", "Q1", "Q2", "Q3", "Q4", "MIT", "APACHE", "BSD", "JAN", "FEB", "MAR", "APR", "JUN", "JUL",
        "AUG", "SEP", "OCT",
    ];
    let first = name.split([' ', '-']).next().unwrap_or(name).to_uppercase();
    let months = [
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    let bare_version = name
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    name.chars().count() < 2
        || !name.contains(char::is_alphabetic)
        || bare_version
        || UNIT.is_match(name)
        || NOTHING.contains(&first.as_str())
        || months.contains(&first.as_str())
}

fn worth(name: &str, topic: &Topic, words: &Words) -> f64 {
    let terms = words.terms(name);
    if terms.is_empty() {
        return 0.0;
    }
    let weight = |term: &String| {
        topic.terms.iter().find(|(known, _)| known == term).map_or(0.1, |(_, weight)| *weight)
    };
    let proper = name.chars().filter(|c| c.is_uppercase() || c.is_ascii_digit()).count() > 1;
    let said = topic.tweets.iter().filter(|unique| unique.tweet.text.contains(name)).count().max(1) as f64;
    let base = terms.iter().map(weight).sum::<f64>() / (terms.len() as f64).sqrt();
    base * said.sqrt() * if proper { 1.5 } else { 1.0 }
}

/// The nouns that the topic's terms speak of most.
fn chinese_words<'t>(text: &'t str, topic: &Topic, words: &'t Words) -> Vec<&'t str> {
    let nouns = words.nouns(text);
    let strong = topic.terms.iter().filter_map(|(term, _)| nouns.iter().find(|noun| *noun == term).copied());
    strong.take(NAMES_KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_out_whole() {
        let found: Vec<&str> = NAME
            .find_iter("OpenAI 发布 GPT-5.2 Pro 与 Claude Code，$INTC 跌，iPhone 也是")
            .map(|hit| hit.as_str())
            .collect();
        assert_eq!(found, ["OpenAI", "GPT-5.2 Pro", "Claude Code", "$INTC", "iPhone"]);
    }
}
