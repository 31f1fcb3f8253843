//! `tuibao check POST`: whether a post keeps its contract and is the one that its audit tells of.

use std::path::{Path, PathBuf};

use report::{AuditHead, Contract, violations};
use serde_json::json;

use crate::{
    cli::{CheckArgs, Common},
    console,
    exit::{Code, Failure},
    period::dated,
    pipeline::hash,
    settings::{self, Settings},
};

/// Lists what is wrong; partial when something is.
pub(crate) fn check(args: &CheckArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let bytes = read_post(&args.post)?;
    let markdown = String::from_utf8_lossy(&bytes);
    let mut problems: Vec<String> =
        violations(&markdown, &contract(&settings)).iter().map(ToString::to_string).collect();
    problems.extend(beside(&args.post, &bytes, &settings));
    if common.json {
        console::data(
            &json!({"post": args.post, "ok": problems.is_empty(), "problems": problems}).to_string(),
        );
    } else {
        for problem in &problems {
            console::data(&console::plain(problem));
        }
        let verdict = if problems.is_empty() {
            "keeps the contract".to_owned()
        } else {
            format!("{} problems", problems.len())
        };
        console::say(&format!("{}: {verdict}", args.post.display()));
    }
    Ok(if problems.is_empty() { Code::Done } else { Code::Partial })
}

/// The bytes of a post.
pub(crate) fn read_post(post: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(post).map_err(|error| {
        let context = format!("cannot read the post `{}`", post.display());
        Failure::new(Code::Input, anyhow::Error::new(error).context(context))
            .hint("name the Markdown file of a post")
    })
}

fn contract(settings: &Settings) -> Contract<'_> {
    Contract {
        outline: &settings.outline,
        post: &settings.post,
        brief: &settings.report.brief,
        overview: &settings.report.overview,
        detail: &settings.report.detail,
    }
}

/// What stands beside the post: its audit, whose hashes it must match, and its picture.
fn beside(post: &Path, bytes: &[u8], settings: &Settings) -> Vec<String> {
    let Some(audit) = audit_of(post, settings) else {
        return vec!["its audit file is not there; without it no line can be traced".to_owned()];
    };
    let head = std::fs::read(&audit).ok().and_then(|bytes| serde_json::from_slice::<AuditHead>(&bytes).ok());
    let Some(head) = head else { return vec![format!("its audit `{}` cannot be read", audit.display())] };
    let mut problems = Vec::new();
    if head.hashes.post != hash(bytes) {
        problems.push("it was changed after it was published: its hash is not the audit's".to_owned());
    }
    if !head.hashes.picture.is_empty()
        && picture_of(post, settings).is_none_or(|bytes| hash(&bytes) != head.hashes.picture)
    {
        problems.push("its word cloud is not there, or is not the one that its audit tells of".to_owned());
    }
    let others =
        head.hashes.files.iter().filter(|(name, wanted)| {
            file_of(post, settings, name).is_none_or(|bytes| hash(&bytes) != **wanted)
        });
    problems.extend(
        others.map(|(name, _)| format!("`{name}` is not there, or is not the one that its audit tells of")),
    );
    if !head.counts.balanced() {
        problems.push("the audit's counts do not add up".to_owned());
    }
    problems
}

/// The audit of a post: `<slug>.audit.json` in the audit folder of the site that the post stands in.
pub(crate) fn audit_of(post: &Path, settings: &Settings) -> Option<PathBuf> {
    let (date, slug) = date_and_slug(post)?;
    in_site(post, &dated(&settings.output.audits, date)?.join(format!("{slug}.audit.json")))
}

/// The bytes of its word cloud.
fn picture_of(post: &Path, settings: &Settings) -> Option<Vec<u8>> {
    let (date, slug) = date_and_slug(post)?;
    let path = in_site(post, &dated(&settings.output.images, date)?.join(format!("wordcloud_{slug}.jpg")))?;
    std::fs::read(path).ok()
}

/// The bytes of a chart or of the HTML edition, by file name.
fn file_of(post: &Path, settings: &Settings, name: &str) -> Option<Vec<u8>> {
    let (date, _) = date_and_slug(post)?;
    let is_page = Path::new(name).extension().is_some_and(|ending| ending == "html");
    let folder = if is_page { &settings.html.folder } else { &settings.output.images };
    // A name with a folder in it is none of ours.
    let plain = Path::new(Path::new(name).file_name()?);
    std::fs::read(in_site(post, &dated(folder, date)?.join(plain))?).ok()
}

fn date_and_slug(post: &Path) -> Option<(chrono::NaiveDate, &str)> {
    let (date, slug) = post.file_stem()?.to_str()?.split_at_checked("2026-01-24".len())?;
    Some((date.parse().ok()?, slug.trim_start_matches('-')))
}

/// A file of the site that a post stands in, whose root is one of the folders above it.
fn in_site(post: &Path, path: &Path) -> Option<PathBuf> {
    let roots =
        post.ancestors().skip(1).map(|root| if root.as_os_str().is_empty() { Path::new(".") } else { root });
    roots.map(|root| root.join(path)).find(|path| path.is_file())
}
