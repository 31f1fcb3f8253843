//! Dates: days, months, quarters and years, absolute or by the time of the tweet.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use regex::{Captures, Regex};

use super::{Fact, numeral, whole};
use crate::pattern::pattern;

const MONTHS: &str = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi) (?:(?P<y>20\d\d)\s?[年\-/.]\s?)? (?P<m>1[0-2]|0?[1-9])\s?[月\-/.]\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号]
        | (?P<y2>20\d\d)[-/.](?P<m2>[01]?\d)[-/.](?P<d2>[0-3]?\d)
        | (?-u:\b)(?P<name>{MONTHS})\.?\ (?P<d3>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?-u:\b)(?:,?\ (?P<y3>20\d\d))?
        | (?-u:\b)(?P<d4>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\ (?:of\ )?(?P<name2>{MONTHS})(?-u:\b)(?:,?\ (?P<y4>20\d\d))?
        | (?P<cm>[一二三四五六七八九十]{{1,2}})月(?P<cd>[一二三四五六七八九十]{{1,3}})[日号]"
    ))
});
static QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) (?:(?P<y>20\d\d)\s?年?\s?(?:财年)?)?\s?(?:第?(?P<c>[一二三四1-4])季度?|(?P<h1>上半年|(?-u:\b)H1(?-u:\b)|first[-\ ]half)|(?P<h2>下半年|(?-u:\b)H2(?-u:\b)|second[-\ ]half)|(?-u:\b)Q(?P<q>[1-4])(?-u:\b)|(?-u:\b)(?P<q2>[1-4])Q(?-u:\b)|(?-u:\b)(?P<w>first|second|third|fourth)[-\ ]quarter) (?:\s?(?:of\ )?(?:fiscal\ |FY\s?)?(?P<y2>20\d\d))?",
    )
});
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi) (?:(?P<y>20\d\d)\s?年\s?)?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份|初|底|中旬|末)?
        | (?-u:\b)(?P<name>{MONTHS})(?-u:\b)\.?(?:\ (?P<y2>20\d\d))?"
    ))
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?P<y>20[0-4]\d)\s?年|(?-u:\b)(?:(?:in|by|since|until|FY|fiscal|early|late|mid)[-\ ]?)?(?P<y2>20(?:[12]\d|3[0-5]))(?-u:\b)|(?-u:\b)FY(?P<y3>[2-4]\d)(?-u:\b)|['’](?P<y4>2\d)(?-u:\b)",
    )
});
static RELATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) (?P<today>今天|今日|今晚|今早|(?-u:\b)(?:today|tonight|this\ morning)(?-u:\b)) | (?P<yesterday>昨天|昨日|昨晚|(?-u:\b)(?:yesterday|last\ night)(?-u:\b)) | (?P<tomorrow>明天|明日|明晚|明早|(?-u:\b)tomorrow(?-u:\b)) | 前天 | (?P<day>(?-u:\b)(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?-u:\b)|(?:周|星期|礼拜)[一二三四五六日天])",
    )
});

/// Takes all dates out of a text. Words such as `yesterday` are no facts of a claim, whose own time nobody states.
pub(super) fn take(rest: &mut String) -> Vec<Fact> {
    let mut found = Vec::new();
    super::take(rest, &DAY, day, &mut found);
    super::take(rest, &QUARTER, quarter, &mut found);
    super::take(rest, &MONTH, month_only, &mut found);
    super::take(rest, &YEAR, year_only, &mut found);
    found
}

/// The days that a tweet means by `yesterday`, `周三` and the like, wherever its writer may be.
pub(crate) fn relative(text: &str, posted: DateTime<Utc>) -> Vec<NaiveDate> {
    let days = [0, 8].map(|hours| (posted + TimeDelta::hours(hours)).date_naive());
    let meant = |hit: Captures<'_>| -> Vec<NaiveDate> {
        let named = |name: &str| hit.name(name).is_some();
        let shift =
            |by: i64| days.iter().filter_map(|day| day.checked_add_signed(TimeDelta::days(by))).collect();
        if named("today") {
            shift(0)
        } else if named("yesterday") {
            shift(-1)
        } else if named("tomorrow") {
            shift(1)
        } else if let Some(name) = hit.name("day") {
            weekday(name.as_str()).map(|wanted| around(days, wanted)).unwrap_or_default()
        } else {
            shift(-2)
        }
    };
    RELATIVE.captures_iter(text).flat_map(meant).collect()
}

/// Whether a text speaks of yesterday or tomorrow, and not of today.
pub(crate) fn is_of_another_day(text: &str) -> bool {
    let has = |names: &[&str]| {
        RELATIVE.captures_iter(text).any(|hit| names.iter().any(|name| hit.name(name).is_some()))
    };
    has(&["yesterday", "tomorrow"]) && !has(&["today"])
}

/// The months that a text means by `last month` and the like, as dates without a day.
pub(crate) fn relative_months(text: &str, posted: DateTime<Utc>) -> Vec<Fact> {
    static LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)上个?月|last\s+month"));
    static NEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)下个?月|next\s+month"));
    let shifted = |by: u32| {
        let months = posted.year() * 12 + i32::try_from(posted.month0() + by).unwrap_or(0) - 1;
        Fact::Date {
            written: String::new(),
            year: Some(months.div_euclid(12)),
            quarter: None,
            month: u32::try_from(months.rem_euclid(12) + 1).ok(),
            day: None,
        }
    };
    let meant = [(LAST.is_match(text), 0), (NEXT.is_match(text), 2)];
    meant.into_iter().filter(|(is_meant, _)| *is_meant).map(|(_, by)| shifted(by)).collect()
}

