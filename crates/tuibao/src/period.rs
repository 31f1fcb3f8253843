//! Days and windows: which stretch of time a report of a date covers, in the configured zone.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Utc,
    format::{Item, StrftimeItems},
};
use chrono_tz::Tz;
use corpus::Window;
use serde::{Deserialize, Serialize};

use crate::{
    cli::Every,
    exit::{Code, Failure},
};

/// How days are cut, as meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    pub(crate) zone: Tz,
    pub(crate) cutoff: NaiveTime,
    pub(crate) label: Label,
}

/// Which end of its window gives a report its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Label {
    /// The day on which the window starts.
    Start,
    /// The day on which it ends.
    End,
}

/// The days of a report, first and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Period {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Period {
    pub(crate) fn day(date: NaiveDate) -> Self {
        Self { from: date, to: date }
    }

    /// `2026-01-24`, or `2026-01-19 至 2026-01-25`.
    pub(crate) fn span(self) -> String {
        if self.from == self.to { self.from.to_string() } else { format!("{} 至 {}", self.from, self.to) }
    }
}

impl Calendar {
    /// The half-open window of a period; `None` beyond the calendar's end.
    pub(crate) fn window(&self, period: Period) -> Option<Window> {
        let (first, after) = match self.label {
            Label::Start => (period.from, period.to.checked_add_days(Days::new(1))?),
            Label::End => (period.from.checked_sub_days(Days::new(1))?, period.to),
        };
        Some(Window { start: self.instant(first)?, end: self.instant(after)? })
    }

    /// The instant at which a day begins.
    fn instant(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.first_after(NaiveDateTime::new(date, self.cutoff))
    }

    /// The instant at which the clock shows a time. For one that it skips, the first one after the gap; of one that it shows
    /// twice, the first.
    fn first_after(&self, mut local: NaiveDateTime) -> Option<DateTime<Utc>> {
        for _ in 0..=24 * 4 {
            match self.zone.from_local_datetime(&local) {
                LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => {
                    return Some(time.with_timezone(&Utc));
                }
                LocalResult::None => local = local.checked_add_signed(TimeDelta::minutes(15))?,
            }
        }
        None
    }

    /// The stretches between two hours of the clock that touch a window: its nights.
    pub(crate) fn nights(&self, window: Window, [from, to]: [u32; 2]) -> Vec<Window> {
        let days = self.date(window.start).pred_opt().into_iter().flat_map(|day| day.iter_days());
        let days = days.take_while(|day| *day <= self.date(window.end));
        let night = |day: NaiveDate| {
            let last = if to < from { day.succ_opt()? } else { day };
            let end = self.first_after(last.and_hms_opt(to, 0, 0)?)?;
            Some(Window { start: self.first_after(day.and_hms_opt(from, 0, 0)?)?, end })
        };
        days.filter_map(night).filter(|night| night.start < night.end).collect()
    }

    /// The date of the report that an instant belongs to.
    pub(crate) fn day_of(&self, time: DateTime<Utc>) -> NaiveDate {
        let local = time.with_timezone(&self.zone).naive_local();
        let begins = if local.time() < self.cutoff { local.date() - Days::new(1) } else { local.date() };
        match self.label {
            Label::Start => begins,
            Label::End => begins + Days::new(1),
        }
    }

    /// The calendar day of an instant, whatever the cutoff.
    pub(crate) fn date(&self, time: DateTime<Utc>) -> NaiveDate {
        time.with_timezone(&self.zone).date_naive()
    }

    /// The first day of an instant's month, and when it began.
    pub(crate) fn month(&self, time: DateTime<Utc>) -> (NaiveDate, DateTime<Utc>) {
        let today = self.date(time);
        let first = today.with_day(1).unwrap_or(today);
        let midnight = first.and_time(NaiveTime::MIN);
        let begin = self.zone.from_local_datetime(&midnight).earliest();
        (first, begin.map_or(midnight.and_utc(), |begin| begin.to_utc()))
    }

