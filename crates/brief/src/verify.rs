//! **verify**: a draft claim becomes a claim only if each of its facts is found again in a tweet that it cites.
//!
//! This is the only place that can make a [`Claim`]. "Found again" is the promise; whether the tweet is right is not known
//! here. What is refused keeps its reasons.

use std::collections::BTreeMap;

use chrono::Datelike;
use corpus::TweetId;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::{
    facts::{Fact, Unit, facts, figures},
    outline::Outline,
    sources::{Citation, SourceTweet, Sources},
};

/// Who wrote a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// A language model.
    Model,
    /// The embedded extractive writer.
    Extractive,
}

/// A claim as a writer drafts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftClaim {
    /// Id of its group in the section; empty in the brief part.
    pub group: String,
    /// A few words, printed bold; may be empty.
    pub lead: String,
    /// The sentence or two.
    pub text: String,
    /// Short names of the tweets that it rests on.
    pub cites: Vec<String>,
    /// Figures that we counted ourselves (`38` tweets), which no tweet needs to hold.
    pub derived: Vec<String>,
    /// Who drafted it.
    pub writer: Writer,
}

/// A fact, and where it was found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was looked for.
    pub fact: Fact,
    /// The tweet that holds it; `None` for a figure that we counted ourselves and for the report's own vocabulary.
    pub tweet: Option<TweetId>,
}

/// A claim whose every fact was found again. Only [`verify`] makes one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    group: String,
    lead: String,
    text: String,
    cites: Vec<Citation>,
    evidence: Vec<Evidence>,
    writer: Writer,
    #[serde(skip)]
    topics: Vec<usize>,
}

impl Claim {
    /// Id of the group that it belongs to.
    pub fn group(&self) -> &str {
        &self.group
    }
    /// The bold words in front; may be empty.
    pub fn lead(&self) -> &str {
        &self.lead
    }
    /// The sentence or two; plain text.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The tweets that it rests on; never empty.
    pub fn cites(&self) -> &[Citation] {
        &self.cites
    }
    /// Each fact with the tweet that holds it.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    /// Who wrote it.
    pub fn writer(&self) -> Writer {
        self.writer
    }
    /// Places of the topics that it is about.
    pub(crate) fn topics(&self) -> &[usize] {
        &self.topics
    }
}

/// A claim that was not let through, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused {
    /// Where it should have stood: a section's id, `overview` or `key_points`.
    pub section: String,
    /// The draft.
    pub draft: DraftClaim,
    /// Every reason.
    pub problems: Vec<Problem>,
    /// Whether an extractive claim stands in its place.
    pub replaced: bool,
}

/// Why a claim was refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum Problem {
    /// Nothing is said.
    Empty,
    /// No source is named.
    NoCitation,
    /// A source that this writer was not given.
    UnknownCitation {
        /// The short name.
        alias: String,
    },
    /// A fact that no cited tweet holds.
    NotFound {
        /// The fact.
        fact: Fact,
    },
    /// A link, a heading or other markup, which only code may write.
    Markup {
        /// What was found.
        found: String,
    },
}

/// What verification needs besides the draft.
pub(crate) struct Checker<'a> {
    sources: &'a Sources,
    common: FxHashSet<String>,
    aliases: Vec<Vec<String>>,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(sources: &'a Sources, outline: &Outline) -> Self {
        let aliases: &BTreeMap<String, Vec<String>> = &outline.aliases;
        Self {
            sources,
            common: outline.common_words.iter().map(|word| fold(word)).collect(),
            aliases: aliases
                .iter()
                .map(|(name, others)| std::iter::once(name).chain(others).map(|name| fold(name)).collect())
                .collect(),
        }
    }
}

