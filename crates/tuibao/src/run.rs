//! `tuibao run`: one report.

use std::{collections::BTreeMap, sync::Arc};

use brief::{Brief, Spending};
use chrono::{DateTime, Utc};
use report::Counts;
use serde::Serialize;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    allowance,
    books::Books,
    catch_up,
    cli::{Common, DateArgs, RunArgs},
    console::{self, Watch},
    coverage,
    delivery::{self, Told},
    dry_run::preview,
    exit::{Code, Failure, OrFail},
    feed,
    fetching::refresh,
    job::Job,
    line::Line,
    logs,
    making::{Before, Made, Workshop},
    observe::Tally,
    period::Period,
    pipeline::{Report, makeshift, now},
    publishing::{Outcome, take},
    settings,
    sorting::window,
};

/// Makes one report; where no day is named, first those of the last days that are missing or have new data.
pub(crate) fn run(args: &RunArgs, common: &Common, tally: &Arc<Tally>) -> Result<Code, Failure> {
    let now = now();
    let mut settings =
        settings::load(common)?.with_html(args.html).of_range(&args.long, args.dates.is_range())?;
    if !args.dry_run {
        allowance::of_month(&mut settings, now)?;
    }
    let job = Job::new(settings, common.force, !args.dry_run)?.counted(tally);
    let period = period(&args.dates, &job, now)?;
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    if args.dry_run {
        return runtime.block_on(preview(&job, &[period], common)).map(|_| Code::Done);
    }
    let _lock = take(&job, args.wait)?;
    refresh(&job.settings, &runtime)?;
    let books = Books::open(&job.settings)?;
    let earlier = if args.dates.is_open() { catch_up::due(&job, period) } else { Vec::new() };
    let watch = Watch::lines(common.quiet || common.json);
    let workshop = Workshop::of_run(&job, &books, (period, &earlier), (&runtime, now), watch)
        .map_err(|failure| books.failed(&job, period, "run", failure))?;
    let line = Line::new(job.settings.memory.days as usize);
    let (caught_up, mut there) = catch_up::make(&workshop, &line, &earlier, common);
    let made = workshop.make(period, Before::Line(line.turn(earlier.len())));
    there.extend(made.is_ok().then_some(period));
    let told = runtime.block_on(delivery::tell(&job, &there, false));
    if let Ok(made) = &made {
        tell(&job, period, made, &told, common);
    }
    let fed = feed::refresh(&job);
    let code = made?.code.or(caught_up);
    fed.map(|()| code)
}

/// The days asked for; by default the newest complete one.
pub(crate) fn period(dates: &DateArgs, job: &Job, now: DateTime<Utc>) -> Result<Period, Failure> {
    let newest = job.calendar.newest_complete(now);
    let period = match (dates.date, dates.from, dates.to) {
        (Some(date), _, _) => Period::day(date),
        (None, Some(from), Some(to)) => Period { from, to },
        _ => Period::day(newest),
    };
    if period.from > period.to {
        return Err(Failure::say(
            Code::Usage,
            format!("the range ends before it begins: {} > {}", period.from, period.to),
        )
        .hint("--from is the first day, --to the last"));
    }
    if window(job, period)?.start > now && !job.force {
        return Err(not_begun(period, job, now));
    }
    if window(job, period)?.end > now {
        console::say(&format!("warning: {} is not over yet (newest complete day: {newest})", period.span()));
    }
    Ok(period)
}

/// A report of the future could hold nothing but tweets with wrong dates; or it is the clock that is wrong.
pub(crate) fn not_begun(period: Period, job: &Job, now: DateTime<Utc>) -> Failure {
    let newest = job.calendar.newest_complete(now);
    let clock = now.with_timezone(&job.calendar.zone).format("%Y-%m-%d %H:%M %z");
    Failure::say(Code::Usage, format!("{} has not begun: it is {clock}", period.span())).hint(format!(
        "the newest complete day is {newest}; if this is not the time, set the machine's clock; --force makes the report all the same"
    ))
}

fn tell(job: &Job, period: Period, made: &Made, told: &[Told], common: &Common) {
    match &made.report {
        Some(report) => written(job, report, made.outcome, told, common),
        None => unchanged(job, period, made, told, common),
    }
}

fn unchanged(job: &Job, period: Period, made: &Made, told: &[Told], common: &Common) {
    let post = job.settings.output.site.join(job.post_path(period));
    if common.json {
        let line = json!({"outcome": made.outcome, "period": period, "post": post, "counts": made.counts, "notified": delivery::json(told)});
        console::data(&line.to_string());
    } else if !common.quiet {
        let why = match made.outcome {
            Outcome::Left => {
                "has new tweets since it was published, and `late.policy` leaves it; --force makes it anew"
            }
            _ => "is up to date",
        };
        console::say(&format!("nothing to do: {} {why}", post.display()));
        for line in made.counts.iter().flat_map(sums).chain(delivery::line(told)) {
            console::say(&line);
        }
    }
}

