//! Clauses of a claim beside the clauses of the tweets that they retell: a figure that stands with another name there, goes
//! another way, or is not so.
//!
//! Words are matched, not meanings: clauses are paired by the figures, names and Chinese words that they share, and only
//! what contradicts in every such pair is an objection.

use std::{collections::BTreeSet, sync::LazyLock};

use corpus::is_han_char;
use regex::Regex;

use crate::{
    aliases::Aliases,
    facts::{self, Fact, held, same_date, same_figure, tickers},
    lexicon::{Attribute, Measures, attributes, roles},
    pattern::pattern,
    pool::fold,
    sense::{direction, is_negative, negated},
};

pub(crate) static SENTENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[。；！？;!?\n]|\.(?:\s|$)"));
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[，、：]|[,:](?:\s|$)|\s[-–—|/&]\s|\s(?:even\s+as|while|whereas|although|though|but)\s|(?:而|但)(?:是)?",
    )
});

/// A word whose capital does not come from its place alone: within a sentence, before another one.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[a-z,]\s|(?:^|[.!?\n])\s*)([A-Z][A-Za-z0-9]+)\s[A-Z][a-z]|[a-z,]\s([A-Z][A-Za-z0-9]+)")
});

/// A stretch between two marks.
#[derive(Debug)]
pub(crate) struct Clause {
    text: String,
    figures: Vec<Fact>,
    dates: Vec<Fact>,
    /// Names, tickers and aliases, folded to one of each group.
    names: BTreeSet<String>,
    /// Whom it may speak of: those named so far in its sentence, else those named later in it and all named before.
    subject: BTreeSet<String>,
    pairs: BTreeSet<(char, char)>,
    measures: Measures,
    attributes: Vec<Attribute>,
    /// Kinds of people who say something.
    roles: Vec<usize>,
}

impl Clause {
    /// The clauses of a text. Of words whose capital may come from their place those are names that `known` has.
    pub(crate) fn all(text: &str, aliases: &Aliases, known: &BTreeSet<String>) -> Vec<Self> {
        let (mut clauses, mut before) = (Vec::new(), BTreeSet::new());
        let within = capitals_within(text);
        for sentence in SENTENCE.split(text) {
            let pieces = CLAUSE.split(sentence).filter(|piece| piece.chars().any(char::is_alphanumeric));
            let named: Vec<(&str, BTreeSet<String>)> =
                pieces.map(|piece| (piece, names(piece, aliases, known, &within))).collect();
            let of_sentence: BTreeSet<String> = named.iter().flat_map(|(_, names)| names).cloned().collect();
            let mut so_far = BTreeSet::new();
            for (piece, names) in named {
                let (figures, dates) = held(piece);
                so_far.extend(names.iter().cloned());
                // What it may speak of is rather too much than too little.
                let around = || of_sentence.union(&before).cloned().collect();
                let subject = if so_far.is_empty() { around() } else { so_far.clone() };
                clauses.push(Self {
                    text: piece.to_owned(),
                    figures,
                    dates,
                    names,
                    subject,
                    pairs: pairs(piece),
                    measures: Measures::of(piece),
                    attributes: attributes(piece),
                    roles: roles(piece),
                });
            }
            before.extend(so_far);
        }
        clauses
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn figures(&self) -> &[Fact] {
        &self.figures
    }

    /// What its figures may measure.
    pub(crate) fn measures(&self) -> Measures {
        self.measures
    }

    pub(crate) fn subject(&self) -> &BTreeSet<String> {
        &self.subject
    }

    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// What its names may be: first or second, due on a day.
    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Kinds of people who say something in it.
    pub(crate) fn roles(&self) -> &[usize] {
        &self.roles
    }

    /// How much of this clause another one has.
    fn likeness(&self, other: &Self) -> f64 {
        let figures = self.figures.iter().filter(|figure| other.has_figure(figure)).count();
        let names = self.names.intersection(&other.names).count();
        let pairs = self.pairs.intersection(&other.pairs).count();
        3.0 * figures as f64 + names.min(2) as f64 + 0.4 * pairs as f64
    }

    fn has_date(&self, wanted: &Fact) -> bool {
        self.dates.iter().any(|held| same_date(held, wanted))
    }

    pub(crate) fn has_figure(&self, wanted: &Fact) -> bool {
        self.figures.iter().any(|held| same_figure(held, wanted) || same_figure(held, &wanted.without_unit()))
    }
}

/// Han characters side by side, as a measure of shared words.
pub(crate) fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(2)
        .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
        .filter(|(a, b)| is_han_char(*a) && is_han_char(*b))
        .collect()
}

/// The words of a text whose capital does not come from their place alone.
pub(crate) fn capitals_within(text: &str) -> BTreeSet<&str> {
    let hits = WITHIN.captures_iter(text).filter_map(|hit| hit.get(1).or(hit.get(2)));
    hits.map(|name| name.as_str()).collect()
}

/// The names of a stretch of text, folded to one of each group of aliases; those that `known` has always count.
pub(crate) fn names(
    text: &str,
    aliases: &Aliases,
    known: &BTreeSet<String>,
    within: &BTreeSet<&str>,
) -> BTreeSet<String> {
    let is_known = |written: &String| {
        let folded = fold(written);
        is_name(written, text, within) || known.contains(&folded) || aliases.of(&folded).next().is_some()
    };
    let latin = facts::names(text).into_iter().filter(is_known);
    let latin = latin.flat_map(|written| written.split('/').map(fold).collect::<Vec<_>>());
    let tickers = tickers(text).into_iter().map(|ticker| fold(ticker.trim_start_matches('$')));
    let folded = fold(text);
    let han = known.iter().filter(|name| corpus::is_han(name) && folded.contains(name.as_str()));
    let han = aliases.han_in(&folded).chain(han).cloned();
    latin.chain(tickers).chain(han).map(|name| aliases.canonical(name)).collect()
}

