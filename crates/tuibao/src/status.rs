//! `tuibao status`: what became of the last runs, which days have no report, and what this month cost.
//!
//! Which reports there are is what the site says; why one is not there, and money, is what the run ledger says.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use ledger::{Run, Spent, State};
use serde::Serialize;

use crate::{
    books::Books,
    cli::{Common, StatusArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::{calendar, layout},
    period::{Calendar, Period},
    pipeline::now,
    settings::{self, Settings},
};

#[derive(Serialize)]
struct Status {
    report: String,
    site: String,
    /// Days that have a daily report of their own.
    days: usize,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    newest_complete: NaiveDate,
    gaps: Vec<Gap>,
    runs: Vec<Run>,
    month: Month,
}

/// Days in a row without a report.
#[derive(Serialize)]
struct Gap {
    from: NaiveDate,
    to: NaiveDate,
    /// How the last run for the first of them ended.
    state: Option<State>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Month {
    since: NaiveDate,
    spent: Vec<Spent>,
}

/// Prints it.
pub(crate) fn status(args: &StatusArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let calendar = calendar(&settings)?;
    let status = look(&settings, &calendar, args.runs, now())?;
    if common.json {
        console::data(&serde_json::to_string(&status).or_fail(Code::Internal)?);
    } else {
        for line in lines(&status, &calendar) {
            console::data(&console::plain(&line));
        }
    }
    Ok(Code::Done)
}

fn look(
    settings: &Settings,
    calendar: &Calendar,
    runs: usize,
    now: DateTime<Utc>,
) -> Result<Status, Failure> {
    let books = Books::look(settings)?;
    let name = &settings.report.name;
    let reports = layout(settings)?.reports(&settings.output.site).into_iter();
    let days: BTreeSet<NaiveDate> =
        reports.filter(|slug| slug.name == *name && slug.from == slug.to).map(|slug| slug.to).collect();
    let newest_complete = calendar.newest_complete(now);
    let (since, begin) = calendar.month(now);
    Ok(Status {
        report: name.clone(),
        site: settings.output.site.display().to_string(),
        days: days.len(),
        first: days.first().copied(),
        last: days.last().copied(),
        newest_complete,
        gaps: gaps(&books, &days, newest_complete)?,
        runs: books.runs(runs)?,
        month: Month { since, spent: books.spent(begin)? },
    })
}

/// The days without a report, from the first that has one to the newest that could have.
fn gaps(books: &Books, days: &BTreeSet<NaiveDate>, newest: NaiveDate) -> Result<Vec<Gap>, Failure> {
    let Some(first) = days.first() else { return Ok(Vec::new()) };
    let missing = first.iter_days().take_while(|day| *day <= newest).filter(|day| !days.contains(day));
    let mut gaps: Vec<Gap> = Vec::new();
    for day in missing {
        let last = books.last(Period::day(day))?;
        let (state, error) = last.map_or((None, None), |run| (Some(run.state), run.error));
        match gaps.last_mut() {
            Some(gap) if gap.to + Days::new(1) == day && gap.state == state && gap.error == error => {
                gap.to = day;
            }
            _ => gaps.push(Gap { from: day, to: day, state, error }),
        }
    }
    Ok(gaps)
}

fn lines(status: &Status, calendar: &Calendar) -> Vec<String> {
    let Status { report, site, days, first, last, newest_complete, gaps, runs, month } = status;
    let range = first.zip(*last).map_or_else(String::new, |(first, last)| format!(", {first} to {last}"));
    let mut lines = vec![format!(
        "{report} at {site}: {days} daily reports{range}; newest complete day {newest_complete}"
    )];
    let missing: i64 = gaps.iter().map(|gap| (gap.to - gap.from).num_days() + 1).sum();
    lines.push(if gaps.is_empty() {
        "no day is missing".to_owned()
    } else {
        format!("missing days: {missing}")
    });
    lines.extend(gaps.iter().map(gap));
    lines.push(if runs.is_empty() { "no run is known".to_owned() } else { "last runs:".to_owned() });
    lines.extend(runs.iter().map(|one| run(one, calendar)));
    for spent in &month.spent {
        lines.push(format!("spent since {}: {}", month.since, money(spent)));
    }
    if month.spent.is_empty() {
        lines.push(format!("nothing spent since {}", month.since));
    }
    lines
}

fn gap(gap: &Gap) -> String {
    let Gap { from, to, state, error } = gap;
    let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
    let why = match (state, error) {
        (Some(state), Some(error)) => format!("{state}: {error}"),
        (Some(state), None) => state.to_string(),
        (None, _) => "never run".to_owned(),
    };
    format!("  {days}  {why}")
}

fn run(run: &Run, calendar: &Calendar) -> String {
    let at = run.started.with_timezone(&calendar.zone).format("%Y-%m-%d %H:%M");
    let span = Period { from: run.key.first, to: run.key.last }.span();
    let took = run
        .ended
        .map_or_else(String::new, |ended| format!("  {:.1} s", (ended - run.started).as_seconds_f64()));
    let exit = run.exit.filter(|exit| *exit != 0).map_or_else(String::new, |exit| format!("  exit {exit}"));
    let cost = if run.spent.calls > 0 { format!("  {}", money(&run.spent)) } else { String::new() };
    let error = run.error.as_ref().map_or_else(String::new, |error| format!("  {error}"));
    format!("  {at}  {:8}  {span}  {}{took}{exit}{cost}{error}", run.command, run.state)
}

fn money(spent: &Spent) -> String {
    let Spent { calls, prompt_tokens, completion_tokens, cost, currency } = spent;
    let money = if *cost > 0.0 { format!(", {cost:.4} {currency}") } else { String::new() };
    format!("{calls} calls, {prompt_tokens} + {completion_tokens} tokens{money}")
}
