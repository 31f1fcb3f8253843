//! The checkable facts of a text: figures, dates, tickers, handles, Latin names and quotations.
//!
//! A figure is compared by value, so `150 万`, `1.5 million` and `1,500,000` are one; a share (`31%`) is not a plain 31,
//! and dollars are not yuan.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact that must be found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fact {
    /// A figure with its unit class.
    Figure {
        /// As written.
        written: String,
        /// In plain units: `50B` is 5e10.
        value: f64,
        /// What it measures.
        unit: Unit,
    },
    /// A day of the year, perhaps with its year.
    Date {
        /// As written.
        written: String,
        /// Year, where given.
        year: Option<i32>,
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// A ticker with `$`, upper case.
    Ticker {
        /// As written.
        written: String,
    },
    /// A handle with `@`.
    Handle {
        /// As written.
        written: String,
    },
    /// A word in Latin script, versions included.
    Name {
        /// As written.
        written: String,
    },
    /// Words between quotation marks.
    Quotation {
        /// Without the marks.
        written: String,
    },
}

impl Fact {
    /// The fact as it stands in the text.
    pub fn written(&self) -> &str {
        match self {
            Self::Figure { written, .. }
            | Self::Date { written, .. }
            | Self::Ticker { written }
            | Self::Handle { written }
            | Self::Name { written }
            | Self::Quotation { written } => written,
        }
    }
}

/// What a figure measures, as far as it must not be mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A count or a measure.
    Plain,
    /// A share in per cent.
    Percent,
    /// United States dollars.
    Dollar,
    /// Renminbi.
    Yuan,
    /// Euro.
    Euro,
    /// Pound sterling.
    Pound,
    /// A multiple.
    Times,
}

#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

