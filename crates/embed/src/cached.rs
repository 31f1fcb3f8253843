//! The layer that asks for nothing twice.

use llm::BoxFuture;

use crate::{
    cache::Cache,
    embedder::{EmbedError, Embedder, even},
};

/// Texts asked between two writes to the cache: what a failure or a kill can lose.
const STRIDE: usize = 1024;

/// An embedder whose vectors are kept on the disk.
pub struct Cached<E> {
    inner: E,
    cache: Cache,
}

impl<E: Embedder> Cached<E> {
    /// Keeps what `inner` makes in `cache`, and asks it only for what is not there.
    pub fn new(inner: E, cache: Cache) -> Self {
        Self { inner, cache }
    }

    async fn complete(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut found = self.cache.look_up(self.inner.name(), texts);
        let missing: Vec<&str> =
            texts.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(text, _)| *text).collect();
        let mut made = self.make(&missing).await?.into_iter();
        for gap in found.iter_mut().filter(|found| found.is_none()) {
            *gap = made.next();
        }
        tracing::info!(texts = texts.len(), asked = missing.len(), "vectors");
        Ok(found.into_iter().flatten().collect())
    }

    /// A cache that cannot be written costs the next run, not this one.
    async fn make(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut made = Vec::with_capacity(texts.len());
        for some in texts.chunks(STRIDE) {
            let vectors = self.inner.embed(some).await?;
            if let Err(error) = self.cache.keep(self.inner.name(), some, &vectors) {
                tracing::warn!(%error, "vectors are not kept");
            }
            made.extend(vectors);
        }
        Ok(made)
    }
}

impl<E: Embedder> Embedder for Cached<E> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    /// Vectors of another length than those kept mean that another model answers to the name: then all are made anew.
    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>> {
        Box::pin(async move {
            match even(self.complete(texts).await?) {
                Err(EmbedError::Uneven(..)) => even(self.make(texts).await?),
                vectors => vectors,
            }
        })
    }
}
