//! `tuibao backfill`: the reports of a range that are missing or stale. Resumable: what is up to date is not made again.

mod plan;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    allowance,
    books::Books,
    cli::{BackfillArgs, Common, Every, Order},
    console::{self, Progress, Watch},
    delivery,
    dry_run::preview,
    exit::{Code, Failure, OrFail},
    feed,
    fetching::refresh,
    job::Job,
    line::Line,
    making::{Before, Made, Workshop, at_once},
    memory::Fresh,
    observe::Tally,
    period::{Period, periods},
    pipeline::now,
    publishing::{Outcome, take},
    run::not_begun,
    settings,
    sorting::window,
    sources::Sources,
    stamp::Stamp,
};

/// Makes many reports.
pub(crate) fn backfill(args: &BackfillArgs, common: &Common, tally: &Arc<Tally>) -> Result<Code, Failure> {
    if args.from > args.to {
        return Err(Failure::say(
            Code::Usage,
            format!("the range ends before it begins: {} > {}", args.from, args.to),
        )
        .hint("--from is the first day, --to the last"));
    }
    let now = now();
    let mut settings =
        settings::load(common)?.with_html(args.html).of_range(&args.long, args.every != Every::Day)?;
    if !args.dry_run {
        allowance::of_month(&mut settings, now)?;
    }
    let job = Job::new(settings, common.force, !args.dry_run)?.counted(tally);
    let periods = begun(&job, periods(args.from, args.to, args.every), now)?;
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    if args.dry_run {
        let failed = runtime.block_on(preview(&job, &periods, common))?;
        return Ok(if failed == 0 { Code::Done } else { Code::Partial });
    }
    let _lock = take(&job, args.wait)?;
    refresh(&job.settings, &runtime)?;
    let books = Books::open(&job.settings)?;
    let periods = plan::wanted(&job, &books, periods, args.only)?;
    let progress = Progress::of(periods.len(), common.quiet || common.json);
    let workshop = workshop(&job, &books, (&runtime, &progress, now), &periods)?;
    let jobs = jobs(&job, args.jobs);
    let outcomes = match args.order {
        Order::Oldest => make_all(&workshop, &periods, jobs, &progress),
        Order::Newest => make_newest_first(&workshop, &periods, jobs, &progress),
    };
    progress.end();
    // Also when some days failed: the others are published.
    let fed = feed::refresh(&job);
    if args.notify {
        runtime.block_on(notify(&job, &outcomes, common));
    }
    let code = report(&job, outcomes, common);
    code.and_then(|code| fed.map(|()| code))
}

/// Without those that lie in the future, of which nothing can be known, unless they are forced; a failure when none is left.
fn begun(job: &Job, periods: Vec<Period>, now: DateTime<Utc>) -> Result<Vec<Period>, Failure> {
    if job.force {
        return Ok(periods);
    }
    let (first, all) = (periods.first().copied(), periods.len());
    let begins = |period: &Period| window(job, *period).map(|window| window.start);
    let begins = periods.iter().map(begins).collect::<Result<Vec<_>, _>>()?;
    let begun: Vec<Period> = periods
        .into_iter()
        .zip(begins)
        .filter(|(_, start)| *start <= now)
        .map(|(period, _)| period)
        .collect();
    let left_out = all - begun.len();
    match first {
        Some(first) if begun.is_empty() => return Err(not_begun(first, job, now)),
        _ if left_out > 0 => {
            console::say(&format!("warning: {left_out} reports are left out, whose days have not begun"));
        }
        _ => {}
    }
    Ok(begun)
}

/// A store gives each day by itself; raw files are read once, for all days, unless none of them has changed.
fn workshop<'j>(
    job: &'j Job,
    books: &'j Books,
    (runtime, progress, now): (&'j Runtime, &Progress, DateTime<Utc>),
    periods: &[Period],
) -> Result<Workshop<'j>, Failure> {
    let stamp = Stamp::of(&job.settings)?;
    let unchanged = books.all_unchanged(job, stamp.as_ref(), periods)?;
    let sources = Sources::of(&job.settings)?;
    let corpus = if unchanged.len() == periods.len() { None } else { at_once(job, &sources, periods)? };
    let watch = Watch::behind(progress);
    Ok(Workshop { job, books, runtime, watch, command: "backfill", sources, corpus, stamp, unchanged, now })
}

/// Tells of the reports that are there, in the order of time.
async fn notify(job: &Job, outcomes: &Outcomes, common: &Common) {
    let there: Vec<Period> =
        outcomes.iter().filter(|(_, made)| made.is_ok()).map(|(period, _)| *period).collect();
    let told = delivery::tell(job, &there, false).await;
    for one in told.iter().filter(|_| common.json) {
        console::data(&json!({"period": one.period, "notified": one.deliveries}).to_string());
    }
    if let Some(line) = delivery::line(&told).filter(|_| !common.quiet && !common.json) {
        console::say(&line);
    }
}

