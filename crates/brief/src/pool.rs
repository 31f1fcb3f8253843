//! What the cited tweets hold, prepared so that each fact of a claim can be looked for in them.

use std::collections::BTreeMap;

use chrono::Datelike;
use corpus::TweetId;
use rustc_hash::FxHashSet;

use crate::{
    facts::{Fact, facts, figures, handles, held_figures, same_figure, tickers},
    gate::Gate,
    outline::{Outline, Script},
    sources::{SourceTweet, Sources},
};

/// What verification needs besides the draft.
pub(crate) struct Checker<'a> {
    pub(crate) sources: &'a Sources,
    script: Script,
    /// Words that need no source: those that the profile lists, and those of its headings and phrases.
    common: FxHashSet<String>,
    number_words: FxHashSet<String>,
    aliases: Vec<Vec<String>>,
    pub(crate) gate: Gate,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(sources: &'a Sources, outline: &Outline) -> Self {
        let aliases: &BTreeMap<String, Vec<String>> = &outline.aliases;
        Self {
            sources,
            script: outline.script,
            gate: Gate::of_script(outline.script),
            common: outline.common_words.iter().map(|word| fold(word)).chain(own_words(outline)).collect(),
            number_words: outline.number_words.iter().map(|word| fold(word)).collect(),
            aliases: aliases
                .iter()
                .map(|(name, others)| std::iter::once(name).chain(others).map(|name| fold(name)).collect())
                .collect(),
        }
    }
}

impl Checker<'_> {
    /// With this gate instead of the one of every report.
    pub(crate) fn behind(self, gate: Gate) -> Self {
        Self { gate, ..self }
    }

    /// Whether this is a fact in the report's script: an English word without a capital or a digit names nothing, unless it
    /// is a number in words.
    pub(crate) fn is_fact(&self, fact: &Fact) -> bool {
        let (Script::Latin, Fact::Name { written }) = (self.script, fact) else { return true };
        written.chars().any(|c| c.is_uppercase() || c.is_numeric())
            || written.split('-').any(|part| self.number_words.contains(&fold(part)))
    }
}

/// The Latin words of the report's own headings and phrases, folded.
fn own_words(outline: &Outline) -> impl Iterator<Item = String> {
    let found = outline.own_texts().flat_map(|text| facts(&text));
    found.filter(|fact| matches!(fact, Fact::Name { .. })).map(|fact| fold(fact.written()))
}

/// What the cited tweets hold, prepared for look-up.
pub(crate) struct Pool<'a> {
    tweets: Vec<Held<'a>>,
    checker: &'a Checker<'a>,
}

/// Where a fact was found again.
pub(crate) enum Found {
    In(TweetId),
    /// A figure that we counted ourselves, or a word of the report's own.
    NeedsNone,
    Nowhere,
}

struct Held<'a> {
    source: &'a SourceTweet,
    figures: Vec<Fact>,
    dates: Vec<Fact>,
    /// Upper case, with `$`.
    tickers: Vec<String>,
    /// Lower case, without `@`.
    handles: Vec<String>,
    /// Names folded: words and runs of two and three words.
    names: FxHashSet<String>,
    /// All text folded, for quotations and Chinese aliases.
    folded: String,
}

impl<'a> Pool<'a> {
    pub(crate) fn new(cited: &[&'a SourceTweet], checker: &'a Checker<'a>) -> Self {
        Self { tweets: cited.iter().map(|source| Held::new(source)).collect(), checker }
    }

    pub(crate) fn find(&self, fact: &Fact, derived: &[String]) -> Found {
        let needs_no_tweet = match fact {
            Fact::Figure { written, .. } => {
                derived.iter().any(|own| figures(own).iter().any(|f| same_figure(f, fact)) || own == written)
            }
            Fact::Name { written } => self.checker.common.contains(&fold(written)),
            _ => false,
        };
        if needs_no_tweet {
            return Found::NeedsNone;
        }
        let holder = self.tweets.iter().find(|held| held.has(fact, &self.checker.aliases));
        holder.map_or(Found::Nowhere, |held| Found::In(held.source.citation.id))
    }
}

impl<'a> Held<'a> {
    fn new(source: &'a SourceTweet) -> Self {
        let all =
            format!("{}\n{}\n{}\n@{}", source.says, source.name, source.speaker, source.citation.handle);
        let dates = facts(&all).into_iter().filter(|fact| matches!(fact, Fact::Date { .. })).collect();
        Self {
            source,
            figures: held_figures(&source.says),
            tickers: tickers(&source.says),
            handles: named_handles(source),
            dates,
            names: names(&all),
            folded: fold(&all),
        }
    }

