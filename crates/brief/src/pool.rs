//! What the cited tweets hold, prepared so that each fact of a claim can be looked for in them.

use chrono::NaiveDate;
use corpus::TweetId;
use rustc_hash::FxHashSet;

use crate::{
    aliases::Aliases,
    align::{Clause, folded_names, misaligned, pairs},
    binding::{
        inconsistent, misattributed, mismeasured, negated_words, of_another, of_another_role, ruled_out,
    },
    checker::Checker,
    facts::{
        Fact, figure_in, figures, handles, held, held_names, is_day, is_of, is_of_another_day,
        is_small_count, list_lengths, relative, relative_months, same_date, same_figure, spells_out, tickers,
    },
    lexicon::{excluded, undone},
    sense::{Said, contradictions, names_as_source, said, strangers},
    sources::SourceTweet,
    speech::misquoted,
};

/// What the cited tweets hold, prepared for look-up.
pub(crate) struct Pool<'a> {
    tweets: Vec<Held<'a>>,
    checker: &'a Checker<'a>,
}

/// Where a fact was found again.
pub(crate) enum Found {
    In(TweetId),
    /// A figure that we counted ourselves, a day that we counted it on, or a word of the report's own.
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
    /// Lengths of its lists of names.
    lists: Vec<f64>,
    /// Names folded: words and runs of two and three words.
    names: FxHashSet<String>,
    /// All text folded, for quotations and Chinese aliases.
    folded: String,
}

