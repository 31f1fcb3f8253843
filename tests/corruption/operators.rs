//! What a model gets wrong: each operator changes one fact of a claim into one that the cited tweet does not hold.

use std::sync::LazyLock;

use regex::Regex;

use super::figures::{Figure, Unit, figures, is_among, numbers, told};
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

    /// The largest share that may be published; none of a figure that the tweet does not hold.
    pub(crate) fn ceiling(self) -> f64 {
        match self {
            Self::Digit | Self::Unit | Self::Magnitude => 0.0,
            _ => 1.0,
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
        self.cited.iter().map(|source| format!("{} {}\n", source.by, source.text)).collect()
    }

    fn numbers(&self) -> Vec<f64> {
        self.cited.iter().flat_map(|source| numbers(&source.text, &source.at)).collect()
    }
}

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*").unwrap());
static HANDLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"@[A-Za-z0-9_]+").unwrap());
static TICKER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$[A-Z]{2,5}\b").unwrap());
static VERSION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[A-Z][A-Za-z]+-(?P<n>\d{1,2}(?:\.\d)?)(?P<more>B?)\b").unwrap());
static ACRONYM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[A-Z]{3,5}\b").unwrap());
/// Hedges, behind which another figure may round the tweet's own.
static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:超过|超|逾|至少|不到|不足|接近|近|约|大约|over|above|more than|at least|under|nearly|almost|about|around|up to|less than|~|>|<|不少于|不超过|多于|高于|低于|突破)\s?[$€¥]?$").unwrap()
});

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
        Operator::Digit => retold(digit(text, world, dice)),
        Operator::Unit => retold(unit(text, world, dice)),
        Operator::Magnitude => retold(magnitude(text, world, dice)),
        Operator::Version => retold(version(text, world, dice)),
        Operator::Ticker => retold(ticker(text, world, dice)),
        Operator::Expansion => retold(expansion(text, world, dice)),
        Operator::CiteMoved => cite_moved(draft, world, dice),
        Operator::SwapFigures if !draft.lists => retold(swap_figures(text, dice)),
        Operator::SwapNames if !draft.lists => retold(swap_names(text, dice)),
        Operator::Negation if !draft.lists => retold(turned(text, NEGATIONS, dice)),
        Operator::Direction => retold(turned(text, DIRECTIONS, dice)),
        Operator::Attribution => retold(attribution(text, world, dice)),
        _ => None,
    }
}

fn replaced(text: &str, place: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..place.start], &text[place.end..])
}

fn is_hedged(text: &str, figure: &Figure) -> bool {
    HEDGE.is_match(&text[..figure.place.start])
}

fn digit(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let all = figures(text);
    let figure = dice.choose(&all)?;
    let held = world.numbers();
    let digits = &text[figure.digits.clone()];
    let places: Vec<usize> =
        digits.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for _ in 0..8 {
        let at = *dice.choose(&places)?;
        let new = char::from(b'1' + dice.below(9) as u8);
        let changed = replaced(digits, at..at + 1, &new.to_string());
        let raw: f64 = changed.replace(',', "").parse().ok()?;
        let is_near = is_hedged(text, figure) && held.iter().any(|one| (one - raw).abs() <= 0.12 * raw);
        if changed != digits && !is_among(raw, &held) && !is_among(raw * figure.scale, &held) && !is_near {
            return Some(replaced(text, figure.digits.clone(), &changed));
        }
    }
    None
}

/// Units that stand for others only by mistake.
const UNITS: [(Unit, Unit); 18] = [
    (Unit::Dollar, Unit::Euro),
    (Unit::Dollar, Unit::Yuan),
    (Unit::Dollar, Unit::Percent),
    (Unit::Yuan, Unit::Dollar),
    (Unit::Percent, Unit::Times),
    (Unit::Percent, Unit::Dollar),
    (Unit::Times, Unit::Percent),
    (Unit::Minute, Unit::Hour),
    (Unit::Hour, Unit::Day),
    (Unit::Hour, Unit::Minute),
    (Unit::Day, Unit::Week),
    (Unit::Day, Unit::Hour),
    (Unit::Week, Unit::Month),
    (Unit::Month, Unit::Year),
    (Unit::Month, Unit::Week),
    (Unit::Megawatt, Unit::Gigawatt),
    (Unit::Gigawatt, Unit::Megawatt),
    (Unit::Gigabyte, Unit::Terabyte),
];

