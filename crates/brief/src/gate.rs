//! What a model may say at all, whatever the cited tweets hold.
//!
//! An obedient model says what a tweet tells it to, and cites that tweet: every fact is then found again. So the wording has
//! bounds of its own: the report's language, whole sentences of bounded length in plain words; no address, markup, emoji or
//! code; nothing of the prompts; no word about the task; no advert. What is true is not known here, nor is it in `verify`.

use std::collections::BTreeSet;

use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::signs::{ADDRESS, ENCODED, MARKUP, NO_WORD, QUOTED, REMARK, SPEAKER, foreign, is_emoji, is_hidden};
use crate::{
    answer::{LEAST_HAN, MOST_HAN, han_share},
    outline::{GateWords, Outline, Script},
    prompts::Prompts,
    sources::SourceTweet,
    verify::{DraftClaim, Problem, Writer},
};

/// What a claim of a model may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A lead or a text of another length than a phrase or a sentence or two.
    Length,
    /// Characters that do not show.
    Hidden,
    /// A link, a host, a mail address, a telephone number.
    Address,
    /// Markdown, HTML, Liquid, LaTeX.
    Markup,
    /// Emoji.
    Emoji,
    /// Another language or script than the report's.
    Language,
    /// A run of letters that is no word: base64, hexadecimal, percent signs.
    Encoded,
    /// The same words again and again.
    Repeated,
    /// Words of the prompts.
    Prompt,
    /// Reasoning, calls of tools, a word about the task.
    Remark,
    /// The language of adverts and fraud.
    Advert,
    /// Praise, questions, commands and words to the reader that nobody is named for.
    Voice,
}

/// The rules of one report.
#[derive(Debug)]
pub(crate) struct Gate {
    script: Script,
    adverts: Vec<Regex>,
    voiced: Vec<Regex>,
    remarks: Vec<Regex>,
    ordinary: BTreeSet<String>,
    /// Runs of words that the prompts have.
    prompts: FxHashSet<String>,
}

/// Characters of a sentence that says something.
const SHORTEST_TEXT: usize = 6;
const FEWEST_WORDS: usize = 3;
/// Characters of `found` that the audit keeps.
const SHOWN: usize = 40;
/// Words of a run that may not stand three times.
const REPEATED_RUN: usize = 8;
const MOST_REPEATS: usize = 2;
/// The least share of Chinese when names count as words too.
const LEAST_HAN_WITH_NAMES: f64 = 0.3;
/// Characters of a Chinese name in a text of another language.
const LONGEST_HAN_NAME: usize = 8;
/// Words of a text that is long enough to tell its language.
const TELLING_WORDS: usize = 8;

impl Gate {
    /// The rules that every report has.
    pub(crate) fn of_script(script: Script) -> Self {
        let none = Vec::new;
        let (ordinary, prompts) = (BTreeSet::new(), FxHashSet::default());
        Self { script, adverts: none(), voiced: none(), remarks: none(), ordinary, prompts }
    }

    /// The rules of a report with these words, written with these prompts.
    ///
    /// # Errors
    /// Names the pattern that is wrong.
    pub(crate) fn new(outline: &Outline, prompts: &Prompts) -> Result<Self, regex::Error> {
        let GateWords { adverts, voiced, remarks, ordinary } = &outline.gate;
        let run = prompt_run(outline.script);
        let texts = prompts.texts(&outline.language).map(|(_, text)| words(text));
        Ok(Self {
            script: outline.script,
            adverts: patterns(adverts)?,
            voiced: patterns(voiced)?,
            remarks: patterns(remarks)?,
            ordinary: ordinary.iter().cloned().collect(),
            prompts: texts
                .flat_map(|words| words.windows(run).map(|run| run.join(" ")).collect::<Vec<_>>())
                .collect(),
        })
    }

    /// What of a draft is not let through; an extractive one quotes tweets as they are, and the escape keeps them text.
    pub(crate) fn problems(&self, draft: &DraftClaim, cited: &[&SourceTweet]) -> Vec<Problem> {
        if draft.writer != Writer::Model {
            return Vec::new();
        }
        let (lead, text) = (draft.lead.trim(), draft.text.trim());
        let all = format!("{lead}\n{text}");
        let found = [
            (Rule::Length, self.length(lead, text)),
            (Rule::Hidden, all.chars().find(|c| is_hidden(*c)).map(|c| format!("U+{:04X}", u32::from(c)))),
            (Rule::Address, first(&ADDRESS, &all)),
            (Rule::Markup, first(&MARKUP, lead).or_else(|| first(&MARKUP, text))),
            (Rule::Emoji, all.chars().find(|c| is_emoji(*c)).map(String::from)),
            (Rule::Language, self.language(&all, text)),
            (Rule::Encoded, first(&ENCODED, &all)),
            (Rule::Repeated, repeated(text)),
            (Rule::Prompt, self.of_prompts(&all)),
            (Rule::Remark, first(&REMARK, &all).or_else(|| any(&self.remarks, &all))),
            (Rule::Advert, any(&self.adverts, &all)),
            (Rule::Voice, self.unvoiced(text, &all, cited)),
        ];
        found.into_iter().filter_map(|(rule, found)| Some(problem(rule, &found?))).collect()
    }

