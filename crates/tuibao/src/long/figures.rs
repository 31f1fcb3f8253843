//! What a report of several days says of itself and of the whole corpus, in the words around its lines.

use chrono::{Days as Later, NaiveDate};
use corpus::{Course, DayCount, Measured, Statistics, TermTimeline, course};
use serde::Serialize;

use super::{
    courses::{Chosen, Range},
    days::Days,
    settings::TrendSettings,
};
use crate::job::Job;

/// For the templates of the profile; of a day's report all are empty.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LongValues {
    range_days: usize,
    day_reports: usize,
    missing: String,
    incomplete: String,
    stories: usize,
    rose: usize,
    fell: usize,
    held: usize,
    others: usize,
    untold: usize,
    has_statistics: bool,
    corpus_tweets: u64,
    corpus_voices: u64,
    ad_share: String,
    risen_terms: String,
    fallen_terms: String,
}

impl LongValues {
    pub(super) fn new(
        job: &Job,
        days: &Days,
        chosen: &Chosen<'_>,
        statistics: Option<(&Statistics, &Range<'_>)>,
    ) -> Self {
        let between = &job.settings.post.marks.between;
        let incomplete = days.reports.iter().filter(|day| day.incomplete).map(|day| day.date);
        let count = |course: Course| chosen.of(course).count();
        let told = chosen.moving.len() + chosen.others.len();
        let values = Self {
            range_days: days.reports.len() + days.missing.len(),
            day_reports: days.reports.len(),
            missing: runs(days.missing.iter().copied(), between),
            incomplete: runs(incomplete, between),
            stories: chosen.all,
            rose: count(Course::Rose),
            fell: count(Course::Fell),
            held: count(Course::Held),
            others: chosen.others.len(),
            untold: chosen.all - told,
            ..Self::default()
        };
        match (statistics, job.settings.trend()) {
            (Some((all, range)), Ok(trend)) => values.of_corpus(all, range, trend, between),
            _ => values,
        }
    }

    fn of_corpus(self, all: &Statistics, range: &Range<'_>, trend: &TrendSettings, between: &str) -> Self {
        let days = range.dates.iter().filter_map(|date| all.day(*date));
        let (tweets, ads) =
            days.clone().fold((0, 0), |(tweets, ads), day| (tweets + day.tweets, ads + day.ads));
        let (voices, count) = days.fold((0, 0), |(voices, count), day| (voices + day.authors, count + 1));
        Self {
            has_statistics: true,
            corpus_tweets: tweets,
            corpus_voices: voices / u64::max(count, 1),
            ad_share: format!("{:.1}", 100.0 * ads as f64 / u64::max(tweets, 1) as f64),
            risen_terms: terms(all, range, trend, Course::Rose).join(between),
            fallen_terms: terms(all, range, trend, Course::Fell).join(between),
            ..self
        }
    }
}

/// The terms of most tweets that rose or fell.
fn terms(all: &Statistics, range: &Range<'_>, trend: &TrendSettings, wanted: Course) -> Vec<String> {
    let of = |term: &TermTimeline| {
        let on = |date: NaiveDate| term.days.iter().find(|day| day.day == date).map_or(0, |day| day.tweets);
        let counts: Vec<DayCount> = range.counts(on);
        let Measured { course, .. } = course(&counts, &trend.course);
        course
    };
    let moved = all.terms.iter().filter(|term| of(term) == wanted);
    moved.take(trend.terms).map(|term| term.term.clone()).collect()
}

/// `2026-03-03、2026-03-07–2026-03-09`: days in a row as one.
fn runs(days: impl Iterator<Item = NaiveDate>, between: &str) -> String {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add_days(Later::new(1)) == Some(day) => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let run = |(first, last): (NaiveDate, NaiveDate)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    runs.into_iter().map(run).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_a_row_are_one() {
        let told =
            |days: &[u32]| runs(days.iter().map(|day| NaiveDate::from_ymd_opt(2026, 3, *day).unwrap()), "、");
        assert_eq!(told(&[]), "");
        assert_eq!(told(&[3]), "2026-03-03");
        assert_eq!(told(&[3, 7, 8, 9]), "2026-03-03、2026-03-07–2026-03-09");
    }
}
