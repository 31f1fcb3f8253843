//! The run ledger in the words of this program: which run began, how it ended, what each report on the site was made from.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ledger::{Ended, Key, Ledger, LedgerError, Run, RunId, Spent, Started, State};
use rayon::prelude::*;

use crate::{
    exit::{Code, Failure, OrFail},
    job::Job,
    making::Made,
    period::Period,
    pipeline::{makeshift, now},
    publishing::{Outcome, hash_of, head},
    settings::{Mode, Settings},
    sorting::window,
    stamp::Stamp,
};

/// The ledger, if one is kept, and whose runs these are.
pub(crate) struct Books {
    ledger: Option<Ledger>,
    site: String,
    report: String,
}

/// A run that the ledger knows to be under way.
pub(crate) struct Entry(Option<RunId>);

impl Books {
    /// Opens the ledger to write in; the caller holds the report's lock, so runs that have not ended are dead.
    pub(crate) fn open(settings: &Settings) -> Result<Self, Failure> {
        let file = &settings.ledger.file;
        let books = Self::with(settings, |_| {
            if file.as_os_str().is_empty() { Ok(None) } else { Ledger::open(file).map(Some) }
        })?;
        books.with_ledger(|ledger| ledger.bury(&books.site, &books.report))?;
        Ok(books)
    }

    /// Opens it to look at.
    pub(crate) fn look(settings: &Settings) -> Result<Self, Failure> {
        Self::with(settings, |settings| Ledger::look(&settings.ledger.file))
    }

    fn with(
        settings: &Settings,
        open: impl FnOnce(&Settings) -> Result<Option<Ledger>, LedgerError>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            ledger: open(settings).map_err(unkept)?,
            site: settings.output.site.to_string_lossy().into_owned(),
            report: settings.report.name.clone(),
        })
    }

    fn key(&self, period: Period) -> Key {
        let Period { from, to } = period;
        Key { site: self.site.clone(), report: self.report.clone(), first: from, last: to }
    }

    /// Notes that a report is about to be made.
    pub(crate) fn begin(&self, job: &Job, period: Period, command: &str) -> Result<Entry, Failure> {
        let writer = match job.settings.writer.mode {
            Mode::Extractive => "extractive",
            Mode::Model => &job.settings.model.ask.name,
        };
        let key = self.key(period);
        let run = Started { key: &key, command, writer, at: now() };
        self.with_ledger(|ledger| ledger.begin(&run)).map(Entry)
    }

    /// Notes what came of it.
    pub(crate) fn end(&self, job: &Job, entry: &Entry, made: &Result<Made, Failure>) -> Result<(), Failure> {
        let Some(id) = entry.0 else { return Ok(()) };
        let end = ended(job, made);
        self.with_ledger(|ledger| ledger.end(id, &end)).map(drop)
    }

    /// Notes that there was not even a beginning, and gives the failure back.
    pub(crate) fn failed(&self, job: &Job, period: Period, command: &str, failure: Failure) -> Failure {
        let failed = Err(failure);
        let noted = self.begin(job, period, command).and_then(|entry| self.end(job, &entry, &failed));
        if let Err(unnoted) = noted {
            tracing::warn!("{}", unnoted.line());
        }
        failed.err().unwrap_or_else(|| Failure::say(Code::Internal, "a failure is none"))
    }

    /// Notes what the report on the site was made from.
    pub(crate) fn note(
        &self,
        job: &Job,
        period: Period,
        (corpus, tells): (Option<String>, String),
    ) -> Result<(), Failure> {
        let (Some(corpus), Some(head)) = (corpus, head(job, period)) else { return Ok(()) };
        let made = ledger::Made {
            settings: head.hashes.settings.clone(),
            corpus,
            tweets: head.hashes.tweets.clone(),
            memory: head.hashes.memory.clone(),
            tells,
            makeshift: makeshift(head.grade),
            files: files(job, period, &head.hashes),
        };
        self.with_ledger(|ledger| ledger.note(&self.key(period), &made)).map(drop)
    }

    /// What the report was made from, if it stands on the site just as it was noted, and settings and corpus are the same.
    fn unchanged(&self, job: &Job, period: Period, corpus: &str) -> Option<ledger::Made> {
        let made = self.ledger.as_ref()?.made(&self.key(period)).ok()??;
        let betterable = job.settings.writer.mode == Mode::Model && made.makeshift;
        let same = made.settings == job.fingerprint && made.corpus == corpus && !betterable;
        let edition = job.file_path(period, &job.edition_name(period));
        let wanted = !job.settings.html.enabled || made.files.contains_key(&*edition.to_string_lossy());
        let site = &job.settings.output.site;
        let intact =
            || made.files.iter().all(|(path, hash)| hash_of(&site.join(path)).as_ref() == Some(hash));
        (same && wanted && intact()).then_some(made)
    }

    /// Those of these reports that are so.
    pub(crate) fn all_unchanged(
        &self,
        job: &Job,
        stamp: Option<&Stamp>,
        periods: &[Period],
    ) -> Result<BTreeMap<Period, ledger::Made>, Failure> {
        let Some(stamp) = stamp.filter(|_| !job.force) else { return Ok(BTreeMap::new()) };
        let look = |period: &Period| {
            let corpus = stamp.window(window(job, *period)?)?;
            Ok(self.unchanged(job, *period, &corpus).map(|made| (*period, made)))
        };
        let looked: Vec<Result<Option<_>, Failure>> = periods.par_iter().map(look).collect();
        Ok(looked.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The last run for a report.
    pub(crate) fn last(&self, period: Period) -> Result<Option<Run>, Failure> {
        let key = self.key(period);
        Ok(self.with_ledger(|ledger| ledger.last(&key))?.flatten())
    }

    /// The last runs of all.
    pub(crate) fn runs(&self, most: usize) -> Result<Vec<Run>, Failure> {
        Ok(self.with_ledger(|ledger| ledger.runs(&self.site, &self.report, most))?.unwrap_or_default())
    }

    /// What all runs in the ledger cost from `since` on, by currency.
    pub(crate) fn spent(&self, since: DateTime<Utc>) -> Result<Vec<Spent>, Failure> {
        Ok(self.with_ledger(|ledger| ledger.spent(since))?.unwrap_or_default())
    }

    fn with_ledger<T>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, LedgerError>,
    ) -> Result<Option<T>, Failure> {
        self.ledger.as_ref().map(work).transpose().map_err(unkept)
    }
}

