//! Telling of finished reports: the brief part of what stands on the site, to every `[[notify]]`, once.
//!
//! What is told is read from the audit on the site, never from memory: so a later run tells what an earlier one did not get
//! out. Nothing here changes a report, nor how its run ends.

use std::collections::BTreeMap;

use brief::Side;
use corpus::DropReason;
use deliver::{Courier, Delivery, Notice, Outcome, Point, When, Words};
use futures::future::join_all;
use report::{AuditHead, Counts, PostHead, PostSettings, Trace, TracedClaim, clean};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tera::{Context, Tera};
use tracing::{Instrument, field::Empty, info_span};

use crate::{
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    observe::Stage,
    period::Period,
    pipeline::{makeshift, now},
    publishing::head,
    settings::{Named, Settings},
};

/// The words of a message that are not from tweets, as templates; the profile's `[notice]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeTexts {
    title: String,
    key_points: String,
    counts: String,
    link: String,
}

#[derive(Serialize)]
struct Values {
    name: String,
    slug: String,
    from: String,
    to: String,
    span: String,
    read: u64,
    kept: u64,
    topics: u64,
    count: usize,
}

/// What came of telling of one report.
pub(crate) struct Told {
    pub(crate) period: Period,
    pub(crate) deliveries: Vec<Delivery>,
}

/// Tells all targets of the reports of these periods that are on the site, one report after the other; says what failed.
pub(crate) async fn tell(job: &Job, periods: &[Period], again: bool) -> Vec<Told> {
    let settings = &job.settings;
    if settings.notify.is_empty() {
        return Vec::new();
    }
    let (courier, targets) = (courier(settings), settings.targets());
    let stage =
        Stage::begin(info_span!("deliver", targets = targets.len(), delivered = Empty, failed = Empty));
    let mut told: Vec<Told> = Vec::new();
    for period in periods {
        let period = *period;
        let deliveries = match (&courier, notice(job, period)) {
            (Ok(courier), Ok(Some(known))) => {
                each(courier, &targets, &known, again).instrument(stage.span().clone()).await
            }
            (_, Ok(None)) => Vec::new(),
            (Err(failure), _) => all_failed(settings, failure),
            (_, Err(failure)) => all_failed(settings, &failure),
        };
        for delivery in &deliveries {
            warn(period, delivery);
        }
        told.push(Told { period, deliveries });
    }
    let all = || told.iter().flat_map(|told| &told.deliveries);
    let count = |outcome| all().filter(|delivery| delivery.outcome == outcome).count();
    stage.record("delivered", count(Outcome::Delivered)).record("failed", count(Outcome::Failed));
    stage.end();
    told
}

/// Failures are told always, also with `--quiet` and `--json`: nothing else would.
fn warn(period: Period, delivery: &Delivery) {
    let Delivery { target, sent, parts, error, .. } = delivery;
    if let Some(error) = error {
        let span = period.span();
        console::say(&format!(
            "warning: `{target}` was not told of {span} ({sent} of {parts} messages are out): {error}\n  hint: the next run tries again; `tuibao notify test {target}` sends a test message"
        ));
    }
}

/// All targets at the same time, each at its own pace; in the order of the configuration.
async fn each(courier: &Courier, targets: &[Named], known: &Known, again: bool) -> Vec<Delivery> {
    let Known { notice, post, whole } = known;
    let report = deliver::Report { slug: &notice.slug, post, again };
    let one = async |named: &Named| match &named.target {
        Ok(target) if target.when() == When::Whole && !whole => None,
        Ok(target) => Some(courier.deliver(target, notice, report).await),
        Err(error) => Some(Delivery::failed(&named.name, error)),
    };
    join_all(targets.iter().map(one)).await.into_iter().flatten().collect()
}

pub(crate) fn courier(settings: &Settings) -> Result<Courier, Failure> {
    Courier::new(&settings.delivery, now().timestamp_millis()).or_fail(Code::Usage)
}

fn all_failed(settings: &Settings, failure: &Failure) -> Vec<Delivery> {
    settings.notify.iter().map(|target| Delivery::failed(&target.name, &failure.error)).collect()
}

/// A report on the site as it is told.
struct Known {
    notice: Notice,
    /// Hash of its post.
    post: String,
    /// Whether nothing of it is missing.
    whole: bool,
}

