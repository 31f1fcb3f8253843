//! The Atom feed of a report, made anew from what is on the site: whoever published last, the same site has the same feed.

use std::{fs, path::Path};

use chrono::DateTime;
use report::{FeedEntry, FeedInput, HeadField, OutputFile, PostHead, Slug, Trace, publish};
use serde::{Deserialize, Serialize};

use crate::{
    exit::{Code, Failure, OrFail},
    job::Job,
    settings::Settings,
};

/// `[feed]`, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedSettings {
    pub(crate) enabled: bool,
    pub(crate) file: String,
    pub(crate) title: String,
    pub(crate) entries: usize,
}

/// Refuses what no feed can be made with, before any work is done.
pub(crate) fn possible(settings: &Settings) -> Result<(), Failure> {
    let base = &settings.output.base_url;
    let is_address = base.starts_with("https://") || base.starts_with("http://");
    if settings.feed.enabled && !is_address {
        return Err(Failure::say(
            Code::Usage,
            format!("`output.base_url = \"{base}\"` is no address of a site"),
        )
        .hint(
            "a feed has whole addresses: set it to where the site is, such as `https://example.org/blog`",
        ));
    }
    let (head, format) = (&settings.post.head, &settings.post.time_format);
    let written = DateTime::UNIX_EPOCH.format(format).to_string();
    let told = head.iter().any(|(_, field)| *field == HeadField::Time);
    if settings.feed.enabled && !(told && DateTime::parse_from_str(&written, format).is_ok()) {
        return Err(Failure::say(Code::Usage, "a feed needs the time of each post, which front matter does not tell").hint(
            "`post.head` needs a key with `time`, and `post.time_format` date, time and offset, such as `%Y-%m-%dT%H:%M:%S%:z`",
        ));
    }
    Ok(())
}

/// Brings the feed up to date, when one is wanted.
pub(crate) fn refresh(job: &Job) -> Result<(), Failure> {
    if !job.settings.feed.enabled {
        return Ok(());
    }
    let file = job.settings.feed.file.replace("{report}", &job.settings.report.name);
    let path = Path::new(&job.settings.output.public).join(&file);
    let bytes = made(job, &file)?;
    let (site, name) = (&job.settings.output.site, &job.settings.report.name);
    publish(site, name, &[OutputFile { path, bytes }]).map(drop).map_err(|error| {
        Failure::new(Code::Output, error)
            .hint("the report itself is published; see `feed.file` for where the feed goes")
    })
}

fn made(job: &Job, file: &str) -> Result<Vec<u8>, Failure> {
    let (settings, output) = (&job.settings.feed, &job.settings.output);
    let title = if settings.title.is_empty() { &job.settings.report.called } else { &settings.title };
    let site = output.base_url.trim_end_matches('/');
    let input = FeedInput {
        url: &format!("{site}/{file}"),
        site: &format!("{site}/"),
        title,
        language: &job.settings.outline.language,
        post: &job.settings.post,
        entries: &entries(job),
    };
    report::feed(&input).or_fail(Code::Internal)
}

/// The newest reports of this name whose post and audit are there, newest first.
fn entries(job: &Job) -> Vec<FeedEntry> {
    let reports = job.layout.reports(&job.settings.output.site).into_iter();
    let own = reports.filter(|slug| slug.name == job.settings.report.name);
    own.filter_map(|slug| entry(job, &slug)).take(job.settings.feed.entries).collect()
}

/// A report that cannot be read is left out, and said to be.
fn entry(job: &Job, slug: &Slug) -> Option<FeedEntry> {
    let site = &job.settings.output.site;
    let (post, audit) = (site.join(job.layout.post(slug)), site.join(job.layout.audit(slug)));
    let markdown = fs::read_to_string(post).ok()?;
    let head = PostHead::of(&markdown, &job.settings.post);
    let trace = fs::read(audit).map_err(anyhow::Error::new).and_then(|bytes| Ok(Trace::read(&bytes)?));
    let read = trace.ok().zip(head.time).zip(head.day);
    let Some(((trace, time), day)) = read else {
        tracing::warn!("`{slug}` is not in the feed: its audit or its time cannot be read");
        return None;
    };
    let link = job.layout.link(slug, &job.settings.output.base_url, day);
    Some(FeedEntry { title: head.heading, link, time, trace })
}
