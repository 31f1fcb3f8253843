//! The index: what there is of each report, and how it was made.

use corpus::DropReason;
use report::{AUDIT_SCHEMA_VERSION, Counts, Slug, heading};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{markdown::language, site::Site};

/// A report in the index.
#[derive(Serialize)]
pub(crate) struct Card {
    slug: String,
    title: String,
    lang: String,
    from: String,
    to: String,
    post: bool,
    edition: bool,
    audit: Option<Told>,
}

/// What the index tells of an audit.
#[derive(Serialize)]
struct Told {
    grade: String,
    claims: usize,
    refused: usize,
    gaps: usize,
    /// Tweets of the report's own days.
    read: u64,
    kept: u64,
    topics: u64,
}

/// As much of an audit as that needs.
#[derive(Deserialize)]
struct Audit {
    schema_version: u32,
    grade: String,
    gaps: usize,
    counts: Counts,
    brief: Brief,
}

#[derive(Deserialize)]
struct Brief {
    overview: Vec<IgnoredAny>,
    key_points: Vec<IgnoredAny>,
    sections: Vec<Section>,
    refused: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Section {
    claims: Vec<IgnoredAny>,
}

/// All reports of a site, newest first.
pub(crate) fn cards(site: &Site) -> Vec<Card> {
    site.reports().iter().map(|slug| card(site, slug)).collect()
}

fn card(site: &Site, slug: &Slug) -> Card {
    let post = site.post(slug);
    let heading = post.as_ref().map(|bytes| heading(&String::from_utf8_lossy(bytes)));
    let title = heading.filter(|heading| !heading.is_empty()).unwrap_or_else(|| slug.to_string());
    Card {
        slug: slug.to_string(),
        lang: language(&title).to_owned(),
        title,
        from: slug.from.to_string(),
        to: slug.to.to_string(),
        post: post.is_some(),
        edition: site.edition(slug).is_some(),
        audit: site.audit(slug).and_then(|bytes| told(&bytes)),
    }
}

/// `None` where the audit is none that this program knows.
fn told(bytes: &[u8]) -> Option<Told> {
    let audit: Audit = serde_json::from_slice(bytes).ok()?;
    let Brief { overview, key_points, sections, refused } = audit.brief;
    let counts = audit.counts;
    let others = counts.dropped.get(DropReason::OutOfWindow.name()).copied().unwrap_or_default();
    let detail: usize = sections.iter().map(|section| section.claims.len()).sum();
    (audit.schema_version == AUDIT_SCHEMA_VERSION).then(|| Told {
        grade: audit.grade.replace('_', " "),
        claims: overview.len() + key_points.len() + detail,
        refused: refused.len(),
        gaps: audit.gaps,
        read: counts.read.saturating_sub(others),
        kept: counts.kept,
        topics: counts.topics,
    })
}
