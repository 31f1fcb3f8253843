//! The rows of files as tweets, a batch at a time, and of several files in one order.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use corpus::Tweet;
use parquet::{
    arrow::arrow_reader::ParquetRecordBatchReader, file::metadata::RowGroupMetaData,
    file::statistics::Statistics,
};

use crate::{
    StoreError, decode, disk,
    footer::{self, Reader},
    layout::PartName,
};

const BATCH_ROWS: usize = 1024;

/// A half-open stretch of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Stretch {
    pub(crate) const ALL: Self = Self { from: DateTime::<Utc>::MIN_UTC, to: DateTime::<Utc>::MAX_UTC };

    /// Whether some of a day (UTC) may be inside.
    pub(crate) fn touches(&self, day: NaiveDate) -> bool {
        self.from.date_naive() <= day && day <= self.to.date_naive()
    }

    fn holds(&self, time: DateTime<Utc>) -> bool {
        self.from <= time && time < self.to
    }

    /// Whether rows of the group may be inside; a group without statistics may.
    fn meets(&self, group: &RowGroupMetaData) -> bool {
        let time = group.columns().iter().find(|column| column.column_path().string() == "created_at");
        let Some(Statistics::Int64(times)) = time.and_then(|column| column.statistics()) else { return true };
        let before = times.max_opt().is_some_and(|&last| last < self.from.timestamp_millis());
        let after = times.min_opt().is_some_and(|&first| first > self.to.timestamp_millis());
        !before && !after
    }
}

/// The tweets of one file inside a stretch, in the file's order.
pub(crate) struct Rows {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    stretch: Stretch,
    files: decode::Files,
    batch: std::vec::IntoIter<Tweet>,
}

/// A part, after its bytes were compared with its name: a flipped bit is an error here, not a wrong tweet.
pub(crate) fn part(path: &Path, name: &PartName, stretch: Stretch) -> Result<Rows, StoreError> {
    let found = disk::hash(path)?;
    if found != name.hash {
        let reason = format!("its hash starts with {found}, not as its name tells");
        return Err(StoreError::damaged(path, reason));
    }
    Rows::of(path, footer::open(path)?, stretch)
}

/// All of a run of the same import.
pub(crate) fn run(path: &Path) -> Result<Rows, StoreError> {
    Rows::of(path, footer::open(path)?, Stretch::ALL)
}

impl Rows {
    fn of(path: &Path, reader: Reader, stretch: Stretch) -> Result<Self, StoreError> {
        let groups = reader.metadata().row_groups().iter().enumerate();
        let wanted = groups.filter(|(_, group)| stretch.meets(group)).map(|(index, _)| index).collect();
        let reader = reader.with_row_groups(wanted).with_batch_size(BATCH_ROWS).build();
        let reader = reader.map_err(|error| StoreError::damaged(path, error))?;
        let (files, batch) = (decode::Files::default(), Vec::new().into_iter());
        Ok(Self { path: path.to_owned(), reader, stretch, files, batch })
    }
}

impl Iterator for Rows {
    type Item = Result<Tweet, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(tweet) = self.batch.find(|tweet| self.stretch.holds(tweet.created_at)) {
                return Some(Ok(tweet));
            }
            let batch = self.reader.next()?.map_err(|error| error.to_string());
            match batch.and_then(|batch| decode::tweets(&batch, &mut self.files)) {
                Ok(tweets) => self.batch = tweets.into_iter(),
                Err(reason) => return Some(Err(StoreError::damaged(&self.path, reason))),
            }
        }
    }
}

/// The tweets of several files in the order of (`created_at`, `id`), in which each file is.
pub(crate) struct Ordered(Vec<(Tweet, Rows)>);

impl Ordered {
    pub(crate) fn new(files: impl IntoIterator<Item = Result<Rows, StoreError>>) -> Result<Self, StoreError> {
        let mut heads = Vec::new();
        for rows in files {
            let mut rows = rows?;
            if let Some(first) = rows.next() {
                heads.push((first?, rows));
            }
        }
        Ok(Self(heads))
    }

    fn pop(&mut self) -> Result<Option<Tweet>, StoreError> {
        let heads = self.0.iter_mut().enumerate();
        let Some((index, (head, rows))) = heads.min_by_key(|(_, (head, _))| (head.created_at, head.id))
        else {
            return Ok(None);
        };
        match rows.next() {
            Some(next) => Ok(Some(std::mem::replace(head, next?))),
            None => Ok(Some(self.0.swap_remove(index).0)),
        }
    }
}

impl Iterator for Ordered {
    type Item = Result<Tweet, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pop().transpose()
    }
}