/// Lets a draft through if it cites allowed tweets only and each fact is found again in one of them.
///
/// # Errors
/// All problems of the draft.
pub(crate) fn verify(
    draft: &DraftClaim,
    allowed: impl Fn(&SourceTweet) -> bool,
    checker: &Checker<'_>,
) -> Result<Claim, Vec<Problem>> {
    let mut problems = shape_problems(draft);
    let mut cited: Vec<&SourceTweet> = Vec::new();
    for alias in &draft.cites {
        match checker.sources.get(alias).filter(|tweet| allowed(tweet)) {
            Some(tweet) if !cited.iter().any(|known| known.citation.alias == *alias) => cited.push(tweet),
            Some(_) => {}
            None => problems.push(Problem::UnknownCitation { alias: alias.clone() }),
        }
    }
    let pool = Pool::new(&cited, checker);
    let mut evidence = Vec::new();
    for fact in facts(&format!("{}\n{}", draft.lead, draft.text)) {
        match pool.find(&fact, &draft.derived) {
            Found::In(tweet) => evidence.push(Evidence { fact, tweet: Some(tweet) }),
            Found::NeedsNone => evidence.push(Evidence { fact, tweet: None }),
            Found::Nowhere => problems.push(Problem::NotFound { fact }),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut topics: Vec<usize> = cited.iter().map(|tweet| tweet.topic).collect();
    topics.dedup();
    Ok(Claim {
        group: draft.group.clone(),
        lead: draft.lead.trim().to_owned(),
        text: draft.text.trim().to_owned(),
        cites: cited.iter().map(|tweet| tweet.citation.clone()).collect(),
        evidence,
        writer: draft.writer,
        topics,
    })
}

/// What only code may write: links, emphasis, headings, templates, HTML, chat tokens.
const MARKUP: [&str; 12] =
    ["http://", "https://", "www.", "](", "**", "{{", "{%", "<script", "```", "##", "<|", "</"];

fn shape_problems(draft: &DraftClaim) -> Vec<Problem> {
    let mut problems = Vec::new();
    if draft.text.trim().is_empty() {
        problems.push(Problem::Empty);
    }
    if draft.cites.is_empty() {
        problems.push(Problem::NoCitation);
    }
    // The extractive writer quotes tweets as they are; the escape at the sink makes their markup harmless.
    if draft.writer == Writer::Model {
        let all = format!("{}{}", draft.lead, draft.text);
        problems.extend(
            MARKUP
                .iter()
                .filter(|mark| all.contains(**mark))
                .map(|mark| Problem::Markup { found: (*mark).to_owned() }),
        );
    }
    problems
}

/// What the cited tweets hold, prepared for look-up.
struct Pool<'a> {
    tweets: Vec<Held<'a>>,
    checker: &'a Checker<'a>,
}

/// Where a fact was found again.
enum Found {
    In(TweetId),
    /// A figure that we counted ourselves, or a word of the report's own.
    NeedsNone,
    Nowhere,
}

struct Held<'a> {
    source: &'a SourceTweet,
    figures: Vec<Fact>,
    dates: Vec<Fact>,
    /// Names folded: words and runs of two and three words.
    names: FxHashSet<String>,
    /// All text folded, for quotations and Chinese aliases.
    folded: String,
}

impl<'a> Pool<'a> {
    fn new(cited: &[&'a SourceTweet], checker: &'a Checker<'a>) -> Self {
        Self { tweets: cited.iter().map(|source| Held::new(source)).collect(), checker }
    }

    fn find(&self, fact: &Fact, derived: &[String]) -> Found {
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
        Self { source, figures: figures(&source.says), dates, names: names(&all), folded: fold(&all) }
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
            Fact::Ticker { written } => self.source.says.to_uppercase().contains(written.as_str()),
            Fact::Handle { written } => self.folded.contains(&fold(written.trim_start_matches('@'))),
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

fn same_figure(held: &Fact, wanted: &Fact) -> bool {
    let (Fact::Figure { value: a, unit: of_a, .. }, Fact::Figure { value: b, unit: of_b, .. }) =
        (held, wanted)
    else {
        return false;
    };
    let close = (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
    let fits = of_a == of_b
        || matches!((of_a, of_b), (Unit::Plain, Unit::Times) | (Unit::Times, Unit::Plain))
        || matches!(
            (of_a, of_b),
            (Unit::Plain | Unit::Money, Unit::Dollar | Unit::Yuan | Unit::Money)
                | (Unit::Dollar | Unit::Yuan, Unit::Money)
        );
    close && fits
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
        .flat_map(|word| word.split(['-', '\'', '’', '&', '_']))
        .filter(|piece| !piece.is_empty());
    let possessive =
        words.iter().filter_map(|word| word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")));
    runs.chain(pieces.map(fold)).chain(possessive.map(fold)).collect()
}