static QUOTATION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[“「『]([^“”「」『』]+)[”」』]|"([^"]+)""#));
static TICKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$[A-Za-z]{1,6}(?-u:\b)"));
static HANDLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[@＠][A-Za-z0-9_]{1,15}"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"https?://\S+"));
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) (?: (?P<y>20\d\d)\s?[年\-/] \s? )? (?P<m>1[0-2]|0?[1-9]) \s?[月\-/]\s? (?P<d>3[01]|[12]\d|0?[1-9]) \s?[日号]
        | (?P<y2>20\d\d)-(?P<m2>[01]\d)-(?P<d2>[0-3]\d)
        | \b(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\ (?P<d3>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b (?:,?\ (?P<y3>20\d\d))?",
    )
});
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) (?P<sign>US\$|[$€£¥￥])? \s?
        (?P<number>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) \s?
        (?P<scale>万亿|千亿|百亿|百万|千万|十亿|亿|万|千|trillion|billion|million|thousand|bn(?-u:\b)|[kmbt](?-u:\b))? \s?
        (?P<unit>%|％|percent(?-u:\b)|per\ cent(?-u:\b)|个百分点|百分点|美元|美金|dollars?(?-u:\b)|usd(?-u:\b)|欧元|euros?(?-u:\b)|英镑|pounds(?-u:\b)|人民币|元|块钱|rmb(?-u:\b)|cny(?-u:\b)|倍|x(?-u:\b)|times(?-u:\b))?",
    )
});
static PERCENT_OF: LazyLock<Regex> = LazyLock::new(|| pattern(r"百分之\s?(?P<number>\d+(?:\.\d+)?)"));
static NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{Latin}][\p{Latin}\p{Nd}]*(?:['’.\-+&/_][\p{Latin}\p{Nd}]+)*\+{0,2}"));

/// The facts of a text, each kind taken out before the next is looked for.
pub(crate) fn facts(text: &str) -> Vec<Fact> {
    let mut rest = LINK.replace_all(&half_width(text), " ").into_owned();
    let mut found = Vec::new();
    take(
        &mut rest,
        &QUOTATION,
        |hit| {
            let written = hit.get(1).or(hit.get(2))?.as_str().to_owned();
            Some(Fact::Quotation { written })
        },
        &mut found,
    );
    take(&mut rest, &HANDLE, |hit| Some(Fact::Handle { written: whole(hit).replace('＠', "@") }), &mut found);
    take(&mut rest, &TICKER, |hit| Some(Fact::Ticker { written: whole(hit).to_uppercase() }), &mut found);
    take(&mut rest, &DATE, date, &mut found);
    let mut names = Vec::new();
    let mut without_names = rest.clone();
    take(&mut without_names, &NAME, |hit| name(&rest, hit), &mut names);
    found.extend(figures(&blank_names(&rest, &names)));
    found.extend(names);
    found
}

/// Full-width digits, letters and signs as ASCII, so that `９９％` is a figure like any other.
fn half_width(text: &str) -> String {
    let half = |c: char| match c {
        '！'..='～' if !matches!(c, '，' | '：' | '；' | '！' | '？' | '（' | '）') => {
            u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
        }
        c => c,
    };
    text.chars().map(half).collect()
}

/// The figures that a tweet holds: as those of a claim, links and names left out, quotations looked into.
pub(crate) fn held_figures(text: &str) -> Vec<Fact> {
    let mut rest = LINK.replace_all(&half_width(text), " ").into_owned();
    let mut names = Vec::new();
    let mut without_names = rest.clone();
    take(&mut without_names, &NAME, |hit| name(&rest, hit), &mut names);
    rest = blank_names(&rest, &names);
    figures(&rest)
}

/// The tickers that a text names, upper case, with `$`.
pub(crate) fn tickers(text: &str) -> Vec<String> {
    TICKER.find_iter(text).map(|hit| hit.as_str().to_uppercase()).collect()
}

/// The handles that a text names, lower case, without `@`.
pub(crate) fn handles(text: &str) -> Vec<String> {
    HANDLE.find_iter(text).map(|hit| hit.as_str().trim_start_matches(['@', '＠']).to_lowercase()).collect()
}

/// All figures of a text.
pub(crate) fn figures(text: &str) -> Vec<Fact> {
    let mut rest = text.to_owned();
    let mut found = Vec::new();
    take(
        &mut rest,
        &PERCENT_OF,
        |hit| {
            let value = hit.name("number")?.as_str().parse().ok()?;
            Some(Fact::Figure { written: whole(hit), value, unit: Unit::Percent })
        },
        &mut found,
    );
    take(&mut rest, &FIGURE, figure, &mut found);
    found
}

fn take(
    text: &mut String,
    pattern: &Regex,
    read: impl Fn(&Captures<'_>) -> Option<Fact>,
    found: &mut Vec<Fact>,
) {
    found.extend(pattern.captures_iter(text).filter_map(|hit| read(&hit)));
    *text = pattern.replace_all(text, " ").into_owned();
}

fn whole(hit: &Captures<'_>) -> String {
    hit.get(0).map_or("", |found| found.as_str()).trim().to_owned()
}

fn date(hit: &Captures<'_>) -> Option<Fact> {
    let number =
        |names: [&str; 3]| names.iter().find_map(|name| hit.name(name)?.as_str().parse::<u32>().ok());
    let month =
        number(["m", "m2", "m2"]).or_else(|| hit.name("name").and_then(|name| month(name.as_str())))?;
    let day = number(["d", "d2", "d3"])?;
    let year = number(["y", "y2", "y3"]).and_then(|year| i32::try_from(year).ok());
    Some(Fact::Date { written: whole(hit), year, month, day })
}

fn month(name: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let place = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    u32::try_from(place + 1).ok()
}

fn figure(hit: &Captures<'_>) -> Option<Fact> {
    let digits: String = hit.name("number")?.as_str().chars().filter(|c| !matches!(c, ',' | '，')).collect();
    let scale = hit.name("scale").map_or("", |scale| scale.as_str()).to_lowercase();
    let value = digits.parse::<f64>().ok()? * factor(&scale);
    let unit = unit(hit.name("sign").map_or("", |s| s.as_str()), hit.name("unit").map_or("", |u| u.as_str()));
    Some(Fact::Figure { written: whole(hit), value, unit })
}

fn factor(scale: &str) -> f64 {
    match scale {
        "千" | "thousand" => 1e3,
        "万" => 1e4,
        "百万" | "million" => 1e6,
        "千万" => 1e7,
        "亿" => 1e8,
        "十亿" | "billion" | "bn" => 1e9,
        "百亿" => 1e10,
        "千亿" => 1e11,
        "万亿" | "trillion" => 1e12,
        letter => match letter.chars().next() {
            Some('k') => 1e3,
            Some('m') => 1e6,
            Some('b') => 1e9,
            Some('t') => 1e12,
            _ => 1.0,
        },
    }
}

fn unit(sign: &str, word: &str) -> Unit {
    match (sign.to_uppercase().as_str(), word.to_lowercase().as_str()) {
        (_, "%" | "％" | "percent" | "per cent" | "个百分点" | "百分点") => Unit::Percent,
        ("$" | "US$", _) | (_, "美元" | "美金" | "dollar" | "dollars" | "usd") => Unit::Dollar,
        ("¥" | "￥", _) | (_, "人民币" | "元" | "块钱" | "rmb" | "cny") => Unit::Yuan,
        ("€", _) | (_, "欧元" | "euro" | "euros") => Unit::Euro,
        ("£", _) | (_, "英镑" | "pounds") => Unit::Pound,
        (_, "倍" | "x" | "times") => Unit::Times,
        _ => Unit::Plain,
    }
}

/// A Latin word, unless it is the unit of a figure (`4GB`, `720p`), which the figure already covers.
fn name(text: &str, hit: &Captures<'_>) -> Option<Fact> {
    let found = hit.get(0)?;
    let before = text.get(..found.start())?.chars().next_back();
    let glued_to_digit = before.is_some_and(|c| c.is_ascii_digit() || c == '.');
    (!glued_to_digit && found.as_str().chars().count() > 1)
        .then(|| Fact::Name { written: found.as_str().to_owned() })
}

/// The text without its names, so that the 5.2 of `GPT-5.2` is no figure of its own.
fn blank_names(text: &str, names: &[Fact]) -> String {
    names
        .iter()
        .filter(|name| name.written().chars().any(|c| c.is_ascii_digit()))
        .fold(text.to_owned(), |text, name| text.replace(name.written(), " "))
}

/// Whether two figures say the same: equal values of units that do not contradict each other.
pub(crate) fn same_figure(held: &Fact, wanted: &Fact) -> bool {
    let (Fact::Figure { value: a, unit: of_a, .. }, Fact::Figure { value: b, unit: of_b, .. }) =
        (held, wanted)
    else {
        return false;
    };
    let close = (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
    let fits =
        of_a == of_b || matches!((of_a, of_b), (Unit::Plain, Unit::Times) | (Unit::Times, Unit::Plain));
    close && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(text: &str) -> (f64, Unit) {
        match figures(text).as_slice() {
            [Fact::Figure { value, unit, .. }] => (*value, *unit),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn one_value_in_many_notations() {
        let cases = [
            ("150 万", 1.5e6, Unit::Plain),
            ("1.5 million", 1.5e6, Unit::Plain),
            ("1,500,000", 1.5e6, Unit::Plain),
            ("31%", 31.0, Unit::Percent),
            ("31 percent", 31.0, Unit::Percent),
            ("百分之31", 31.0, Unit::Percent),
            ("$50B", 5e10, Unit::Dollar),
            ("500 亿美元", 5e10, Unit::Dollar),
            ("US$1.2bn", 1.2e9, Unit::Dollar),
            ("3倍", 3.0, Unit::Times),
            ("3x", 3.0, Unit::Times),
            ("2,732 英里", 2732.0, Unit::Plain),
            ("70B参数", 7e10, Unit::Plain),
            ("100块钱", 100.0, Unit::Yuan),
            ("3百亿美元", 3e10, Unit::Dollar),
            ("50 亿欧元", 5e9, Unit::Euro),
            ("3x提升", 3.0, Unit::Times),
            ("用了5B参数", 5e9, Unit::Plain),
        ];
        for (text, value, unit) in cases {
            let (found, found_unit) = figure(text);
            assert!(
                (found - value).abs() < 1e-6 * value && found_unit == unit,
                "{text}: {found} {found_unit:?}"
            );
        }
    }

    #[test]
    fn each_kind_is_read_once() {
        let read =
            facts("1月24日，@openai 的 GPT-5.2 Pro 得分 31%，$intc 下跌，称“不是泡沫”，见 https://x.com/a");
        let written: Vec<&str> = read.iter().map(Fact::written).collect();
        assert_eq!(written, ["不是泡沫", "@openai", "$INTC", "1月24日", "31%", "GPT-5.2", "Pro"]);
    }
}
