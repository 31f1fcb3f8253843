//! `tuibao eval rank --labels`: whether what stands among a real day's ten points is no advert, and on the subject.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use corpus::{Memory, TweetId, cluster, dedupe, filter, rank};
use quality::labelled::{self, Row};
use serde::Serialize;

use super::{flat, relevance::covering};
use crate::{
    cli::Common,
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    period::Period,
    sorting::{inside, window},
    sources::{self, Corpus},
};

/// Points of a day that are looked at.
const TEN: usize = 10;

/// How many tweets have each label.
#[derive(Debug, Default, Serialize)]
struct Tally {
    tweets: u64,
    /// `keep`, `suspect`, `drop`.
    ad: BTreeMap<String, u64>,
    /// `yes`, `no`, `unsure`.
    relevant: BTreeMap<String, u64>,
}

/// The figures of a set.
#[derive(Debug, Default, Serialize)]
struct Ten {
    days: usize,
    points: Tally,
    /// All labelled tweets, for comparison.
    all: Tally,
}

impl Tally {
    fn count(&mut self, row: &Row) -> Result<(), labelled::LabelledError> {
        self.tweets += 1;
        *self.ad.entry(row.field("ad")?).or_default() += 1;
        *self.relevant.entry(row.field("relevant")?).or_default() += 1;
        Ok(())
    }

    fn line(&self) -> String {
        let share = |count: u64| 100.0 * count as f64 / self.tweets.max(1) as f64;
        let shown = |counts: &BTreeMap<String, u64>| {
            let each =
                counts.iter().map(|(label, count)| format!("{label} {count} ({:.0} %)", share(*count)));
            each.collect::<Vec<_>>().join(", ")
        };
        format!("{}: advert {}; relevant {}", self.tweets, shown(&self.ad), shown(&self.relevant))
    }
}

/// Ranks each labelled day by itself, without earlier reports, and counts the labels of its first ten topics' first tweets.
pub(super) fn eval(job: &Job, path: &Path, common: &Common) -> Result<Code, Failure> {
    let rows = labelled::read(path).or_fail(Code::Input)?;
    let corpus = sources::load(&job.settings, covering(&rows)?)?;
    let rows: BTreeMap<TweetId, Row> =
        rows.into_iter().filter_map(|row| Some((row.name().parse().ok()?, row))).collect();
    let days: BTreeSet<_> =
        rows.keys().filter_map(|id| id.time()).map(|time| job.calendar.day_of(time)).collect();
    let mut ten = Ten { days: days.len(), ..Ten::default() };
    for row in rows.values() {
        ten.all.count(row).or_fail(Code::Input)?;
    }
    for day in days {
        for row in points(job, &corpus, Period::day(day))?.iter().filter_map(|id| rows.get(id)) {
            ten.points.count(row).or_fail(Code::Input)?;
        }
    }
    let name = path.display().to_string();
    console::data(&if common.json {
        flat(&name, &ten, None)
    } else {
        format!(
            "{name}: {} days\n    points      {}\n    all tweets  {}",
            ten.days,
            ten.points.line(),
            ten.all.line()
        )
    });
    Ok(Code::Done)
}

fn points(job: &Job, corpus: &Corpus, day: Period) -> Result<Vec<TweetId>, Failure> {
    let window = window(job, day)?;
    let kept = filter(inside(&corpus.tweets, window), window, &job.sieve()).kept;
    let unique = dedupe(kept, &job.words).unique;
    let texts: Vec<&str> = unique.iter().map(|unique| unique.tweet.text.as_str()).collect();
    let clusters = cluster(&texts, &job.words, &job.subject, job.settings.cluster, None);
    let ranked =
        rank(unique, &clusters, window, &Memory::default(), &job.settings.rank).or_fail(Code::Usage)?;
    let first = ranked.topics.iter().filter_map(|topic| topic.tweets.first());
    Ok(first.take(TEN).map(|unique| unique.tweet.id).collect())
}
