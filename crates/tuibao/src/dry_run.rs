//! `--dry-run`: everything but publishing and network, with what would change and what a model would cost.
//!
//! It writes nothing and opens no connection. Where a model would write, the preview is the extractive writer's.

use brief::requests;
use llm::{Usage, estimate_request};
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use crate::{
    cli::Common,
    console,
    exit::{Code, Failure},
    floor,
    job::Job,
    long::gather,
    period::Period,
    pipeline::{Report, compose},
    publishing::{better_there, up_to_date},
    settings::Mode,
    sorting::{Sorted, hull, sort},
    sources::{Corpus, load},
};

/// What one report would be.
struct Preview {
    period: Period,
    state: &'static str,
    diff: String,
    estimate: Estimate,
}

/// What a model would be asked.
#[derive(Clone, Copy, Default)]
struct Estimate {
    calls: usize,
    /// Of these, those whose answers are kept.
    kept: usize,
    prompt_tokens: u64,
    completion_tokens: u64,
}

/// Prints what each period's report would change and cost. A period that gives no report is told, and the last such
/// failure is returned when none gives one.
pub(crate) async fn preview(job: &Job, periods: &[Period], common: &Common) -> Result<usize, Failure> {
    let corpus = if job.settings.long.is_from_audits() {
        None
    } else {
        Some(load(&job.settings, hull(job, periods)?)?)
    };
    let mut failures = Vec::new();
    let mut total = Estimate::default();
    for period in periods {
        match preview_one(job, corpus.as_ref(), *period).await {
            Ok(preview) => {
                total = total.and(preview.estimate);
                show(job, &preview, common);
            }
            Err(failure) => failures.push(failure),
        }
    }
    if periods.len() > 1 && !common.json && !common.quiet {
        console::say(&in_words(job, total));
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

/// Without a corpus from the audits of the period's days.
async fn preview_one(job: &Job, corpus: Option<&Corpus>, period: Period) -> Result<Preview, Failure> {
    let sorted = corpus.map_or_else(|| gather(job, period), |corpus| sort(job, corpus, period))?;
    if up_to_date(job, &sorted) && !job.force {
        let estimate = Estimate::default();
        return Ok(Preview { period, state: "up to date", diff: String::new(), estimate });
    }
    floor::carried(job, &sorted)?;
    let estimate = estimate(job, &sorted).await?;
    let report = compose(job, &sorted, None).await?;
    floor::reached(job, &report)?;
    let (state, diff) = compare(job, &report);
    Ok(Preview { period, state, diff, estimate })
}

/// What a model would be asked: the questions counted, the answers assumed at half their room, nothing for what is kept.
async fn estimate(job: &Job, sorted: &Sorted) -> Result<Estimate, Failure> {
    let Some(model) = job.model.as_ref().filter(|_| sorted.long.is_none()) else {
        return Ok(Estimate::default());
    };
    let ask = &job.settings.model.ask;
    let requests =
        requests(&sorted.topics, &job.desk(), ask).await.map_err(|error| Failure::new(Code::Usage, error))?;
    let new: Vec<_> = requests.iter().filter(|request| !model.is_kept(request)).collect();
    Ok(Estimate {
        calls: requests.len(),
        kept: requests.len() - new.len(),
        prompt_tokens: new.iter().map(|request| estimate_request(request)).sum(),
        completion_tokens: new.len() as u64 * u64::from(ask.max_tokens) / 2,
    })
}

impl Estimate {
    fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            kept: self.kept + other.kept,
            prompt_tokens: self.prompt_tokens + other.prompt_tokens,
            completion_tokens: self.completion_tokens + other.completion_tokens,
        }
    }

    /// Money, where the price is known.
    fn cost(self, job: &Job) -> Option<f64> {
        let Self { prompt_tokens, completion_tokens, .. } = self;
        let usage = Usage { prompt_tokens, completion_tokens, ..Usage::default() };
        job.settings.model.price().map(|price| price.cost(&usage))
    }
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
    let estimate = preview.estimate;
    if common.json {
        let Estimate { calls, kept, prompt_tokens, completion_tokens } = estimate;
        let line = json!({
            "period": preview.period, "post": post, "state": preview.state, "diff": preview.diff,
            "estimate": {"calls": calls, "kept": kept, "prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens,
                "cost": estimate.cost(job), "currency": job.settings.model.currency},
        });
        console::data(&line.to_string());
        return;
    }
    console::data(&format!("{}: {}", post.display(), preview.state));
    console::data(preview.diff.trim_end());
    if !common.quiet {
        console::say(&in_words(job, estimate));
    }
}

fn in_words(job: &Job, estimate: Estimate) -> String {
    let Estimate { calls, kept, prompt_tokens, completion_tokens } = estimate;
    let cost = match estimate.cost(job) {
        Some(cost) => format!("{cost:.4} {}", job.settings.model.currency),
        None if calls > kept => format!("unknown, no price for `{}`", job.settings.model.ask.name),
        None => "0".to_owned(),
    };
    format!(
        "{calls} calls ({kept} answers are kept); estimated tokens: {prompt_tokens} in, {completion_tokens} out; estimated cost: {cost}"
    )
}
