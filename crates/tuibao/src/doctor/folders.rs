//! Whether the folders that a run writes to can be written, and have room.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::finding::{Finding, good, warning, wrong};
use crate::settings::{Mode, Settings, VectorSource};

/// Free space below which a day's report may not fit any more, with its pictures and what is kept of a model.
const LITTLE: u64 = 200 << 20;

/// A line for each folder, then one for the disk that has the least room.
pub(super) fn folders(settings: &Settings) -> Vec<Finding> {
    let site = &settings.output.site;
    let mut found = vec![writable("output", site)];
    let kept = kept(settings);
    found.extend(kept.iter().map(|folder| writable("folder", folder)));
    found.extend(room([site].into_iter().chain(&kept)));
    found
}

/// What is kept beside the site, as far as these settings use it.
fn kept(settings: &Settings) -> BTreeSet<PathBuf> {
    let model = &settings.model;
    let mut used = Vec::new();
    if settings.writer.mode == Mode::Model {
        used.extend([&model.cache.folder, &model.capabilities, &model.budget.folder]);
    }
    if settings.embeddings.source != VectorSource::None {
        used.push(&settings.embeddings.cache);
    }
    if !settings.notify.is_empty() {
        used.push(&settings.delivery.state);
    }
    if !settings.fetch.x.is_empty() {
        used.push(&settings.fetch.folder);
    }
    used.into_iter().filter(|folder| !folder.as_os_str().is_empty()).cloned().collect()
}

/// Tries to write there, without leaving anything.
fn writable(what: &str, folder: &Path) -> Finding {
    match tempfile::tempfile_in(there(folder)) {
        Ok(_) => good(format!("{what}: `{}` can be written", folder.display())),
        Err(error) => wrong(format!("{what}: `{}` cannot be written: {error}", folder.display())),
    }
}

/// The folder, or the nearest above it that is there.
fn there(folder: &Path) -> &Path {
    let mut above = folder.ancestors().filter(|above| !above.as_os_str().is_empty());
    above.find(|above| above.exists()).unwrap_or(Path::new("."))
}

/// The least room of all; a disk that tells nothing has no line.
fn room<'f>(folders: impl Iterator<Item = &'f PathBuf>) -> Option<Finding> {
    let free = folders.filter_map(|folder| Some((fs4::available_space(there(folder)).ok()?, folder)));
    let (bytes, folder) = free.min()?;
    let text = format!("disk: {} MB free for `{}`", bytes >> 20, folder.display());
    Some(if bytes < LITTLE {
        warning(format!("{text}, which is little; `tuibao cache clear` makes room"))
    } else {
        good(text)
    })
}