fn unit(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let tweet = world.text();
    let held = figures(&tweet);
    let says =
        |value: f64, unit: Unit| held.iter().any(|one| one.unit == unit && is_among(value, &[one.value()]));
    let mut choices = Vec::new();
    for figure in figures(text) {
        let wrong = UNITS.iter().filter(|(of, other)| {
            *of == figure.unit && says(figure.value(), *of) && !says(figure.value(), *other)
        });
        choices.extend(wrong.map(|(_, other)| (figure.clone(), *other)));
    }
    let (figure, other) = dice.choose(&choices)?;
    Some(replaced(text, figure.place.clone(), &told(figure.value(), *other, world.chinese)))
}

fn magnitude(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let held = world.numbers();
    let scaled: Vec<Figure> = figures(text).into_iter().filter(|one| one.scale >= 1e4).collect();
    let figure = dice.choose(&scaled)?;
    let by = if world.chinese { 1e4 } else { 1e3 };
    let value = if dice.below(2) == 0 { figure.value() * by } else { figure.value() / by };
    let wrong = told(value, figure.unit, world.chinese);
    (!is_among(value, &held)).then(|| replaced(text, figure.place.clone(), &wrong))
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

fn version(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let hits: Vec<regex::Captures<'_>> = VERSION.captures_iter(text).collect();
    let hit = dice.choose(&hits)?;
    let (whole, number) = (hit.get(0)?, hit.name("n")?);
    let wrong = match dice.below(3) {
        0 => format!("{} Pro", whole.as_str()),
        1 => format!("{}-Mini", whole.as_str()),
        _ => {
            let raised =
                number.as_str().parse::<f64>().ok()? + if number.as_str().contains('.') { 0.1 } else { 1.0 };
            let number = number.start() - whole.start()..number.end() - whole.start();
            replaced(whole.as_str(), number, &format!("{}", (raised * 10.0).round() / 10.0))
        }
    };
    let is_there = folded(&world.text()).contains(&folded(&wrong));
    (!is_there).then(|| replaced(text, whole.range(), &wrong))
}

fn ticker(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let hits: Vec<regex::Match<'_>> = TICKER.find_iter(text).collect();
    let other = dice.choose(&["$NVDA", "$AMD", "$TSLA", "$ETH", "$MSFT"])?;
    let hit = dice.choose(&hits)?;
    (!world.text().contains(&other[1..])).then(|| replaced(text, hit.range(), other))
}

const CHINESE_FORMS: [&str; 4] =
    ["约束自回归语言模型", "动态推理加速架构", "统一多模态表示框架", "分布式键值存储系统"];
const ENGLISH_WORDS: [&str; 26] = [
    "Adaptive",
    "Balanced",
    "Constrained",
    "Dynamic",
    "Embedded",
    "Federated",
    "General",
    "Hybrid",
    "Inference",
    "Joint",
    "Kernel",
    "Language",
    "Model",
    "Neural",
    "Optimised",
    "Parallel",
    "Quantised",
    "Recurrent",
    "Sparse",
    "Tensor",
    "Unified",
    "Vector",
    "Weighted",
    "Xenial",
    "Yield",
    "Zonal",
];

fn expansion(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let alone = |hit: &regex::Match<'_>| {
        let before = text[..hit.start()].chars().next_back();
        let behind = text[hit.end()..].chars().next();
        !before.is_some_and(|c| matches!(c, '$' | '@' | '-'))
            && !behind.is_some_and(|c| matches!(c, '-' | '（' | '('))
    };
    let hits: Vec<regex::Match<'_>> = ACRONYM.find_iter(text).filter(alone).collect();
    let hit = dice.choose(&hits)?;
    let long = if world.chinese {
        format!("（{}）", dice.choose(&CHINESE_FORMS)?)
    } else {
        let words = hit.as_str().bytes().map(|letter| ENGLISH_WORDS[usize::from(letter - b'A')]);
        format!(" ({})", words.collect::<Vec<_>>().join(" "))
    };
    Some(replaced(text, hit.end()..hit.end(), &long))
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

/// Figures of one unit, so that each is still found again.
fn swap_figures(text: &str, dice: &mut Dice) -> Option<String> {
    let all = figures(text);
    let mut pairs = Vec::new();
    for (place, one) in all.iter().enumerate() {
        let alike = all[place + 1..]
            .iter()
            .filter(|other| other.unit == one.unit && !is_among(other.value(), &[one.value()]));
        pairs.extend(alike.map(|other| (one.place.clone(), other.place.clone())));
    }
    let (one, other) = dice.choose(&pairs)?.clone();
    Some(swapped(text, one, other))
}

fn swapped(text: &str, one: std::ops::Range<usize>, other: std::ops::Range<usize>) -> String {
    let (first, second) = (text[one.clone()].to_owned(), text[other.clone()].to_owned());
    replaced(&replaced(text, other, &first), one, &second)
}

fn swap_names(text: &str, dice: &mut Dice) -> Option<String> {
    let is_name = |hit: &regex::Match<'_>| {
        let before = text[..hit.start()].chars().next_back();
        hit.as_str().starts_with(char::is_uppercase)
            && hit.len() > 2
            && !before.is_some_and(|c| c == '@' || c == '$')
    };
    let names: Vec<regex::Match<'_>> = NAME.find_iter(text).filter(is_name).collect();
    let one = dice.choose(&names)?;
    let others: Vec<&regex::Match<'_>> =
        names.iter().filter(|other| other.as_str() != one.as_str()).collect();
    let other = dice.choose(&others)?;
    let (first, second) = if one.start() < other.start() { (one, *other) } else { (*other, one) };
    Some(swapped(text, first.range(), second.range()))
}

