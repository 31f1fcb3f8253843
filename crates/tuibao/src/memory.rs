//! What earlier reports told, from their audits on the site.
//!
//! A daily report looks back on the daily reports of the days before its own, never on itself or on what comes after; a
//! report of several days looks back on nothing, because it tells again what its days told.

use std::{collections::BTreeMap, fs, io::ErrorKind};

use chrono::{Days, NaiveDate};
use corpus::{Memory, MemoryDay};
use report::remember;

use crate::{
    exit::{Code, Failure, OrFail},
    job::Job,
    period::Period,
    pipeline::hash,
};

/// What reports of this very run told, which need not be on the site yet.
pub(crate) type Fresh = BTreeMap<NaiveDate, MemoryDay>;

/// Whether a period's report looks back at all.
pub(crate) fn looks_back(job: &Job, period: Period) -> bool {
    job.settings.memory.days > 0 && period.from == period.to
}

/// The days that a period's report looks back on, oldest first.
fn days(job: &Job, period: Period) -> impl Iterator<Item = NaiveDate> {
    let back = if looks_back(job, period) { job.settings.memory.days } else { 0 };
    (1..=back).rev().filter_map(move |back| period.from.checked_sub_days(Days::new(u64::from(back))))
}

/// The memory of a period's report, oldest day first. An audit that cannot be read is left out with a warning.
pub(crate) fn memory(job: &Job, period: Period, fresh: &Fresh) -> Memory {
    let recall = |date: NaiveDate| fresh.get(&date).cloned().or_else(|| on_site(job, Period::day(date)));
    Memory { days: days(job, period).filter_map(recall).collect() }
}

/// Hash of what one report tells later ones.
pub(crate) fn tells(day: &MemoryDay) -> Result<String, Failure> {
    Ok(hash(&serde_json::to_vec(day).or_fail(Code::Internal)?))
}

/// Hash of what earlier reports told; empty for nothing.
pub(crate) fn remembered(memory: &Memory) -> Result<String, Failure> {
    Ok(chained(&memory.days.iter().map(tells).collect::<Result<Vec<_>, _>>()?))
}

/// The same without reading the audits of reports that stand as they were `noted`.
pub(crate) fn looked_back(
    job: &Job,
    period: Period,
    fresh: &Fresh,
    noted: &BTreeMap<Period, ledger::Made>,
) -> Result<String, Failure> {
    let known = |date: NaiveDate| match (fresh.get(&date), noted.get(&Period::day(date))) {
        (Some(day), _) => Some(tells(day)),
        (None, Some(made)) => Some(Ok(made.tells.clone())),
        (None, None) => on_site(job, Period::day(date)).map(|day| tells(&day)),
    };
    Ok(chained(&days(job, period).filter_map(known).collect::<Result<Vec<_>, _>>()?))
}

fn chained(hashes: &[String]) -> String {
    if hashes.is_empty() { String::new() } else { hash(hashes.concat().as_bytes()) }
}

/// What the report on the site told.
pub(crate) fn on_site(job: &Job, period: Period) -> Option<MemoryDay> {
    let path = job.settings.output.site.join(job.audit_path(period));
    let skipped = |why: &dyn std::fmt::Display| {
        tracing::warn!("`{}` is not remembered: {why}", path.display());
    };
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            skipped(&error);
            return None;
        }
    };
    remember(&bytes, period.to, job.settings.outline.given()).map_err(|error| skipped(&error)).ok()
}
