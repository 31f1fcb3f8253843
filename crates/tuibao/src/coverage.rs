//! Whether a day was quiet or its collector stood still: the window's tweets judged, and the verdict in words.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use corpus::{Coverage, CoverageSettings, Gap, Tweet, Verdict, Window, coverage};

use crate::{
    exit::{Code, Failure},
    job::Job,
    period::Calendar,
    pipeline::Report,
};

/// Judges the tweets of a window, of which so many were kept. A tweet that was read twice counts once.
pub(crate) fn covered(job: &Job, tweets: &[Tweet], window: Window, kept: u64) -> Coverage {
    let settings = &job.settings.coverage;
    let distinct: BTreeSet<_> = tweets.iter().map(|tweet| (tweet.created_at, tweet.id)).collect();
    let times: Vec<DateTime<Utc>> = distinct.into_iter().map(|(time, _)| time).collect();
    coverage(&times, kept, window, &job.calendar.nights(window, settings.night_hours), settings)
}

/// Whether the hours of the night are some.
pub(crate) fn possible(settings: &CoverageSettings) -> Result<(), Failure> {
    if settings.night_hours.iter().all(|hour| *hour < 24) {
        return Ok(());
    }
    Err(Failure::say(
        Code::Usage,
        format!("`coverage.night_hours = {:?}` are no hours of a day", settings.night_hours),
    )
    .hint("write the first hour and the one after the last, from 0 to 23, such as `[0, 9]`; two equal ones are no night"))
}

/// `07:03–12:58`, with the day where the window has several; in the window's zone.
pub(crate) fn gaps(coverage: &Coverage, window: Window, calendar: &Calendar, between: &str) -> String {
    let spans = coverage.gaps.iter().map(|gap| span(gap, window, calendar));
    spans.collect::<Vec<_>>().join(between)
}

fn span(gap: &Gap, window: Window, calendar: &Calendar) -> String {
    let several = window.end - window.start > TimeDelta::hours(25);
    let pattern = if several { "%Y-%m-%d %H:%M" } else { "%H:%M" };
    let clock = |time: DateTime<Utc>| time.with_timezone(&calendar.zone).format(pattern).to_string();
    // A day ends at 24:00, not at the 00:00 that it begins at.
    let end = match clock(gap.end) {
        midnight if gap.end == window.end && !several && midnight == "00:00" => "24:00".to_owned(),
        end => end,
    };
    format!("{}–{end}", clock(gap.start))
}

/// For people, when there is something to say.
pub(crate) fn line(job: &Job, report: &Report) -> Option<String> {
    match report.coverage.verdict {
        Verdict::Usual => None,
        Verdict::Quiet => Some(format!("a quiet day: {} tweets were kept", report.counts.kept)),
        Verdict::Incomplete => {
            let gaps = gaps(&report.coverage, job.calendar.window(report.period)?, &job.calendar, ", ");
            Some(format!(
                "warning: no tweets at all in {gaps}, which neither chance nor the night explains: the collector may have stood still"
            ))
        }
    }
}
