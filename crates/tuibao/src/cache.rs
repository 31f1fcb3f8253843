//! `tuibao cache`: what is kept so that nothing is paid for twice.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use llm::Shelf;
use serde_json::json;

use crate::{
    cli::{CacheCommand, Common},
    console,
    exit::{Code, Failure},
    settings::{self, Settings},
};

/// Shows what is kept, or takes it away.
pub(crate) fn cache(command: CacheCommand, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    match command {
        CacheCommand::Stats => stats(&settings, common),
        CacheCommand::Clear => clear(&settings)?,
    }
    Ok(Code::Done)
}

fn shelf(settings: &Settings) -> Shelf {
    let cache = &settings.model.cache;
    Shelf::new(&cache.folder, cache.mb << 20)
}

fn stats(settings: &Settings, common: &Common) {
    let (answers, folder) = (shelf(settings).stats(), &settings.model.cache.folder);
    let vectors: u64 = files(&settings.embeddings.cache).map(|(_, bytes)| bytes).sum();
    let day = |time: Option<std::time::SystemTime>| {
        time.map(|time| DateTime::<Utc>::from(time).format("%Y-%m-%d").to_string())
    };
    let (oldest, newest) = (day(answers.oldest), day(answers.newest));
    if common.json {
        let told = json!({
            "answers": {"folder": folder, "count": answers.answers, "bytes": answers.bytes, "bound": settings.model.cache.mb << 20,
                "oldest": oldest, "newest": newest},
            "vectors": {"folder": settings.embeddings.cache, "bytes": vectors},
        });
        console::data(&told.to_string());
        return;
    }
    let span =
        oldest.zip(newest).map_or_else(String::new, |(from, to)| format!(", put there {from} to {to}"));
    console::data(&format!(
        "answers of models: {} in `{}`, {} of at most {} MB{span}",
        answers.answers,
        folder.display(),
        megabytes(answers.bytes),
        settings.model.cache.mb
    ));
    console::data(&format!(
        "sentence vectors: {} MB in `{}`",
        megabytes(vectors),
        settings.embeddings.cache.display()
    ));
}

fn clear(settings: &Settings) -> Result<(), Failure> {
    let failed = |folder: &Path| {
        let context = format!("cannot clear `{}`", folder.display());
        move |error: std::io::Error| Failure::new(Code::Output, anyhow::Error::new(error).context(context))
    };
    let answers = shelf(settings).clear().map_err(failed(&settings.model.cache.folder))?;
    let vectors = &settings.embeddings.cache;
    let kept: Vec<_> = files(vectors).collect();
    for (path, _) in &kept {
        fs::remove_file(path).map_err(failed(vectors))?;
    }
    console::data(&format!(
        "cleared {answers} answers of models and {} files of sentence vectors",
        kept.len()
    ));
    Ok(())
}

/// Files of the cache of sentence vectors, with their bytes; locks are left alone.
fn files(folder: &Path) -> impl Iterator<Item = (std::path::PathBuf, u64)> {
    let ours = |path: &Path| path.extension().is_some_and(|ending| ending == "vectors" || ending == "before");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(move |path| ours(path)).filter_map(|path| {
        let bytes = fs::metadata(&path).ok()?.len();
        Some((path, bytes))
    })
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}
