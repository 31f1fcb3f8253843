//! `tuibao backfill`: the reports of a range that are missing or stale. Resumable: what is up to date is not made again.

mod line;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use report::told;
use serde_json::json;
use tokio::runtime::Runtime;

use self::line::{Line, Turn};
use crate::{
    cli::{BackfillArgs, Common},
    console::{self, Watch},
    delivery,
    dry_run::preview,
    exit::{Code, Failure, OrFail},
    feed,
    fetching::refresh,
    floor,
    job::Job,
    memory::looks_back,
    observe::Tally,
    period::{Period, periods},
    pipeline::compose,
    places::places,
    publishing::{Outcome, lock, place, up_to_date},
    run::code,
    settings,
    sorting::{group, hull, window},
    sources,
    sources::Corpus,
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
    let settings = settings::load(common)?.with_html(args.html);
    let job = Job::new(settings, common.force, !args.dry_run)?.counted(tally);
    let periods = periods(args.from, args.to, args.every);
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    if args.dry_run {
        let corpus = sources::load(&job.settings, hull(&job, &periods)?)?;
        let failed = runtime.block_on(preview(&job, &corpus, &periods, common))?;
        return Ok(if failed == 0 { Code::Done } else { Code::Partial });
    }
    let _lock = lock(&job)?;
    refresh(&job.settings, &runtime)?;
    // A store gives each day by itself; raw files are read once, for all days.
    let in_store = places(&job.settings)?.files.is_empty();
    let corpus = if in_store { None } else { Some(sources::load(&job.settings, hull(&job, &periods)?)?) };
    let outcomes = make_all(&job, corpus.as_ref(), &periods, jobs(&job, args.jobs), (&runtime, common.quiet));
    // Also when some days failed: the others are published.
    let fed = feed::refresh(&job);
    if args.notify {
        runtime.block_on(notify(&job, &outcomes, common));
    }
    let code = report(&job, outcomes, common);
    code.and_then(|code| fed.map(|()| code))
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

type Made = Result<(Outcome, Code), Failure>;
type Outcomes = Vec<(Period, Made)>;

/// Makes all, several at a time, in the order of time.
fn make_all(
    job: &Job,
    corpus: Option<&Corpus>,
    periods: &[Period],
    jobs: usize,
    with: (&Runtime, bool),
) -> Outcomes {
    let (runtime, quiet) = with;
    let bar = console::bar(periods.len() as u64, quiet);
    let watch = Watch::behind(&bar);
    let line = Line::new(job.settings.memory.days as usize);
    let refused = AtomicBool::new(false);
    let make = |place: usize, period: Period| {
        let turn = line.turn(place);
        // A model that refused for good is not asked again for each day that is left.
        let outcome = if refused.load(Ordering::Relaxed) {
            Err(Failure::say(Code::Model, "not tried: the model refused for good"))
        } else {
            make_one(job, corpus, period, turn, (runtime, &watch))
        };
        if outcome.as_ref().is_err_and(|failure| failure.code == Code::Model) {
            refused.store(true, Ordering::Relaxed);
        }
        bar.inc(1);
        bar.set_message(period.span());
        (period, outcome)
    };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done: Outcomes = Vec::new();
        while let place = next.fetch_add(1, Ordering::Relaxed)
            && let Some(period) = periods.get(place)
        {
            done.push(make(place, *period));
        }
        done
    };
    let mut outcomes: Outcomes = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.clamp(1, periods.len().max(1))).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    outcomes.sort_by_key(|(period, _)| *period);
    bar.finish_and_clear();
    outcomes
}

fn make_one(
    job: &Job,
    corpus: Option<&Corpus>,
    period: Period,
    turn: Turn<'_>,
    (runtime, watch): (&Runtime, &Watch),
) -> Made {
    let _in_span = job.tally.span().enter();
    let own;
    let corpus = if let Some(corpus) = corpus {
        corpus
    } else {
        own = sources::load(&job.settings, window(job, period)?)?;
        &own
    };
    let grouped = group(job, corpus, period)?;
    if looks_back(job, period) {
        turn.wait();
    }
    let sorted = grouped.rank(job, &turn.told())?;
    let fresh = up_to_date(job, &sorted) && !job.force;
    if !fresh {
        floor::carried(job, &sorted)?;
    }
    let given = job.settings.outline.given();
    turn.tell(told(&sorted.topics, period.to, given).or_fail(Code::Internal)?);
    drop(turn);
    if fresh {
        return Ok((Outcome::UpToDate, Code::Done));
    }
    let report = runtime.block_on(compose(job, corpus, &sorted, Some(watch)))?;
    let outcome = place(job, &report)?;
    Ok((outcome, code(&report)))
}

/// The summary table; partial when some days failed, the failure itself when all did.
fn report(job: &Job, outcomes: Outcomes, common: &Common) -> Result<Code, Failure> {
    let all = outcomes.len();
    let count = |wanted: Outcome| {
        outcomes.iter().filter(|(_, made)| made.as_ref().is_ok_and(|(outcome, _)| *outcome == wanted)).count()
    };
    let (published, fresh, kept) =
        (count(Outcome::Published), count(Outcome::UpToDate), count(Outcome::KeptBetter));
    let partial =
        outcomes.iter().any(|(_, made)| made.as_ref().map_or(true, |(_, code)| *code != Code::Done));
    let mut failures = Vec::new();
    for (period, made) in outcomes {
        show(job, period, &made, common);
        failures.extend(made.err());
    }
    if !common.quiet {
        let nothing = if published == 0 && failures.is_empty() { "nothing to do: " } else { "" };
        console::say(&format!(
            "{nothing}{all} reports: {published} published, {fresh} up to date, {kept} kept (better), {} failed",
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

fn show(job: &Job, period: Period, made: &Result<(Outcome, Code), Failure>, common: &Common) {
    let post = job.settings.output.site.join(job.post_path(period));
    if common.json {
        let line = match made {
            Ok((outcome, code)) => {
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
        Ok((Outcome::Published, _)) => console::data(&post.display().to_string()),
        Ok(_) => {}
        Err(failure) => console::say(&format!("{}: {failure}", period.span())),
    }
}