    fn has(&self, fact: &Fact, aliases: &[Vec<String>]) -> bool {
        match fact {
            Fact::Figure { .. } => self.figures.iter().any(|held| same_figure(held, fact)),
            Fact::Date { month, day, year, .. } => {
                let posted = self.source.created_at;
                let on_that_day = |hours| {
                    let local = posted + chrono::TimeDelta::hours(hours);
                    (local.month(), local.day()) == (*month, *day)
                        && year.is_none_or(|year| year == local.year())
                };
                on_that_day(0) || on_that_day(8) || self.dates.iter().any(|held| same_date(held, fact))
            }
            Fact::Ticker { written } => self.tickers.contains(written),
            Fact::Handle { written } => {
                self.handles.contains(&written.trim_start_matches('@').to_lowercase())
            }
            Fact::Name { written } => self.has_name(&fold(written), aliases),
            Fact::Quotation { written } => {
                let wanted = fold(written.trim_end_matches(['…', '.', '。']));
                !wanted.is_empty() && self.folded.contains(&wanted)
            }
        }
    }

    fn has_name(&self, name: &str, aliases: &[Vec<String>]) -> bool {
        let held =
            |name: &str| self.names.contains(name) || (corpus::is_han(name) && self.folded.contains(name));
        let plural = name.strip_suffix('s').is_some_and(held) || held(&format!("{name}s"));
        held(name)
            || plural
            || aliases
                .iter()
                .any(|same| same.iter().any(|one| one == name) && same.iter().any(|one| held(one)))
    }
}

/// Who wrote it, who passed it on, whom it names.
fn named_handles(source: &SourceTweet) -> Vec<String> {
    let own = [source.speaker.to_lowercase(), source.citation.handle.to_lowercase()];
    own.into_iter()
        .chain(handles(&source.says))
        .chain(source.mentions.iter().map(|handle| handle.to_lowercase()))
        .collect()
}

fn same_date(held: &Fact, wanted: &Fact) -> bool {
    let (Fact::Date { year: y1, month: m1, day: d1, .. }, Fact::Date { year: y2, month: m2, day: d2, .. }) =
        (held, wanted)
    else {
        return false;
    };
    (m1, d1) == (m2, d2) && (y1 == y2 || y1.is_none() || y2.is_none())
}

/// Lower case without spaces, hyphens, brackets and quotation marks, so that `GPT-5.2`, `gpt 5.2` and `GPT5.2` are one.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    c,
                    '-' | '‑'
                        | '–'
                        | '_'
                        | '＿'
                        | '('
                        | ')'
                        | '（'
                        | '）'
                        | '，'
                        | '"'
                        | '\''
                        | '’'
                        | '‘'
                        | '“'
                        | '”'
                        | '「'
                        | '」'
                        | '『'
                        | '』'
                        | '`'
                        | '*'
                )
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Folded words of a text, with runs of two and three joined, so that a name may be split otherwise in the claim.
fn names(text: &str) -> FxHashSet<String> {
    let inner = |c: char| c.is_alphanumeric() && !corpus::is_han(c.encode_utf8(&mut [0; 4]));
    let words: Vec<&str> = text
        .split(|c: char| !(inner(c) || matches!(c, '.' | '-' | '\'' | '’' | '+' | '&' | '_')))
        .map(|word| word.trim_matches(|c: char| !inner(c) && c != '+'))
        .filter(|word| !word.is_empty())
        .collect();
    let runs = (1..=3).flat_map(|size| words.windows(size).map(|run| fold(&run.concat())));
    let pieces = words
        .iter()
        .flat_map(|word| word.split(['-', '\'', '’', '&', '_', '+']))
        .filter(|piece| !piece.is_empty());
    let possessive =
        words.iter().filter_map(|word| word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")));
    runs.chain(pieces.map(fold)).chain(possessive.map(fold)).collect()
}