/// What is told of the report of a period; `None` when there is none on the site.
fn notice(job: &Job, period: Period) -> Result<Option<Known>, Failure> {
    let site = &job.settings.output.site;
    let Some(head) = head(job, period).filter(|_| site.join(job.post_path(period)).is_file()) else {
        return Ok(None);
    };
    let audit = std::fs::read(site.join(job.audit_path(period))).or_fail(Code::Input)?;
    let trace = Trace::read(&audit).or_fail(Code::Input)?;
    let claims = |part| trace.claims().filter(move |(section, _)| *section == part).map(|(_, claim)| claim);
    let (paragraphs, directions): (Vec<_>, Vec<_>) =
        claims("overview").partition(|claim: &&TracedClaim| claim.lead.is_empty());
    let point = |claim: &TracedClaim| point(claim, &job.settings.post);
    let overview: Vec<String> = paragraphs.into_iter().map(|claim| point(claim).text).collect();
    let key_points: Vec<Point> = claims("key_points").map(point).collect();
    let words = words(job, period, &head, key_points.len())?;
    let directions = directions.into_iter().map(point).collect();
    Ok(Some(Known {
        notice: Notice { overview: overview.join(" "), directions, key_points, ..words },
        whole: head.gaps == 0 && !makeshift(head.grade),
        post: head.hashes.post,
    }))
}

/// The notice without what tweets say.
fn words(job: &Job, period: Period, head: &AuditHead, count: usize) -> Result<Notice, Failure> {
    let texts = &job.settings.notice;
    let values = Values {
        name: job.settings.report.name.clone(),
        slug: job.slug(period).to_string(),
        from: period.from.to_string(),
        to: period.to.to_string(),
        span: period.span(),
        read: head.counts.kept + dropped(&head.counts),
        kept: head.counts.kept,
        topics: head.counts.topics,
        count,
    };
    let fill = |key: &str, template: &str| fill(key, template, &values);
    Ok(Notice {
        title: fill("notice.title", &texts.title)?,
        counts: fill("notice.counts", &texts.counts)?,
        words: Words {
            key_points: fill("notice.key_points", &texts.key_points)?,
            link: fill("notice.link", &texts.link)?,
        },
        link: link(job, period)?,
        mark: job.settings.post.marks.lead.clone(),
        slug: values.slug.clone(),
        from: values.from.clone(),
        to: values.to.clone(),
        ..Notice::default()
    })
}

/// The address of the report's page; empty where the site's is not known.
fn link(job: &Job, period: Period) -> Result<String, Failure> {
    let (settings, slug) = (&job.settings, job.slug(period));
    let base = &settings.output.base_url;
    if base.is_empty() {
        return Ok(String::new());
    }
    let post =
        std::fs::read_to_string(settings.output.site.join(job.post_path(period))).or_fail(Code::Input)?;
    let day = PostHead::of(&post, &settings.post).day.unwrap_or(period.to);
    Notice::link(&job.layout.link(&slug, base, day)).or_fail(Code::Usage)
}

/// Tweets of the window that were left out.
fn dropped(counts: &Counts) -> u64 {
    let inside = |reason: &str| reason != DropReason::OutOfWindow.name();
    counts.dropped.iter().filter(|(reason, _)| inside(reason)).map(|(_, count)| count).sum()
}

fn fill(key: &str, template: &str, values: &Values) -> Result<String, Failure> {
    let filled = Context::from_serialize(values).and_then(|context| Tera::one_off(template, &context, false));
    filled
        .map_err(|error| Failure::say(Code::Usage, format!("the template `{key}` cannot be filled: {error}")))
}

/// A claim's words, with what to know before trusting it.
fn point(claim: &TracedClaim, post: &PostSettings) -> Point {
    let sole = if claim.sole_source { post.sole_source.as_str() } else { "" };
    let side = |side: &Side| format!("@{} {}", side.handle, side.written);
    let sides: Vec<String> = claim.disputed.iter().map(side).collect();
    let marks = &post.marks;
    let disputed = if sides.is_empty() {
        String::new()
    } else {
        format!("{}{}{}{}", marks.open, post.disputed, sides.join(&marks.between), marks.close)
    };
    Point { lead: clean(&claim.lead), text: format!("{}{sole}{disputed}", clean(&claim.text)) }
}

/// Who was told now, in a line for people.
pub(crate) fn line(told: &[Told]) -> Option<String> {
    let mut reports: BTreeMap<&str, usize> = BTreeMap::new();
    for delivery in told.iter().flat_map(|told| &told.deliveries) {
        if delivery.outcome == Outcome::Delivered {
            *reports.entry(&delivery.target).or_default() += 1;
        }
    }
    let whom = |(target, reports): (&str, usize)| match reports {
        1 => format!("`{target}`"),
        several => format!("`{target}` of {several} reports"),
    };
    let names: Vec<String> = reports.into_iter().map(whom).collect();
    (!names.is_empty()).then(|| format!("told: {}", names.join(", ")))
}

/// The same as JSON.
pub(crate) fn json(told: &[Told]) -> Value {
    json!(told.iter().flat_map(|told| &told.deliveries).collect::<Vec<_>>())
}