/// Partial where a call gave nothing usable, no claim of a model held, or picture, sentence vectors or days are missing.
pub(crate) fn code(report: &Report) -> Code {
    let whole = report.brief.gaps.is_empty()
        && report.no_cloud.is_none()
        && report.no_vectors.is_none()
        && report.missing.is_empty()
        && !makeshift(report.brief.grade());
    if whole { Code::Done } else { Code::Partial }
}

fn written(job: &Job, report: &Report, outcome: Outcome, told: &[Told], common: &Common) {
    let site = &job.settings.output.site;
    let files: Vec<String> =
        report.files.iter().map(|file| site.join(&file.path).display().to_string()).collect();
    if common.json {
        console::data(&summary(job, report, outcome, told).to_string());
        return;
    }
    if outcome != Outcome::KeptBetter {
        for file in files.iter().rev() {
            console::data(file);
        }
    }
    if common.quiet {
        return;
    }
    for line in account(job, report).into_iter().chain(delivery::line(told)) {
        console::say(&line);
    }
    if outcome == Outcome::KeptBetter {
        console::say("a better report is there and was kept; --force replaces it");
    }
}

/// What became of every record, as lines for people.
fn sums(counts: &Counts) -> Vec<String> {
    let list = |reasons: &BTreeMap<String, u64>| {
        reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect::<Vec<_>>().join(", ")
    };
    let rejected: u64 = counts.rejected.values().sum();
    let dropped: u64 = counts.dropped.values().sum();
    let mut lines = vec![
        format!("read {} = rejected {rejected} + dropped {dropped} + kept {}", counts.read, counts.kept),
        format!("kept {} = in topics {} + left out {}", counts.kept, counts.in_topics, counts.left_out),
    ];
    if counts.told > 0 {
        lines.push(format!("of those left out, told by an earlier report: {}", counts.told));
    }
    if dropped > 0 {
        lines.push(format!("dropped: {}", list(&counts.dropped)));
    }
    if rejected > 0 {
        lines.push(format!("rejected: {}", list(&counts.rejected)));
    }
    lines
}

/// The report in lines for people.
fn account(job: &Job, report: &Report) -> Vec<String> {
    let brief = &report.brief;
    let (topics, claims, refused) = (report.counts.topics, brief.claims().count(), brief.refused.len());
    let mut lines =
        vec![format!("{}: {topics} topics, {claims} claims, {refused} refused", report.period.span())];
    lines.extend(sums(&report.counts));
    lines.extend(coverage::line(job, report));
    lines.extend(
        brief.gaps.iter().map(|gap| format!("warning: no usable answer for `{}`: {}", gap.part, gap.reason)),
    );
    lines.extend(
        report
            .missing
            .iter()
            .map(|day| format!("warning: no daily report of {day}: the report does without")),
    );
    lines.extend(report.no_cloud.iter().map(|reason| format!("warning: no word cloud: {reason}")));
    if !brief.calls.is_empty() {
        lines.extend(asked(job, brief));
    }
    if !report.cloud_skipped.is_empty() {
        // Words of tweets, which a log that is kept should not have.
        let skipped = &report.cloud_skipped;
        let named = if logs::json() { format!("{} words", skipped.len()) } else { skipped.join("; ") };
        lines.push(format!("word cloud without: {named}"));
    }
    lines
}

/// What the model was asked, what that took, and what it was not asked about.
fn asked(job: &Job, brief: &Brief) -> Vec<String> {
    let spending = brief.spending();
    let Spending { calls, kept, retries, .. } = spending;
    let mut lines = vec![format!(
        "model: {calls} calls ({kept} answers were kept), {retries} retries, {}",
        console::spent(&spending, &job.settings.model.currency)
    )];
    if !brief.withheld.is_empty() {
        lines.push(format!(
            "the model's moderation objects to {} tweets: they are left out",
            brief.withheld.len()
        ));
    }
    let shed: usize = brief.shed.iter().map(|shed| shed.topics.len()).sum();
    if shed > 0 {
        lines.push(format!(
            "topics that a request had no room for or an answer left out, told by extraction: {shed}"
        ));
    }
    lines
}

#[derive(Serialize)]
struct Paid<'a> {
    #[serde(flatten)]
    spending: Spending,
    currency: &'a str,
}

/// The same as JSON.
pub(crate) fn summary(job: &Job, report: &Report, outcome: Outcome, told: &[Told]) -> serde_json::Value {
    let model = Paid { spending: report.brief.spending(), currency: &job.settings.model.currency };
    json!({
        "outcome": outcome,
        "period": report.period,
        "grade": report.brief.grade(),
        "files": report.files.iter().map(|file| job.settings.output.site.join(&file.path)).collect::<Vec<_>>(),
        "counts": report.counts,
        "coverage": report.coverage,
        "claims": report.brief.claims().count(),
        "refused": report.brief.refused.len(),
        "gaps": report.brief.gaps,
        "no_vectors": report.no_vectors,
        "missing": report.missing,
        "model": model,
        "notified": delivery::json(told),
    })
}