const NEGATIONS: &[(&str, &str)] = &[
    ("没有", "有"),
    ("不会", "会"),
    ("尚未", "已经"),
    ("已经", "尚未"),
    ("未", "已"),
    ("发布了", "没有发布"),
    ("完成", "未完成"),
    ("批准", "未批准"),
    ("支持", "不支持"),
    ("可商用", "不可商用"),
    ("将", "不会"),
    ("开源", "不开源"),
    ("是", "不是"),
    (" is ", " is not "),
    (" was ", " was not "),
    (" will ", " will not "),
    (" has ", " has not "),
    (" can ", " cannot "),
    (" did not ", " did "),
    (" not ", " "),
];

const DIRECTIONS: &[(&str, &str)] = &[
    ("上涨", "下跌"),
    ("下跌", "上涨"),
    ("上升", "下降"),
    ("下降", "上升"),
    ("增长", "下降"),
    ("涨 ", "跌 "),
    ("跌 ", "涨 "),
    ("提高", "降低"),
    ("降低", "提高"),
    ("减少", "增加"),
    ("增加", "减少"),
    ("上调", "下调"),
    ("低于", "高于"),
    ("高于", "低于"),
    ("降价", "涨价"),
    (" up ", " down "),
    (" down ", " up "),
    ("raised", "cut"),
    ("rose", "fell"),
    ("fell", "rose"),
    ("drops", "rises"),
    ("higher", "lower"),
    ("lower", "higher"),
    ("increased", "decreased"),
    ("beats", "misses"),
    (" above ", " below "),
    (" below ", " above "),
];

fn turned(text: &str, pairs: &[(&str, &str)], dice: &mut Dice) -> Option<String> {
    let there: Vec<&(&str, &str)> = pairs.iter().filter(|(from, _)| text.contains(from)).collect();
    let (from, to) = dice.choose(&there)?;
    Some(text.replacen(from, to, 1))
}

/// The words of one author in another's mouth, whom no cited tweet names.
fn attribution(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let said = world.text().to_lowercase();
    let strangers: Vec<&&Source> =
        world.others.iter().filter(|other| !said.contains(&other.by[1..].to_lowercase())).collect();
    let other = dice.choose(&strangers)?;
    let hit = HANDLE.find(text)?;
    Some(replaced(text, hit.range(), &other.by))
}
