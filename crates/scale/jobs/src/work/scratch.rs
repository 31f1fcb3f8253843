//! A site that is no shared folder: what a report needs is fetched into a folder of its own, and what came of it is put back,
//! the post last, so that nobody sees a post whose pictures are not there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{Days, NaiveDate};
use serde_json::Value;
use tempfile::TempDir;

use super::child::Program;
use crate::{error::JobsError, lanes::Report, place::Place};

/// What of the settings says where a report's files stand.
#[derive(Clone, Debug)]
struct Layout {
    name: String,
    memory_days: u64,
    posts: String,
    audits: String,
    others: Vec<String>,
}

/// A report's own folder, and what was in it before the report was made.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: TempDir,
    place: Place,
    layout: Layout,
    before: BTreeMap<String, blake3::Hash>,
}

impl Layout {
    /// As `tuibao config show` tells it for the report's profile.
    async fn of(program: &Program, report: &Report) -> Result<Self, JobsError> {
        let mut show = program.command();
        show.args(["config", "show", "--json", "--profile", &report.profile]).args(program.more());
        let shown = show.output().await.map_err(JobsError::machine("`tuibao config show`"))?;
        let shown: Value = serde_json::from_slice(&shown.stdout).map_err(|_| {
            JobsError::Usage(format!("`tuibao config show` tells nothing of `{}`", report.profile))
        })?;
        Ok(Self::read(&shown))
    }

    fn read(shown: &Value) -> Self {
        let value = |key: &str| shown.get(key).and_then(|key| key.get("value"));
        let text = |key: &str| value(key).and_then(Value::as_str).unwrap_or_default();
        // The part of a pattern that is the same for all reports.
        let fixed = |key: &str| {
            let parts = text(key).split('/').take_while(|part| !part.contains(['%', '{']));
            parts.collect::<Vec<_>>().join("/")
        };
        Self {
            name: text("report.name").to_owned(),
            memory_days: value("memory.days").and_then(Value::as_u64).unwrap_or_default(),
            posts: fixed("output.posts"),
            audits: fixed("output.audits"),
            others: vec![fixed("output.images"), fixed("html.folder")],
        }
    }

    fn slug(&self, first: NaiveDate, last: NaiveDate) -> String {
        format!("{}_{}_{}", self.name, first.format("%Y%m%d"), last.format("%Y%m%d"))
    }

    /// Names in the audits that the report looks back on.
    fn remembered(&self, report: &Report) -> Vec<String> {
        let back = if report.first_day == report.last_day { self.memory_days } else { 0 };
        let days = (1..=back).filter_map(|back| report.first_day.checked_sub_days(Days::new(back)));
        days.map(|day| self.slug(day, day)).collect()
    }

    /// Whether a file is to be there before the others: all but posts.
    fn is_post(&self, path: &str) -> bool {
        path.starts_with(&self.posts) && Path::new(path).extension().is_some_and(|kind| kind == "md")
    }
}

impl Scratch {
    /// Makes the folder, and fetches audits of the days before and the report's own files.
    pub(super) async fn of(program: &Program, report: &Report, place: Place) -> Result<Self, JobsError> {
        let layout = Layout::of(program, report).await?;
        let folder = tempfile::tempdir().map_err(JobsError::machine("a scratch folder"))?;
        let mut scratch = Self { folder, place, layout, before: BTreeMap::new() };
        for path in scratch.wanted(report).await? {
            if let Some(bytes) = scratch.place.get(&path).await? {
                scratch.before.insert(path.clone(), blake3::hash(&bytes));
                write(&scratch.path().join(&path), &bytes)?;
            }
        }
        Ok(scratch)
    }

    /// Root of the site, for the child.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn wanted(&self, report: &Report) -> Result<Vec<String>, JobsError> {
        let Layout { audits, posts, others, .. } = &self.layout;
        let own = self.layout.slug(report.first_day, report.last_day);
        let remembered = self.layout.remembered(report);
        let mut folders: Vec<&String> = [audits, posts].into_iter().chain(others).collect();
        folders.sort();
        folders.dedup();
        let mut wanted = Vec::new();
        for folder in folders {
            let paths = self.place.list(folder).await?.into_iter();
            let is_audit = folder == audits;
            wanted.extend(paths.filter(|path| {
                path.contains(&own) || (is_audit && remembered.iter().any(|slug| path.contains(slug)))
            }));
        }
        Ok(wanted)
    }

    /// Puts back what is new or has changed, posts last. Returns how many files that were.
    pub(super) async fn publish(&self) -> Result<usize, JobsError> {
        let mut made = Vec::new();
        files(self.path(), "", &mut made).map_err(JobsError::machine("the scratch folder"))?;
        made.sort_by_key(|path| (self.layout.is_post(path), path.clone()));
        let mut put = 0;
        for path in made {
            let bytes =
                std::fs::read(self.path().join(&path)).map_err(JobsError::machine(format!("`{path}`")))?;
            if self.before.get(&path) != Some(&blake3::hash(&bytes)) {
                self.place.put(&path, bytes).await?;
                put += 1;
            }
        }
        Ok(put)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), JobsError> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    written.and_then(|()| std::fs::write(path, bytes)).map_err(JobsError::machine(path.display().to_string()))
}

/// Files below a folder by their paths from the root; hidden ones are locks and journals.
fn files(root: &Path, below: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    let folder: PathBuf = root.join(below);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(first: &str, last: &str) -> Report {
        let (first_day, last_day) = (first.parse().unwrap(), last.parse().unwrap());
        let text = String::new();
        Report {
            id: 1,
            lane: text.clone(),
            site: text.clone(),
            profile: text,
            first_day,
            last_day,
            independent: false,
            attempts: 1,
        }
    }

    fn layout() -> Layout {
        let shown = json!({
            "report.name": {"value": "ai"}, "memory.days": {"value": 2}, "output.posts": {"value": "_posts/%Y"},
            "output.audits": {"value": "_audit"}, "output.images": {"value": "a/b/{slug}"}, "html.folder": {"value": "html"},
        });
        Layout::read(&shown)
    }

    #[test]
    fn a_daily_report_needs_the_audits_before_it() {
        let layout = layout();
        assert_eq!(
            (layout.posts.as_str(), layout.others.as_slice()),
            ("_posts", &["a/b".into(), "html".into()][..])
        );
        assert_eq!(
            layout.remembered(&report("2026-03-01", "2026-03-01")),
            ["ai_20260228_20260228", "ai_20260227_20260227"]
        );
        assert!(layout.remembered(&report("2026-03-02", "2026-03-08")).is_empty());
    }

    #[tokio::test]
    async fn posts_go_last_and_equal_files_not_at_all() {
        let shared = tempfile::tempdir().unwrap();
        let place = Place::open(&shared.path().display().to_string()).unwrap();
        let scratch = Scratch {
            folder: tempfile::tempdir().unwrap(),
            place,
            layout: layout(),
            before: [("_audit/x.json".to_owned(), blake3::hash(b"old"))].into(),
        };
        for (path, bytes) in
            [("_posts/2026/x.md", "post"), ("_audit/x.json", "old"), (".tuibao.lock", ""), ("p.jpg", "p")]
        {
            write(&scratch.path().join(path), bytes.as_bytes()).unwrap();
        }
        assert_eq!(scratch.publish().await.unwrap(), 2);
        let mut there = Vec::new();
        files(shared.path(), "", &mut there).unwrap();
        there.sort();
        assert_eq!(there, ["_posts/2026/x.md", "p.jpg"]);
    }
}
