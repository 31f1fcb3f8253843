//! The second half of the flow: sorted → written → verified → rendered. Publishing is the caller's.
//!
//! The only reader of the clock; everything behind it is a function of its inputs.

use std::time::Duration;

use brief::{Brief, Grade, Pen, Progress, Spending, WriteError, write};
use chrono::{DateTime, NaiveDate, Utc};
use corpus::Coverage;
use llm::Deadline;
use report::{AuditInput, ChartLink, Counts, Hashes, Headings, OutputFile, PostInput, audit, post};
use tokio::time::Instant;
use tracing::{Instrument, field::Empty, info, info_span};

use crate::{
    console::Watch,
    drawing::{Content, draw, hashes},
    exit::{Code, Failure, OrFail},
    job::Job,
    observe::Stage,
    period::Period,
    picture::{Picture, picture},
    settings::{OnFailure, clock},
    sorting::Sorted,
    texts::headings,
};

/// Now, or the time that `TUIBAO_NOW` sets.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now() -> DateTime<Utc> {
    clock::now().unwrap_or_else(Utc::now)
}

/// A report, ready to publish.
pub(crate) struct Report {
    pub(crate) period: Period,
    pub(crate) counts: Counts,
    /// Whether the window has gaps.
    pub(crate) coverage: Coverage,
    pub(crate) brief: Brief,
    /// Audit, pictures, the HTML edition and, last, the post.
    pub(crate) files: Vec<OutputFile>,
    pub(crate) cloud_skipped: Vec<String>,
    /// Why there is no word cloud, when one was wanted.
    pub(crate) no_cloud: Option<String>,
    /// Why the topics were made without sentence vectors, when these were wanted.
    pub(crate) no_vectors: Option<String>,
    /// Days without a report, of one that is made from those of its days.
    pub(crate) missing: Vec<NaiveDate>,
}

/// write → verify → render: everything but publishing.
pub(crate) async fn compose(job: &Job, sorted: &Sorted, watch: Option<&Watch>) -> Result<Report, Failure> {
    let period = sorted.period.span();
    let stage = Stage::begin(info_span!("write", period, calls = Empty, tokens = Empty, cost = Empty));
    let brief = draft(job, sorted, watch).instrument(stage.span().clone()).await?;
    told(job, &brief, stage);
    let stage = Stage::begin(info_span!("render", period, files = Empty, bytes = Empty));
    let report = stage.span().in_scope(|| finish(job, sorted, brief))?;
    let bytes: usize = report.files.iter().map(|file| file.bytes.len()).sum();
    stage.record("files", report.files.len()).record("bytes", bytes);
    stage.end();
    Ok(report)
}

/// What was written and let through. A draft is verified as soon as it is there, so that the time of both is one.
fn told(job: &Job, brief: &Brief, stage: Stage) {
    let Spending { calls, prompt_tokens, completion_tokens, cost, .. } = brief.spending();
    stage.record("calls", calls).record("tokens", prompt_tokens + completion_tokens).record("cost", cost);
    let (claims, refused, gaps) = (brief.claims().count(), brief.refused.len(), brief.gaps.len());
    stage.span().in_scope(|| info_span!("verify", claims, refused, gaps).in_scope(|| info!("done")));
    stage.end();
    job.tally.written(brief);
}

/// write → verify; by the model only when somebody watches, which is never so in a dry run.
async fn draft(job: &Job, sorted: &Sorted, watch: Option<&Watch>) -> Result<Brief, Failure> {
    let end = Instant::now() + Duration::from_secs(job.settings.model.report_minutes * 60);
    let model = job.model.as_ref().map(|model| Deadline::new(model, end));
    let span = sorted.period.span();
    let told = |progress: &Progress<'_>| {
        if let Some(watch) = watch {
            watch.tell(&span, progress, &job.settings.model.currency);
        }
    };
    let pen = match (&sorted.long, &model) {
        (Some(long), _) => Pen::Told(&long.retelling),
        (None, Some(model)) if watch.is_some() => {
            Pen::Model { model, settings: &job.settings.model.ask, watch: &told }
        }
        _ => Pen::Extractive,
    };
    let brief = write(&sorted.topics, &job.desk(), &pen).await.map_err(refused)?;
    if let Some(gap) = brief.gaps.first().filter(|_| job.settings.writer.on_failure == OnFailure::Fail) {
        return Err(Failure::say(Code::Model, format!("the model gave no usable answer for `{}`: {}", gap.part, gap.reason))
            .hint("`tuibao doctor` looks at the model; `writer.on_failure = \"extractive\"` allows a report without it"));
    }
    Ok(brief)
}

