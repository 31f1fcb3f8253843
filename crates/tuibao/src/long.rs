//! Reports of several days that are made from the audits of their days: what was told is told again, and what became of it.
//!
//! No tweet is read: the audits have those that are cited. What such a report has in common with one of a day, it has from
//! the same code: its topics are stories, its writer is [`brief::Pen::Told`], and its settings are those of the profile with another
//! outline.

mod courses;
mod days;
mod figures;
mod lines;
mod settings;

use std::collections::BTreeMap;

use brief::Retelling;
use chrono::NaiveDate;
use corpus::{Coverage, Statistics, Topic, Unique};
use report::{Counts, DayColumns, MadeOf};

use self::{
    courses::{Range, Story, choose, woven},
    days::{Days, hash_of_all},
    lines::Lines,
};
pub(crate) use self::{
    figures::LongValues,
    settings::{LongSettings, TrendSettings, settings_of},
};
use crate::{
    exit::{Code, Failure},
    job::Job,
    period::Period,
    pipeline::hash,
    sorting::{Sorted, window},
};

/// What a report of several days has beside its topics.
pub(crate) struct Long {
    /// Its lines, before they are checked.
    pub(crate) retelling: Retelling,
    /// The audits that it was made from.
    pub(crate) made_of: MadeOf,
    /// For the words around the lines.
    pub(crate) values: LongValues,
    /// What a chart shows of each topic.
    pub(crate) figures: Vec<StoryFigures>,
    /// The tweets of each of them by day.
    by_day: Vec<Vec<u64>>,
    /// All tweets by day.
    all: Vec<u64>,
}

impl Long {
    /// The days as a chart shows them.
    pub(crate) fn columns(&self) -> DayColumns<'_> {
        DayColumns { topics: &self.by_day, all: &self.all }
    }
}

/// A story in a chart.
pub(crate) struct StoryFigures {
    /// What the days' reports call it; `None` where they give it no title.
    pub(crate) title: Option<String>,
    pub(crate) tweets: u64,
    pub(crate) authors: usize,
}

/// The report's stories, from the audits on the site.
pub(crate) fn gather(job: &Job, period: Period) -> Result<Sorted, Failure> {
    let trend = job.settings.trend()?;
    let days = Days::read(job, period)?;
    let (statistics, statistics_hash) = statistics(job, period)?;
    let range = Range::new(period, &days, statistics.as_ref());
    let stories = woven(&range, &days, trend);
    let chosen = choose(&stories, job.settings.outline.key_points, trend);
    let lines = Lines { job, words: &trend.words, days: &days, range: &range };
    let topics: Vec<Topic> = chosen.all().map(|story| topic(story, &days)).collect();
    let retelling = lines.retelling(&chosen, &topics, trend.claims)?;
    let values = LongValues::new(job, &days, &chosen, statistics.as_ref().map(|all| (all, &range)));
    let made_of = MadeOf { days: days.hashes.clone(), missing: days.missing.clone() };
    let figures = |story: &Story| StoryFigures {
        title: lines.title(story),
        tweets: story.tweets,
        authors: story.authors.len(),
    };
    let tweets = |story: &Story| story.days.iter().map(|day| day.tweets).collect();
    let (figures, by_day) = (chosen.all().map(figures).collect(), chosen.all().map(tweets).collect());
    let long = Long { retelling, made_of, values, figures, by_day, all: range.of.clone() };
    let mut remembered = days.hashes.iter().map(|day| day.audit.clone()).collect::<Vec<_>>();
    remembered.extend(statistics_hash);
    sorted(job, period, (&days, topics, stories.len()), (long, hash_of_all(&remembered)))
}

/// The statistics of the whole corpus, if there are any, and the hash of their file.
fn statistics(job: &Job, period: Period) -> Result<(Option<Statistics>, Option<String>), Failure> {
    let path = &job.settings.long.statistics;
    if path.as_os_str().is_empty() {
        return Ok((None, None));
    }
    let unusable = |error: anyhow::Error| {
        let context = format!("cannot use the statistics `{}`", path.display());
        Failure::new(Code::Input, error.context(context)).hint(format!(
            "`tuibao-scale stats --from {} --to {} --out {}` writes them anew",
            period.from,
            period.to,
            path.display()
        ))
    };
    let bytes = std::fs::read(path).map_err(|error| unusable(error.into()))?;
    let read = Statistics::read(&bytes, period.from, period.to).map_err(|error| unusable(error.into()))?;
    Ok((Some(read), Some(hash(&bytes))))
}

/// A story as a topic: the words and the standing of the day on which most was said of it, the tweets that any day cites.
fn topic(story: &Story, days: &Days) -> Topic {
    let peak = days.topic(story.peak());
    let mut tweets: Vec<Unique> = Vec::new();
    for unique in story.by_weight.iter().filter_map(|told| days.topic(*told)).flat_map(|topic| &topic.cited) {
        if !tweets.iter().any(|known| known.tweet.id == unique.tweet.id) {
            tweets.push(unique.clone());
        }
    }
    Topic {
        terms: peak.map(|topic| topic.terms.clone()).unwrap_or_default(),
        tweets,
        salience: peak.map(|topic| topic.salience).unwrap_or_default(),
        earlier: None,
    }
}

fn sorted(
    job: &Job,
    period: Period,
    (days, topics, stories): (&Days, Vec<Topic>, usize),
    (long, remembered): (Long, String),
) -> Result<Sorted, Failure> {
    let cited = topics.iter().flat_map(|topic| &topic.tweets).map(|unique| &unique.tweet);
    let newest = cited.clone().map(|tweet| tweet.created_at).max();
    let newest = newest.ok_or_else(|| {
        Failure::say(Code::Input, format!("nothing to report on {}: its days told nothing", period.span()))
    })?;
    let mut ids: Vec<String> = cited.map(|tweet| tweet.id.to_string()).collect();
    ids.sort_unstable();
    Ok(Sorted {
        period,
        window: window(job, period)?,
        counts: Counts { topics: stories as u64, ..counts(days) },
        coverage: Coverage::default(),
        topics,
        left_out: Vec::new(),
        told: Vec::new(),
        worths: BTreeMap::new(),
        dropped: Vec::new(),
        rejected: Vec::new(),
        newest,
        fingerprint: hash_of_all(&ids),
        settings: job.fingerprint.clone(),
        no_vectors: None,
        remembered,
        long: Some(long),
    })
}

/// What became of the records of all days. Each day passes over the tweets of the others, so those do not count.
fn counts(days: &Days) -> Counts {
    let mut sum = Counts::default();
    for counts in days.reports.iter().map(|day| &day.counts) {
        let outside = counts.dropped.get("out_of_window").copied().unwrap_or_default();
        let rejected: u64 = counts.rejected.values().sum();
        sum.read += counts.read - outside - rejected;
        for (reason, count) in counts.dropped.iter().filter(|(reason, _)| *reason != "out_of_window") {
            *sum.dropped.entry(reason.clone()).or_default() += count;
        }
        sum.kept += counts.kept;
        sum.in_topics += counts.in_topics;
        sum.left_out += counts.left_out;
        sum.told += counts.told;
    }
    sum
}

/// The dates of a period.
fn dates(period: Period) -> impl Iterator<Item = NaiveDate> {
    period.from.iter_days().take_while(move |date| *date <= period.to)
}
