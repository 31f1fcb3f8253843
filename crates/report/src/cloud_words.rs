//! Which words the cloud shows, and how heavily: by how many of the kept tweets say them.

use std::collections::BTreeMap;

use corpus::{Lexicon, Topic, Unique, Words, is_han};

/// A word of the subject counts this much more: the cloud is about the subject, not about chat.
const SUBJECT_BONUS: f64 = 1.6;
/// An English word in lower case, outside the subject, counts this much less: names and terms tell more.
const EVERYDAY_MALUS: f64 = 0.4;
/// Words that name the medium or the subject as a whole and would only cover the others.
const TOO_GENERAL: [&str; 6] = ["ai", "rt", "twitter", "tweet", "推文", "推特"];
/// Two words that stand together at least this often are one phrase.
const PHRASE_MIN: usize = 2;

#[derive(Default)]
struct Seen<'t> {
    tweets: f64,
    /// How often each casing occurs.
    forms: BTreeMap<&'t str, usize>,
}

/// The words of the kept tweets with their weights, heaviest first; those of topics count double.
pub fn cloud_words(
    topics: &[Topic],
    left_out: &[Unique],
    words: &Words,
    subject: &Lexicon,
    most: usize,
) -> Vec<(String, f64)> {
    let mut seen: BTreeMap<String, Seen<'_>> = BTreeMap::new();
    let mut phrases: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for unique in topics.iter().flat_map(|topic| &topic.tweets) {
        add(&unique.tweet.text, 2.0, words, &mut seen);
        pairs(&unique.tweet.text, words, &mut phrases);
    }
    for unique in left_out {
        add(&unique.tweet.text, 1.0, words, &mut seen);
    }
    let mut weighted: Vec<(String, f64)> =
        seen.iter().filter_map(|(key, seen)| weigh(key, seen, subject)).collect();
    join_phrases(&mut weighted, &phrases);
    weighted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    weighted.truncate(most);
    weighted
}

fn add<'t>(text: &'t str, count: f64, words: &Words, seen: &mut BTreeMap<String, Seen<'t>>) {
    let nouns = words.nouns(text);
    let tells = |word: &&str| !is_han(word) || nouns.contains(word);
    let mut here: Vec<&str> =
        words.display_words(text).into_iter().filter(tells).map(without_possessive).collect();
    here.sort_unstable();
    here.dedup();
    for word in here {
        let entry = seen.entry(word.to_lowercase()).or_default();
        entry.tweets += count;
        *entry.forms.entry(word).or_default() += 1;
    }
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// Neighbouring Latin words that both start with a capital: `Claude Code`.
fn pairs<'t>(text: &'t str, words: &Words, phrases: &mut BTreeMap<(&'t str, &'t str), usize>) {
    let shown = words.display_words(text);
    let mut here: Vec<(&str, &str)> = shown
        .iter()
        .zip(shown.iter().skip(1))
        .filter(|(a, b)| [a, b].iter().all(|word| word.starts_with(|c: char| c.is_ascii_uppercase())))
        .map(|(a, b)| (*a, *b))
        .filter(|(a, b)| text.contains(&format!("{a} {b}")))
        .collect();
    here.sort_unstable();
    here.dedup();
    for pair in here {
        *phrases.entry(pair).or_default() += 1;
    }
}

fn weigh(key: &str, seen: &Seen<'_>, subject: &Lexicon) -> Option<(String, f64)> {
    let form = seen.forms.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?.0;
    let long_enough =
        is_han(form) || form.chars().count() > 2 || form.chars().all(|c| c.is_ascii_uppercase());
    let wordy = form.chars().any(char::is_alphabetic) && form.chars().count() <= 20;
    if TOO_GENERAL.contains(&key) || !long_enough || !wordy {
        return None;
    }
    let of_subject = subject.score(form) > 0.0;
    let everyday = !is_han(form) && form.chars().all(|c| !c.is_uppercase() && !c.is_ascii_digit());
    let bonus = match (of_subject, everyday) {
        (true, _) => SUBJECT_BONUS,
        (false, true) => EVERYDAY_MALUS,
        (false, false) => 1.0,
    };
    Some(((*form).to_owned(), seen.tweets * bonus))
}

/// Puts a phrase in the place of its words where they mostly stand together.
fn join_phrases(weighted: &mut Vec<(String, f64)>, phrases: &BTreeMap<(&str, &str), usize>) {
    let mut by_count: Vec<_> = phrases.iter().filter(|(_, count)| **count >= PHRASE_MIN).collect();
    by_count.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for ((first, second), count) in by_count {
        let together = 2.0 * *count as f64 * SUBJECT_BONUS;
        let alone = |word: &str| weighted.iter().find(|(known, _)| known == word).map(|(_, weight)| *weight);
        let (Some(a), Some(b)) = (alone(first), alone(second)) else { continue };
        if together >= 0.5 * a.min(b) {
            weighted.retain(|(known, weight)| {
                !((known == first || known == second) && *weight <= together * 1.5)
            });
            weighted.push((format!("{first} {second}"), together.max(a.min(b))));
        }
    }
}
