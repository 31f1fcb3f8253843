//! What the cited tweets hold, prepared so that each fact of a claim can be looked for in them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use corpus::TweetId;
use rustc_hash::FxHashSet;

use crate::{
    align::{Clause, folded_names, misaligned},
    facts::{
        Fact, facts, figure_in, figures, handles, held, held_names, is_day, is_of, is_of_another_day,
        relative, relative_months, same_date, same_figure, tickers,
    },
    gate::Gate,
    outline::{Outline, Script},
    sense::{Said, contradictions, names_as_source, said, strangers},
    sources::{SourceTweet, Sources},
    verify::{DraftClaim, Writer},
};

/// What verification needs besides the draft.
pub(crate) struct Checker<'a> {
    pub(crate) sources: &'a Sources,
    script: Script,
    /// Words that need no source: those that the profile lists, and those of its headings and phrases.
    common: FxHashSet<String>,
    /// Figures in the report's own phrases, such as the 两个 of 两个以上账号.
    own_figures: Vec<Fact>,
    aliases: Vec<Vec<String>>,
    /// Long forms of acronyms that need no source.
    glossary: BTreeMap<String, Vec<String>>,
    pub(crate) gate: Gate,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(sources: &'a Sources, outline: &Outline) -> Self {
        let aliases: &BTreeMap<String, Vec<String>> = &outline.aliases;
        Self {
            sources,
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
    fn explains(&self, acronym: &str, long: &str) -> bool {
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
    /// Days that it means by `yesterday` and the like.
    days: Vec<NaiveDate>,
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

    /// Where a fact is found again, unless it is one of the figures that we counted.
    pub(crate) fn find(&self, fact: &Fact, counted: &[Fact]) -> Found {
        let needs_no_tweet = match fact {
            Fact::Figure { .. } => holds(counted, fact),
            Fact::Name { written } => self.checker.common.contains(&fold(written)),
            Fact::Expansion { written, of } => self.checker.explains(of, written),
            _ => false,
        };
        if needs_no_tweet {
            return Found::NeedsNone;
        }
        let holder = self.tweets.iter().find(|held| held.has(fact, &self.checker.aliases));
        holder.map_or(Found::Nowhere, |held| Found::In(held.source.citation.id))
    }
}

fn holds(figures: &[Fact], wanted: &Fact) -> bool {
    figures.iter().any(|held| same_figure(held, wanted))
}

impl Pool<'_> {
    /// What a claim says against the cited tweets, though each of its facts is found again: another direction, a negation
    /// too many or too few, the words of one in another's mouth.
    pub(crate) fn contradicted(&self, claim: &str) -> Vec<Fact> {
        let texts: Vec<&str> = self.tweets.iter().map(|held| held.source.says.as_str()).collect();
        let mut found = contradictions(claim, &texts);
        if found.is_empty() {
            let known = folded_names(claim);
            let told = Clause::all(claim, &self.checker.aliases, &known);
            let held: Vec<Vec<Clause>> =
                texts.iter().map(|text| Clause::all(text, &self.checker.aliases, &known)).collect();
            found.extend(misaligned(&told, &held));
        }
        let known: Vec<(&str, &str)> = self
            .tweets
            .iter()
            .map(|held| (held.source.name.as_str(), held.source.speaker.as_str()))
            .collect();
        let misattributed = said(claim, &known).into_iter().filter(|said| !self.is_from(said));
        found.extend(misattributed.map(|said| Fact::Speaker { written: format!("@{}", said.who) }));
        let all: Vec<String> =
            self.tweets.iter().map(|held| format!("{}\n{}", held.source.says, held.source.name)).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        found.extend(strangers(claim, &all).into_iter().map(|written| Fact::Speaker { written }));
        found
    }

    /// Whether a cited tweet is by the speaker, or names them as its source, and the tweets of which that is true hold all that
    /// they are said to say, as far as any cited tweet does.
    fn is_from(&self, said: &Said) -> bool {
        let own: Vec<&Held<'_>> = self.tweets.iter().filter(|held| held.speaks_for(&said.who)).collect();
        let aliases = &self.checker.aliases;
        !own.is_empty()
            && said.facts.iter().all(|fact| {
                let has = |held: &&Held<'_>| held.has(fact, aliases);
                own.iter().any(has) || !self.tweets.iter().any(|held| has(&held))
            })
    }
}

impl<'a> Held<'a> {
    fn speaks_for(&self, handle: &str) -> bool {
        let SourceTweet { speaker, citation, says, .. } = self.source;
        speaker.eq_ignore_ascii_case(handle)
            || citation.handle.eq_ignore_ascii_case(handle)
            || names_as_source(says, handle)
    }

    fn new(source: &'a SourceTweet) -> Self {
        let all =
            format!("{}\n{}\n{}\n@{}", source.says, source.name, source.speaker, source.citation.handle);
        let (figures, mut dates) = held(&source.says);
        dates.extend(relative_months(&source.says, source.created_at));
        Self {
            source,
            figures,
            days: relative(&source.says, source.created_at),
            tickers: tickers(&source.says),
            handles: named_handles(source),
            dates,
            names: held_names(&all).iter().map(|name| fold(name)).collect(),
            folded: fold(&all),
        }
    }

    fn has(&self, fact: &Fact, aliases: &[Vec<String>]) -> bool {
        match fact {
            Fact::Figure { .. } => figure_in(&self.figures, &self.source.says, fact).is_some(),
            Fact::Date { .. } => {
                self.is_of_its_time(fact)
                    || self.days.iter().any(|day| is_day(fact, *day))
                    || self.dates.iter().any(|held| same_date(held, fact))
            }
            Fact::Ticker { written } => {
                self.tickers.contains(written)
                    || self.has_name(&fold(written.trim_start_matches('$')), aliases)
            }
            Fact::Handle { written } => {
                self.handles.contains(&written.trim_start_matches('@').to_lowercase())
            }
            Fact::Name { written } => self.has_version(written, aliases),
            Fact::Expansion { written, .. } => self.folded.contains(&fold(written)),
            // Judged over all tweets at once.
            Fact::Direction { .. } | Fact::Negation { .. } | Fact::Speaker { .. } => true,
            Fact::Quotation { written } => {
                let wanted = fold(written.trim_end_matches(['…', '.', '。']));
                !wanted.is_empty() && self.folded.contains(&wanted)
            }
        }
    }

    /// Whether a date is the tweet's own, unless the tweet speaks of yesterday or tomorrow and not of today.
    fn is_of_its_time(&self, date: &Fact) -> bool {
        let has_day = matches!(date, Fact::Date { day: Some(_), .. });
        is_of(date, self.source.created_at) && !(has_day && is_of_another_day(&self.source.says))
    }

    /// A name as it is; a version also where the tweet has its name and, apart, its number.
    fn has_version(&self, written: &str, aliases: &[Vec<String>]) -> bool {
        self.has_name(&fold(written), aliases)
            || written.rsplit_once(' ').is_some_and(|(name, version)| {
                let number = version.trim_start_matches(['v', 'V']);
                let apart = figures(number).iter().any(|wanted| holds(&self.figures, wanted));
                number.parse::<f64>().is_ok() && apart && self.has_name(&fold(name), aliases)
            })
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

/// Lower case without spaces, hyphens, brackets and quotation marks, so that `GPT-5.2`, `gpt 5.2` and `GPT5.2` are one.
pub(crate) fn fold(text: &str) -> String {
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
