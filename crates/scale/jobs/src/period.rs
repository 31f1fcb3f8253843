//! The days of each report of a range, counted as `tuibao backfill` counts them.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Length of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Every {
    /// A day
    Day,
    /// A week, from Monday
    Week,
    /// A calendar month
    Month,
}

impl Every {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    fn begin(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
            }
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// The first day behind a report that begins here.
    fn behind(self, begin: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => begin.checked_add_days(Days::new(1)),
            Self::Week => begin.checked_add_days(Days::new(7)),
            Self::Month => begin.checked_add_months(Months::new(1)),
        }
    }
}

/// First and last day of each report that has a day between these two, oldest first.
pub(crate) fn periods(from: NaiveDate, to: NaiveDate, every: Every) -> Vec<(NaiveDate, NaiveDate)> {
    let begins = std::iter::successors(Some(every.begin(from)), |begin| every.behind(*begin));
    let whole = |begin| Some((begin, every.behind(begin)?.pred_opt()?));
    begins.take_while(|begin| *begin <= to).filter_map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_months_are_whole() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let check = |every, from, to, wanted: &[(&str, &str)]| {
            let wanted: Vec<_> = wanted.iter().map(|(first, last)| (day(first), day(last))).collect();
            assert_eq!(periods(day(from), day(to), every), wanted);
        };
        check(
            Every::Week,
            "2026-01-01",
            "2026-01-05",
            &[("2025-12-29", "2026-01-04"), ("2026-01-05", "2026-01-11")],
        );
        check(Every::Month, "2026-02-10", "2026-02-20", &[("2026-02-01", "2026-02-28")]);
        check(
            Every::Day,
            "2026-02-28",
            "2026-03-01",
            &[("2026-02-28", "2026-02-28"), ("2026-03-01", "2026-03-01")],
        );
        check(Every::Day, "2026-03-02", "2026-03-01", &[]);
    }
}
