//! One report, from its corpus to the site and into the ledger: what `run` and `backfill` have in common.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, TimeDelta, Utc};
use corpus::MemoryDay;
use report::{Counts, told};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::{
    books::Books,
    console::Watch,
    exit::{Code, Failure, OrFail},
    floor,
    job::Job,
    line::Turn,
    long::gather,
    memory::{Fresh, looked_back, looks_back, on_site, tells},
    period::Period,
    pipeline::{Report, compose},
    publishing::{Outcome, Standing, place, standing},
    run::code,
    sorting::{Sorted, group, hull, window},
    sources::{Corpus, Sources, load_from},
    stamp::Stamp,
};

/// What becomes of a report whose tweets came in after it was published.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LateSettings {
    policy: LatePolicy,
    days: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LatePolicy {
    Refresh,
    Leave,
}

impl LateSettings {
    /// Days after a report's end in which the daily run looks for late data; none without a bound, and where it is left alone.
    pub(crate) fn looked_for(self) -> u32 {
        if self.policy == LatePolicy::Refresh { self.days } else { 0 }
    }

    fn leaves(self, end: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let over = self.days > 0 && now > end + TimeDelta::days(i64::from(self.days));
        self.policy == LatePolicy::Leave || over
    }
}

/// What all reports of one command are made with.
pub(crate) struct Workshop<'j> {
    pub(crate) job: &'j Job,
    pub(crate) books: &'j Books,
    pub(crate) runtime: &'j Runtime,
    pub(crate) watch: Watch,
    /// `run` or `backfill`.
    pub(crate) command: &'static str,
    pub(crate) sources: Sources,
    /// The tweets of all reports, where they are read at once; else each reads its own.
    pub(crate) corpus: Option<Corpus>,
    pub(crate) stamp: Option<Stamp>,
    /// Reports that stand as they were noted: up to date, if what they look back on is.
    pub(crate) unchanged: BTreeMap<Period, ledger::Made>,
    /// When the command began.
    pub(crate) now: DateTime<Utc>,
}

/// What came of a report.
pub(crate) struct Made {
    pub(crate) outcome: Outcome,
    pub(crate) code: Code,
    /// `None` where a look at the ledger was enough.
    pub(crate) counts: Option<Counts>,
    /// What was written, also when a better one stayed.
    pub(crate) report: Option<Report>,
}

/// How a report learns what those before it told.
pub(crate) enum Before<'l> {
    /// From the site, and from those that are made in this run when its turn has come.
    Line(Turn<'l>),
    /// From the site, and from what all reports of this run will tell.
    Known(&'l Fresh),
}

impl Before<'_> {
    fn wait(&self) {
        if let Self::Line(turn) = self {
            turn.wait();
        }
    }

    fn told(&self) -> Fresh {
        match self {
            Self::Line(turn) => turn.told(),
            Self::Known(told) => (*told).clone(),
        }
    }

    fn tell(self, day: MemoryDay) {
        if let Self::Line(turn) = self {
            turn.tell(day);
        }
    }
}

/// The tweets of several reports where raw files hold them, which are read once for all; a store gives each by itself.
pub(crate) fn at_once(job: &Job, sources: &Sources, periods: &[Period]) -> Result<Option<Corpus>, Failure> {
    if sources.by_day() {
        return Ok(None);
    }
    load_from(sources, &job.settings, hull(job, periods)?).map(Some)
}

