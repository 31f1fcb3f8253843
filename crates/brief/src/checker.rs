//! What is known about a report before any claim is checked: its own words and figures, its names for the same, its gate.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::{
    facts::{Fact, facts, figures},
    gate::Gate,
    outline::{Outline, Script},
    pool::fold,
    verify::{DraftClaim, Writer},
};

/// What verification needs besides a draft and its sources.
#[derive(Debug)]
pub(crate) struct Checker {
    script: Script,
    /// Words that need no source: those that the profile lists, and those of its headings and phrases.
    pub(crate) common: FxHashSet<String>,
    /// Figures in the report's own phrases, such as the 两个 of 两个以上账号.
    own_figures: Vec<Fact>,
    pub(crate) aliases: Vec<Vec<String>>,
    /// Long forms of acronyms that need no source.
    glossary: BTreeMap<String, Vec<String>>,
    pub(crate) gate: Gate,
}

impl Checker {
    pub(crate) fn new(outline: &Outline) -> Self {
        let aliases: &BTreeMap<String, Vec<String>> = &outline.aliases;
        Self {
            script: outline.script,
            own_figures: outline.own_texts().flat_map(|text| figures(&text)).collect(),
            gate: Gate::of_script(outline.script),
            common: outline.common_words.iter().map(|word| fold(word)).chain(own_words(outline)).collect(),
            glossary: outline
                .glossary
                .iter()
                .map(|(acronym, known)| (fold(acronym), known.iter().map(|long| fold(long)).collect()))
                .collect(),
            aliases: aliases
                .iter()
                .map(|(name, others)| std::iter::once(name).chain(others).map(|name| fold(name)).collect())
                .collect(),
        }
    }
}

impl Checker {
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
        self.glossary.get(&fold(acronym)).is_some_and(|known| known.contains(&fold(long)))
    }

    /// The figures of a draft that need no tweet: those that we counted, and for the extractive writer, which speaks in the
    /// report's own phrases, those of these phrases.
    pub(crate) fn counted(&self, draft: &DraftClaim) -> Vec<Fact> {
        let counted = draft.derived.iter().flat_map(|counted| figures(counted));
        let own = self.own_figures.iter().filter(|_| draft.writer == Writer::Extractive);
        counted.chain(own.cloned()).collect()
    }

    /// The Chinese names of the table of aliases that a claim has.
    pub(crate) fn known_names(&self, text: &str) -> Vec<Fact> {
        let all =
            self.aliases.iter().flatten().filter(|name| corpus::is_han(name) && text.contains(name.as_str()));
        all.map(|name| Fact::Name { written: name.clone() }).collect()
    }
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
