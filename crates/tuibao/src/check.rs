//! `tuibao check POST`: whether a post keeps its contract and is the one that its audit tells of.

use std::path::{Path, PathBuf};

use report::{AuditHead, Contract, violations};
use serde_json::json;

use crate::{
    cli::{CheckArgs, Common},
    console,
    exit::{Code, Failure},
    pipeline::hash,
    settings::{self, Settings},
};

/// Lists what is wrong; partial when something is.
pub(crate) fn check(args: &CheckArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let bytes = std::fs::read(&args.post).map_err(|error| {
        let context = format!("cannot read the post `{}`", args.post.display());
        Failure::new(Code::Input, anyhow::Error::new(error).context(context))
            .hint("name the Markdown file of a post")
    })?;
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
    if !head.counts.balanced() {
        problems.push("the audit's counts do not add up".to_owned());
    }
    problems
}

/// The audit of a post: `<slug>.audit.json` in the audit folder of the site that the post stands in.
fn audit_of(post: &Path, settings: &Settings) -> Option<PathBuf> {
    let stem = post.file_stem()?.to_str()?;
    let (date, slug) = stem.split_at_checked("2026-01-24".len())?;
    let date: chrono::NaiveDate = date.parse().ok()?;
    let name = format!("{}.audit.json", slug.trim_start_matches('-'));
    let folder = date.format(&settings.output.audits).to_string();
    let roots =
        post.ancestors().skip(1).map(|root| if root.as_os_str().is_empty() { Path::new(".") } else { root });
    roots.map(|root| root.join(&folder).join(&name)).find(|path| path.is_file())
}