/// render: everything but publishing.
fn finish(job: &Job, sorted: &Sorted, brief: Brief) -> Result<Report, Failure> {
    let (period, counts) = (sorted.period, &sorted.counts);
    let Picture { bytes: picture, skipped: cloud_skipped, missing: no_cloud } = picture(job, sorted)?;
    let headings = headings(job, sorted, &brief)?;
    let drawn = draw(job, sorted, &brief)?;
    let links = drawn.links(job, sorted);
    let markdown = markdown(job, sorted, &brief, &headings, (picture.is_some(), &links))?;
    let content = Content { brief: &brief, headings: &headings, cloud: picture.as_deref() };
    let beside = drawn.files(job, sorted, &content)?;
    let hashes = Hashes {
        tweets: sorted.fingerprint.clone(),
        settings: sorted.settings.clone(),
        memory: sorted.remembered.clone(),
        post: hash(markdown.as_bytes()),
        picture: picture.as_ref().map_or_else(String::new, |bytes| hash(bytes)),
        files: hashes(&beside),
    };
    let audit = audit(&AuditInput {
        slug: &job.slug(period).to_string(),
        program: concat!("tuibao ", env!("CARGO_PKG_VERSION")),
        window: sorted.window,
        counts,
        coverage: &sorted.coverage,
        topics: &sorted.topics,
        brief: &brief,
        left_out: &sorted.left_out,
        told: &sorted.told,
        worths: &sorted.worths,
        dropped: &sorted.dropped,
        rejected: &sorted.rejected,
        currency: &job.settings.model.currency,
        hashes: &hashes,
        made_of: sorted.long.as_ref().map(|long| &long.made_of),
    });
    let (coverage, no_vectors) = (sorted.coverage.clone(), sorted.no_vectors.clone());
    let mut files = vec![OutputFile { path: job.audit_path(period), bytes: audit.or_fail(Code::Internal)? }];
    files.extend(picture.map(|bytes| OutputFile { path: job.picture_path(period), bytes }));
    files.extend(beside);
    files.push(OutputFile { path: job.post_path(period), bytes: markdown.into_bytes() });
    let missing = sorted.long.as_ref().map(|long| long.made_of.missing.clone()).unwrap_or_default();
    let counts = counts.clone();
    Ok(Report { period, counts, coverage, brief, files, cloud_skipped, no_cloud, no_vectors, missing })
}

fn refused(error: WriteError) -> Failure {
    match error {
        WriteError::Refused(error) => Failure::new(Code::Model, error)
            .hint("check the key (`model.api_key_env`), the quota and `model.ask.name`; `tuibao doctor` shows what is set"),
        WriteError::Outline(_) | WriteError::Prompt(_) => Failure::new(Code::Usage, error),
    }
}

fn markdown(
    job: &Job,
    sorted: &Sorted,
    brief: &Brief,
    headings: &Headings,
    (picture, charts): (bool, &[ChartLink]),
) -> Result<String, Failure> {
    let url = job.picture_url(sorted.period);
    let input = PostInput {
        settings: &job.settings.post,
        headings,
        time: &job.calendar.stamp(sorted.newest, sorted.period.to, &job.settings.post.time_format),
        slug: &job.slug(sorted.period).to_string(),
        outline: &job.settings.outline,
        brief,
        charts,
        picture: picture.then_some(url.as_str()),
    };
    post(&input).or_fail(Code::Internal)
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Whether a report is a makeshift that a later run should try to better.
pub(crate) fn makeshift(grade: Grade) -> bool {
    matches!(grade, Grade::Fallback | Grade::ModelWithGaps)
}
