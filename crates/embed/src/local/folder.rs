//! The files of a sentence transformer, read and understood; nothing is computed yet.

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

use candle_transformers::models::{bert, xlm_roberta};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Tokens of a text where the folder does not say: enough for a long tweet's beginning.
const MAX_TOKENS: usize = 256;
/// Positions that Roberta counts before the first token.
const ROBERTA_OFFSET: usize = 2;

/// Why the model of a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// A file that must be there is not.
    #[error("`{}` is missing in the model's folder `{}`", name, folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file in it.
        name: &'static str,
    },
    /// A file is there and cannot be read.
    #[error("cannot read `{}`", .0.display())]
    Io(PathBuf, #[source] io::Error),
    /// A file is not the JSON that it should be.
    #[error("cannot understand `{}`", .0.display())]
    Json(PathBuf, #[source] serde_json::Error),
    /// The model is of a kind that is not supported.
    #[error("the model in `{}` has {what}; {supported}", folder.display())]
    Unsupported {
        /// The folder.
        folder: PathBuf,
        /// What it has.
        what: String,
        /// What it may have.
        supported: &'static str,
    },
    /// `tokenizer.json` or a text.
    #[error("the model's tokenizer fails")]
    Tokenizer(#[source] Box<dyn Error + Send + Sync>),
    /// `model.safetensors` does not go with `config.json`.
    #[error("cannot use the weights in `{}`", .0.display())]
    Weights(PathBuf, #[source] candle_core::Error),
    /// The computation.
    #[error("the model fails")]
    Compute(#[from] candle_core::Error),
}

/// How the states of a text's tokens become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    First,
}

/// Kinds of models.
pub(super) enum Family {
    Bert(bert::Config),
    Roberta(xlm_roberta::Config),
}

/// All that a folder says.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) family: Family,
    pub(super) tokenizer: Vec<u8>,
    pub(super) weights: Vec<u8>,
    pub(super) pooling: Pooling,
    pub(super) max_tokens: usize,
    config: Vec<u8>,
}

impl Folder {
    pub(super) fn read(path: &Path) -> Result<Self, LocalError> {
        let config = required(path, "config.json")?;
        let tokenizer = required(path, "tokenizer.json")?;
        let weights = required(path, "model.safetensors")?;
        let (family, positions) = family(path, &config)?;
        plain(path)?;
        let told = optional(path, "sentence_bert_config.json")?;
        let told = told.as_ref().and_then(|told| told.get("max_seq_length")?.as_u64());
        let max_tokens = told.map_or(MAX_TOKENS, |told| told as usize).clamp(8, positions.max(8));
        let pooling = pooling(path)?;
        Ok(Self { path: path.to_owned(), family, tokenizer, weights, pooling, max_tokens, config })
    }

    /// A hash of all that bears on the vectors.
    pub(super) fn name(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in [&self.config, &self.tokenizer, &self.weights] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.update(format!("{:?} {}", self.pooling, self.max_tokens).as_bytes());
        format!("local {}", hasher.finalize().to_hex())
    }
}

/// The model's configuration, and the tokens that it has positions for.
fn family(path: &Path, config: &[u8]) -> Result<(Family, usize), LocalError> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(default)]
        model_type: String,
    }
    let kind: Kind = parse(path, config)?;
    match kind.model_type.as_str() {
        "bert" => {
            let config: bert::Config = parse(path, config)?;
            let positions = config.max_position_embeddings;
            Ok((Family::Bert(config), positions))
        }
        "xlm-roberta" => {
            let config: xlm_roberta::Config = parse(path, config)?;
            let positions = config.max_position_embeddings.saturating_sub(ROBERTA_OFFSET);
            Ok((Family::Roberta(config), positions))
        }
        other => Err(unsupported(path, format!("`model_type` \"{other}\""), "supported: bert, xlm-roberta")),
    }
}

fn parse<T: DeserializeOwned>(path: &Path, config: &[u8]) -> Result<T, LocalError> {
    serde_json::from_slice(config).map_err(|error| LocalError::Json(path.join("config.json"), error))
}

/// Refuses models with parts behind the pooling that would be left out.
pub(super) fn plain(path: &Path) -> Result<(), LocalError> {
    let modules = optional(path, "modules.json")?;
    let kinds =
        modules.iter().filter_map(Value::as_array).flatten().filter_map(|part| part.get("type")?.as_str());
    let known =
        |kind: &str| ["Transformer", "Pooling", "Normalize"].iter().any(|known| kind.ends_with(known));
    match kinds.into_iter().find(|kind| !known(kind)) {
        Some(kind) => {
            let what = format!("a module `{kind}`");
            Err(unsupported(path, what, "supported: a transformer, its pooling, normalisation"))
        }
        None => Ok(()),
    }
}

pub(super) fn pooling(path: &Path) -> Result<Pooling, LocalError> {
    let Some(told) = optional(path, "1_Pooling/config.json")? else { return Ok(Pooling::Mean) };
    let modes = told.as_object().into_iter().flatten();
    let on = modes.filter(|(key, value)| key.starts_with("pooling_mode") && **value == Value::Bool(true));
    let on: Vec<&str> = on.map(|(key, _)| key.as_str()).collect();
    match on.as_slice() {
        ["pooling_mode_mean_tokens"] => Ok(Pooling::Mean),
        ["pooling_mode_cls_token"] => Ok(Pooling::First),
        other => {
            let what = format!("the pooling `{}`", other.join(", "));
            Err(unsupported(path, what, "supported: mean_tokens, cls_token"))
        }
    }
}

fn unsupported(folder: &Path, what: String, supported: &'static str) -> LocalError {
    LocalError::Unsupported { folder: folder.to_owned(), what, supported }
}

fn required(folder: &Path, name: &'static str) -> Result<Vec<u8>, LocalError> {
    fs::read(folder.join(name)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LocalError::Missing { folder: folder.to_owned(), name },
        _ => LocalError::Io(folder.join(name), error),
    })
}

fn optional(folder: &Path, name: &str) -> Result<Option<Value>, LocalError> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| LocalError::Json(path, error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LocalError::Io(path, error)),
    }
}
