//! Sentence vectors: texts in, one vector of `f32` a text out. Optional throughout: nothing else needs them.
//!
//! The trait [`Embedder`] and what implements it: an [`Endpoint`] on the network, with the feature `local` a sentence
//! transformer on this machine, and [`Cached`] over either. Nothing here knows tweets, clusters, or the environment;
//! settings come in as values.

mod embedder;
pub use embedder::{EmbedError, Embedder, Offline};
mod endpoint;
pub use endpoint::Endpoint;
#[cfg(feature = "local")]
mod local;
#[cfg(feature = "local")]
pub use local::{Local, LocalError};
mod cache;
pub use cache::{Cache, CacheError};
mod cached;
pub use cached::Cached;
