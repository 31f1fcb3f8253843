//! What is on the site already, and whether a report may take its place.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use brief::{Brief, Grade};
use report::{AUDIT_SCHEMA_VERSION, AuditHead, PublishError, publish, recover};
use tracing::{field::Empty, info_span};

use crate::{
    console,
    exit::{Code, Failure},
    floor,
    job::Job,
    observe::Stage,
    period::Period,
    pipeline::{Report, hash, makeshift},
    settings::Mode,
    sorting::Sorted,
};

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Written, or written anew.
    Published,
    /// The same is there already.
    UpToDate,
    /// A better one is there and stays.
    KeptBetter,
    /// Tweets came in after it was published, and the settings leave it as it is.
    Left,
}

/// How the report on the site stands to what would be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Made from just these tweets, settings and earlier reports, and untouched.
    UpToDate,
    /// The same, but for its tweets.
    Late,
    /// Not there, touched, or made from something else.
    Stale,
}

impl Outcome {
    /// As JSON and figures spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::UpToDate => "up_to_date",
            Self::KeptBetter => "kept_better",
            Self::Left => "left",
        }
    }
}

/// Whether a report's post is on the site.
pub(crate) fn is_there(job: &Job, period: Period) -> bool {
    job.settings.output.site.join(job.post_path(period)).is_file()
}

/// The audit on the site, when it is there and readable.
pub(crate) fn head(job: &Job, period: Period) -> Option<AuditHead> {
    let bytes = std::fs::read(job.settings.output.site.join(job.audit_path(period))).ok()?;
    serde_json::from_slice::<AuditHead>(&bytes)
        .ok()
        .filter(|head| head.schema_version == AUDIT_SCHEMA_VERSION)
}

/// Compares the report on the site with what was sorted.
pub(crate) fn standing(job: &Job, sorted: &Sorted) -> Standing {
    let Some(head) = head(job, sorted.period) else { return Standing::Stale };
    // A report with sentence vectors stays when there are none now.
    let same_settings = [&job.fingerprint, &sorted.settings].contains(&&head.hashes.settings);
    let may_better = job.settings.writer.mode == Mode::Model && makeshift(head.grade);
    let stands = same_settings
        && head.hashes.memory == sorted.remembered
        && !may_better
        && intact(job, sorted.period, &head);
    match (stands, head.hashes.tweets == sorted.fingerprint) {
        (true, true) => Standing::UpToDate,
        (true, false) => Standing::Late,
        (false, _) => Standing::Stale,
    }
}

/// Whether nothing is left to do.
pub(crate) fn up_to_date(job: &Job, sorted: &Sorted) -> bool {
    standing(job, sorted) == Standing::UpToDate
}

/// Whether post, picture and all other files are there with the bytes that the audit tells, and the HTML edition when it is wanted.
fn intact(job: &Job, period: Period, head: &AuditHead) -> bool {
    let site = &job.settings.output.site;
    let is = |path: &Path, wanted: &str| hash_of(&site.join(path)).is_some_and(|hash| hash == wanted);
    let picture = head.hashes.picture.is_empty() || is(&job.picture_path(period), &head.hashes.picture);
    let files = head.hashes.files.iter().all(|(name, wanted)| is(&job.file_path(period, name), wanted));
    let edition = !job.settings.html.enabled || head.hashes.files.contains_key(&job.edition_name(period));
    picture && files && edition && is(&job.post_path(period), &head.hashes.post)
}

/// Hash of a file that can be read.
pub(crate) fn hash_of(path: &Path) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| hash(&bytes))
}

/// Whether the report on the site is better than a new one: of a higher grade, or of the same with fewer gaps.
pub(crate) fn better_there(job: &Job, period: Period, brief: &Brief) -> bool {
    let worth = |grade: Grade, gaps: usize| (grade, std::cmp::Reverse(gaps));
    let new = worth(brief.grade(), brief.gaps.len());
    head(job, period).is_some_and(|head| is_there(job, period) && worth(head.grade, head.gaps) > new)
}

/// Publishes, unless a better report is there or this one is below its floor.
pub(crate) fn place(job: &Job, report: &Report) -> Result<Outcome, Failure> {
    let bytes: usize = report.files.iter().map(|file| file.bytes.len()).sum();
    let (period, files) = (report.period, report.files.len());
    let stage = Stage::begin(info_span!("publish", period = period.span(), files, bytes, outcome = Empty));
    let outcome = stage.span().in_scope(|| put(job, report))?;
    stage.record("outcome", outcome.name());
    stage.end();
    Ok(outcome)
}

fn put(job: &Job, report: &Report) -> Result<Outcome, Failure> {
    if better_there(job, report.period, &report.brief) && !job.force {
        return Ok(Outcome::KeptBetter);
    }
    floor::reached(job, report)?;
    let site = &job.settings.output.site;
    let published = publish(site, &job.settings.report.name, &report.files).map_err(unwritten)?;
    let changed = published.files.iter().any(|(_, outcome)| *outcome != report::Outcome::Unchanged);
    Ok(if changed { Outcome::Published } else { Outcome::UpToDate })
}

/// A file of the site that cannot be written.
pub(crate) fn unwritten(error: PublishError) -> Failure {
    Failure::new(Code::Output, error)
        .hint("check the folder's rights and the free space, or name another one with --out")
}

/// Keeps other runs of this report away until dropped; the lock dies with the process.
pub(crate) struct Lock {
    _file: File,
}

/// Takes the lock of the report in the site folder, and finishes what a run that died had begun to publish.
pub(crate) fn take(job: &Job, wait: bool) -> Result<Lock, Failure> {
    let (site, name) = (&job.settings.output.site, &job.settings.report.name);
    let lock = lock(site, name, wait)?;
    recover(site, name, job.layout.files(site)).map_err(unwritten)?;
    Ok(lock)
}

fn lock(site: &Path, name: &str, wait: bool) -> Result<Lock, Failure> {
    let path = site.join(format!(".tuibao-{name}.lock"));
    let unwritable = |error: std::io::Error| {
        let context = format!("cannot write `{}`", path.display());
        Failure::new(Code::Output, anyhow::Error::new(error).context(context))
            .hint("check the folder's rights, or name another one with --out")
    };
    std::fs::create_dir_all(site).map_err(unwritable)?;
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) if wait => {
            console::say(&format!("another run writes to `{}`: waiting until it ends", site.display()));
            file.lock().map_err(unwritable)?;
            Ok(Lock { _file: file })
        }
        Err(TryLockError::WouldBlock) => {
            Err(Failure::say(Code::Busy, format!("another run writes to `{}`", site.display()))
                .hint("wait until it ends, or let `--wait` do so; the lock dies with its process"))
        }
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
    }
}
