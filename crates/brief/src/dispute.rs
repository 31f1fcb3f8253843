//! Sources that disagree: a claim tells one figure, and another tweet that it cites has another one for the same thing.
//!
//! Words are matched, not meanings, and a mark in the wrong place is worse than none. So only sentences count that have one
//! figure of the kind, name the same, say it in like words, are of the same dates, and tell of no change, plan or forecast.

use std::{collections::BTreeSet, sync::LazyLock};

use corpus::TweetId;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    align::{SENTENCE, pairs},
    facts::{Fact, Unit, facts, held_figures, same_figure},
    pattern::pattern,
    pool::fold,
    sense::{direction, negated},
    sources::SourceTweet,
};

/// What one of the cited accounts says where another says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// Who.
    pub handle: String,
    /// In which tweet.
    pub tweet: TweetId,
    /// The figure, as the tweet has it.
    pub written: String,
}

/// Links, hashtags and handles: what a tweet is filed under, not what it says.
static LABEL: LazyLock<Regex> = LazyLock::new(|| pattern(r"https?://\S+|[#＃@＠][\p{L}\p{N}_]+"));
/// Another time, another case, no more than an expectation, or a price, which is another one the next minute.
static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)预[期计测估]|目标|指引|计划|可能|或[将许]|传闻|如果|此前|之前|原[来先本]|上[一个]|下[一个]|去年|昨|现在|目前|同比|环比|",
        r"比[^例赛如方分]|倍|至少|最[多高低大]|每|平均|其中|仅|只|另|再|又|累计|总|价|盘|",
        r"(?-u:\b)(?:expect\w*|forecast\w*|guid\w+|target\w*|estimat\w*|would|could|may|might|if|rumou?r\w*|previous\w*|",
        r"prior|last|next|ago|yesterday|earlier|later|then|now|still|already|from|than|vs|versus|per|each|every|average|avg|",
        r"least|most|max|only|just|another|more|less|first|second|half|total|up|down|to|price\w*|trad\w+|clos\w+|open\w*)(?-u:\b)",
    ))
});
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{Latin}][\p{Latin}'’]{2,}"));

/// Both sides of a dispute about a figure of the claim; nothing where there is none.
pub(crate) fn sides(claim: &str, cited: &[&SourceTweet]) -> Vec<Side> {
    let told: Vec<Fact> = facts(claim).into_iter().filter(is_telling).collect();
    let pairs = cited.iter().flat_map(|one| cited.iter().map(move |other| (*one, *other)));
    let pairs = pairs.filter(|(one, other)| !one.voices.iter().any(|voice| other.voices.contains(voice)));
    let mut disputes = pairs.flat_map(|(one, other)| told.iter().map(move |figure| (one, other, figure)));
    disputes.find_map(|(one, other, figure)| dispute(&told, figure, one, other)).unwrap_or_default()
}

/// What the figure's own tweet says, and what the other one says instead.
fn dispute(told: &[Fact], figure: &Fact, one: &SourceTweet, other: &SourceTweet) -> Option<Vec<Side>> {
    let (all, all_other) = (held_figures(&one.says), held_figures(&other.says));
    if !holds(&all, figure) || holds(&all_other, figure) {
        return None;
    }
    let own = Sentence::all(&one.text).find_map(|own| {
        let alone = own.only(figure)?;
        same_figure(&alone, figure).then_some((own, alone))
    });
    let (own, alone) = own?;
    Sentence::all(&other.text).find_map(|sentence| {
        let instead = sentence.only(figure)?;
        let known = holds(&all, &instead) || holds(told, &instead);
        let disagree = !known && !same_figure(&alone, &instead) && own.is_about_what(&sentence);
        disagree.then(|| vec![side(one, &alone), side(other, &instead)])
    })
}

fn side(tweet: &SourceTweet, figure: &Fact) -> Side {
    let handle = tweet.citation.handle.clone();
    Side { handle, tweet: tweet.citation.id, written: figure.written().to_owned() }
}

fn holds(figures: &[Fact], wanted: &Fact) -> bool {
    figures.iter().any(|held| same_figure(held, wanted) || same_figure(wanted, held))
}

/// A share or a sum, which carry their meaning in their unit.
fn is_telling(fact: &Fact) -> bool {
    matches!(fact, Fact::Figure { unit: Unit::Percent | Unit::Dollar | Unit::Yuan, .. })
}

/// A sentence of a tweet, as far as it tells what its figure is about.
struct Sentence {
    text: String,
    figures: Vec<Fact>,
    dates: BTreeSet<String>,
    names: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Sentence {
    fn all(text: &str) -> impl Iterator<Item = Self> {
        SENTENCE.split(text).map(|text| {
            let text = LABEL.replace_all(text, " ");
            let all = facts(&text);
            let written = |wanted: fn(&Fact) -> bool| {
                all.iter().filter(|fact| wanted(fact)).map(|fact| fold(fact.written())).collect()
            };
            let names: BTreeSet<String> = written(is_name);
            let words = words(&text).filter(|word| !names.contains(word)).collect();
            let dates = written(|fact| matches!(fact, Fact::Date { .. }));
            Self { figures: held_figures(&text), text: text.into_owned(), dates, names, words }
        })
    }

    /// Its figure of the same unit, if it has just one.
    fn only(&self, like: &Fact) -> Option<Fact> {
        let unit = |fact: &Fact| if let Fact::Figure { unit, .. } = fact { Some(*unit) } else { None };
        let mut same = self.figures.iter().filter(|figure| unit(figure) == unit(like));
        same.next().filter(|_| same.next().is_none()).cloned()
    }

    fn is_about_what(&self, other: &Self) -> bool {
        let plain = |one: &Self| {
            direction(&one.text).is_none() && negated(&one.text).is_none() && !OTHERWISE.is_match(&one.text)
        };
        let names = self.names.intersection(&other.names).count();
        let same_names = names == self.names.len().min(other.names.len());
        let words = self.words.intersection(&other.words).count();
        let most_words = words * 3 >= self.words.len().min(other.words.len()) * 2;
        let like = most_words && (names >= 2 && words >= 1 || names == 1 && words >= 3);
        like && same_names && self.dates == other.dates && plain(self) && plain(other)
    }
}

/// A ticker, or a word that is no ordinary one: with a digit, or with more than one capital.
fn is_name(fact: &Fact) -> bool {
    let marked = |text: &str| {
        text.chars().any(|c| c.is_ascii_digit()) || text.chars().filter(|c| c.is_uppercase()).count() > 1
    };
    match fact {
        Fact::Ticker { .. } => true,
        Fact::Name { written } => marked(written),
        _ => false,
    }
}

/// Latin words, and Chinese characters in pairs.
fn words(text: &str) -> impl Iterator<Item = String> {
    let latin = WORD.find_iter(text).map(|word| word.as_str().to_lowercase());
    latin.chain(pairs(text).into_iter().map(|(one, other)| [one, other].iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        made_up::{topic, unique},
        sources::Sources,
    };

    /// The figures of both sides when a claim cites all these tweets, each by an account of its own.
    fn disputed(claim: &str, tweets: &[&str]) -> Vec<String> {
        let handles = ["lab_a", "lab_b", "lab_c"];
        let made = tweets.iter().zip(handles).zip(1..).map(|((text, handle), id)| unique(id, handle, text));
        let topics = [topic(made.collect())];
        let outline = crate::outline::tests::outline(
            "key_points = 1\ndefault_group = \"a/b\"\nlanguage = \"zh\"\nkinds = []\n\
             mood = { positive = [], negative = [] }\n\
             sections = [{ id = \"a\", heading = \"\", empty = \"\", groups = [] }]",
        );
        let sources = Sources::new(&topics, |_| 0, &outline);
        let cited: Vec<&SourceTweet> = sources.of_topic(0).collect();
        sides(claim, &cited).into_iter().map(|side| format!("{} {}", side.handle, side.written)).collect()
    }

    const CLAIM: &str = "Nova-4.1 在 CodeGauntlet 上得分 61.8%。";

    #[test]
    fn two_figures_for_one_thing_are_a_dispute() {
        let both = ["lab_a 61.8%", "lab_b 55.2%"];
        let english = [
            "Nova-4.1 single attempt score on CodeGauntlet: 61.8%",
            "Our single attempt score of Nova-4.1 on CodeGauntlet: 55.2%. Logs are public.",
        ];
        assert_eq!(disputed(CLAIM, &english), both);
        let chinese =
            ["Nova-4.1 在 CodeGauntlet 单次得分 61.8%", "实测 Nova-4.1 的 CodeGauntlet 单次得分跑出 55.2%"];
        assert_eq!(disputed(CLAIM, &chinese), both);
    }

    #[test]
    fn whatever_may_explain_the_difference_is_no_dispute() {
        let said = "Nova-4.1 single attempt score on CodeGauntlet: 61.8%";
        for other in [
            // Both figures are known to one side, or the claim tells both.
            "Nova-4.1 single attempt score on CodeGauntlet: 55.2%, five attempts 61.8%",
            // Another thing, another unit, another time, an expectation, a movement, a negation.
            "Nova-4 single attempt score on CodeGauntlet: 47.5%",
            "Nova-4.1 single attempt cost on CodeGauntlet: $55.2",
            "Nova-4.1 single attempt score on CodeGauntlet, January: 55.2%",
            "Nova-4.1 single attempt score on CodeGauntlet was expected at 55.2%",
            "Nova-4.1 single attempt score on CodeGauntlet rose 14%",
            "Nova-4.1 single attempt score on CodeGauntlet is not 55.2%",
            "Nova-4.1 price cut: 25%",
            "Nova-4.1 is on CodeGauntlet, where a week of work is enough for a score that nobody wants: 55.2%",
            "Nova-4.1 single attempt score on CodeGauntlet: 61.8%",
            "about 62% single attempt score of Nova-4.1 on CodeGauntlet",
        ] {
            assert_eq!(disputed(CLAIM, &[said, other]), Vec::<String>::new(), "{other}");
        }
        let other = "Nova-4.1 single attempt score on CodeGauntlet: 55.2%";
        assert!(
            disputed("Nova-4.1 单次 61.8% 或 55.2%。", &[said, other]).is_empty(),
            "the claim tells both"
        );
        assert!(disputed(CLAIM, &[said]).is_empty());
        let fire = [
            "#HighParkFire 65 acres, 55% containment of the fire",
            "#HighParkFire: 60% containment of the fire",
        ];
        assert!(disputed("55% containment.", &fire).is_empty(), "a hashtag is no name");
        let close = [
            "Tessera $TSSR shares at $91 in the auction",
            "Tessera $TSSR shares trading at $95 in the auction",
        ];
        assert!(disputed("Tessera $91。", &close).is_empty(), "a price moves");
    }
}
