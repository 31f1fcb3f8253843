//! `tuibao run`: one report.

use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    cli::{Common, DateArgs, RunArgs},
    console,
    dry_run::preview,
    exit::{Code, Failure, OrFail},
    job::Job,
    period::Period,
    pipeline::{self, Report, compose, now},
    publishing::{self, Outcome, lock, place, up_to_date},
    settings,
    sorting::{sort, window},
    sources,
};

/// Makes one report.
pub(crate) fn run(args: &RunArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, !args.dry_run)?;
    let period = period(&args.dates, &job)?;
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    if args.dry_run {
        let corpus = sources::load(&job.settings.corpus.paths)?;
        return runtime.block_on(preview(&job, &corpus, &[period], common)).map(|_| Code::Done);
    }
    let _lock = lock(&job)?;
    let corpus = sources::load(&job.settings.corpus.paths)?;
    let sorted = sort(&job, &corpus, period)?;
    if up_to_date(&job, &sorted) && !common.force {
        return Ok(unchanged(&job, period, common));
    }
    let report = runtime.block_on(compose(&job, &corpus, &sorted, true))?;
    let outcome = place(&job, &report)?;
    tell(&job, &report, outcome, common);
    Ok(code(&report, outcome))
}

/// The days asked for; by default the newest complete one.
pub(crate) fn period(dates: &DateArgs, job: &Job) -> Result<Period, Failure> {
    let now = now();
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
    if window(job, period)?.end > now {
        console::say(&format!("warning: {} is not over yet (newest complete day: {newest})", period.span()));
    }
    Ok(period)
}

fn unchanged(job: &Job, period: Period, common: &Common) -> Code {
    let post = job.settings.output.site.join(job.post_path(period));
    if common.json {
        console::data(&json!({"outcome": Outcome::UpToDate, "period": period, "post": post}).to_string());
    } else if !common.quiet {
        console::say(&format!("nothing to do: {} is up to date", post.display()));
    }
    let makeshift = publishing::head(job, period).is_some_and(|head| pipeline::makeshift(head.grade));
    if makeshift { Code::Partial } else { Code::Done }
}

/// Published with gaps, or kept out by a better one after a failure: partial.
pub(crate) fn code(report: &Report, _outcome: Outcome) -> Code {
    if report.brief.gaps.is_empty() { Code::Done } else { Code::Partial }
}

fn tell(job: &Job, report: &Report, outcome: Outcome, common: &Common) {
    let site = &job.settings.output.site;
    let files: Vec<String> =
        report.files.iter().map(|file| site.join(&file.path).display().to_string()).collect();
    if common.json {
        console::data(&summary(job, report, outcome).to_string());
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
    for line in account(report) {
        console::say(&line);
    }
    if outcome == Outcome::KeptBetter {
        console::say("a better report is there and was kept; --force replaces it");
    }
}

/// The report's counts, as lines for people.
fn account(report: &Report) -> Vec<String> {
    let counts = &report.counts;
    let list = |reasons: &std::collections::BTreeMap<String, u64>| {
        reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect::<Vec<_>>().join(", ")
    };
    let rejected: u64 = counts.rejected.values().sum();
    let dropped: u64 = counts.dropped.values().sum();
    let brief = &report.brief;
    let mut lines = vec![
        format!(
            "{}: {} topics, {} claims, {} refused",
            report.period.span(),
            counts.topics,
            brief.claims().count(),
            brief.refused.len()
        ),
        format!("read {} = rejected {rejected} + dropped {dropped} + kept {}", counts.read, counts.kept),
        format!("kept {} = in topics {} + left out {}", counts.kept, counts.in_topics, counts.left_out),
    ];
    if dropped > 0 {
        lines.push(format!("dropped: {}", list(&counts.dropped)));
    }
    if rejected > 0 {
        lines.push(format!("rejected: {}", list(&counts.rejected)));
    }
    lines.extend(
        brief.gaps.iter().map(|gap| {
            format!("warning: no usable answer for `{}`: {}", gap.part, console::plain(&gap.reason))
        }),
    );
    let usage = brief.usage();
    if !brief.calls.is_empty() {
        let calls = brief.calls.len();
        lines.push(format!(
            "model: {calls} calls, {} + {} tokens, cost {:.4}",
            usage.prompt_tokens, usage.completion_tokens, report.cost
        ));
    }
    if !report.cloud_skipped.is_empty() {
        lines.push(format!("word cloud without: {}", console::plain(&report.cloud_skipped.join(", "))));
    }
    lines
}

/// The same as JSON.
pub(crate) fn summary(job: &Job, report: &Report, outcome: Outcome) -> serde_json::Value {
    let usage = report.brief.usage();
    json!({
        "outcome": outcome,
        "period": report.period,
        "grade": report.brief.grade(),
        "files": report.files.iter().map(|file| job.settings.output.site.join(&file.path)).collect::<Vec<_>>(),
        "counts": report.counts,
        "claims": report.brief.claims().count(),
        "refused": report.brief.refused.len(),
        "gaps": report.brief.gaps,
        "model": {"calls": report.brief.calls.len(), "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens, "cost": report.cost, "currency": job.settings.model.currency},
    })
}
