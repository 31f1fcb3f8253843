//! Figures of a text as the corrupting model reads them, by rules of its own: the checker must not judge itself.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

/// What a figure measures, with its words in Chinese and English, and how tweets write it besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Plain,
    Dollar,
    Euro,
    Yuan,
    Percent,
    Times,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Megawatt,
    Gigawatt,
    Gigabyte,
    Terabyte,
}

const WORDS: [(Unit, &str, &str, &str); 15] = [
    (Unit::Dollar, "美元", " dollars", r"美元|美金|刀|dollars?\b|USD\b"),
    (Unit::Euro, "欧元", " euros", r"欧元|euros?\b|EUR\b"),
    (Unit::Yuan, "元", " yuan", r"元|块|yuan\b|RMB\b"),
    (Unit::Percent, "%", "%", r"%|个?百分点|percent\b|points?\b|点|pts?\b"),
    (Unit::Times, "倍", "x", r"倍|[xX×](?:\b|\s|$)|times\b"),
    (Unit::Minute, "分钟", " minutes", r"分钟|min(?:ute)?s?\b"),
    (Unit::Hour, "小时", " hours", r"个?小时|hours?\b|h(?:rs?)?\b"),
    (Unit::Day, "天", " days", r"天|-?days?\b|d\b"),
    (Unit::Week, "周", " weeks", r"周|个?星期|-?weeks?\b"),
    (Unit::Month, "个月", " months", r"个月|-?months?\b"),
    (Unit::Year, "年", " years", r"年|-?years?\b|yrs?\b"),
    (Unit::Megawatt, " MW", " MW", r"MW\b|兆瓦|megawatts?\b"),
    (Unit::Gigawatt, " GW", " GW", r"GW\b|吉瓦|gigawatts?\b"),
    (Unit::Gigabyte, " GB", " GB", r"GB\b"),
    (Unit::Terabyte, " TB", " TB", r"TB\b"),
];

const SCALES: [(&str, f64); 19] = [
    ("万亿", 1e12),
    ("千亿", 1e11),
    ("百亿", 1e10),
    ("十亿", 1e9),
    ("亿", 1e8),
    ("千万", 1e7),
    ("百万", 1e6),
    ("万", 1e4),
    ("trillion", 1e12),
    ("billion", 1e9),
    ("million", 1e6),
    ("thousand", 1e3),
    ("bn", 1e9),
    ("T", 1e12),
    ("B", 1e9),
    ("M", 1e6),
    ("K", 1e3),
    ("k", 1e3),
    ("千", 1e3),
];

/// A figure where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// All of it, sign and unit included.
    pub(crate) place: Range<usize>,
    /// Its digits.
    pub(crate) digits: Range<usize>,
    pub(crate) raw: f64,
    pub(crate) scale: f64,
    pub(crate) unit: Unit,
}

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let scales: Vec<String> = SCALES
        .iter()
        .map(|(word, _)| if word.len() == 1 || *word == "bn" { format!(r"{word}\b") } else { (*word).into() })
        .collect();
    let units: Vec<String> =
        WORDS.iter().enumerate().map(|(place, (.., form))| format!("(?P<u{place}>{form})")).collect();
    let (scales, units) = (scales.join("|"), units.join("|"));
    Regex::new(&format!(
        r"(?P<sign>[$€¥])?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<scale>{scales})?\s?(?:{units})?"
    ))
    .unwrap()
});

/// The figures of a text, without those that belong to a name, such as the 4.1 of `Nova-4.1`.
pub(crate) fn figures(text: &str) -> Vec<Figure> {
    let free = |hit: &regex::Captures<'_>| {
        let before = text[..hit.get(0).unwrap().start()].chars().next_back();
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | '@'))
            || hit.name("sign").is_some()
    };
    FIGURE.captures_iter(text).filter(free).map(|hit| figure(&hit)).collect()
}

