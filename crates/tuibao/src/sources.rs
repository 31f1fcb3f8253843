//! The corpus as named by the user: paths and globs become files, files become tweets, in an order that does not depend on
//! threads.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io,
    path::{Path, PathBuf},
};

use corpus::{Ingested, Rejected, Tweet, ingest};
use globset::Glob;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::exit::{Code, Failure, OrFail};

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    /// In order of time, then id, then place in the corpus.
    pub(crate) tweets: Vec<Tweet>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) notices: u64,
}

/// The files of paths and globs, sorted, each once.
pub(crate) fn files(paths: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = BTreeSet::new();
    for path in paths {
        let before = found.len();
        if path.contains(['*', '?', '[', '{']) && !Path::new(path).exists() {
            found.extend(matches(path)?);
        } else {
            found.extend(below(Path::new(path)).map_err(|error| unreadable(path, error))?);
        }
        if found.len() == before && !Path::new(path).exists() {
            return Err(Failure::say(Code::Input, format!("no file matches `{path}`"))
                .hint("check the pattern, or name a folder"));
        }
    }
    Ok(found.into_iter().collect())
}

fn unreadable(path: &str, error: io::Error) -> Failure {
    let failure = Failure::new(
        Code::Input,
        anyhow::Error::new(error).context(format!("cannot read the corpus `{path}`")),
    );
    failure.hint("name the files or folders with --corpus, or set `corpus.paths` in tuibao.toml")
}

/// Regular files below a path; hidden ones and Markdown are no corpus.
fn below(path: &Path) -> io::Result<Vec<PathBuf>> {
    if std::fs::metadata(path)?.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let walk =
        WalkDir::new(path).into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(io::Error::from)?;
        let skipped = entry.path().extension().is_some_and(|ending| ending == "md" || ending == "tsv");
        if entry.file_type().is_file() && !skipped {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn matches(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let glob = Glob::new(pattern).or_fail(Code::Usage)?.compile_matcher();
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let root = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    let found = below(root).map_err(|error| unreadable(pattern, error))?;
    Ok(found
        .into_iter()
        .map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path))
        .filter(|path| glob.is_match(path))
        .collect())
}

/// Reads files in parallel; the results are in the order of the files.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<Ingested>, Failure> {
    files.par_iter().map(|path| read_one(path)).collect()
}

fn read_one(path: &Path) -> Result<Ingested, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, error))?;
    let read = ingest(&name, file);
    tracing::debug!(file = name, tweets = read.tweets.len(), rejected = read.rejected.len(), "read");
    Ok(read)
}

/// The corpus of paths and globs.
pub(crate) fn load(paths: &[String]) -> Result<Corpus, Failure> {
    let files = files(paths)?;
    let mut corpus = Corpus::default();
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for read in read(&files)? {
        corpus.tweets.extend(read.tweets);
        corpus.notices += read.notices;
        for rejected in &read.rejected {
            *reasons.entry(format!("{:?}", rejected.reason)).or_default() += 1;
        }
        corpus.rejected.extend(read.rejected);
    }
    corpus.tweets.sort_by_key(|tweet| (tweet.created_at, tweet.id));
    tracing::info!(
        files = files.len(),
        tweets = corpus.tweets.len(),
        notices = corpus.notices,
        rejected = corpus.rejected.len(),
        "corpus read"
    );
    if !reasons.is_empty() {
        tracing::warn!(?reasons, "records could not be read; `tuibao inspect` shows each");
    }
    if corpus.tweets.is_empty() {
        let message = format!(
            "no tweets in {} ({} files, {} records rejected)",
            paths.join(", "),
            files.len(),
            corpus.rejected.len()
        );
        return Err(
            Failure::say(Code::Input, message).hint("`tuibao inspect PATH` shows what each file holds")
        );
    }
    Ok(corpus)
}
