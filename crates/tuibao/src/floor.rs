//! The floor of a report: what it must have, or it is not published and what is on the site stays.

use brief::most_key_points;
use serde::{Deserialize, Serialize};

use crate::{
    exit::{Code, Failure},
    job::Job,
    period::Period,
    pipeline::Report,
    sorting::Sorted,
};

/// The bounds, as written in the configuration. A quiet day has a short report, so they are low by default.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FloorSettings {
    pub(crate) topics: usize,
    pub(crate) key_points: usize,
    pub(crate) claims: usize,
}

/// Whether the topics can carry such a report; known before a writer is asked, so that nothing is spent in vain, and before
/// later days look back on this one, so that a back-fill does not remember a report that is never made.
pub(crate) fn carried(job: &Job, sorted: &Sorted) -> Result<(), Failure> {
    let floor = job.settings.floor;
    let points = most_key_points(&sorted.topics, &job.settings.outline);
    enough(sorted.period, "topics", sorted.topics.len(), floor.topics)?;
    enough(sorted.period, "key_points", points, floor.key_points)
}

/// Whether what was written reaches it: key points, and claims of the detailed part.
pub(crate) fn reached(job: &Job, report: &Report) -> Result<(), Failure> {
    let (floor, brief) = (job.settings.floor, &report.brief);
    let claims = brief.sections.iter().map(|section| section.claims.len()).sum();
    enough(report.period, "key_points", brief.key_points.len(), floor.key_points)?;
    enough(report.period, "claims", claims, floor.claims)
}

fn enough(period: Period, key: &str, there: usize, wanted: usize) -> Result<(), Failure> {
    if there >= wanted {
        return Ok(());
    }
    let (span, what) = (period.span(), key.replace('_', " "));
    let message = format!(
        "the report of {span} is below its floor: {what} {there}, and at least {wanted} are asked for"
    );
    Err(Failure::say(Code::Input, message).hint(format!(
        "nothing was written, a report that is there stays; `floor.{key} = {there}` lets this one through, \
         `tuibao topics --date` shows what was left out of it"
    )))
}
