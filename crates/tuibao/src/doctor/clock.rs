//! The machine's clock, the zone that days are counted in, and the windows of now.

use chrono::{DateTime, Datelike, Days, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::finding::{Finding, good, note, wrong};
use crate::period::{Calendar, Period};

/// Years in which a clock may be right: one that was never set stands at 1970 or 2000.
const YEARS: std::ops::RangeInclusive<i32> = 2025..=2099;
/// Days in which a change of the clocks is told.
const SOON: i64 = 7;

/// What the clock says, and what that means for days.
pub(super) fn calendar(calendar: &Calendar, now: DateTime<Utc>) -> Vec<Finding> {
    let said = now.format("%Y-%m-%d %H:%M UTC");
    if !YEARS.contains(&now.year()) {
        return vec![wrong(format!("clock: {said}; the machine's clock is not set"))];
    }
    let zone = calendar.zone;
    let change = change(zone, now).map(|(at, by)| {
        let when = at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
        note(format!(
            "zone: the clocks of {} change by {by:+} minutes at {when}; the day there is shorter or longer",
            zone.name()
        ))
    });
    [good(format!("clock: {said}")), good(windows(calendar, now))].into_iter().chain(change).collect()
}

fn windows(calendar: &Calendar, now: DateTime<Utc>) -> String {
    let date = calendar.newest_complete(now);
    let time = |time: DateTime<Utc>| time.with_timezone(&calendar.zone).format("%m-%d %H:%M").to_string();
    let window = calendar.window(Period::day(date));
    let next = calendar.window(Period::day(date + Days::new(1)));
    format!(
        "calendar: {} now in {}, days from {}; the newest complete day is {date}{}{}",
        now.with_timezone(&calendar.zone).format("%Y-%m-%d %H:%M %z"),
        calendar.zone.name(),
        calendar.cutoff.format("%H:%M"),
        window.map_or_else(String::new, |window| format!(
            " ({} to {})",
            time(window.start),
            time(window.end)
        )),
        next.map_or_else(String::new, |next| format!(", the next is over at {}", time(next.end))),
    )
}

/// When the zone's clocks change within some days, and by how many minutes.
fn change(zone: Tz, now: DateTime<Utc>) -> Option<(DateTime<Utc>, i32)> {
    let offset =
        |time: DateTime<Utc>| zone.offset_from_utc_datetime(&time.naive_utc()).fix().local_minus_utc();
    let quarters = (1..=SOON * 24 * 4).map(|quarter| now + TimeDelta::minutes(15 * quarter));
    let mut before = offset(now);
    quarters.into_iter().find_map(|time| {
        let by = offset(time) - std::mem::replace(&mut before, offset(time));
        (by != 0).then_some((time, by / 60))
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::{doctor::finding::Level, period::Label};

    fn told(zone: Tz, now: &str) -> Vec<Finding> {
        calendar(&Calendar { zone, cutoff: NaiveTime::MIN, label: Label::Start }, now.parse().unwrap())
    }

    #[test]
    fn a_change_of_the_clocks_is_told_a_week_before() {
        let soon = told(Tz::Europe__London, "2026-10-20T12:00:00Z");
        assert_eq!(soon[2].level, Level::Note);
        assert!(soon[2].text.contains("-60 minutes at 2026-10-25"), "{}", soon[2].text);
        assert_eq!(told(Tz::Europe__London, "2026-10-26T12:00:00Z").len(), 2);
        assert_eq!(told(Tz::Asia__Shanghai, "2026-10-20T12:00:00Z").len(), 2);
    }

    #[test]
    fn the_windows_of_now() {
        let text = &told(Tz::Asia__Shanghai, "2026-01-24T02:04:00Z")[1].text;
        let wanted = "the newest complete day is 2026-01-23 (01-23 00:00 to 01-24 00:00), the next is over at 01-25 00:00";
        assert!(text.contains(wanted), "{text}");
    }

    #[test]
    fn a_clock_that_was_never_set_is_wrong() {
        let unset = told(Tz::UTC, "1970-01-01T00:10:00Z");
        assert_eq!((unset.len(), unset[0].level), (1, Level::Wrong));
    }
}
