//! The crate from outside, through real HTTP on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests fail loudly, helpers outside of test functions included"
)]

mod download;
mod feed;
mod raw;
mod recorded;
mod secrets;
mod x;
