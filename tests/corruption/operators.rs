//! What a model gets wrong: each operator changes one fact of a claim into one that the cited tweet does not hold.

mod figure;
mod name;
mod word;

use std::sync::LazyLock;

use regex::Regex;

use super::figures::{figures, is_among, numbers};
use crate::support::dice::Dice;

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operator {
    Digit,
    Unit,
    Magnitude,
    Version,
    Ticker,
    Expansion,
    CiteMoved,
    SwapFigures,
    SwapNames,
    Attribution,
    Negation,
    Direction,
}

impl Operator {
    pub(crate) const ALL: [Self; 12] = [
        Self::Digit,
        Self::Unit,
        Self::Magnitude,
        Self::Version,
        Self::Ticker,
        Self::Expansion,
        Self::CiteMoved,
        Self::SwapFigures,
        Self::SwapNames,
        Self::Attribution,
        Self::Negation,
        Self::Direction,
    ];

    /// The largest share that may be published: none of a figure that the tweet does not hold. Where the checker is known to
    /// be weak it is what was measured, with some room.
    pub(crate) fn ceiling(self) -> f64 {
        match self {
            Self::Digit | Self::Magnitude | Self::Unit => 0.0,
            Self::Expansion | Self::CiteMoved | Self::Attribution => 0.05,
            Self::Version | Self::Ticker => 0.1,
            Self::Direction => 0.4,
            Self::Negation => 0.7,
            Self::SwapFigures | Self::SwapNames => 0.95,
        }
    }
}

/// A tweet as the model is told it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) alias: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) text: String,
    /// Request and number of its topic in it.
    pub(crate) topic: (usize, u64),
}

/// A claim of the model's.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) group: String,
    pub(crate) lead: String,
    pub(crate) text: String,
    pub(crate) cites: Vec<String>,
    /// Whether it only lists what the tweet mentions, so that order and negation say nothing.
    pub(crate) lists: bool,
}

/// What an operator may look at.
pub(crate) struct World<'a> {
    /// The tweets that the claim cites.
    pub(crate) cited: Vec<&'a Source>,
    /// Tweets of other topics.
    pub(crate) others: Vec<&'a Source>,
    pub(crate) chinese: bool,
}

impl World<'_> {
    fn text(&self) -> String {
        let said: Vec<String> =
            self.cited.iter().map(|source| format!("{} {}", source.by, source.text)).collect();
        said.join("\n")
    }

    fn numbers(&self) -> Vec<f64> {
        self.cited.iter().flat_map(|source| numbers(&source.text, &source.at)).collect()
    }
}

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*").unwrap());
static HANDLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"@[A-Za-z0-9_]+").unwrap());

/// How many facts a claim has, as a reader counts: figures, names, handles.
pub(crate) fn count(draft: &Draft) -> usize {
    let names = NAME.find_iter(&draft.text).filter(|name| name.as_str().starts_with(char::is_uppercase));
    figures(&draft.text).len() + names.count() + HANDLE.find_iter(&draft.text).count()
}

/// The claim with one fact changed; `None` when it has none of that kind, or each change would be true.
pub(crate) fn corrupt(
    operator: Operator,
    draft: &Draft,
    world: &World<'_>,
    dice: &mut Dice,
) -> Option<Draft> {
    let text = &draft.text;
    let retold = |text: Option<String>| Some(Draft { text: text?, ..draft.clone() });
    match operator {
        Operator::Digit => retold(figure::digit(text, world, dice)),
        Operator::Unit => retold(figure::unit(text, world, dice)),
        Operator::Magnitude => retold(figure::magnitude(text, world, dice)),
        Operator::Version => retold(name::version(text, world, dice)),
        Operator::Ticker => retold(name::ticker(text, world, dice)),
        Operator::Expansion => retold(name::expansion(text, world, dice)),
        Operator::CiteMoved => cite_moved(draft, world, dice),
        Operator::SwapFigures if !draft.lists => retold(figure::swap_figures(text, dice)),
        Operator::SwapNames if !draft.lists => retold(name::swap_names(text, dice)),
        Operator::Negation if !draft.lists => retold(word::turned(text, word::NEGATIONS, dice)),
        Operator::Direction => retold(word::turned(text, word::DIRECTIONS, dice)),
        Operator::Attribution => retold(name::attribution(text, world, dice)),
        _ => None,
    }
}

fn replaced(text: &str, place: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..place.start], &text[place.end..])
}

fn swapped(text: &str, one: std::ops::Range<usize>, other: std::ops::Range<usize>) -> String {
    let (first, second) = (text[one.clone()].to_owned(), text[other.clone()].to_owned());
    replaced(&replaced(text, other, &first), one, &second)
}

/// To a tweet without one of the claim's figures, nor any of its names.
fn cite_moved(draft: &Draft, world: &World<'_>, dice: &mut Dice) -> Option<Draft> {
    let all = figures(&draft.text);
    let lacks = |other: &&&Source| {
        let held = numbers(&other.text, &other.at);
        all.iter().any(|figure| !is_among(figure.value(), &held) && !is_among(figure.raw, &held))
    };
    let choices: Vec<&&Source> = world.others.iter().filter(lacks).collect();
    let other = dice.choose(&choices)?;
    Some(Draft { cites: vec![other.alias.clone()], ..draft.clone() })
}
