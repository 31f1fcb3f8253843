//! `--dry-run`: everything but publishing and network, with what would change and what a model would cost.
//!
//! It writes nothing and opens no connection. Where a model would write, the preview is the extractive writer's.

use brief::requests;
use llm::{Usage, estimate_tokens};
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use crate::{
    cli::Common,
    console,
    exit::{Code, Failure},
    job::Job,
    period::Period,
    pipeline::{Report, compose},
    publishing::{better_there, up_to_date},
    settings::Mode,
    sorting::{Sorted, sort},
    sources::Corpus,
};

/// What one report would be.
struct Preview {
    period: Period,
    state: &'static str,
    diff: String,
    calls: usize,
    usage: Usage,
}

/// Prints what each period's report would change and cost. A period that gives no report is told, and the last such
/// failure is returned when none gives one.
pub(crate) async fn preview(
    job: &Job,
    corpus: &Corpus,
    periods: &[Period],
    common: &Common,
) -> Result<usize, Failure> {
    let mut failures = Vec::new();
    let mut total = Usage { estimated: true, ..Usage::default() };
    for period in periods {
        match preview_one(job, corpus, *period).await {
            Ok(preview) => {
                total.prompt_tokens += preview.usage.prompt_tokens;
                total.completion_tokens += preview.usage.completion_tokens;
                show(job, &preview, common);
            }
            Err(failure) => failures.push(failure),
        }
    }
    if periods.len() > 1 && !common.json && !common.quiet {
        console::say(&estimate(job, total));
    }
    let failed = failures.len();
    match failures.pop() {
        Some(failure) if failed == periods.len() => Err(failure),
        Some(failure) => {
            console::say(&format!("{failed} of {} would not be made; the last: {failure}", periods.len()));
            Ok(failed)
        }
        None => Ok(0),
    }
}

async fn preview_one(job: &Job, corpus: &Corpus, period: Period) -> Result<Preview, Failure> {
    let sorted = sort(job, corpus, period)?;
    let (calls, usage) = cost(job, &sorted).await?;
    if up_to_date(job, &sorted) && !job.force {
        return Ok(Preview {
            period,
            state: "up to date",
            diff: String::new(),
            calls: 0,
            usage: Usage::default(),
        });
    }
    let report = compose(job, corpus, &sorted, false).await?;
    let (state, diff) = compare(job, &report);
    Ok(Preview { period, state, diff, calls, usage })
}

/// Calls and tokens that a model would take: the questions counted, the answers assumed at half their room.
async fn cost(job: &Job, sorted: &Sorted) -> Result<(usize, Usage), Failure> {
    if job.settings.writer.mode == Mode::Extractive {
        return Ok((0, Usage::default()));
    }
    let ask = &job.settings.model.ask;
    let requests =
        requests(&sorted.topics, &job.desk(), ask).await.map_err(|error| Failure::new(Code::Usage, error))?;
    let asked = requests
        .iter()
        .map(|request| estimate_tokens(&request.system) + estimate_tokens(&request.user))
        .sum::<usize>();
    let answered = requests.len() as u64 * u64::from(ask.max_tokens) / 2;
    let usage = Usage {
        prompt_tokens: asked as u64,
        completion_tokens: answered,
        cached_tokens: None,
        estimated: true,
    };
    Ok((requests.len(), usage))
}

/// The post on the site beside the one that would be there.
fn compare(job: &Job, report: &Report) -> (&'static str, String) {
    let Some(post) = report.files.last() else { return ("nothing", String::new()) };
    let new = String::from_utf8_lossy(&post.bytes).into_owned();
    if job.settings.writer.mode == Mode::Extractive
        && better_there(job, report.period, &report.brief)
        && !job.force
    {
        return ("would be kept out: a better one is there", String::new());
    }
    match std::fs::read_to_string(job.settings.output.site.join(&post.path)) {
        Err(_) => ("would be new", diff("", &new)),
        Ok(old) if old == new => ("would be the same", String::new()),
        Ok(old) => ("would change", diff(&old, &new)),
    }
}

fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let lines = diff.iter_all_changes().filter_map(|change| match change.tag() {
        ChangeTag::Delete => Some(format!("-{}", change.value())),
        ChangeTag::Insert => Some(format!("+{}", change.value())),
        ChangeTag::Equal => None,
    });
    lines.collect()
}

fn show(job: &Job, preview: &Preview, common: &Common) {
    let post = job.settings.output.site.join(job.post_path(preview.period));
    if common.json {
        let cost = job.price().cost(&preview.usage);
        let line = json!({
            "period": preview.period, "post": post, "state": preview.state, "diff": preview.diff,
            "estimate": {"calls": preview.calls, "prompt_tokens": preview.usage.prompt_tokens, "completion_tokens": preview.usage.completion_tokens, "cost": cost, "currency": job.settings.model.currency},
        });
        console::data(&line.to_string());
        return;
    }
    console::data(&format!("{}: {}", post.display(), preview.state));
    console::data(preview.diff.trim_end());
    if !common.quiet {
        console::say(&format!("{} calls; {}", preview.calls, estimate(job, preview.usage)));
    }
}

fn estimate(job: &Job, usage: Usage) -> String {
    let cost = job.price().cost(&usage);
    let Usage { prompt_tokens, completion_tokens, .. } = usage;
    format!(
        "estimated tokens: {prompt_tokens} in, {completion_tokens} out; estimated cost: {cost:.4} {}",
        job.settings.model.currency
    )
}
