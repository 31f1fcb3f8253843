//! How good the stages of `corpus` are, in figures: labelled sets in, measures out.
//!
//! Pure like `corpus`: files come in through [`labelled`], nothing is printed here. What peers do (likes alone, `LexRank`,
//! keyword match) stands beside our own in the same run, so that a figure always has something to be compared with.

pub mod ads;
pub mod labelled;
pub mod metrics;

mod clusters;
pub use clusters::{ClusterFigures, eval_clusters};

mod folds;

pub mod rank;

mod relevance;
pub use relevance::{RelevanceFigures, eval_relevance};
