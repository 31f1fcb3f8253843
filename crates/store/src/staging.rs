//! `_staging/`: files on their way. What lies there without a journal is rubbish.

use std::{fs, path::PathBuf};

use corpus::Tweet;

use crate::{StoreError, disk, disk::Written, layout::Layout, share::Share, write};

/// The folder, and the number of its last file.
#[derive(Debug)]
pub(crate) struct Staging {
    pub(crate) layout: Layout,
    last: u32,
}

impl Staging {
    /// Empties the folder, which is there.
    pub(crate) fn empty(layout: Layout) -> Result<Self, StoreError> {
        let staging = Self { layout, last: 0 };
        staging.clear()?;
        Ok(staging)
    }

    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let folder = self.layout.staging();
        let entries = fs::read_dir(&folder).map_err(StoreError::io("read", &folder))?;
        entries.flatten().try_for_each(|entry| disk::remove(&entry.path()))
    }

    /// The number of a file to come.
    pub(crate) fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// A file for later in the same import.
    pub(crate) fn run(&mut self, tweets: &[Tweet]) -> Result<PathBuf, StoreError> {
        let number = self.next();
        let path = self.layout.staged(number);
        write::run(&path, tweets)?;
        Ok(path)
    }

    /// A new part, flushed, with its number here.
    pub(crate) fn part(&mut self, tweets: &[Tweet], share: Share) -> Result<(u32, Written), StoreError> {
        let number = self.next();
        let written = write::part(&self.layout.staged(number), tweets, share)?;
        Ok((number, written))
    }
}
