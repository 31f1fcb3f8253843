//! The days before: what the daily run makes up for when it was not run, or when data came in late.

use chrono::Days;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    cli::Common,
    console,
    exit::{Code, Failure},
    job::Job,
    line::Line,
    making::{Before, Made, Workshop},
    period::Period,
    publishing::{Outcome, head},
};

/// `[run]`, as written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunSettings {
    catch_up_days: u32,
}

/// Of the days before `today`, oldest first: those without a report, back to the first that there is one of, and those whose
/// report may have got late data.
pub(crate) fn due(job: &Job, today: Period) -> Vec<Period> {
    let (missed, late) = (job.settings.run.catch_up_days, job.settings.late.looked_for());
    let name = &job.settings.report.name;
    let reports = job.layout.reports(&job.settings.output.site).into_iter();
    let Some(first) = reports.filter(|slug| slug.name == *name).map(|slug| slug.from).min() else {
        return Vec::new();
    };
    let days = (1..=missed.max(late)).rev();
    let days = days.filter_map(|back| Some((back, today.from.checked_sub_days(Days::new(u64::from(back)))?)));
    let due = days.filter(|(back, day)| {
        // By its audit: a post that somebody took away stays away.
        let there = head(job, Period::day(*day)).is_some();
        *day >= first && if there { *back <= late } else { *back <= missed }
    });
    due.map(|(_, day)| Period::day(day)).collect()
}

/// Makes them, and says which are there. What fails is told and stops nothing; a day without usable input is none that the
/// next run could make better, so it bears on no exit code.
pub(crate) fn make(
    workshop: &Workshop<'_>,
    line: &Line,
    periods: &[Period],
    common: &Common,
) -> (Code, Vec<Period>) {
    let (mut code, mut there) = (Code::Done, Vec::new());
    for (place, period) in periods.iter().enumerate() {
        let made = workshop.make(*period, Before::Line(line.turn(place)));
        code = code.or(match &made {
            Ok(made) => made.code,
            Err(failure) if failure.code == Code::Input => Code::Done,
            Err(_) => Code::Partial,
        });
        tell(workshop.job, *period, &made, common);
        there.extend(made.is_ok().then_some(*period));
    }
    (code, there)
}

fn tell(job: &Job, period: Period, made: &Result<Made, Failure>, common: &Common) {
    let post = job.settings.output.site.join(job.post_path(period));
    match made {
        Ok(Made { outcome: Outcome::Published, code, .. }) if common.json => {
            let line = json!({"outcome": Outcome::Published, "period": period, "post": post, "caught_up": true, "exit": *code as u8});
            console::data(&line.to_string());
        }
        Ok(Made { outcome: Outcome::Published, .. }) => console::data(&post.display().to_string()),
        Ok(_) => {}
        Err(failure) => console::say(&format!("catching up, {}: {failure}", period.span())),
    }
}