/// A word with a digit or an inner capital, or with a capital near the beginning that does not come from its place: what is
/// spoken of, and not where or by the way.
fn is_name(word: &str, clause: &str, within: &BTreeSet<&str>) -> bool {
    let inner = word.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric());
    let place = clause.trim_start().find(word).unwrap_or(0);
    // Chinese has no capitals for the place of a word.
    let is_placed =
        if place == 0 { corpus::is_han(clause) || within.contains(word) } else { place <= SUBJECT_BYTES };
    inner || word.starts_with(char::is_uppercase) && is_placed
}

/// Of a clause, where its subject stands.
const SUBJECT_BYTES: usize = 24;

/// All names of a text, folded.
pub(crate) fn folded_names(text: &str) -> BTreeSet<String> {
    let names = facts::names(text).into_iter().filter(|name| name.starts_with(char::is_uppercase));
    names.map(|name| fold(&name)).collect()
}

/// What the clauses of a claim have wrong against those of the tweets.
pub(crate) fn misaligned(claim: &[Clause], tweets: &[Vec<Clause>]) -> Vec<Fact> {
    claim.iter().filter_map(|clause| misplaced(clause, tweets).or_else(|| turned(clause, tweets))).collect()
}

/// A figure that stands with other names in every clause that holds it, though the claim's own are elsewhere in the tweets.
fn misplaced(clause: &Clause, tweets: &[Vec<Clause>]) -> Option<Fact> {
    let all = || tweets.iter().flatten();
    let known: BTreeSet<&String> =
        clause.names.iter().filter(|name| all().any(|held| held.names.contains(*name))).collect();
    let stands_alone = |fact: &&Fact| {
        let mut holders = all().filter(|held| held.has_figure(fact) || held.has_date(fact)).peekable();
        let is_there = holders.peek().is_some();
        is_there
            && holders
                .all(|held| !held.subject.is_empty() && !held.subject.iter().any(|name| known.contains(name)))
    };
    let told = || clause.figures.iter().chain(&clause.dates);
    let by_name = (!known.is_empty()).then(|| told().find(stands_alone)).flatten();
    by_name.cloned().or_else(|| misdated(clause, tweets))
}

/// A figure of which every clause gives another quarter or year.
fn misdated(clause: &Clause, tweets: &[Vec<Clause>]) -> Option<Fact> {
    let [wanted] = clause.dates.as_slice() else { return None };
    let is_period = |date: &Fact| matches!(date, Fact::Date { day: None, month: None, .. });
    if !is_period(wanted) {
        return None;
    }
    let other_date = |figure: &Fact| {
        let mut holders = tweets.iter().flatten().filter(|held| held.has_figure(figure)).peekable();
        let is_there = holders.peek().is_some();
        is_there && holders.all(|held| {
            matches!(held.dates.as_slice(), [date] if is_period(date) && !same_date(date, wanted) && !same_date(wanted, date))
        })
    };
    clause.figures.iter().find(|figure| other_date(figure)).cloned()
}

/// Clauses less alike than this do not tell the same: a figure, two names, or some words.
const LEAST_LIKENESS: f64 = 1.2;

/// A clause with fewer Chinese words than this, a name in an English one, tells too little to miss a negation.
const FEWEST_PAIRS: usize = 4;

/// A clause whose likest ones all go the other way, or all negate what it states.
fn turned(clause: &Clause, tweets: &[Vec<Clause>]) -> Option<Fact> {
    let scored: Vec<(f64, &Clause)> =
        tweets.iter().flatten().map(|held| (clause.likeness(held), held)).collect();
    let best = scored.iter().map(|(score, _)| *score).fold(0.0, f64::max);
    if best < LEAST_LIKENESS {
        return None;
    }
    let likest = || scored.iter().filter(|(score, _)| *score >= best - 0.1).map(|(_, held)| *held);
    let shares_figure = clause.figures.iter().any(|figure| likest().any(|held| held.has_figure(figure)));
    if let Some(up) = direction(&clause.text).filter(|_| shares_figure)
        && likest().all(|held| direction(&held.text) == Some(!up))
    {
        return Some(Fact::Direction { written: clause.text.clone(), up });
    }
    if let Some(fact) = turned_figure(clause, tweets) {
        return Some(fact);
    }
    let least = (best * 0.4).max(0.8);
    let mut rivals = scored.iter().filter(|(score, _)| *score >= least);
    let is_lost = (shares_figure || clause.pairs.len() >= FEWEST_PAIRS)
        && !is_negative(&clause.text)
        && rivals.all(|(_, held)| negated(&held.text).is_some());
    is_lost.then(|| Fact::Negation { written: String::new() })
}

/// A figure that goes the other way wherever the tweets say which way it goes.
fn turned_figure(clause: &Clause, tweets: &[Vec<Clause>]) -> Option<Fact> {
    let up = direction(&clause.text)?;
    let against = |figure: &&Fact| {
        let holders = tweets.iter().flatten().filter(|held| held.has_figure(figure));
        let ways: Vec<bool> = holders.filter_map(|held| direction(&held.text)).collect();
        !ways.is_empty() && ways.iter().all(|way| *way != up)
    };
    let figure = clause.figures.iter().find(against)?;
    Some(Fact::Direction { written: figure.written().to_owned(), up })
}
