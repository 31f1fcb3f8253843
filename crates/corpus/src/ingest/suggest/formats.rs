//! In which ways a column of dates can be read, and whether the ids agree.

use chrono::{DateTime, FixedOffset, Utc};
use sonic_rs::JsonValueTrait;

use super::{
    super::{dates::Dates, json::Json},
    columns::Column,
};

const DAYS: [&str; 17] = [
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%Y%m%d",
    "%d %B %Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%a %B %d %Y",
    "%A, %B %d, %Y",
];
const JOINTS: [&str; 5] = [" ", ", ", "T", " at ", " · "];
const TIMES: [&str; 9] = [
    "%H:%M:%S",
    "%H:%M",
    "%I:%M:%S %p",
    "%I:%M %p",
    "%H:%M:%S%.f",
    "%H%M%S",
    "%H时%M分%S秒",
    "%H时%M分",
    "%H点%M分",
];
const ZONES: [&str; 4] = ["", " %z", " UTC", " GMT"];
/// Seconds by which the date of a tweet may differ from what its id tells: dates without seconds are cut.
const TOLERANCE: i64 = 90;
/// Zones go from -12 to +14 hours, in steps of a quarter of an hour.
const WIDEST: i64 = 14 * 3600;
const STEP: i64 = 900;
const YEAR: i64 = 366 * 24 * 3600;

/// One way to read all dates of a column.
#[derive(Debug)]
pub(super) struct Reading {
    /// chrono's letters; empty for the usual ways.
    pub(super) format: String,
    /// Number of the record and its time.
    times: Vec<(usize, DateTime<Utc>)>,
    /// The dates name no zone; they are read as UTC.
    is_bare: bool,
    /// The dates have no time of day.
    pub(super) is_day: bool,
}

/// All ways in which every value of a column is a date.
pub(super) fn readings(column: &Column<'_>) -> Vec<Reading> {
    if column.share(may_be) < 1.0 {
        return Vec::new();
    }
    let usual = reading(column, "");
    if usual.is_some() {
        return usual.into_iter().collect();
    }
    let days = DAYS.iter().map(|day| (*day).to_owned());
    let formats = DAYS.iter().flat_map(|day| timed(day)).chain(days);
    formats.filter_map(|format| reading(column, &format)).collect()
}

/// Short, with digits; but no id.
fn may_be(value: &Json) -> bool {
    let Some(text) = value.as_str().map(str::trim) else { return value.is_number() };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (6..=48).contains(&text.chars().count())
        && (3..=20).contains(&digits)
        && (digits < 15 || digits < text.len())
}

/// A day's format with every time behind it, and in front of it.
fn timed(day: &str) -> impl Iterator<Item = String> {
    TIMES.into_iter().flat_map(move |time| {
        ZONES.into_iter().flat_map(move |zone| {
            JOINTS.into_iter().flat_map(move |joint| {
                [format!("{day}{joint}{time}{zone}"), format!("{time}{joint}{day}{zone}")]
            })
        })
    })
}

fn reading(column: &Column<'_>, format: &str) -> Option<Reading> {
    let as_it_is = Dates { format: Some(format).filter(|format| !format.is_empty()), offset: None };
    let mut times = Vec::with_capacity(column.values.len());
    for (record, value) in &column.values {
        times.push((*record, as_it_is.read(value).filter(is_of_tweets)?));
    }
    let (_, first) = column.values.first()?;
    let shifted = Dates { offset: FixedOffset::east_opt(3600), ..as_it_is }.read(first);
    let is_bare = shifted != times.first().map(|(_, time)| *time);
    let is_day = !format.is_empty() && !format.contains("%H") && !format.contains("%I");
    Some(Reading { format: format.to_owned(), times, is_bare, is_day })
}

/// Between the first tweet and a future that is not near.
pub(super) fn is_of_tweets(time: &DateTime<Utc>) -> bool {
    (1_142_974_200..4_000_000_000).contains(&time.timestamp())
}

impl Reading {
    /// Whether both ways tell the same times.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.times == other.times
    }

    /// The zone in which these dates are what the ids tell, UTC where they name one; nothing when they are not.
    pub(super) fn agrees(&self, posted: impl Fn(usize) -> Option<DateTime<Utc>>) -> Option<FixedOffset> {
        let differences = self.differences(posted);
        let zone = (median(&differences)? + STEP / 2).div_euclid(STEP) * STEP;
        let near = differences.iter().filter(|seconds| (**seconds - zone).abs() <= TOLERANCE).count();
        // The date of a retweet may be the original's.
        let most = near * 10 >= differences.len() * 6;
        let fits = if self.is_bare { zone.abs() <= WIDEST } else { zone == 0 };
        let offset = FixedOffset::east_opt(i32::try_from(zone).ok()?)?;
        (most && fits && !self.is_day).then_some(offset)
    }

    /// Whether these are times after what the ids tell, as when something was collected or changed. Dates before, or
    /// years after, show that the ids tell no times.
    pub(super) fn is_later(&self, posted: impl Fn(usize) -> Option<DateTime<Utc>>) -> bool {
        median(&self.differences(posted)).is_some_and(|seconds| (-WIDEST..YEAR).contains(&seconds))
    }

    /// Seconds from what the ids tell to these dates, in order.
    fn differences(&self, posted: impl Fn(usize) -> Option<DateTime<Utc>>) -> Vec<i64> {
        let apart = |(record, time): &(usize, DateTime<Utc>)| Some((*time - posted(*record)?).num_seconds());
        let mut differences: Vec<i64> = self.times.iter().filter_map(apart).collect();
        differences.sort_unstable();
        differences
    }
}

fn median(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len() / 2).copied()
}