    /// The newest date whose window had ended at `now`.
    pub(crate) fn newest_complete(&self, now: DateTime<Utc>) -> NaiveDate {
        let today = now.with_timezone(&self.zone).date_naive();
        let candidates = (0..4).filter_map(|back| (today + Days::new(1)).checked_sub_days(Days::new(back)));
        let mut complete =
            candidates.filter(|date| self.window(Period::day(*date)).is_some_and(|window| window.end <= now));
        complete.next().unwrap_or(today)
    }

    /// A time as front matter has it, such as `2026-01-24 14:32:23 +0800`; a time after `last` is that day's end, because a site
    /// takes a post's day from here.
    pub(crate) fn stamp(&self, time: DateTime<Utc>, last: NaiveDate, format: &str) -> String {
        let local = time.with_timezone(&self.zone);
        let end = last.and_hms_opt(23, 59, 59).and_then(|end| self.zone.from_local_datetime(&end).latest());
        let stamp = end.filter(|end| *end < local).unwrap_or(local);
        stamp.format(format).to_string()
    }
}

/// Whether a pattern for times is one.
pub(crate) fn check_format(pattern: &str) -> Result<(), Failure> {
    if StrftimeItems::new(pattern).any(|item| item == Item::Error) {
        return Err(Failure::say(Code::Usage, format!("`post.time_format = \"{pattern}\"` is no pattern"))
            .hint("write it as chrono does, such as `%Y-%m-%d %H:%M:%S %z` or `%Y-%m-%dT%H:%M:%S%:z`"));
    }
    Ok(())
}

