//! What makes several renames one change: a file that says which files on their way go where.
//!
//! It is on the disk before the first rename and goes after the last. Whoever finds one finishes it: redo logging, as in
//! Mohan et al., ARIES (1992), with files for pages.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    PublishError,
    stage::{Staged, is_on_its_way, owned, sync_folder, temp_file},
};

const SUFFIX: &str = ".journal";

/// A journal on the disk.
pub(super) struct Journal {
    path: PathBuf,
}

/// One rename within a folder.
#[derive(Serialize, Deserialize)]
struct Move {
    /// Name of the file on its way.
    from: PathBuf,
    /// Its place, relative to the root.
    to: PathBuf,
}

impl Move {
    fn of(root: &Path, staged: &Staged) -> Self {
        let (from, to) = staged.way();
        Self {
            from: from.file_name().unwrap_or_default().into(),
            to: to.strip_prefix(root).unwrap_or(to).to_owned(),
        }
    }
}

impl Journal {
    /// Writes where all of these go. It has the name of the last, which is the report's post.
    pub(super) fn write(root: &Path, owner: &str, staged: &[Staged]) -> Result<Self, PublishError> {
        let moves: Vec<Move> = staged.iter().map(|file| Move::of(root, file)).collect();
        let name = moves.last().and_then(|last| last.to.file_name()).unwrap_or_default();
        let path = root.join(format!("{}{}{SUFFIX}", owned(owner), name.to_string_lossy()));
        let failed = |error: io::Error| PublishError::io("write", &path)(error);
        let bytes = serde_json::to_vec(&moves).map_err(|error| failed(error.into()))?;
        let temp = temp_file(owner, root, &root.join("journal"), &bytes).map_err(failed)?;
        // The temporary names must be on the disk before what tells of them.
        let folders: BTreeSet<&Path> = staged.iter().map(Staged::folder).collect();
        folders.into_iter().try_for_each(sync_folder)?;
        temp.persist(&path).map_err(|error| failed(error.error))?;
        let journal = Self { path };
        if let Err(error) = sync_folder(root) {
            drop(journal.remove());
            return Err(error);
        }
        Ok(journal)
    }

    /// The change is done, or was given up.
    pub(super) fn remove(self) -> Result<(), PublishError> {
        fs::remove_file(&self.path).map_err(PublishError::io("remove", &self.path))
    }

    /// Does what is left to do of it.
    fn finish(self, root: &Path, owner: &str) -> Result<(), PublishError> {
        let bytes = fs::read(&self.path).map_err(PublishError::io("read", &self.path))?;
        for Move { from, to } in serde_json::from_slice::<Vec<Move>>(&bytes).unwrap_or_default() {
            if is_ours(&from, &to, owner) {
                let to = root.join(to);
                finish_one(&to.with_file_name(from), &to)?;
            }
        }
        self.remove()
    }
}

/// A site is a folder that others can write to as well: a journal moves nothing but our own files, within the site.
fn is_ours(from: &Path, to: &Path, owner: &str) -> bool {
    let plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    plain(from) && from.components().count() == 1 && is_on_its_way(from, owner) && plain(to)
}

fn finish_one(from: &Path, to: &Path) -> Result<(), PublishError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        renamed => renamed.map_err(PublishError::io("replace", to))?,
    }
    to.parent().map_or(Ok(()), sync_folder)
}

/// Finishes what publishing by a dead process of this `owner` had begun to change, and removes all else that it left on its
/// way; `files` are those of the site's folders, relative to `root`. Nobody else may publish for this owner meanwhile.
///
/// # Errors
///
/// [`PublishError`] where a change cannot be finished; the next call tries again.
pub fn recover(
    root: &Path,
    owner: &str,
    files: impl IntoIterator<Item = PathBuf>,
) -> Result<(), PublishError> {
    let beside = fs::read_dir(root).into_iter().flatten().flatten();
    let at_root: Vec<PathBuf> = beside.map(|entry| entry.path()).collect();
    let begun = owned(owner);
    let is_journal = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(&begun) && name.ends_with(SUFFIX)
    };
    for path in at_root.iter().filter(|path| is_journal(path)) {
        Journal { path: path.clone() }.finish(root, owner)?;
    }
    let all = at_root.into_iter().chain(files.into_iter().map(|file| root.join(file)));
    for left in all.filter(|path| is_on_its_way(path, owner)) {
        // A failure is no harm: the next run tries again.
        drop(fs::remove_file(left));
    }
    Ok(())
}
