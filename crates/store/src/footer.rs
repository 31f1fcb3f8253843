//! What a part tells about itself, without reading its rows.

use std::{fs::File, path::Path, str::FromStr};

use parquet::{
    arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    file::metadata::ParquetMetaData,
};

use crate::{StoreError, columns, share::Share};

pub(crate) type Reader = ParquetRecordBatchReaderBuilder<File>;

/// Opens a file of our schema; the rows are not read yet.
pub(crate) fn open(path: &Path) -> Result<Reader, StoreError> {
    let file = File::open(path).map_err(StoreError::io("read", path))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader =
        Reader::try_new_with_options(file, options).map_err(|error| StoreError::damaged(path, error))?;
    let found = text(reader.metadata(), columns::SCHEMA_KEY);
    if found != Some(columns::VERSION) {
        let found = found.unwrap_or("none").to_owned();
        return Err(StoreError::Schema { path: path.to_owned(), found });
    }
    if reader.schema().fields() == columns::schema().fields() {
        return Ok(reader);
    }
    Err(StoreError::damaged(path, "its columns are not those of its schema version"))
}

/// The footer of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footer {
    pub(crate) rows: u64,
    pub(crate) share: Share,
    /// What the rows take in memory, in bytes.
    pub(crate) memory: u64,
}

impl Footer {
    pub(crate) fn read(path: &Path) -> Result<Self, StoreError> {
        let reader = open(path)?;
        Self::of(reader.metadata()).ok_or_else(|| StoreError::damaged(path, "its footer lacks our keys"))
    }

    fn of(metadata: &ParquetMetaData) -> Option<Self> {
        let (number, of) = text(metadata, columns::PART_KEY)?.split_once('/')?;
        Some(Self {
            rows: metadata.file_metadata().num_rows().try_into().ok()?,
            share: Share { number: parsed(number)?, of: parsed(of).filter(|of: &u32| of.is_power_of_two())? },
            memory: parsed(text(metadata, columns::MEMORY_KEY)?)?,
        })
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn text<'a>(metadata: &'a ParquetMetaData, key: &str) -> Option<&'a str> {
    let facts = metadata.file_metadata().key_value_metadata()?;
    facts.iter().find(|fact| fact.key == key)?.value.as_deref()
}
