//! The reports of a range's days, read again from their audits on the site; which of them are not there.

use std::{io::ErrorKind, path::Path};

use chrono::NaiveDate;
use corpus::ToldOn;
use rayon::prelude::*;
use report::{DayReport, DayTopic, MadeOfDay, retell};

use super::dates;
use crate::{
    exit::{Code, Failure},
    job::Job,
    period::Period,
    pipeline::hash,
};

/// The days of a range.
pub(super) struct Days {
    /// In order of time.
    pub(super) reports: Vec<DayReport>,
    /// The audit of each.
    pub(super) hashes: Vec<MadeOfDay>,
    /// Days without an audit that can be read.
    pub(super) missing: Vec<NaiveDate>,
}

impl Days {
    /// Reads them; a failure when there is none.
    pub(super) fn read(job: &Job, period: Period) -> Result<Self, Failure> {
        let all: Vec<NaiveDate> = dates(period).collect();
        let read: Vec<Option<_>> = all.par_iter().map(|date| on_site(job, *date)).collect();
        let missing = all.iter().zip(&read).filter(|(_, read)| read.is_none()).map(|(date, _)| *date);
        let missing = missing.collect();
        let (reports, hashes): (Vec<_>, Vec<_>) = read.into_iter().flatten().unzip();
        if reports.is_empty() {
            return Err(nothing(job, period));
        }
        Ok(Self { reports, hashes, missing })
    }

    /// A topic by its places.
    pub(super) fn topic(&self, told: ToldOn) -> Option<&DayTopic> {
        self.reports.get(told.day)?.topics.get(told.topic)
    }
}

fn on_site(job: &Job, date: NaiveDate) -> Option<(DayReport, MadeOfDay)> {
    let path = job.settings.output.site.join(job.audit_path(Period::day(date)));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => return skipped(&path, &error),
    };
    match retell(&bytes, date) {
        Ok(report) => Some((report, MadeOfDay { date, audit: hash(&bytes) })),
        Err(error) => skipped(&path, &error),
    }
}

fn skipped<T>(path: &Path, why: &dyn std::fmt::Display) -> Option<T> {
    tracing::warn!("`{}` is not told again: {why}", path.display());
    None
}

fn nothing(job: &Job, period: Period) -> Failure {
    let Period { from, to } = period;
    let site = job.settings.output.site.display();
    let message = format!("no day of {} has a report on `{site}` that it could be made from", period.span());
    Failure::say(Code::Input, message).hint(format!(
        "`tuibao backfill --from {from} --to {to}` makes the daily reports; without `--from-audits` a report is made from tweets"
    ))
}

/// One hash of many.
pub(super) fn hash_of_all(hashes: &[String]) -> String {
    hash(hashes.join("\n").as_bytes())
}
