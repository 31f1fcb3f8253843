//! The crate's layers from outside: through real HTTP on loopback, with time that stands still, and over tables of texts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests fail loudly, helpers outside of test functions included"
)]

mod endpoint;
#[path = "../../../../tests/support/openapi.rs"]
mod openapi;

mod faults;
mod http;
mod kept;
mod layers;
mod read;
mod retry;
mod secrets;
mod stream;
mod tokens;