fn figure(hit: &regex::Captures<'_>) -> Figure {
    let digits = hit.name("digits").unwrap();
    let scale = hit.name("scale").map_or("", |scale| scale.as_str());
    let by_word = WORDS.iter().enumerate().find(|(place, _)| hit.name(&format!("u{place}")).is_some());
    let unit = match (hit.name("sign").map(|sign| sign.as_str()), by_word) {
        (Some("$"), _) => Unit::Dollar,
        (Some("€"), _) => Unit::Euro,
        (Some(_), _) => Unit::Yuan,
        (None, Some((_, (unit, ..)))) => *unit,
        _ => Unit::Plain,
    };
    let all = hit.get(0).unwrap();
    Figure {
        place: all.start()..all.start() + all.as_str().trim_end().len(),
        digits: digits.range(),
        raw: digits.as_str().replace(',', "").parse().unwrap(),
        scale: SCALES.iter().find(|(word, _)| *word == scale).map_or(1.0, |(_, factor)| *factor),
        unit,
    }
}

impl Figure {
    pub(crate) fn value(&self) -> f64 {
        self.raw * self.scale
    }

    /// The figure in words of a language, scaled as its reports do.
    pub(crate) fn told(&self, chinese: bool) -> String {
        told(self.value(), self.unit, chinese)
    }
}

/// `96 亿美元`, `9.6 billion dollars`.
pub(crate) fn told(value: f64, unit: Unit, chinese: bool) -> String {
    let scales: &[(f64, &str)] = if chinese {
        &[(1e12, " 万亿"), (1e8, " 亿"), (1e4, " 万")]
    } else {
        &[(1e12, " trillion"), (1e9, " billion"), (1e6, " million")]
    };
    let (factor, word) = scales.iter().find(|(least, _)| value >= *least).copied().unwrap_or((1.0, ""));
    let number = (value / factor * 1e6).round() / 1e6;
    let unit = WORDS.iter().find(|(known, ..)| *known == unit);
    let unit = unit.map_or("", |(_, zh, en, _)| if chinese { zh } else { en });
    let gap = if chinese && word.is_empty() && unit.starts_with(|c: char| !c.is_ascii()) { " " } else { "" };
    format!("{number}{word}{gap}{unit}")
}

/// Numbers that texts write as words, or mean by one.
const IN_WORDS: [(&str, f64); 44] = [
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("dozen", 12.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("half", 50.0),
    ("quarter", 25.0),
    ("fifth", 20.0),
    ("tenth", 10.0),
    ("doubl", 2.0),
    ("twice", 2.0),
    ("tripl", 3.0),
    ("first", 1.0),
    ("second", 2.0),
    ("third", 3.0),
    ("fourth", 4.0),
    ("一", 1.0),
    ("二", 2.0),
    ("两", 2.0),
    ("三", 3.0),
    ("四", 4.0),
    ("五", 5.0),
    ("六", 6.0),
    ("七", 7.0),
    ("八", 8.0),
    ("九", 9.0),
    ("十", 10.0),
    ("半", 50.0),
    ("翻倍", 2.0),
    ("翻番", 2.0),
    ("季度", 0.0),
    ("百", 100.0),
];

static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?").unwrap());

/// Every number that a text holds in any way, scaled and not; its own time as well.
pub(crate) fn numbers(text: &str, at: &str) -> Vec<f64> {
    let lower = text.to_lowercase();
    let read = |hit: regex::Match<'_>| hit.as_str().replace(',', "").parse::<f64>().ok();
    let in_digits = DIGITS.find_iter(text).chain(DIGITS.find_iter(at)).filter_map(read);
    let scaled = figures(text).into_iter().map(|figure| figure.value());
    let in_words = IN_WORDS.iter().filter(|(word, _)| lower.contains(word)).map(|(_, value)| *value);
    in_digits.chain(scaled).chain(in_words).collect()
}

pub(crate) fn is_among(value: f64, numbers: &[f64]) -> bool {
    numbers.iter().any(|held| (held - value).abs() <= 1e-6 * value.abs().max(1.0))
}
