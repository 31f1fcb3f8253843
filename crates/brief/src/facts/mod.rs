//! The checkable facts of a text: figures, dates, tickers, handles, names, quotations, and what an acronym is said to mean.
//!
//! A figure is compared by value, so `150 万`, `1.5 million` and `1,500,000` are one; a share (`31%`) is not a plain 31,
//! dollars are not yuan, and `GPT-5.2 Pro` is not `GPT-5.2`.

mod date;
mod figure;
mod list;
mod name;
mod numeral;
mod same;
mod units;

use std::sync::LazyLock;

use regex::{Captures, Regex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pattern::pattern;

pub(crate) use date::{is_day, is_of, is_of_another_day, relative, relative_months, same_date};

pub(crate) use list::{is_small_count, list_lengths};
pub(crate) use name::{held_names, spells_out};
pub(crate) use same::{figure_in, same_figure};

/// A fact that must be found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fact {
    /// A figure with what it measures.
    Figure {
        /// As written.
        written: String,
        /// In plain units: `50B` is 5e10.
        value: f64,
        /// What it measures.
        unit: Unit,
        /// How exact it is said to be.
        #[serde(default)]
        bound: Bound,
    },
    /// A day, a month, a quarter or a year; what is not given is `None`.
    Date {
        /// As written.
        written: String,
        /// Such as 2026.
        year: Option<i32>,
        /// 1 to 4.
        quarter: Option<u32>,
        /// 1 to 12.
        month: Option<u32>,
        /// 1 to 31.
        day: Option<u32>,
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
    /// A word in Latin script, versions included; or a Chinese name that the report's table of aliases knows.
    Name {
        /// As written.
        written: String,
    },
    /// Words between quotation marks.
    Quotation {
        /// Without the marks.
        written: String,
    },
    /// What an acronym is said to stand for.
    Expansion {
        /// The long form.
        written: String,
        /// The acronym.
        of: String,
    },
    /// That something goes up or down, is more or less.
    Direction {
        /// The word that says so.
        written: String,
        /// Up, or more.
        up: bool,
    },
    /// That something is not so.
    Negation {
        /// The word that says so; empty where the claim lacks the tweets' own.
        written: String,
    },
    /// That somebody said it.
    Speaker {
        /// The handle, with `@`.
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
            | Self::Quotation { written }
            | Self::Expansion { written, .. }
            | Self::Direction { written, .. }
            | Self::Negation { written }
            | Self::Speaker { written } => written,
        }
    }
}

impl Fact {
    /// What a figure measures; `None` for all else.
    pub(crate) fn unit(&self) -> Option<Unit> {
        if let Self::Figure { unit, .. } = self { Some(*unit) } else { None }
    }

    /// The value of a figure; `None` for all else.
    pub(crate) fn value(&self) -> Option<f64> {
        if let Self::Figure { value, .. } = self { Some(*value) } else { None }
    }

    /// A figure as if it measured nothing in particular.
    pub(crate) fn without_unit(&self) -> Self {
        match self.clone() {
            Self::Figure { written, value, bound, .. } => {
                Self::Figure { written, value, unit: Unit::Plain, bound }
            }
            other => other,
        }
    }
}

/// How exact a figure is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Just so.
    #[default]
    Exact,
    /// About.
    About,
    /// More than that.
    Over,
    /// Less than that.
    Under,
}

/// What a figure measures, as far as it must not be mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the units")]
pub enum Unit {
    /// A count, or a measure that is not known.
    Plain,
    /// A share in per cent; percentage points too.
    Percent,
    /// A hundredth of a percentage point.
    BasisPoint,
    /// United States dollars.
    Dollar,
    /// A hundredth of a dollar.
    Cent,
    /// Renminbi.
    Yuan,
    /// `¥`, which is either.
    YuanOrYen,
    /// `points`, of which an index has as many as a share.
    Point,
    HongKongDollar,
    TaiwanDollar,
    Euro,
    /// Pound sterling.
    Pound,
    Yen,
    Won,
    Rupee,
    /// A multiple.
    Times,
    KilowattHour,
    MegawattHour,
    GigawattHour,
    Kilowatt,
    Megawatt,
    Gigawatt,
    Kilobyte,
    Megabyte,
    Gigabyte,
    Terabyte,
    Petabyte,
    Nanometre,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Mile,
    Kilometre,
    Ton,
}

