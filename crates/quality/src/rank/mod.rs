//! How good the order of topics and tweets is, beside what peers do.
//!
//! [`points`] cuts a set with gold groups into synthetic days and asks how much of a day its first ten points tell;
//! [`digests`] asks how high the tweets stand that people's digests cited. Definitions are in `docs/quality_rank.md`.

pub mod days;
pub mod digests;
mod lexrank;
pub mod points;
mod tfidf;
