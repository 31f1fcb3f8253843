//! What is known about a report before any claim is checked: its own words and figures, its names for the same, its gate.

use std::collections::{BTreeMap, BTreeSet};

use corpus::Words;
use rustc_hash::FxHashSet;

use crate::{
    aliases::Aliases,
    facts::{Fact, facts, figures},
    gate::Gate,
    outline::{Outline, Script},
    pool::fold,
    verify::{DraftClaim, Writer},
};

/// What verification needs besides a draft and its sources.
pub(crate) struct Checker<'a> {
    /// Without it, Chinese names that only a dictionary can tell are not looked for.
    words: Option<&'a Words>,
    pub(crate) script: Script,
    /// Words that need no source: those that the profile lists, and those of its headings and phrases.
    pub(crate) common: FxHashSet<String>,
    /// Figures in the report's own phrases, such as the 两个 of 两个以上账号.
    own_figures: Vec<Fact>,
    pub(crate) aliases: Aliases,
    /// Long forms of acronyms that need no source.
    glossary: BTreeMap<String, Vec<String>>,
    pub(crate) gate: Gate,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(outline: &Outline) -> Self {
        Self {
            words: None,
            script: outline.script,
            own_figures: outline.own_texts().flat_map(|text| figures(&text)).collect(),
            gate: Gate::of_script(outline.script),
            common: outline.common_words.iter().map(|word| fold(word)).chain(own_words(outline)).collect(),
            glossary: outline
                .glossary
                .iter()
                .map(|(acronym, known)| (fold(acronym), known.iter().map(|long| fold(long)).collect()))
                .collect(),
            aliases: Aliases::new(&outline.aliases),
        }
    }

    /// With a dictionary of Chinese.
    pub(crate) fn reading(self, words: &'a Words) -> Self {
        Self { words: Some(words), ..self }
    }
}

impl Checker<'_> {
    /// With this gate instead of the one of every report.
    pub(crate) fn behind(self, gate: Gate) -> Self {
        Self { gate, ..self }
    }

    /// Whether this is a fact in the report's script: an English word without a capital or a digit names nothing, nor does an
    /// ordinary word with a capital at the beginning of a sentence.
    pub(crate) fn is_fact(&self, fact: &Fact, text: &str) -> bool {
        let (Script::Latin, Fact::Name { written }) = (self.script, fact) else { return true };
        let inner = written.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric());
        inner
            || written.starts_with(char::is_uppercase)
                && !(begins_sentence(written, text) && is_ordinary(written))
    }

    /// Whether the report's glossary gives this long form.
    pub(crate) fn explains(&self, acronym: &str, long: &str) -> bool {
        // Words in front of the long form may look like a part of it.
        let long = fold(long);
        self.glossary.get(&fold(acronym)).is_some_and(|known| known.iter().any(|known| long.ends_with(known)))
    }

    /// The figures and dates of a draft that need no tweet: those that we counted, and for the extractive writer, which
    /// speaks in the report's own phrases, the figures of these phrases.
    pub(crate) fn counted(&self, draft: &DraftClaim) -> Vec<Fact> {
        let is_counted = |fact: &Fact| matches!(fact, Fact::Figure { .. } | Fact::Date { .. });
        let counted = draft.derived.iter().flat_map(|counted| facts(counted)).filter(is_counted);
        let own = self.own_figures.iter().filter(|_| draft.writer == Writer::Extractive);
        counted.chain(own.cloned()).collect()
    }

    /// The Chinese names of the table of aliases that a claim has.
    pub(crate) fn known_names(&self, text: &str) -> Vec<Fact> {
        let all: BTreeSet<&String> = self.aliases.han_in(text).collect();
        // 日本 is no name of its own in 日本央行.
        let is_part = |name: &str| all.iter().any(|other| other.len() > name.len() && other.contains(name));
        let whole = all.iter().filter(|name| !is_part(name));
        whole.map(|name| Fact::Name { written: (*name).clone() }).collect()
    }

    /// What is likely a Chinese name in a text.
    pub(crate) fn han_names(&self, text: &str) -> Vec<String> {
        let found = self.words.map(|words| words.names(text)).unwrap_or_default();
        found.into_iter().map(str::to_owned).collect()
    }

    /// Chinese names of a claim that none of its tweets has, all of them Chinese: not even the first two characters.
    pub(crate) fn unknown_names(&self, claim: &str, tweets: &[&str], voices: &[&str]) -> Vec<Fact> {
        let named: Vec<String> = match self.script {
            // Chinese amid Latin script is there for a name.
            Script::Latin => han_runs(claim).map(str::to_owned).collect(),
            Script::Han if tweets.iter().all(|tweet| is_chinese(tweet)) => self.han_names(claim),
            Script::Han => return Vec::new(),
        };
        let begins = |name: &str, length: usize| {
            let end = name.char_indices().nth(length).map_or(name.len(), |(end, _)| end);
            name.get(..end).unwrap_or(name).to_owned()
        };
        let has = |part: &str| tweets.iter().any(|tweet| tweet.contains(part));
        // The dictionary may take a verb for the end of a name that it does not know.
        let is_held = |name: &str| {
            let length = name.chars().count();
            self.common.contains(name)
                || has(name)
                || length > 3 && has(&begins(name, 2))
                || voices.iter().any(|voice| voice.contains(&begins(name, 2)))
        };
        let own = |name: &str| {
            self.aliases.of(name).any(|other| tweets.iter().any(|tweet| fold(tweet).contains(other)))
        };
        let strange = named.into_iter().filter(|name| !is_held(name) && !own(name));
        strange.map(|written| Fact::Name { written }).collect()
    }
}

/// Chinese characters in a row, two at least.
fn han_runs(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !corpus::is_han_char(c));
    runs.filter(|run| run.chars().count() > 1)
}

/// Whether a text has so much Chinese that it has its names in Chinese too.
pub(crate) fn is_chinese(text: &str) -> bool {
    text.chars().filter(|c| corpus::is_han_char(*c)).count() > 15
}

fn begins_sentence(word: &str, text: &str) -> bool {
    let before = text.split(word).next().unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with(['.', '!', '?', '\n', ':', '“', '"'])
}

/// Whether a word is so common that language models have it as one token; names seldom are.
fn is_ordinary(word: &str) -> bool {
    llm::estimate_tokens(&format!(" {}", word.to_lowercase())) == 1
}

/// The Latin words of the report's own headings and phrases, folded.
fn own_words(outline: &Outline) -> impl Iterator<Item = String> {
    let found = outline.own_texts().flat_map(|text| facts(&text));
    found.filter(|fact| matches!(fact, Fact::Name { .. })).map(|fact| fold(fact.written()))
}
