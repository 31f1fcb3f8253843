//! `tuibao check POST`: whether a post keeps its contract and is the one that its audit tells of.

use std::path::{Path, PathBuf};

use report::{AuditHead, Contract, PictureFormat, Slug, violations};
use serde_json::json;

use crate::{
    cli::{CheckArgs, Common},
    console,
    exit::{Code, Failure},
    long::settings_of,
    pipeline::hash,
    settings::{self, Settings},
};

/// Lists what is wrong; partial when something is.
pub(crate) fn check(args: &CheckArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let settings = settings_of(audit_of(&args.post, &settings).as_deref(), settings)?;
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
    in_site(post, &settings.layout().audit(&Slug::of_post(post)?))
}

/// The bytes of its word cloud, in whichever format it was made.
fn picture_of(post: &Path, settings: &Settings) -> Option<Vec<u8>> {
    let slug = Slug::of_post(post)?;
    let layout = settings.layout();
    let formats = [PictureFormat::Jpg, PictureFormat::Png, PictureFormat::Svg];
    let name = |format: PictureFormat| format!("wordcloud_{slug}.{}", format.ending());
    // The one of the settings first: another may be left from before they were changed.
    let path = std::iter::once(settings.cloud.format)
        .chain(formats)
        .find_map(|format| in_site(post, &layout.image(&slug, &name(format))))?;
    std::fs::read(path).ok()
}

/// The bytes of a chart or of the HTML edition, by file name.
fn file_of(post: &Path, settings: &Settings, name: &str) -> Option<Vec<u8>> {
    // A name with a folder in it is none of ours.
    let plain = Path::new(name).file_name()?.to_str()?;
    let path = settings.layout().beside(&Slug::of_post(post)?, plain);
    std::fs::read(in_site(post, &path)?).ok()
}

/// A file of the site that a post stands in, whose root is one of the folders above it.
fn in_site(post: &Path, path: &Path) -> Option<PathBuf> {
    let roots =
        post.ancestors().skip(1).map(|root| if root.as_os_str().is_empty() { Path::new(".") } else { root });
    roots.map(|root| root.join(path)).find(|path| path.is_file())
}
