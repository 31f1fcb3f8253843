//! The stories of a range, each with its tweets by day and what became of it; which of them are told.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use corpus::{Course, DayCount, Measured, Memory, Statistics, ToldOn, course, stories};

use super::{dates, days::Days, settings::TrendSettings};
use crate::period::Period;

/// The days of a report, with what is known of each.
pub(super) struct Range<'s> {
    pub(super) dates: Vec<NaiveDate>,
    /// All tweets of each day: those kept, or with statistics those of the corpus that are no adverts.
    pub(super) of: Vec<u64>,
    statistics: Option<&'s Statistics>,
}

/// Topics of several days that tell one story.
pub(super) struct Story {
    /// Its topics, those of most tweets first, of as many the newest.
    pub(super) by_weight: Vec<ToldOn>,
    /// Its tweets on each day of the range.
    pub(super) days: Vec<DayCount>,
    pub(super) measured: Measured,
    /// In the days' reports.
    pub(super) tweets: u64,
    /// Who posted them.
    pub(super) authors: BTreeSet<String>,
    /// How much it matters: the salience that the days' reports gave it, together; below nothing counts for nothing.
    weight: f64,
    /// Whether its days were counted in the whole corpus.
    pub(super) is_of_corpus: bool,
}

/// The stories that are told, those of most weight first.
pub(super) struct Chosen<'w> {
    /// Those that may be key points: more than needed, because some may not hold.
    pub(super) points: Vec<&'w Story>,
    /// Those with a course.
    pub(super) moving: Vec<&'w Story>,
    /// The first of those without one.
    pub(super) others: Vec<&'w Story>,
    /// How many there are in all.
    pub(super) all: usize,
    told: Vec<&'w Story>,
}

impl<'s> Range<'s> {
    pub(super) fn new(period: Period, days: &Days, statistics: Option<&'s Statistics>) -> Self {
        let dates: Vec<NaiveDate> = dates(period).collect();
        let kept = |date: &NaiveDate| {
            let report = days.reports.iter().find(|report| report.date == *date);
            report.map_or(0, |report| report.counts.kept)
        };
        let posted = |all: &Statistics, date: &NaiveDate| {
            all.day(*date).map_or(0, |totals| totals.tweets.saturating_sub(totals.ads))
        };
        let of = dates.iter().map(|date| statistics.map_or_else(|| kept(date), |all| posted(all, date)));
        Self { of: of.collect(), dates, statistics }
    }

    /// Counts of dates, as many as the range has days.
    pub(super) fn counts(&self, tweets: impl Fn(NaiveDate) -> u64) -> Vec<DayCount> {
        let days = self.dates.iter().zip(&self.of);
        days.map(|(date, of)| DayCount { tweets: tweets(*date), of: *of }).collect()
    }
}

/// Links the topics of the days, and measures each story.
pub(super) fn woven(range: &Range<'_>, days: &Days, trend: &TrendSettings) -> Vec<Story> {
    let memory = Memory { days: days.reports.iter().map(report::DayReport::memory).collect() };
    let linked = stories(&memory, trend.likeness_min, trend.silence_days);
    let mut woven: Vec<Story> = linked.into_iter().map(|topics| story(topics, range, days, trend)).collect();
    // Stable: of equals the earlier.
    woven.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    woven
}

fn story(topics: Vec<ToldOn>, range: &Range<'_>, days: &Days, trend: &TrendSettings) -> Story {
    let tweets = |told: &ToldOn| days.topic(*told).map_or(0, |topic| topic.tweets);
    let mut by_weight = topics;
    by_weight.sort_by_key(|told| std::cmp::Reverse((tweets(told), told.day)));
    let on = |date: NaiveDate| {
        let told =
            by_weight.iter().filter(|told| days.reports.get(told.day).is_some_and(|day| day.date == date));
        told.map(tweets).sum()
    };
    let told = by_weight.iter().filter_map(|told| days.topic(*told));
    let timeline = told.clone().find_map(|topic| range.statistics?.timeline(&topic.terms));
    let counts = match timeline {
        Some(line) => {
            range.counts(|date| line.days.iter().find(|day| day.day == date).map_or(0, |day| day.tweets))
        }
        None => range.counts(on),
    };
    let authors: BTreeSet<String> = told.clone().flat_map(|topic| topic.authors.iter().cloned()).collect();
    let measured = course(&counts, &trend.course);
    // What few accounts say again and again is theirs, and no course of the subject.
    let course = if authors.len() < trend.min_accounts { Course::Unclear } else { measured.course };
    Story {
        measured: Measured { course, ..measured },
        tweets: told.clone().map(|topic| topic.tweets).sum(),
        weight: told.clone().map(|topic| topic.salience.total.max(0.0)).sum(),
        authors,
        is_of_corpus: timeline.is_some(),
        days: counts,
        by_weight,
    }
}

impl Story {
    /// Its topic of the most tweets.
    pub(super) fn peak(&self) -> ToldOn {
        self.by_weight.first().copied().unwrap_or(ToldOn { day: 0, topic: 0 })
    }

    fn has_course(&self) -> bool {
        self.measured.course != Course::Unclear
    }
}

/// Of all stories, in their order, those that are told.
pub(super) fn choose<'w>(stories: &'w [Story], key_points: usize, trend: &TrendSettings) -> Chosen<'w> {
    let (moving, others): (Vec<&Story>, Vec<&Story>) = stories.iter().partition(|story| story.has_course());
    let points: Vec<&Story> = stories.iter().take(2 * key_points).collect();
    let moving: Vec<&Story> = moving.into_iter().take(trend.stories).collect();
    let others: Vec<&Story> = others.into_iter().take(trend.others).collect();
    let is_told = |story: &&Story| {
        [&points, &moving, &others].into_iter().flatten().any(|told| std::ptr::eq(*told, *story))
    };
    let told = stories.iter().filter(is_told).collect();
    Chosen { points, moving, others, all: stories.len(), told }
}

impl<'w> Chosen<'w> {
    /// All that are told anywhere, in their order.
    pub(super) fn all(&self) -> impl Iterator<Item = &'w Story> + use<'w, '_> {
        self.told.iter().copied()
    }

    /// Those with this course.
    pub(super) fn of(&self, course: Course) -> impl Iterator<Item = &'w Story> + use<'w, '_> {
        self.moving.iter().copied().filter(move |story| story.measured.course == course)
    }
}
