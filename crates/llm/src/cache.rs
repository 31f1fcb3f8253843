//! The layer that pays for no answer twice.
//!
//! An answer is whatever the same question would get again: a reply, also one that was cut or withdrawn, moderation's
//! objection, and that the context is too small. What time may heal is not kept.

mod shelf;

pub use shelf::{Shelf, ShelfStats};

use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use crate::{
    key::key,
    model::{BoxFuture, Effort, Fault, Finish, Model, ModelError, Quota, Reply, Request, Usage},
};

/// A model whose answers are kept on the disk.
pub struct Cache<M> {
    inner: M,
    shelf: Shelf,
    scope: String,
}

/// An answer, as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Reply { text: String, model: String, usage: Usage, finish: Finish },
    Filtered { status: Option<u16>, endpoint: String, detail: String },
    TooLong { status: Option<u16>, endpoint: String, detail: String },
}

impl<M: Model> Cache<M> {
    /// Keeps what `inner` answers on `shelf`. `scope` is what else bears on an answer: the endpoint and its settings.
    pub fn new(inner: M, shelf: Shelf, scope: impl Into<String>) -> Self {
        Self { inner, shelf, scope: scope.into() }
    }

    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let key = key(&self.scope, request);
        if let Some(kept) = self.shelf.get(&key).and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok())
        {
            debug!(label = request.label, key, "answer was kept");
            return kept.answer();
        }
        let result = self.inner.complete(request).await;
        if let Some(kept) = Kept::of(&result) {
            let stored = serde_json::to_vec(&kept).map_err(Into::into);
            if let Err(error) = stored.and_then(|bytes| self.shelf.put(&key, &bytes)) {
                warn!(%error, "answer is not kept, and will be paid for again");
            }
        }
        result
    }
}

/// Whether an answer to this question is on the shelf.
pub(crate) fn is_kept(shelf: &Shelf, scope: &str, request: &Request) -> bool {
    shelf.get(&key(scope, request)).is_some()
}

impl Kept {
    fn of(result: &Result<Reply, ModelError>) -> Option<Self> {
        let facts = |fault: &Fault| (fault.status, fault.endpoint.clone(), fault.detail.clone());
        match result {
            Ok(Reply { text, model, usage, finish, .. }) => Some(Self::Reply {
                text: text.clone(),
                model: model.clone(),
                usage: *usage,
                finish: finish.clone(),
            }),
            Err(ModelError::Filtered(fault)) => {
                let (status, endpoint, detail) = facts(fault);
                Some(Self::Filtered { status, endpoint, detail })
            }
            Err(ModelError::TooLong(fault)) => {
                let (status, endpoint, detail) = facts(fault);
                Some(Self::TooLong { status, endpoint, detail })
            }
            Err(_) => None,
        }
    }

    fn answer(self) -> Result<Reply, ModelError> {
        let fault = |status, endpoint, detail| Fault { status, endpoint, detail, ..Fault::default() };
        match self {
            Self::Reply { text, model, usage, finish } => {
                let effort = Effort { kept: true, ..Effort::default() };
                Ok(Reply { text, model, usage, finish, effort, quota: Quota::default() })
            }
            Self::Filtered { status, endpoint, detail } => {
                Err(ModelError::Filtered(fault(status, endpoint, detail)))
            }
            Self::TooLong { status, endpoint, detail } => {
                Err(ModelError::TooLong(fault(status, endpoint, detail)))
            }
        }
    }
}

impl<M: Model> Model for Cache<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }

    fn forget(&self, request: &Request) {
        self.shelf.remove(&key(&self.scope, request));
        self.inner.forget(request);
    }
}
