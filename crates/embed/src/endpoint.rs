//! `POST {base_url}/embeddings`, as `OpenAI` defined it and Ollama, llama.cpp, vLLM and others speak it.

use std::{borrow::Cow, collections::BTreeMap};

use futures::{StreamExt, TryStreamExt, stream};
use llm::{BoxFuture, ConnectError, HttpSettings, JsonEndpoint};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::embedder::{EmbedError, Embedder, even};

/// Batches under way at once.
const PARALLEL: usize = 4;
/// What is sent of a text. Endpoints refuse what exceeds the model's context, and a topic shows in the beginning.
const TEXT_CHARS: usize = 4000;
/// Sent for a blank text, which endpoints refuse.
const BLANK: &str = "-";

/// An OpenAI-compatible endpoint for embeddings.
#[derive(Debug)]
pub struct Endpoint {
    http: JsonEndpoint,
    model: String,
    name: String,
    batch: usize,
}

#[derive(Serialize)]
struct Question<'a> {
    model: &'a str,
    input: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl Endpoint {
    /// `model` as the endpoint knows it, asked for at most `batch` texts at once; opens no connection.
    ///
    /// # Errors
    /// A [`ConnectError`] when the settings cannot work.
    pub fn new(settings: &HttpSettings, model: &str, batch: usize) -> Result<Self, ConnectError> {
        let http = JsonEndpoint::new(settings, &["embeddings"])?;
        let name = Self::name_of(&settings.base_url, model);
        Ok(Self { http, model: model.to_owned(), name, batch: batch.max(1) })
    }

    /// The [`name`](Embedder::name) that an endpoint has.
    pub fn name_of(base_url: &str, model: &str) -> String {
        format!("{} {model}", base_url.trim().trim_end_matches('/'))
    }

    async fn ask(&self, batch: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let input = batch.iter().map(|text| sent(text)).collect();
        let question = Question { model: &self.model, input };
        let vectors = self.http.ask("embeddings", &question, |answer| read(answer, batch.len())).await?;
        tracing::debug!(texts = batch.len(), "embedded");
        Ok(vectors)
    }
}

impl Embedder for Endpoint {
    fn name(&self) -> &str {
        &self.name
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>> {
        Box::pin(async move {
            let asked: Vec<_> = texts.chunks(self.batch).map(|batch| self.ask(batch)).collect();
            let batches: Vec<_> = stream::iter(asked).buffered(PARALLEL).try_collect().await?;
            even(batches.into_iter().flatten().collect())
        })
    }
}

fn sent(text: &str) -> Cow<'_, str> {
    if text.trim().is_empty() {
        return BLANK.into();
    }
    match text.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or(text).into(),
        None => text.into(),
    }
}

/// The vectors by their index; by their order where an endpoint gives none.
fn read(answer: Value, wanted: usize) -> Result<Vec<Vec<f32>>, String> {
    let answer = Answer::deserialize(answer).map_err(|_| "no embeddings in the answer")?;
    let given = answer.data.len();
    let placed = answer.data.into_iter().enumerate();
    let by_index: BTreeMap<usize, Vec<f32>> =
        placed.map(|(order, item)| (item.index.unwrap_or(order), item.embedding)).collect();
    if given != wanted || !by_index.keys().copied().eq(0..wanted) {
        return Err(format!("{given} embeddings for {wanted} texts, or some twice"));
    }
    if by_index.values().any(Vec::is_empty) {
        return Err("an embedding is empty".to_owned());
    }
    Ok(by_index.into_values().collect())
}