/// The files of a report as its audit tells of them, and the audit itself.
fn files(job: &Job, period: Period, hashes: &report::Hashes) -> BTreeMap<String, String> {
    let audit = job.audit_path(period);
    let own = hash_of(&job.settings.output.site.join(&audit)).unwrap_or_default();
    let picture =
        Some((job.picture_path(period), hashes.picture.clone())).filter(|(_, hash)| !hash.is_empty());
    let beside = hashes.files.iter().map(|(name, hash)| (job.file_path(period, name), hash.clone()));
    let all =
        [(audit, own), (job.post_path(period), hashes.post.clone())].into_iter().chain(picture).chain(beside);
    all.map(|(path, hash)| (path.to_string_lossy().into_owned(), hash)).collect()
}

fn ended(job: &Job, made: &Result<Made, Failure>) -> Ended {
    let currency = job.settings.model.currency.clone();
    let (state, exit, error) = match made {
        Ok(made) => (state(made.outcome), made.code as u8, None),
        Err(failure) => (State::Failed, failure.code as u8, Some(failure.line())),
    };
    let made = made.as_ref().ok();
    let spending = made.and_then(|made| made.report.as_ref()).map(|report| report.brief.spending());
    let spending = spending.unwrap_or_default();
    Ended {
        state,
        exit,
        error,
        counts: made.and_then(|made| serde_json::to_value(&made.counts).or_fail(Code::Internal).ok()),
        spent: Spent {
            calls: spending.calls - spending.kept,
            prompt_tokens: spending.prompt_tokens,
            completion_tokens: spending.completion_tokens,
            cost: spending.cost,
            currency,
        },
        at: now(),
    }
}

fn state(outcome: Outcome) -> State {
    match outcome {
        Outcome::Published => State::Published,
        Outcome::UpToDate => State::UpToDate,
        Outcome::KeptBetter => State::KeptBetter,
        Outcome::Left => State::Left,
    }
}

fn unkept(error: LedgerError) -> Failure {
    Failure::new(Code::Output, error).hint(
        "check the folder's rights and the free space; `ledger.file` names another place, \"\" keeps none",
    )
}
