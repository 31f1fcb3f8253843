//! What earlier reports told, from their audits on the site.
//!
//! A daily report looks back on the daily reports of the days before its own, never on itself or on what comes after; a
//! report of several days looks back on nothing, because it tells again what its days told.

use std::{collections::BTreeMap, fs, io::ErrorKind};

use chrono::{Days, NaiveDate};
use corpus::{Memory, MemoryDay};
use report::remember;

use crate::{job::Job, period::Period};

/// What reports of this very run told, which need not be on the site yet.
pub(crate) type Fresh = BTreeMap<NaiveDate, MemoryDay>;

/// Whether a period's report looks back at all.
pub(crate) fn looks_back(job: &Job, period: Period) -> bool {
    job.settings.memory.days > 0 && period.from == period.to
}

/// The memory of a period's report, oldest day first. An audit that cannot be read is left out with a warning.
pub(crate) fn memory(job: &Job, period: Period, fresh: &Fresh) -> Memory {
    if !looks_back(job, period) {
        return Memory::default();
    }
    let back = (1..=job.settings.memory.days).rev();
    let days = back.filter_map(|back| period.from.checked_sub_days(Days::new(u64::from(back))));
    let recall = |date: NaiveDate| fresh.get(&date).cloned().or_else(|| on_site(job, Period::day(date)));
    Memory { days: days.filter_map(recall).collect() }
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