impl<'a> Pool<'a> {
    pub(crate) fn new(cited: &[&'a SourceTweet], checker: &'a Checker<'a>) -> Self {
        Self { tweets: cited.iter().map(|source| Held::new(source)).collect(), checker }
    }

    /// The words, folded, of long names in a claim that stand for what a tweet calls otherwise: `Bank of Japan` for 日本央行.
    pub(crate) fn translated(&self, claim: &str) -> FxHashSet<String> {
        let aliases = &self.checker.aliases;
        let folded = fold(claim);
        let is_held = |whole: &str| {
            aliases.of(whole).any(|name| self.tweets.iter().any(|held| held.folded.contains(name)))
        };
        aliases
            .long_in(&folded)
            .filter(|(whole, _)| is_held(whole))
            .flat_map(|(_, words)| words.clone())
            .collect()
    }

    /// Where a fact is found again, unless it is one of the figures and dates that we counted.
    pub(crate) fn find(&self, fact: &Fact, counted: &[Fact]) -> Found {
        let needs_no_tweet = match fact {
            Fact::Figure { .. } => holds(counted, fact),
            Fact::Date { .. } => counted.iter().any(|own| same_date(own, fact)),
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
        found.extend(excluded(claim, &texts.join("\n")).map(|written| Fact::Name { written }));
        found.extend(inconsistent(claim));
        if found.is_empty() {
            let mut known = folded_names(claim);
            known.extend(self.checker.han_names(claim));
            let told = Clause::all(claim, &self.checker.aliases, &known);
            let held: Vec<Vec<Clause>> =
                texts.iter().map(|text| Clause::all(text, &self.checker.aliases, &known)).collect();
            found.extend(misaligned(&told, &held));
            found.extend(mismeasured(&told, &held));
            found.extend(misattributed(&told, &held));
            found.extend(of_another_role(&told, &held));
            found.extend(of_another(claim, &held));
            found.extend(misquoted(claim, &texts, &self.checker.aliases, &known));
        }
        if found.is_empty() {
            let whole = texts.join("\n");
            let turned = || undone(claim, &whole).map(|written| Fact::Negation { written });
            let ruled_out = || ruled_out(claim, &texts, &self.checker.aliases);
            found.extend(negated_words(claim, &texts).or_else(turned).or_else(ruled_out));
        }
        let known: Vec<(&str, &str)> = self
            .tweets
            .iter()
            .map(|held| (held.source.name.as_str(), held.source.speaker.as_str()))
            .collect();
        let is_fact = |fact: &Fact| self.checker.is_fact(fact, claim);
        let misattributed = said(claim, &known, is_fact).into_iter().filter(|said| !self.is_from(said));
        found.extend(misattributed.map(|said| Fact::Speaker { written: format!("@{}", said.who) }));
        let all: Vec<String> =
            self.tweets.iter().map(|held| format!("{}\n{}", held.source.says, held.source.name)).collect();
        let voices: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        found.extend(strangers(claim, &all).into_iter().map(|written| Fact::Speaker { written }));
        found.extend(self.checker.unknown_names(claim, &all, &voices));
        found
    }

    /// Whether a cited tweet is by the speaker, or names them as its source, and the tweets of which that is true hold all that
    /// they are said to say, as far as any cited tweet does.
    fn is_from(&self, said: &Said) -> bool {
        let own: Vec<&Held<'_>> = self.tweets.iter().filter(|held| held.speaks_for(&said.who)).collect();
        let aliases = &self.checker.aliases;
        if own.is_empty() {
            return !said.is_told;
        }
        // Their own tweets have more of the words than those of others, if these have many.
        let shared = |held: &Held<'_>| shared_words(&said.words, &held.source.says);
        let most = |tweets: &mut dyn Iterator<Item = &Held<'_>>| tweets.map(shared).max().unwrap_or(0);
        let of_own = most(&mut own.iter().copied());
        let of_others = most(&mut self.tweets.iter().filter(|held| !held.speaks_for(&said.who)));
        if of_others >= TELLING_WORDS && of_own * 3 <= of_others {
            return false;
        }
        said.facts.iter().all(|fact| {
            let has = |held: &&Held<'_>| held.has(fact, aliases);
            own.iter().any(has) || !self.tweets.iter().any(|held| has(&held))
        })
    }
}

/// So many words in common are no accident.
const TELLING_WORDS: usize = 5;

/// Words of five letters and more, and pairs of Chinese characters, that two texts have in common.
fn shared_words(one: &str, other: &str) -> usize {
    let latin = |text: &str| -> FxHashSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 4);
        words.map(str::to_lowercase).collect()
    };
    let shared_pairs = pairs(one).intersection(&pairs(other)).count();
    latin(one).intersection(&latin(other)).count() + shared_pairs
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
            lists: list_lengths(&source.text),
            dates,
            names: held_names(&all).iter().map(|name| fold(name)).collect(),
            folded: fold(&all),
        }
    }

    fn has(&self, fact: &Fact, aliases: &Aliases) -> bool {
        match fact {
            Fact::Figure { value, .. } => {
                figure_in(&self.figures, &self.source.says, fact).is_some()
                    || is_small_count(fact) && self.lists.contains(value)
            }
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
            Fact::Expansion { written, of } => {
                // A translation of a long form that the tweet gives stands for it.
                self.folded.contains(&fold(written))
                    || corpus::is_han(written) && spells_out(&self.source.says, of)
            }
            // Judged over all tweets at once.
            Fact::Direction { .. } | Fact::Negation { .. } | Fact::Speaker { .. } => true,
            Fact::Quotation { written } => {
                let wanted = fold(written.trim_end_matches(['…', '.', '。']));
                !wanted.is_empty() && self.folded.contains(&wanted)
            }
        }
    }

    /// Whether a date is the tweet's own, unless the tweet speaks of another quarter, or of yesterday or tomorrow and not of today.
    fn is_of_its_time(&self, date: &Fact) -> bool {
        let has_day = matches!(date, Fact::Date { day: Some(_), .. });
        let is_quarter = |date: &Fact| matches!(date, Fact::Date { quarter: Some(_), .. });
        if is_quarter(date) && self.dates.iter().any(is_quarter) {
            return false;
        }
        is_of(date, self.source.created_at) && !(has_day && is_of_another_day(&self.source.says))
    }

    /// A name as it is, without what a hyphen or an apostrophe adds; a version also where the tweet has its name and, apart, its number.
    fn has_version(&self, written: &str, aliases: &Aliases) -> bool {
        let bare = bare(written);
        self.has_name(&fold(written), aliases)
            || bare != written && self.has_name(&fold(bare), aliases)
            || written.rsplit_once(' ').is_some_and(|(name, version)| {
                let number = version.trim_start_matches(['v', 'V']);
                let apart = figures(number).iter().any(|wanted| holds(&self.figures, wanted));
                number.parse::<f64>().is_ok() && apart && self.has_name(&fold(name), aliases)
            })
    }

    fn has_name(&self, name: &str, aliases: &Aliases) -> bool {
        let held =
            |name: &str| self.names.contains(name) || (corpus::is_han(name) && self.folded.contains(name));
        // A firm by the first half of its name: 阶跃 for 阶跃星辰.
        let half = name.char_indices().nth(2).and_then(|(end, _)| name.get(..end));
        let is_short = corpus::is_han(name) && half.is_some_and(|half| self.folded.contains(half));
        let plural = name.strip_suffix('s').is_some_and(held) || held(&format!("{name}s"));
        let is_whole = name.contains('/') && self.folded.contains(name);
        held(name) || plural || is_short || is_whole || aliases.of(name).any(held)
    }
}

/// `Groq` of `Groq-style` and of `Groq's`.
pub(crate) fn bare(name: &str) -> &str {
    const ADDED: [&str; 14] = [
        "style", "based", "like", "class", "powered", "driven", "scale", "backed", "led", "only", "built",
        "made", "native", "related",
    ];
    let own = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    own.rsplit_once('-').filter(|(_, added)| ADDED.contains(added)).map_or(own, |(base, _)| base)
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
