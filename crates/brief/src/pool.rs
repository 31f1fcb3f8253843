//! What the cited tweets hold, prepared so that each fact of a claim can be looked for in them.

use chrono::NaiveDate;
use corpus::TweetId;
use rustc_hash::FxHashSet;

use crate::{
    align::{Clause, folded_names, misaligned},
    checker::Checker,
    facts::{
        Fact, figure_in, figures, handles, held, held_names, is_day, is_of, is_of_another_day, relative,
        relative_months, same_date, same_figure, tickers,
    },
    sense::{Said, contradictions, names_as_source, said, strangers},
    sources::SourceTweet,
};

/// What the cited tweets hold, prepared for look-up.
pub(crate) struct Pool<'a> {
    tweets: Vec<Held<'a>>,
    checker: &'a Checker,
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
    pub(crate) fn new(cited: &[&'a SourceTweet], checker: &'a Checker) -> Self {
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
