//! From raw records to ranked topics.
//!
//! Pure: no network, no clock, no async; bytes come in through [`std::io::Read`]. The stages stand below in the order of
//! the flow, each a file and a verb; what a stage takes out is part of its result.

mod tweet;
pub use tweet::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};

mod ingest;
pub use ingest::{Format, Ingested, RejectReason, Rejected, ingest};
