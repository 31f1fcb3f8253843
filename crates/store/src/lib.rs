//! Normalised tweets on the disk: a folder of Parquet files, one folder a day (UTC), that Rust, DuckDB, Polars and Spark
//! read alike.
//!
//! [`Importer`] adds tweets in bounded memory, or takes over what other processes [`deliver`], and replaces the touched days
//! at one moment; [`Store`] reads a window back, in
//! the order of (`created_at`, `id`). The same tweets make the same bytes. The columns are in `SCHEMA.md`.
//!
//! ```text
//! _store.json                            what this folder is: schema version, program version
//! day=2026-01-24/part-0-1f0c9a3e.parquet the tweets of a UTC day; the last word is the start of the file's BLAKE3 hash
//! _lock                                  held by an import; a second one is refused
//! _gate                                  shared by readers, held alone while a commit takes effect
//! _journal.json                          only during a commit: what comes and what goes
//! _staging/                              files on their way; rubbish when no import runs
//! ```
//!
//! No clock, no network, no threads; nothing here knows formats of sources or settings.

mod disk;
mod error;
mod layout;
pub use error::StoreError;

mod columns;
pub use columns::schema;
mod decode;
pub use decode::{Files, tweets as from_rows};
mod encode;
pub use encode::batch as to_rows;
mod footer;
mod rows;
mod share;
pub use share::Share;
mod write;

mod journal;
mod locks;
mod store;
pub use store::Store;

mod day;
mod import;
mod incoming;
mod merge;
mod size;
pub use size::memory as memory_of;
mod staging;
pub use import::{Imported, Importer, Refused, fit};

mod delivery;
pub use delivery::{Delivered, deliver};

#[cfg(test)]
mod tests;