    fn length(&self, lead: &str, text: &str) -> Option<String> {
        // A Latin word takes about twice the room of a Chinese one.
        let (longest_lead, longest_text) = match self.script {
            Script::Han => (40, 400),
            Script::Latin => (80, 800),
        };
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        // An empty text has a problem of its own.
        let is_short =
            (1..SHORTEST_TEXT).contains(&letters) || (1..FEWEST_WORDS).contains(&words(text).len());
        let (lead, text) = (lead.chars().count(), text.chars().count());
        if lead > longest_lead {
            return Some(format!("a lead of {lead} characters"));
        }
        (text > longest_text || is_short).then(|| format!("a text of {text} characters"))
    }

    /// A quotation may be in any language; what stands around it is in the report's.
    fn language(&self, all: &str, text: &str) -> Option<String> {
        if let Some(odd) = foreign(&QUOTED.replace_all(all, " ")) {
            return Some(odd);
        }
        let plain = |text: &str| NO_WORD.replace_all(text, " ").into_owned();
        let own = plain(&QUOTED.replace_all(text, " "));
        let is_own = match self.script {
            // A quotation in Chinese is the report's language too.
            Script::Han => {
                (is_mostly_han(&own) || is_mostly_han(&plain(text)))
                    && !text.starts_with(['。', '，', '、', '；', '：', '？', '！'])
            }
            Script::Latin => {
                let own = without_han_names(&own);
                han_share(&own).is_none_or(|share| share <= MOST_HAN) && self.is_ordinary(&own)
            }
        };
        (!is_own).then(|| text.to_owned())
    }

    /// Whether a long text has any of the words without which there are no sentences in its language.
    fn is_ordinary(&self, text: &str) -> bool {
        let lower: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
            .filter(|word| word.starts_with(char::is_lowercase))
            .collect();
        self.ordinary.is_empty()
            || lower.len() < TELLING_WORDS
            || lower.iter().any(|word| self.ordinary.contains(*word))
    }

    fn of_prompts(&self, text: &str) -> Option<String> {
        let words = words(text);
        let mut runs = words.windows(prompt_run(self.script)).map(|run| run.join(" "));
        runs.find(|run| self.prompts.contains(run))
    }

    /// What only somebody may say who is named for it, or two accounts that say the same.
    fn unvoiced(&self, text: &str, all: &str, cited: &[&SourceTweet]) -> Option<String> {
        let voices: BTreeSet<String> = cited.iter().map(|tweet| tweet.speaker.to_lowercase()).collect();
        if voices.len() > 1 || SPEAKER.is_match(all) {
            return None;
        }
        any(&self.voiced, QUOTED.replace_all(text, " ").trim())
    }
}

/// A problem with some words of what was found, none of which hides.
fn problem(rule: Rule, found: &str) -> Problem {
    let shown = found.chars().take(SHOWN).map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect();
    Problem::Gate { rule, found: shown }
}

fn is_mostly_han(text: &str) -> bool {
    let all = words(text);
    let han = all.iter().filter(|word| corpus::is_han(word)).count();
    let names = all.iter().filter(|word| word.starts_with(char::is_alphabetic)).count();
    han_share(text).is_some_and(|share| share >= LEAST_HAN)
        && han as f64 >= LEAST_HAN_WITH_NAMES * names as f64
}

/// A text in Latin script without the names that it has in Chinese: short runs, each with more words around it.
fn without_han_names(text: &str) -> String {
    let runs = text.split(|c: char| !corpus::is_han_char(c)).filter(|run| !run.is_empty());
    let names: Vec<&str> = runs.filter(|run| run.chars().count() <= LONGEST_HAN_NAME).collect();
    let around =
        text.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).count();
    if around < names.len() * FEWEST_WORDS {
        return text.to_owned();
    }
    names.iter().fold(text.to_owned(), |text, name| text.replacen(name, " ", 1))
}

/// Words of a run that nobody writes by chance.
fn prompt_run(script: Script) -> usize {
    match script {
        Script::Han => 12,
        Script::Latin => 8,
    }
}

fn patterns(list: &[String]) -> Result<Vec<Regex>, regex::Error> {
    list.iter().map(|text| RegexBuilder::new(text).case_insensitive(true).build()).collect()
}

fn first(pattern: &Regex, text: &str) -> Option<String> {
    pattern.find(text).map(|hit| hit.as_str().to_owned())
}

/// What one of the patterns finds, also where blanks were put between Chinese characters.
fn any(patterns: &[Regex], text: &str) -> Option<String> {
    let closed: String = text.split_whitespace().collect();
    patterns.iter().find_map(|pattern| first(pattern, text).or_else(|| first(pattern, &closed)))
}

/// Chinese characters one by one, and all other words and figures, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let is_han = corpus::is_han_char(c);
        if c.is_alphanumeric() && !is_han {
            word.extend(c.to_lowercase());
            continue;
        }
        words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        words.extend(is_han.then(|| c.to_string()));
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A run of words that stands in the text more often than a sentence repeats itself.
fn repeated(text: &str) -> Option<String> {
    let words = words(text);
    let mut runs: Vec<&[String]> = words.windows(REPEATED_RUN).collect();
    runs.sort_unstable();
    runs.chunk_by(|one, other| one == other)
        .find(|same| same.len() > MOST_REPEATS)
        .map(|same| same.concat().concat())
}

mod signs;
#[cfg(test)]
mod tests;