/// Reports made at the same time. A model is waited for most of the time, so there are as many as there may be calls.
fn jobs(job: &Job, typed: Option<usize>) -> usize {
    let usual = if job.model.is_some() { job.settings.model.parallel } else { 2 };
    typed.unwrap_or(usual)
}

type Outcomes = Vec<(Period, Result<Made, Failure>)>;

/// Makes all, several at a time, in the order of time.
fn make_all(workshop: &Workshop<'_>, periods: &[Period], jobs: usize, progress: &Progress) -> Outcomes {
    let line = Line::new(workshop.job.settings.memory.days as usize);
    let refused = AtomicBool::new(false);
    each(periods, jobs, |place, period| {
        let made = unless_refused(&refused, || workshop.make(period, Before::Line(line.turn(place))));
        progress.step(&period.span());
        made
    })
}

/// The same bytes, the last day first: what each tells those after it needs no writer, so it is worked out before.
fn make_newest_first(
    workshop: &Workshop<'_>,
    periods: &[Period],
    jobs: usize,
    progress: &Progress,
) -> Outcomes {
    let line = Line::new(workshop.job.settings.memory.days as usize);
    let told = Mutex::new(Fresh::new());
    each(periods, jobs, |place, period| {
        if let Some(day) = workshop.foresee(period, line.turn(place))? {
            told.lock().unwrap_or_else(PoisonError::into_inner).insert(day.date, day);
        }
        Ok(())
    });
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let refused = AtomicBool::new(false);
    let newest_first: Vec<Period> = periods.iter().rev().copied().collect();
    each(&newest_first, jobs, |_, period| {
        let made = unless_refused(&refused, || workshop.make(period, Before::Known(&told)));
        progress.step(&period.span());
        made
    })
}

/// A model that refused for good is not asked again for each day that is left.
fn unless_refused(
    refused: &AtomicBool,
    work: impl FnOnce() -> Result<Made, Failure>,
) -> Result<Made, Failure> {
    if refused.load(Ordering::Relaxed) {
        return Err(Failure::say(Code::Model, "not tried: the model refused for good"));
    }
    let made = work();
    if made.as_ref().is_err_and(|failure| failure.code == Code::Model) {
        refused.store(true, Ordering::Relaxed);
    }
    made
}

/// Works on several periods at a time, taken up in the order given; the results are in that of time.
fn each<T: Send>(
    periods: &[Period],
    jobs: usize,
    work: impl Fn(usize, Period) -> Result<T, Failure> + Sync,
) -> Vec<(Period, Result<T, Failure>)> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let place = next.fetch_add(1, Ordering::Relaxed)
            && let Some(period) = periods.get(place)
        {
            done.push((*period, work(place, *period)));
        }
        done
    };
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.clamp(1, periods.len().max(1))).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(period, _)| *period);
    all
}

/// The summary table; partial when some days failed, the failure itself when all did.
fn report(job: &Job, outcomes: Outcomes, common: &Common) -> Result<Code, Failure> {
    let all = outcomes.len();
    let count = |wanted: Outcome| {
        outcomes.iter().filter(|(_, made)| made.as_ref().is_ok_and(|made| made.outcome == wanted)).count()
    };
    let (published, fresh, kept, left) = (
        count(Outcome::Published),
        count(Outcome::UpToDate),
        count(Outcome::KeptBetter),
        count(Outcome::Left),
    );
    let partial = outcomes.iter().any(|(_, made)| made.as_ref().map_or(true, |made| made.code != Code::Done));
    let mut failures = Vec::new();
    for (period, made) in outcomes {
        show(job, period, &made, common);
        failures.extend(made.err());
    }
    if !common.quiet {
        let left = if left > 0 { format!(", {left} left (late data)") } else { String::new() };
        let nothing = if published == 0 && failures.is_empty() { "nothing to do: " } else { "" };
        console::say(&format!(
            "{nothing}{all} reports: {published} published, {fresh} up to date, {kept} kept (better){left}, {} failed",
            failures.len()
        ));
    }
    if let Some(refusal) = failures.iter().position(|failure| failure.code == Code::Model) {
        return Err(failures.swap_remove(refusal));
    }
    match failures.pop() {
        Some(failure) if failures.len() + 1 == all => Err(failure),
        _ => Ok(if partial { Code::Partial } else { Code::Done }),
    }
}

fn show(job: &Job, period: Period, made: &Result<Made, Failure>, common: &Common) {
    let post = job.settings.output.site.join(job.post_path(period));
    if common.json {
        let line = match made {
            Ok(Made { outcome, code, .. }) => {
                json!({"period": period, "outcome": outcome, "post": post, "exit": *code as u8})
            }
            Err(failure) => {
                json!({"period": period, "outcome": "failed", "error": failure.to_string(), "exit": failure.code as u8})
            }
        };
        console::data(&line.to_string());
        return;
    }
    match made {
        Ok(Made { outcome: Outcome::Published, .. }) => console::data(&post.display().to_string()),
        Ok(_) => {}
        Err(failure) => console::say(&format!("{}: {failure}", period.span())),
    }
}
