//! Vectors from a pretended endpoint, and vectors kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail loudly, helpers outside of test functions included"
)]

mod cached;
mod endpoint;
