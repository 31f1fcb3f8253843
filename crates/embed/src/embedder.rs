//! The contract: what is asked, what comes back, what can go wrong.

use llm::{BoxFuture, ModelError};

/// Anything that makes vectors of texts.
pub trait Embedder: Send + Sync {
    /// What tells its vectors from those of any other: the same name and text mean the same vector.
    fn name(&self) -> &str;

    /// One vector a text, in the order of the texts, all of one length of at least 1.
    ///
    /// # Errors
    /// An [`EmbedError`]; then there is no vector at all.
    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>>;
}

impl<E: Embedder + ?Sized> Embedder for Box<E> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>> {
        (**self).embed(texts)
    }
}

/// Why there are no vectors; free of secrets.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The endpoint failed; its variant says whether coming back later helps.
    #[error("no embeddings")]
    Endpoint(#[from] ModelError),
    /// The endpoint, or the cache of another time, has vectors of several lengths: another model answers to the name.
    #[error("embeddings of {0} and of {1} numbers under one model's name")]
    Uneven(usize, usize),
    /// Some texts have no vector yet, and nothing may be asked.
    #[error("not all texts have a cached embedding, and nothing is asked")]
    Offline,
    /// The model on this machine failed.
    #[cfg(feature = "local")]
    #[error("no embeddings")]
    Local(#[from] crate::LocalError),
}

/// Nobody, under another's name: with a cache above it, an embedder that opens no connection.
#[derive(Clone, Debug)]
pub struct Offline(pub String);

impl Embedder for Offline {
    fn name(&self) -> &str {
        &self.0
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>> {
        let nothing = if texts.is_empty() { Ok(Vec::new()) } else { Err(EmbedError::Offline) };
        Box::pin(std::future::ready(nothing))
    }
}

/// The vectors as they are, if all have one length.
pub(crate) fn even(vectors: Vec<Vec<f32>>) -> Result<Vec<Vec<f32>>, EmbedError> {
    let length = vectors.first().map_or(0, Vec::len);
    match vectors.iter().find(|vector| vector.len() != length) {
        Some(other) => Err(EmbedError::Uneven(length, other.len())),
        None => Ok(vectors),
    }
}
