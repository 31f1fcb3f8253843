//! The corpus as named by the user: paths and globs become files, files become tweets, in an order that does not depend on
//! threads.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use corpus::{Ingested, Input, Mapped, Origin, RejectReason, Rejected, Tweet, Window, ingest, is_data_file};
use globset::Glob;
use walkdir::WalkDir;

use crate::{
    exit::{Code, Failure, OrFail},
    mappings::Mappings,
    settings::CorpusSettings,
};

/// The path that stands for standard input.
const STDIN: &str = "-";

/// What was read for a report, and how much else there was.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    /// The tweets of the window asked for, in order of time, then id, then place in the corpus.
    pub(crate) tweets: Vec<Tweet>,
    /// Tweets outside of it.
    pub(crate) outside: u64,
    /// The times of the first and the last tweet of all.
    pub(crate) span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many records were refused, by reason.
    pub(crate) refused: BTreeMap<RejectReason, u64>,
    /// The first of them, each with its place.
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) notices: u64,
}

/// Rejected records that are kept one by one; beyond that they are only counted, or a hostile file fills the memory.
pub(crate) const MOST_REJECTED: usize = 10_000;

impl Corpus {
    fn take(&mut self, part: Ingested, window: Window) {
        self.notices += part.notices;
        for rejected in part.rejected {
            *self.refused.entry(rejected.reason).or_default() += 1;
            if self.rejected.len() < MOST_REJECTED {
                self.rejected.push(rejected);
            }
        }
        for tweet in part.tweets {
            let at = tweet.created_at;
            let (first, last) = self.span.unwrap_or((at, at));
            self.span = Some((first.min(at), last.max(at)));
            if window.contains(at) {
                self.tweets.push(tweet);
            } else {
                self.outside += 1;
            }
        }
    }

    /// How many records were refused.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    fn is_empty(&self) -> bool {
        self.tweets.is_empty() && self.outside == 0
    }
}

/// The files of the corpus's paths and globs, sorted, each once.
pub(crate) fn files(settings: &CorpusSettings) -> Result<Vec<PathBuf>, Failure> {
    let mappings = Mappings::of(&settings.mapping)?;
    let mut found = BTreeSet::new();
    for path in &settings.paths {
        let before = found.len();
        if path.contains(['*', '?', '[', '{']) && !Path::new(path).exists() {
            found.extend(matches(path, &mappings)?);
        } else {
            found.extend(below(Path::new(path), &mappings).map_err(|error| unreadable(path, error))?);
        }
        if found.len() == before && !Path::new(path).exists() {
            return Err(Failure::say(Code::Input, format!("no file matches `{path}`"))
                .hint("check the pattern, or name a folder"));
        }
    }
    Ok(found.into_iter().collect())
}

pub(crate) fn unreadable(path: &str, error: io::Error) -> Failure {
    let failure = Failure::new(
        Code::Input,
        anyhow::Error::new(error).context(format!("cannot read the corpus `{path}`")),
    );
    failure.hint("name the files or folders with --corpus, or set `corpus.paths` in tuibao.toml")
}

/// Regular files below a path; hidden ones, pictures and pages are no corpus, unless a mapping is for them.
fn below(path: &Path, mappings: &Mappings) -> io::Result<Vec<PathBuf>> {
    if path == Path::new(STDIN) || !std::fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let walk =
        WalkDir::new(path).into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(io::Error::from)?;
        let is_data =
            || is_data_file(&entry.path().to_string_lossy()) || mappings.of_file(entry.path()).is_some();
        if entry.file_type().is_file() && is_data() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn matches(pattern: &str, mappings: &Mappings) -> Result<Vec<PathBuf>, Failure> {
    let glob = Glob::new(pattern).or_fail(Code::Usage)?.compile_matcher();
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let root = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    let found = below(root, mappings).map_err(|error| unreadable(pattern, error))?;
    Ok(found
        .into_iter()
        .map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path))
        .filter(|path| glob.is_match(path))
        .collect())
}

/// Reads the files of a corpus and hands their content on piecemeal, in order; memory stays within the setting.
pub(crate) fn read(
    settings: &CorpusSettings,
    files: &[PathBuf],
    each: impl FnMut(Ingested),
) -> Result<(), Failure> {
    let mappings = Mappings::of(&settings.mapping)?;
    let input = |path: &PathBuf| input(path, mappings.of_file(path), settings);
    let inputs: Vec<Input> = files.iter().map(input).collect();
    ingest(&inputs, &settings.bounds(), each).map_err(|fault| {
        let name = fault.file.clone();
        unreadable(&name, fault.source)
    })
}

/// One file to be read.
pub(crate) fn input(path: &Path, mapping: Option<Arc<Mapped>>, settings: &CorpusSettings) -> Input {
    let owned = path.to_owned();
    let open: Box<dyn Fn() -> io::Result<Origin<'static>> + Send + Sync> = if path == Path::new(STDIN) {
        Box::new(|| Ok(Origin::Stream(Box::new(io::stdin()))))
    } else {
        Box::new(move || File::open(&owned).map(Origin::File))
    };
    let owner = Some(settings.owner.clone()).filter(|owner| !owner.is_empty());
    Input { name: path.display().to_string(), open, mapping, owner }
}

/// The tweets of a window out of all files; what is outside is counted and let go.
pub(crate) fn load(settings: &CorpusSettings, window: Window) -> Result<Corpus, Failure> {
    let paths = &settings.paths;
    let files = files(settings)?;
    let mut corpus = Corpus::default();
    read(settings, &files, |part| corpus.take(part, window))?;
    corpus.tweets.sort_by_key(|tweet| (tweet.created_at, tweet.id));
    tracing::info!(
        files = files.len(),
        tweets = corpus.tweets.len(),
        outside = corpus.outside,
        notices = corpus.notices,
        rejected = corpus.refusals(),
        "corpus read"
    );
    if !corpus.refused.is_empty() {
        tracing::warn!(reasons = ?corpus.refused, "records could not be read; `tuibao inspect` shows each");
    }
    if corpus.is_empty() {
        let message = format!(
            "no tweets in {} ({} files, {} records rejected)",
            paths.join(", "),
            files.len(),
            corpus.refusals()
        );
        return Err(
            Failure::say(Code::Input, message).hint("`tuibao inspect PATH` shows what each file holds")
        );
    }
    Ok(corpus)
}
