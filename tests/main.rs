//! The program from outside: the real binary over files, and over real HTTP on loopback; no network, no key.
//!
//! [`support`] holds the one harness (`Site → run → check`); each other module is one area of the command line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "tests fail loudly, helpers outside of test functions included"
)]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "the paths are our own")]

mod support;

mod again;
mod audit;
mod backfill;
mod clock;
mod cloud;
mod corruption;
mod counts;
mod coverage;
mod delivery;
mod disk;
mod dry_run;
mod earlier;
mod edition;
mod english;
mod eval;
mod examples;
mod faults;
mod gates;
mod hostile;
mod injection;
mod install;
mod long;
mod look;
mod main_job;
mod mapping;
mod memory;
mod model;
mod network;
mod observe;
mod paid;
mod preview;
mod prompts;
mod sites;
mod store;
mod torture;
mod typography;
mod unattended;
mod vectors;
mod walkthrough;
mod wrong_input;
