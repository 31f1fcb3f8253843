//! Sentence vectors for the clusters, where the settings ask for them.
//!
//! A report does not depend on them: what fails is told, and the topics are made of words alone, unless
//! `writer.on_failure` says otherwise.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use corpus::Dense;
use embed::{Cache, Cached, EmbedError, Embedder, Endpoint, Offline};
use futures::FutureExt;
use llm::ModelError;
use tokio::runtime::{Builder, Runtime};

use crate::{
    exit::{Code, Failure, OrFail},
    settings::{EmbeddingSettings, OnFailure, Settings, VectorSource},
};

/// Who makes the vectors, and where they are kept.
pub(crate) struct Vectors {
    embedder: Box<dyn Embedder>,
    /// What is there without asking, for when the endpoint is down.
    kept: Cached<Offline>,
    /// The endpoint failed in a way that the next report would only wait for.
    down: AtomicBool,
    /// For requests; what opens no connection needs none.
    runtime: Option<Runtime>,
    /// Whether there is no report without them.
    must: bool,
}

impl Vectors {
    /// Prepares them, if they are wanted. When not `online`, no connection is opened and nothing is kept: an endpoint's vectors
    /// are those that earlier runs have kept.
    pub(crate) fn new(settings: &Settings, online: bool) -> Result<Option<Self>, Failure> {
        let keys = &settings.embeddings;
        let cache = Cache::new(&keys.cache, keys.cache_mb << 20);
        let kept = cache.clone().read_only();
        let cache = if online { cache } else { kept.clone() };
        let (embedder, runtime): (Box<dyn Embedder>, _) = match keys.source {
            VectorSource::None => return Ok(None),
            VectorSource::Local => (local(&keys.folder, keys.batch, cache)?, None),
            VectorSource::Endpoint if online => {
                let runtime = Builder::new_current_thread().enable_all().build().or_fail(Code::Internal)?;
                (Box::new(Cached::new(endpoint(settings, keys)?, cache)), Some(runtime))
            }
            VectorSource::Endpoint => {
                let nobody = Offline(Endpoint::name_of(&keys.base_url, &keys.model));
                (Box::new(Cached::new(nobody, cache)), None)
            }
        };
        let must = online && settings.writer.on_failure == OnFailure::Fail;
        let kept = Cached::new(Offline(embedder.name().to_owned()), kept);
        Ok(Some(Self { embedder, kept, down: AtomicBool::new(false), runtime, must }))
    }

    /// What tells these vectors from others.
    pub(crate) fn name(&self) -> &str {
        self.embedder.name()
    }

    /// One vector a text.
    pub(crate) fn of(&self, texts: &[&str]) -> anyhow::Result<Dense> {
        let down = self.down.load(Ordering::Relaxed);
        let asked = if down { self.kept.embed(texts) } else { self.embedder.embed(texts) };
        let vectors = match &self.runtime {
            Some(runtime) => runtime.block_on(asked),
            None => asked.now_or_never().unwrap_or(Err(EmbedError::Offline)),
        };
        if let Err(EmbedError::Endpoint(ModelError::Unreachable(_) | ModelError::Refused(_))) = &vectors {
            self.down.store(true, Ordering::Relaxed);
        }
        Ok(Dense::new(vectors?)?)
    }
}

/// What the clusters get: vectors, or the reason why there are none though they are wanted.
pub(crate) fn blend(
    vectors: Option<&Vectors>,
    texts: &[&str],
) -> Result<(Option<Dense>, Option<String>), Failure> {
    let Some(vectors) = vectors.filter(|_| !texts.is_empty()) else { return Ok((None, None)) };
    match vectors.of(texts) {
        Ok(dense) => Ok((Some(dense), None)),
        Err(error) if vectors.must => Err(failure(error)),
        Err(error) => {
            tracing::warn!(
                "topics are made without sentence vectors, and may differ from those with: {error:#}"
            );
            Ok((None, Some(format!("{error:#}"))))
        }
    }
}

/// No vectors where they must be.
pub(crate) fn failure(error: anyhow::Error) -> Failure {
    Failure::new(Code::Model, error.context("no sentence vectors for the clusters"))
        .hint("see [embeddings]; `source = \"none\"` does without, `writer.on_failure = \"extractive\"` when they fail")
}

fn endpoint(settings: &Settings, keys: &EmbeddingSettings) -> Result<Endpoint, Failure> {
    let http = settings.model.reached_at(&keys.base_url, keys.api_key()?);
    let endpoint = Endpoint::new(&http, &keys.model, keys.batch);
    endpoint.map_err(|error| Failure::new(Code::Usage, error).hint("see `embeddings.base_url` and its key"))
}

#[cfg(feature = "local-embeddings")]
fn local(folder: &Path, batch: usize, cache: Cache) -> Result<Box<dyn Embedder>, Failure> {
    let model = embed::Local::new(folder, batch).map_err(|error| {
        Failure::new(Code::Usage, error).hint(
            "`embeddings.folder` is a sentence transformer as published, with its weights in safetensors",
        )
    })?;
    Ok(Box::new(Cached::new(model, cache)))
}

#[cfg(not(feature = "local-embeddings"))]
fn local(_folder: &Path, _batch: usize, _cache: Cache) -> Result<Box<dyn Embedder>, Failure> {
    Err(Failure::say(Code::Usage, "`embeddings.source = \"local\"` is not part of this build")
        .hint("build with `cargo build --release -p tuibao --features local-embeddings`, or use an endpoint"))
}
