//! The post's fixed words: the profile's templates, filled with the report's dates and counts.

use std::collections::BTreeMap;

use brief::Brief;
use corpus::{DropReason, Verdict};
use report::Headings;
use serde::Serialize;
use tera::{Context, Tera};

use crate::{
    coverage::gaps,
    exit::{Code, Failure},
    job::Job,
    long::LongValues,
    sorting::Sorted,
};

#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    from: String,
    to: String,
    from_compact: String,
    to_compact: String,
    span: String,
    count: usize,
    read: u64,
    dropped: u64,
    reasons: String,
    kept: u64,
    quiet: bool,
    gaps: String,
    in_topics: u64,
    left_out: u64,
    told: u64,
    topics: u64,
    claims: usize,
    refused: usize,
    replaced: usize,
    checked: usize,
    omitted: usize,
    sole: usize,
    disputed: usize,
    small_followers: u64,
    small_reactions: u64,
    writer: &'a str,
    #[serde(flatten)]
    long: LongValues,
}

/// Fills the profile's templates.
pub(crate) fn headings(job: &Job, sorted: &Sorted, brief: &Brief) -> Result<Headings, Failure> {
    let texts = &job.settings.report;
    let values = values(job, sorted, brief);
    let fill = |name: &str, template: &str| fill(&format!("report.{name}"), template, &values);
    Ok(Headings {
        title: fill("title", &texts.title)?,
        intro: fill("intro", &texts.intro)?,
        heading: fill("heading", &texts.heading)?,
        brief: fill("brief", &texts.brief)?,
        overview: fill("overview", &texts.overview)?,
        key_points: fill("key_points", &texts.key_points)?,
        detail: fill("detail", &texts.detail)?,
        note: fill("note", &texts.note)?,
        cloud: fill("cloud", &texts.cloud)?,
        cloud_alt: fill("cloud_alt", &texts.cloud_alt)?,
        charts: fill("charts.heading", &texts.charts.heading)?,
    })
}

/// A template of the profile, by its key, filled in.
pub(crate) fn fill(key: &str, template: &str, values: &impl Serialize) -> Result<String, Failure> {
    let filled = Context::from_serialize(values).and_then(|context| Tera::one_off(template, &context, false));
    filled.map_err(|error| bad(key, &error))
}

fn bad(key: &str, error: &tera::Error) -> Failure {
    Failure::say(Code::Usage, format!("the template `{key}` of the profile cannot be filled: {error}"))
        .hint("the variables are those of the templates in config/reports/twitter_ai.toml")
}

fn values<'a>(job: &'a Job, day: &Sorted, brief: &Brief) -> Values<'a> {
    let counts = &day.counts;
    let period = day.period;
    // Only the window's tweets bear on a post: a corpus that grows by other days leaves it as it is.
    let mut reasons = counts.dropped.clone();
    reasons.remove(DropReason::OutOfWindow.name());
    let dropped: u64 = reasons.values().sum();
    let grade = serde_json::to_value(brief.grade())
        .ok()
        .and_then(|grade| grade.as_str().map(str::to_owned))
        .unwrap_or_default();
    let (claims, refused) = (brief.claims().count(), brief.refused.len());
    let replaced = brief.refused.iter().filter(|refused| refused.replaced).count();
    let small = job.settings.outline.small_account;
    Values {
        name: &job.settings.report.name,
        from: period.from.to_string(),
        to: period.to.to_string(),
        from_compact: period.from.format("%Y%m%d").to_string(),
        to_compact: period.to.format("%Y%m%d").to_string(),
        span: period.span(),
        count: brief.key_points.len(),
        read: dropped + counts.kept,
        dropped,
        reasons: named(&reasons, &job.settings.report.reasons, &job.settings.post.marks.between),
        kept: counts.kept,
        quiet: day.coverage.verdict == Verdict::Quiet,
        gaps: gaps(&day.coverage, day.window, &job.calendar, &job.settings.post.marks.between),
        in_topics: counts.in_topics,
        left_out: counts.left_out - counts.told,
        told: counts.told,
        topics: counts.topics,
        claims,
        refused,
        replaced,
        checked: claims + refused,
        omitted: refused - replaced,
        sole: brief.claims().filter(|claim| claim.sole_source()).count(),
        disputed: brief.claims().filter(|claim| !claim.disputed().is_empty()).count(),
        small_followers: small.followers,
        small_reactions: small.reactions,
        long: day.long.as_ref().map(|long| long.values.clone()).unwrap_or_default(),
        writer: job.settings.report.writers.get(&grade).map_or("", String::as_str),
    }
}

/// `广告 23、过短 4`, most first.
fn named(reasons: &BTreeMap<String, u64>, names: &BTreeMap<String, String>, between: &str) -> String {
    let mut most_first: Vec<(&String, &u64)> = reasons.iter().collect();
    most_first.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let parts = most_first
        .into_iter()
        .map(|(reason, count)| format!("{} {count}", names.get(reason).unwrap_or(reason)));
    parts.collect::<Vec<_>>().join(between)
}