impl Unit {
    fn is_money(self) -> bool {
        use Unit::{Dollar, Euro, HongKongDollar, Pound, Rupee, TaiwanDollar, Won, Yen, Yuan, YuanOrYen};
        matches!(
            self,
            Dollar | Yuan | YuanOrYen | HongKongDollar | TaiwanDollar | Euro | Pound | Yen | Won | Rupee
        )
    }

    /// A unit of physics or time, which texts often leave to the reader.
    fn is_measure(self) -> bool {
        !self.is_money()
            && !matches!(self, Self::Plain | Self::Percent | Self::Point | Self::BasisPoint | Self::Times)
    }
}

static QUOTATION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[“「『]([^“”「」『』]+)[”」』]|"([^"]+)""#));
static TICKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$[A-Za-z]{1,6}(?-u:\b)"));
static HANDLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[@＠][A-Za-z0-9_]{1,20}"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"https?://\S+"));

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
    found.extend(name::expansions(&rest));
    found.extend(date::take(&mut rest));
    let names = name::names(&rest);
    let mut figures = name::blank(&rest, &names);
    found.extend(figure::take(&mut figures));
    found.extend(names.into_iter().map(|written| Fact::Name { written }));
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
    let text: String = text.chars().map(half).collect();
    if !text.contains(['瓦', '米']) {
        return text;
    }
    // Units that begin like a scale.
    let units = [
        ("千瓦时", "kWh"),
        ("兆瓦时", "MWh"),
        ("吉瓦时", "GWh"),
        ("千瓦", "kW"),
        ("兆瓦", "MW"),
        ("吉瓦", "GW"),
        ("千米", "km"),
    ];
    units.iter().fold(text, |text, (chinese, latin)| text.replace(chinese, latin))
}

/// The figures and dates that a tweet holds: as those of a claim, links left out, quotations looked into.
pub(crate) fn held(text: &str) -> (Vec<Fact>, Vec<Fact>) {
    let mut rest = LINK.replace_all(&half_width(text), " ").into_owned();
    let dates = date::take(&mut rest);
    let mut plain = name::blank(&rest, &name::words(&rest));
    let places = figure::places(&plain);
    let mut figures = figure::take(&mut plain);
    figures.extend(places);
    (figures, dates)
}

/// The figures that a tweet holds.
pub(crate) fn held_figures(text: &str) -> Vec<Fact> {
    held(text).0
}

/// The names that a text holds, in quotations too.
pub(crate) fn names(text: &str) -> Vec<String> {
    let rest = LINK.replace_all(text, " ");
    let rest = HANDLE.replace_all(&rest, " ");
    name::names(&TICKER.replace_all(&rest, " "))
}

/// All figures of a text.
pub(crate) fn figures(text: &str) -> Vec<Fact> {
    figure::take(&mut text.to_owned())
}

/// The tickers that a text names, upper case, with `$`.
pub(crate) fn tickers(text: &str) -> Vec<String> {
    TICKER.find_iter(text).map(|hit| hit.as_str().to_uppercase()).collect()
}

/// The handles that a text names, lower case, without `@`.
pub(crate) fn handles(text: &str) -> Vec<String> {
    HANDLE.find_iter(text).map(|hit| hit.as_str().trim_start_matches(['@', '＠']).to_lowercase()).collect()
}

fn take(
    text: &mut String,
    pattern: &Regex,
    read: impl Fn(&Captures<'_>) -> Option<Fact>,
    found: &mut Vec<Fact>,
) {
    let mut taken = Vec::new();
    for hit in pattern.captures_iter(text) {
        if let (Some(fact), Some(place)) = (read(&hit), hit.get(0)) {
            found.push(fact);
            taken.push(place.range());
        }
    }
    for range in taken.into_iter().rev() {
        text.replace_range(range, " ");
    }
}

fn whole(hit: &Captures<'_>) -> String {
    hit.get(0).map_or("", |found| found.as_str()).trim().to_owned()
}

#[cfg(test)]
mod tests;
