//! JSON there and JSON back at one path of an endpoint, behind the retries: for whatever is no chat, such as embeddings.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{ConnectError, HttpSettings, classify::Verdict, reply::body, wire::Wire};
use crate::{model::ModelError, retry::Patience};

/// Attempts that an answer in the wrong form is worth after the first.
const MISREAD_RETRIES: u32 = 2;

/// One path below an endpoint's base URL, asked with the same client, key, bounds and retries as a model.
pub struct JsonEndpoint {
    wire: Wire,
    patience: Patience,
}

impl fmt::Debug for JsonEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonEndpoint").field("endpoint", &self.wire.endpoint).finish_non_exhaustive()
    }
}

impl JsonEndpoint {
    /// Prepares the client; opens no connection.
    ///
    /// # Errors
    /// A [`ConnectError`] when the settings cannot work.
    pub fn new(settings: &HttpSettings, path: &[&str]) -> Result<Self, ConnectError> {
        Ok(Self { wire: Wire::new(settings, path)?, patience: Patience::new(settings.retry) })
    }

    /// Sends `question` and gives what `read` finds in the answer, or repeats while that can heal. `label` is for logs;
    /// what `read` objects to is a reply that cannot be used.
    ///
    /// # Errors
    /// A [`ModelError`], as of a model.
    pub async fn ask<Q, T, R>(&self, label: &str, question: &Q, read: R) -> Result<T, ModelError>
    where
        Q: Serialize + Sync,
        T: Send,
        R: Fn(Value) -> Result<T, String> + Sync,
    {
        self.patience.persist(label, || self.once(question, &read)).await.result
    }

    async fn once<Q: Serialize, T>(
        &self,
        question: &Q,
        read: impl Fn(Value) -> Result<T, String>,
    ) -> Result<T, ModelError> {
        let raw = self.wire.send(serde_json::to_vec(question)).await?;
        let read = |json| read(json).map_err(|why| Verdict::unusable(why, MISREAD_RETRIES));
        body(&raw, "JSON object").and_then(read).map_err(|verdict| self.wire.error(&verdict, Some(&raw)))
    }
}
