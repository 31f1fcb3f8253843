//! A sentence transformer on this machine's CPU, from a folder as published: `config.json`, `tokenizer.json`,
//! `model.safetensors`, and where there is one `1_Pooling/config.json`. Opens no connection and fetches nothing.
//!
//! Bert and XLM-Roberta, with mean or first-token pooling, normalised: what most published models for sentences are.

mod folder;
#[cfg(test)]
mod tests;

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::{bert, xlm_roberta};
use llm::BoxFuture;
use tokenizers::{Tokenizer, TruncationParams};

pub use folder::LocalError;
use folder::{Family, Folder, Pooling};

use crate::embedder::{EmbedError, Embedder};

/// A model in memory.
pub struct Local {
    name: String,
    tokenizer: Tokenizer,
    net: Net,
    pooling: Pooling,
    batch: usize,
}

enum Net {
    Bert(Box<bert::BertModel>),
    Roberta(Box<xlm_roberta::XLMRobertaModel>),
}

/// The tokens of a text, and its place among the texts.
struct Tokens {
    place: usize,
    ids: Vec<u32>,
}

impl Local {
    /// Reads the folder, some hundred megabytes. At most `batch` texts go through the model at once.
    ///
    /// # Errors
    /// A [`LocalError`] that names the file that is missing or cannot be used.
    pub fn new(folder: &Path, batch: usize) -> Result<Self, LocalError> {
        let folder = Folder::read(folder)?;
        let mut tokenizer = Tokenizer::from_bytes(&folder.tokenizer).map_err(LocalError::Tokenizer)?;
        let truncation = TruncationParams { max_length: folder.max_tokens, ..TruncationParams::default() };
        tokenizer.with_padding(None).with_truncation(Some(truncation)).map_err(LocalError::Tokenizer)?;
        let (name, pooling) = (folder.name(), folder.pooling);
        Ok(Self { name, tokenizer, net: Net::new(folder)?, pooling, batch: batch.max(1) })
    }

    /// The [`name`](Embedder::name) of the model in a folder: a hash of its files, so that another model in the same place
    /// is another model.
    ///
    /// # Errors
    /// A [`LocalError`] that names the file that is missing or cannot be used.
    pub fn name_of(folder: &Path) -> Result<String, LocalError> {
        Ok(Folder::read(folder)?.name())
    }

    /// In order of length, so that texts of one batch need little padding.
    fn vectors(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, LocalError> {
        let mut tokens = self.tokens(texts)?;
        tokens.sort_by_key(|tokens| (tokens.ids.len(), tokens.place));
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in tokens.chunks(self.batch) {
            for (tokens, vector) in batch.iter().zip(self.forward(batch)?) {
                if let Some(place) = vectors.get_mut(tokens.place) {
                    *place = vector;
                }
            }
        }
        Ok(vectors)
    }

    fn tokens(&self, texts: &[&str]) -> Result<Vec<Tokens>, LocalError> {
        let encoded =
            self.tokenizer.encode_batch_fast(texts.to_vec(), true).map_err(LocalError::Tokenizer)?;
        let tokens = encoded.iter().enumerate();
        Ok(tokens.map(|(place, encoding)| Tokens { place, ids: encoding.get_ids().to_vec() }).collect())
    }

    fn forward(&self, batch: &[Tokens]) -> Result<Vec<Vec<f32>>, LocalError> {
        let longest = batch.iter().map(|tokens| tokens.ids.len()).max().unwrap_or_default().max(1);
        let shape = (batch.len(), longest);
        let ids: Vec<u32> = batch
            .iter()
            .flat_map(|tokens| padded(tokens.ids.iter().copied(), longest, self.net.pad()))
            .collect();
        let ones = batch.iter().flat_map(|tokens| padded(tokens.ids.iter().map(|_| 1), longest, 0));
        let mask = Tensor::from_vec(ones.collect::<Vec<u32>>(), shape, &Device::Cpu)?;
        let states = self.net.states(&Tensor::from_vec(ids, shape, &Device::Cpu)?, &mask)?;
        let pooled = match self.pooling {
            Pooling::First => states.narrow(1, 0, 1)?.squeeze(1)?,
            Pooling::Mean => mean(&states, &mask.to_dtype(DType::F32)?)?,
        };
        let lengths = pooled.sqr()?.sum_keepdim(1)?.sqrt()?.clamp(f32::MIN_POSITIVE, f32::MAX)?;
        Ok(pooled.broadcast_div(&lengths)?.to_vec2()?)
    }
}

fn padded(ids: impl Iterator<Item = u32>, length: usize, pad: u32) -> impl Iterator<Item = u32> {
    ids.chain(std::iter::repeat(pad)).take(length)
}

/// The mean of the states of tokens that are no padding.
fn mean(states: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
    let counts = mask.sum_keepdim(1)?.clamp(1_f32, f32::MAX)?;
    states.broadcast_mul(&mask.unsqueeze(2)?)?.sum(1)?.broadcast_div(&counts)
}

impl Net {
    fn new(folder: Folder) -> Result<Self, LocalError> {
        let Folder { path, weights, family, .. } = folder;
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu);
        let net = weights.and_then(|weights| match family {
            Family::Bert(config) => Ok(Self::Bert(Box::new(bert::BertModel::load(weights, &config)?))),
            Family::Roberta(config) => {
                let weights = if weights.contains_tensor("roberta.embeddings.word_embeddings.weight") {
                    weights.pp("roberta")
                } else {
                    weights
                };
                Ok(Self::Roberta(Box::new(xlm_roberta::XLMRobertaModel::new(&config, weights)?)))
            }
        });
        net.map_err(|error| LocalError::Weights(path, error))
    }

    /// The id of padding; it matters only to Roberta, which counts positions by it.
    fn pad(&self) -> u32 {
        match self {
            Self::Bert(_) => 0,
            Self::Roberta(_) => 1,
        }
    }

    fn states(&self, ids: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
        let types = ids.zeros_like()?;
        match self {
            Self::Bert(net) => net.forward(ids, &types, Some(mask)),
            Self::Roberta(net) => net.forward(ids, mask, &types, None, None, None),
        }
    }
}

impl Embedder for Local {
    fn name(&self) -> &str {
        &self.name
    }

    /// Computes at once and holds the thread; there is nothing to wait for.
    fn embed<'a>(&'a self, texts: &'a [&'a str]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EmbedError>> {
        Box::pin(std::future::ready(self.vectors(texts).map_err(EmbedError::from)))
    }
}