/// The days of this name in the week before and the two after.
fn around(days: [NaiveDate; 2], wanted: Weekday) -> Vec<NaiveDate> {
    let near = days.iter().flat_map(|day| {
        let before = (0..=7).filter_map(|by| day.checked_sub_days(Days::new(by)));
        before.chain((1..=13).filter_map(|by| day.checked_add_days(Days::new(by))))
    });
    near.filter(|day| day.weekday() == wanted).collect()
}

fn weekday(name: &str) -> Option<Weekday> {
    if name.is_ascii() {
        return name.get(..3)?.parse().ok();
    }
    let days =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let place = match name.chars().last()? {
        '天' => 6,
        last => "一二三四五六日".chars().position(|c| c == last)?,
    };
    days.get(place).copied()
}

/// Whether two dates agree in all parts that both give, and the held one has all parts of the wanted one but the year.
pub(crate) fn same_date(held: &Fact, wanted: &Fact) -> bool {
    let (
        Fact::Date { year: y1, quarter: q1, month: m1, day: d1, .. },
        Fact::Date { year: y2, quarter: q2, month: m2, day: d2, .. },
    ) = (held, wanted)
    else {
        return false;
    };
    let has = |held: Option<u32>, wanted: Option<u32>| wanted.is_none() || held == wanted;
    let only_year = q2.is_none() && m2.is_none() && d2.is_none();
    let years = if only_year { y1 == y2 } else { y1 == y2 || y1.is_none() || y2.is_none() };
    years && has(*q1, *q2) && has(*m1, *m2) && has(*d1, *d2)
}

/// Whether a date is the day of a tweet's time, in a zone where it may be meant, or its month or year.
pub(crate) fn is_of(wanted: &Fact, posted: DateTime<Utc>) -> bool {
    [0, 8].iter().any(|hours| is_day(wanted, (posted + TimeDelta::hours(*hours)).date_naive()))
}

/// Whether a date's parts are those of a day.
pub(crate) fn is_day(wanted: &Fact, day: NaiveDate) -> bool {
    let Fact::Date { year, quarter, month, day: of_month, .. } = wanted else { return false };
    quarter.is_none_or(|quarter| quarter == day.month0() / 3 + 1)
        && year.is_none_or(|year| year == day.year())
        && month.is_none_or(|month| month == day.month())
        && of_month.is_none_or(|of_month| of_month == day.day())
}

fn number(hit: &Captures<'_>, names: &[&str]) -> Option<u32> {
    let text = names.iter().find_map(|name| hit.name(name))?.as_str();
    text.parse().ok().or_else(|| numeral::chinese(text).map(|value| value as u32))
}

fn year(hit: &Captures<'_>, names: &[&str]) -> Option<i32> {
    number(hit, names).and_then(|year| i32::try_from(year).ok())
}

fn named_month(hit: &Captures<'_>, names: &[&str]) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = names.iter().find_map(|name| hit.name(name))?.as_str().to_lowercase();
    let place = NAMES.iter().position(|known| name.starts_with(known))?;
    u32::try_from(place + 1).ok()
}

fn day(hit: &Captures<'_>) -> Option<Fact> {
    let month = number(hit, &["m", "m2", "cm"]).or_else(|| named_month(hit, &["name", "name2"]))?;
    let day = number(hit, &["d", "d2", "d3", "d4", "cd"])?;
    let year = year(hit, &["y", "y2", "y3", "y4"]);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| Fact::Date {
        written: whole(hit),
        year,
        quarter: None,
        month: Some(month),
        day: Some(day),
    })
}

fn quarter(hit: &Captures<'_>) -> Option<Fact> {
    let by_word = || {
        let word = hit.name("w")?.as_str().to_lowercase();
        ["first", "second", "third", "fourth"]
            .iter()
            .position(|known| *known == word)
            .map(|place| place as u32 + 1)
    };
    // Halves of a year are told apart like quarters.
    let half =
        || [("h1", 5), ("h2", 6)].iter().find(|(name, _)| hit.name(name).is_some()).map(|(_, half)| *half);
    let quarter = number(hit, &["c", "q", "q2"]).or_else(by_word).or_else(half)?;
    let year = year(hit, &["y", "y2"]);
    Some(Fact::Date { written: whole(hit), year, quarter: Some(quarter), month: None, day: None })
}

fn month_only(hit: &Captures<'_>) -> Option<Fact> {
    // `may` is mostly the verb.
    if hit.name("name").is_some_and(|name| name.as_str() == "may" || name.as_str() == "mar") {
        return None;
    }
    let month = number(hit, &["m"]).or_else(|| named_month(hit, &["name"]))?;
    let year = year(hit, &["y", "y2"]);
    Some(Fact::Date { written: whole(hit), year, quarter: None, month: Some(month), day: None })
}

fn year_only(hit: &Captures<'_>) -> Option<Fact> {
    let year = year(hit, &["y", "y2"]).or_else(|| Some(2000 + year(hit, &["y3", "y4"])?))?;
    Some(Fact::Date { written: whole(hit), year: Some(year), quarter: None, month: None, day: None })
}
