//! Tweets to a Parquet file: parts for the store, runs for the importer's own use.

use std::path::Path;

use corpus::Tweet;
use parquet::{
    arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
    },
    schema::types::ColumnPath,
};

use crate::{
    StoreError, columns,
    disk::{Sink, Written},
    encode,
    share::Share,
    size,
};

/// Rows of a group, the unit that readers can skip.
const GROUP_ROWS: usize = 16 * 1024;
/// Rows that are columns at one time.
const BATCH_ROWS: usize = 1024;
/// For files that stay.
const PART_LEVEL: i32 = 3;
/// For files that go within minutes.
const RUN_LEVEL: i32 = 1;

/// A file that stays. `tweets` are in the order of (`created_at`, `id`).
pub(crate) fn part(path: &Path, tweets: &[Tweet], share: Share) -> Result<Written, StoreError> {
    let memory: u64 = tweets.iter().map(size::memory).sum();
    let facts = vec![
        KeyValue::new(columns::SCHEMA_KEY.to_owned(), columns::VERSION.to_owned()),
        KeyValue::new(columns::PART_KEY.to_owned(), format!("{}/{}", share.number, share.of)),
        KeyValue::new(columns::MEMORY_KEY.to_owned(), memory.to_string()),
    ];
    write(path, tweets, PART_LEVEL, facts)?.finish()
}

/// A file for later in the same import. Not flushed: it need not outlive the process.
pub(crate) fn run(path: &Path, tweets: &[Tweet]) -> Result<(), StoreError> {
    let facts = vec![KeyValue::new(columns::SCHEMA_KEY.to_owned(), columns::VERSION.to_owned())];
    write(path, tweets, RUN_LEVEL, facts).map(drop)
}

fn write(path: &Path, tweets: &[Tweet], level: i32, facts: Vec<KeyValue>) -> Result<Sink, StoreError> {
    let sink = Sink::create(path)?;
    let properties = properties(level, facts).map_err(unwritten(path))?;
    // Readers of any language see plain columns; the Arrow schema would only repeat them.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer =
        ArrowWriter::try_new_with_options(sink, columns::schema(), options).map_err(unwritten(path))?;
    for tweets in tweets.chunks(BATCH_ROWS) {
        let batch = encode::batch(tweets).map_err(ParquetError::from).map_err(unwritten(path))?;
        writer.write(&batch).map_err(unwritten(path))?;
    }
    writer.into_inner().map_err(unwritten(path))
}

/// Statistics where readers can use them: a window of time, an id.
fn properties(level: i32, facts: Vec<KeyValue>) -> Result<WriterProperties, ParquetError> {
    let statistics = |name: &str| (ColumnPath::from(name), EnabledStatistics::Chunk);
    let (id, time) = (statistics("id"), statistics("created_at"));
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(level)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(id.0, id.1)
        .set_column_statistics_enabled(time.0, time.1)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(facts))
        .build())
}

/// What the disk says, where that is the cause.
fn unwritten(path: &Path) -> impl FnOnce(ParquetError) -> StoreError {
    let wrap = StoreError::io("write", path);
    move |error| {
        wrap(match error {
            ParquetError::External(cause) => {
                cause.downcast::<std::io::Error>().map_or_else(std::io::Error::other, |cause| *cause)
            }
            other => std::io::Error::other(other),
        })
    }
}