/// The periods of a back-fill, oldest first. Weeks, months and years are whole ones that touch the range.
pub(crate) fn periods(from: NaiveDate, to: NaiveDate, every: Every) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut start = match every {
        Every::Day => from,
        Every::Week => from - Days::new(u64::from(from.weekday().num_days_from_monday())),
        Every::Month => from.with_day(1).unwrap_or(from),
        Every::Year => from.with_ordinal(1).unwrap_or(from),
    };
    while start <= to {
        let next = match every {
            Every::Day => start.checked_add_days(Days::new(1)),
            Every::Week => start.checked_add_days(Days::new(7)),
            Every::Month => start.checked_add_months(Months::new(1)),
            Every::Year => start.checked_add_months(Months::new(12)),
        };
        let Some(next) = next else { break };
        periods.push(Period { from: start, to: next - Days::new(1) });
        start = next;
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, cutoff: &str, label: Label) -> Calendar {
        Calendar {
            zone: zone.parse().unwrap(),
            cutoff: NaiveTime::parse_from_str(cutoff, "%H:%M").unwrap(),
            label,
        }
    }

    #[test]
    fn every_instant_of_a_window_belongs_to_its_day() {
        for (cutoff, label) in [("00:00", Label::Start), ("10:00", Label::End), ("10:00", Label::Start)] {
            let calendar = calendar("Asia/Shanghai", cutoff, label);
            let date = "2026-01-24".parse().unwrap();
            let window = calendar.window(Period::day(date)).unwrap();
            assert_eq!(calendar.day_of(window.start), date);
            assert_eq!(calendar.day_of(window.end - TimeDelta::seconds(1)), date);
            assert_ne!(calendar.day_of(window.end), date);
        }
    }

    #[test]
    fn windows_by_zone_cutoff_and_label() {
        let cases = [
            (
                "Asia/Shanghai",
                "00:00",
                Label::Start,
                "2026-01-24",
                "2026-01-23T16:00:00Z",
                "2026-01-24T16:00:00Z",
            ),
            (
                "Asia/Shanghai",
                "10:00",
                Label::End,
                "2026-01-24",
                "2026-01-23T02:00:00Z",
                "2026-01-24T02:00:00Z",
            ),
            ("UTC", "00:00", Label::Start, "2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
            // Clocks go forward: a day of 23 hours, and a cutoff inside the gap.
            (
                "America/New_York",
                "00:00",
                Label::Start,
                "2026-03-08",
                "2026-03-08T05:00:00Z",
                "2026-03-09T04:00:00Z",
            ),
            (
                "America/New_York",
                "02:30",
                Label::Start,
                "2026-03-08",
                "2026-03-08T07:00:00Z",
                "2026-03-09T06:30:00Z",
            ),
            // Clocks go back: a day of 25 hours, and a cutoff that comes twice.
            (
                "Europe/London",
                "00:00",
                Label::Start,
                "2026-10-25",
                "2026-10-24T23:00:00Z",
                "2026-10-26T00:00:00Z",
            ),
            (
                "Europe/London",
                "01:30",
                Label::Start,
                "2026-10-25",
                "2026-10-25T00:30:00Z",
                "2026-10-26T01:30:00Z",
            ),
        ];
        for (zone, cutoff, label, date, start, end) in cases {
            let window = calendar(zone, cutoff, label).window(Period::day(date.parse().unwrap())).unwrap();
            let expected = Window { start: start.parse().unwrap(), end: end.parse().unwrap() };
            assert_eq!(window, expected, "{zone} {cutoff} {date}");
        }
    }

    /// Windows whose clocks change, or whose calendar does: zone, cutoff, label, date, first instant, length in hours.
    #[test]
    fn windows_are_as_long_as_their_day() {
        let (start, end) = (Label::Start, Label::End);
        let cases = [
            ("Asia/Shanghai", "00:00", start, "2026-03-08", "2026-03-07T16:00:00Z", 24),
            ("Asia/Shanghai", "00:00", start, "2026-10-25", "2026-10-24T16:00:00Z", 24),
            ("Asia/Shanghai", "00:00", start, "2026-12-31", "2026-12-30T16:00:00Z", 24),
            ("Asia/Shanghai", "10:00", end, "2027-01-01", "2026-12-31T02:00:00Z", 24),
            ("America/New_York", "00:00", start, "2026-03-08", "2026-03-08T05:00:00Z", 23),
            ("America/New_York", "00:00", end, "2026-03-09", "2026-03-08T05:00:00Z", 23),
            ("America/New_York", "10:00", start, "2026-03-07", "2026-03-07T15:00:00Z", 23),
            ("America/New_York", "00:00", start, "2026-11-01", "2026-11-01T04:00:00Z", 25),
            // The cutoff is in the doubled hour: its first time counts, and the day before is an ordinary one.
            ("America/New_York", "01:30", start, "2026-10-31", "2026-10-31T05:30:00Z", 24),
            ("America/New_York", "01:30", start, "2026-11-01", "2026-11-01T05:30:00Z", 25),
            ("Europe/London", "00:00", start, "2026-03-29", "2026-03-29T00:00:00Z", 23),
            ("Europe/London", "00:00", start, "2026-10-25", "2026-10-24T23:00:00Z", 25),
            ("UTC", "00:00", end, "2024-02-29", "2024-02-28T00:00:00Z", 24),
            ("UTC", "00:00", end, "2024-03-01", "2024-02-29T00:00:00Z", 24),
        ];
        for (zone, cutoff, label, date, first, hours) in cases {
            let window = calendar(zone, cutoff, label).window(Period::day(date.parse().unwrap())).unwrap();
            let told = (window.start, (window.end - window.start).num_minutes());
            assert_eq!(told, (first.parse().unwrap(), hours * 60), "{zone} {cutoff} {date}");
        }
    }

    #[test]
    fn days_follow_each_other_without_gap_and_overlap() {
        for zone in ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"] {
            for cutoff in ["00:00", "01:30", "02:30"] {
                let calendar = calendar(zone, cutoff, Label::Start);
                let days = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().iter_days().take(800);
                let windows: Vec<Window> =
                    days.map(|day| calendar.window(Period::day(day)).unwrap()).collect();
                let next = windows.iter().zip(windows.iter().skip(1));
                assert!(next.clone().all(|(day, next)| day.end == next.start), "{zone} {cutoff}");
                assert!(windows.iter().all(|window| window.start < window.end), "{zone} {cutoff}");
            }
        }
    }

    #[test]
    fn nights_are_hours_of_the_clock() {
        let nights = |zone: &str, date: &str, hours| {
            let calendar = calendar(zone, "00:00", Label::Start);
            let window = calendar.window(Period::day(date.parse().unwrap())).unwrap();
            let touching = |night: &Window| night.start < window.end && window.start < night.end;
            let nights = calendar.nights(window, hours).into_iter().filter(touching);
            nights.map(|night| (night.end - night.start).num_hours()).collect::<Vec<_>>()
        };
        assert_eq!(nights("Asia/Shanghai", "2026-03-08", [0, 9]), [9]);
        assert_eq!(nights("America/New_York", "2026-03-08", [0, 9]), [8]);
        assert_eq!(nights("America/New_York", "2026-11-01", [0, 9]), [10]);
        // Over midnight: the night before and the one that begins.
        assert_eq!(nights("Asia/Shanghai", "2026-03-08", [22, 6]), [8, 8]);
        assert!(nights("Asia/Shanghai", "2026-03-08", [0, 0]).is_empty());
    }

    #[test]
    fn the_default_date_is_the_newest_complete_window() {
        let at = |calendar: Calendar, now: &str| calendar.newest_complete(now.parse().unwrap()).to_string();
        let start = calendar("Asia/Shanghai", "00:00", Label::Start);
        assert_eq!(at(start, "2026-01-24T02:04:00Z"), "2026-01-23");
        let end = calendar("Asia/Shanghai", "10:00", Label::End);
        assert_eq!(at(end, "2026-01-24T02:04:00Z"), "2026-01-24");
        assert_eq!(at(end, "2026-01-24T01:59:00Z"), "2026-01-23");
        // To the second, over the year's end, and on the days when clocks change.
        assert_eq!(at(start, "2026-12-31T15:59:59Z"), "2026-12-30");
        assert_eq!(at(start, "2026-12-31T16:00:00Z"), "2026-12-31");
        let york = calendar("America/New_York", "02:30", Label::End);
        assert_eq!(at(york, "2026-03-08T06:59:59Z"), "2026-03-07");
        assert_eq!(at(york, "2026-03-08T07:00:00Z"), "2026-03-08");
        let london = calendar("Europe/London", "01:30", Label::Start);
        assert_eq!(at(london, "2026-10-25T00:29:59Z"), "2026-10-23");
        assert_eq!(at(london, "2026-10-25T00:30:00Z"), "2026-10-24");
        assert_eq!(at(london, "2026-10-25T01:30:00Z"), "2026-10-24");
    }

    #[test]
    fn the_front_matter_stays_on_the_posts_day() {
        let late = calendar("Asia/Shanghai", "10:00", Label::Start);
        let last = "2026-01-24".parse().unwrap();
        let stamp = |time: &str| late.stamp(time.parse().unwrap(), last, "%Y-%m-%d %H:%M:%S %z");
        assert_eq!(stamp("2026-01-24T06:32:23Z"), "2026-01-24 14:32:23 +0800");
        assert_eq!(stamp("2026-01-24T23:32:23Z"), "2026-01-24 23:59:59 +0800");
    }

    #[test]
    fn weeks_months_and_years_are_whole() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let weeks = periods(date("2026-01-01"), date("2026-01-05"), Every::Week);
        assert_eq!(
            weeks.iter().map(|week| week.span()).collect::<Vec<_>>(),
            ["2025-12-29 至 2026-01-04", "2026-01-05 至 2026-01-11"]
        );
        assert_eq!(
            periods(date("2026-02-10"), date("2026-02-20"), Every::Month),
            [Period { from: date("2026-02-01"), to: date("2026-02-28") }]
        );
        assert_eq!(
            periods(date("2024-12-31"), date("2025-01-01"), Every::Year),
            ["2024", "2025"].map(|year| Period {
                from: date(&format!("{year}-01-01")),
                to: date(&format!("{year}-12-31"))
            })
        );
        assert_eq!(periods(date("2026-01-01"), date("2026-01-31"), Every::Day).len(), 31);
    }
}