impl<'j> Workshop<'j> {
    /// Of `run`: the report that was asked for is always looked at, the `earlier` ones only when something has changed.
    pub(crate) fn of_run(
        job: &'j Job,
        books: &'j Books,
        (period, earlier): (Period, &[Period]),
        (runtime, now): (&'j Runtime, DateTime<Utc>),
        watch: Watch,
    ) -> Result<Self, Failure> {
        let (stamp, sources) = (Stamp::of(&job.settings)?, Sources::of(&job.settings)?);
        let unchanged = books.all_unchanged(job, stamp.as_ref(), earlier)?;
        let mut due: Vec<Period> =
            earlier.iter().filter(|period| !unchanged.contains_key(period)).copied().collect();
        due.push(period);
        let corpus = if due.len() == 1 { None } else { at_once(job, &sources, &due)? };
        Ok(Self { job, books, runtime, watch, command: "run", sources, corpus, stamp, unchanged, now })
    }

    /// Makes the report, unless the one on the site will do.
    pub(crate) fn make(&self, period: Period, before: Before<'_>) -> Result<Made, Failure> {
        let _in_span = self.job.tally.span().enter();
        let made = self.made(period, before)?;
        self.job.tally.stands(period, made.outcome, window(self.job, period)?.end);
        Ok(made)
    }

    fn made(&self, period: Period, before: Before<'_>) -> Result<Made, Failure> {
        if self.is_known(period, &before)? {
            return Ok(Made { outcome: Outcome::UpToDate, code: Code::Done, counts: None, report: None });
        }
        let entry = self.books.begin(self.job, period, self.command)?;
        let made = self.attempt(period, before);
        let noted = self.books.end(self.job, &entry, &made);
        made.and_then(|made| noted.map(|()| made))
    }

    /// What a report will tell later ones, without making it; nothing where the one on the site stays.
    pub(crate) fn foresee(&self, period: Period, turn: Turn<'_>) -> Result<Option<MemoryDay>, Failure> {
        let before = Before::Line(turn);
        if self.is_known(period, &before)? {
            return Ok(None);
        }
        let sorted = self.sorted(period, &before)?;
        let day = self.promised(&sorted, self.settled(&sorted))?;
        before.tell(day.clone());
        Ok(Some(day))
    }

    /// A report's topics: of its tweets, after those before it; or of the audits of its days.
    fn sorted(&self, period: Period, before: &Before<'_>) -> Result<Sorted, Failure> {
        if self.job.settings.long.is_from_audits() {
            return gather(self.job, period);
        }
        let corpus = self.corpus(period)?;
        let grouped = group(self.job, &corpus, period)?;
        self.wait(period, before);
        grouped.rank(self.job, &before.told())
    }

    /// The tweets of a report.
    fn corpus(&self, period: Period) -> Result<Cow<'_, Corpus>, Failure> {
        if let Some(corpus) = &self.corpus {
            return Ok(Cow::Borrowed(corpus));
        }
        load_from(&self.sources, &self.job.settings, window(self.job, period)?).map(Cow::Owned)
    }

    /// Whether the ledger tells that nothing has changed.
    fn is_known(&self, period: Period, before: &Before<'_>) -> Result<bool, Failure> {
        let Some(noted) = self.unchanged.get(&period) else { return Ok(false) };
        self.wait(period, before);
        let told = before.told();
        Ok(noted.memory == looked_back(self.job, period, &told, &self.unchanged)?)
    }

    fn attempt(&self, period: Period, before: Before<'_>) -> Result<Made, Failure> {
        // First, so that what comes into a store meanwhile is late data and not taken for read.
        let stamp = self.stamp(period)?;
        let sorted = self.sorted(period, &before)?;
        let settled = self.settled(&sorted);
        let day = self.promised(&sorted, settled)?;
        let hash = tells(&day)?;
        before.tell(day);
        let made = match settled {
            Some(outcome) => {
                Made { outcome, code: Code::Done, counts: Some(sorted.counts.clone()), report: None }
            }
            None => self.write(&sorted)?,
        };
        if matches!(made.outcome, Outcome::Published | Outcome::UpToDate) {
            self.books.note(self.job, period, (stamp, hash))?;
        }
        Ok(made)
    }

    fn wait(&self, period: Period, before: &Before<'_>) {
        if looks_back(self.job, period) {
            before.wait();
        }
    }

    /// What the report tells later ones; a failure where it would be below its floor, and nobody shall remember it.
    fn promised(&self, sorted: &Sorted, settled: Option<Outcome>) -> Result<MemoryDay, Failure> {
        if settled.is_none() {
            floor::carried(self.job, sorted)?;
        }
        let stays = settled.filter(|outcome| *outcome == Outcome::Left);
        let here = || {
            told(&sorted.topics, sorted.period.to, self.job.settings.outline.given()).or_fail(Code::Internal)
        };
        stays.and_then(|_| on_site(self.job, sorted.period)).map_or_else(here, Ok)
    }

    /// What becomes of the report on the site, where no other is to be made.
    fn settled(&self, sorted: &Sorted) -> Option<Outcome> {
        let late = self.job.settings.late;
        match standing(self.job, sorted) {
            _ if self.job.force => None,
            Standing::UpToDate => Some(Outcome::UpToDate),
            Standing::Late => late.leaves(sorted.window.end, self.now).then_some(Outcome::Left),
            Standing::Stale => None,
        }
    }

    fn write(&self, sorted: &Sorted) -> Result<Made, Failure> {
        let report = self.runtime.block_on(compose(self.job, sorted, Some(&self.watch)))?;
        let outcome = place(self.job, &report)?;
        let counts = Some(report.counts.clone());
        Ok(Made { outcome, code: code(&report), counts, report: Some(report) })
    }

    fn stamp(&self, period: Period) -> Result<Option<String>, Failure> {
        let window = window(self.job, period)?;
        self.stamp.as_ref().map(|stamp| stamp.window(window)).transpose()
    }
}
