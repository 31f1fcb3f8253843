//! The layer that pays for no answer twice.
//!
//! An answer is whatever the same question would get again: a reply, also one that was cut or withdrawn, moderation's
//! objection, and that the context is too small. What time may heal is not kept.

mod shelf;

pub use shelf::{Shelf, ShelfStats};

use std::{
    collections::HashMap,
    panic,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use serde::{Deserialize, Serialize};
use tokio::{sync::Mutex as Turn, task::JoinSet};
use tracing::{Instrument, debug, warn};

use crate::{
    key::key,
    model::{BoxFuture, Effort, Fault, Finish, Model, ModelError, Quota, Reply, Request, Usage},
};

/// A model whose answers are kept on the disk.
pub struct Cache<M> {
    inner: Arc<M>,
    shelf: Shelf,
    scope: String,
    /// Questions that are being asked, by their keys.
    asked: Mutex<HashMap<String, Weak<Turn<()>>>>,
}

/// An answer, as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Reply { text: String, model: String, usage: Usage, finish: Finish },
    Filtered { status: Option<u16>, endpoint: String, detail: String },
    TooLong { status: Option<u16>, endpoint: String, detail: String },
}

impl<M: Model + 'static> Cache<M> {
    /// Keeps what `inner` answers on `shelf`. `scope` is what else bears on an answer: the endpoint and its settings.
    pub fn new(inner: M, shelf: Shelf, scope: impl Into<String>) -> Self {
        Self { inner: Arc::new(inner), shelf, scope: scope.into(), asked: Mutex::default() }
    }

    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let key = key(&self.scope, request);
        let turn = self.turn(&key);
        let _turn = turn.lock().await;
        if let Some(kept) = self.shelf.get(&key).and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok())
        {
            debug!(label = request.label, key, "answer was kept");
            return kept.answer();
        }
        // A task of its own keeps the answer as soon as it is there, whatever the asker is busy with: killed in between, it
        // would have paid for nothing. It ends with the asker.
        let (model, kept, question) = (Arc::clone(&self.inner), self.shelf.clone(), request.clone());
        let mut task = JoinSet::new();
        let asked = async move { ask_and_keep(&*model, &question, &kept, &key).await };
        task.spawn(asked.in_current_span());
        match task.join_next().await {
            Some(Ok(result)) => result,
            Some(Err(error)) if error.is_panic() => panic::resume_unwind(error.into_panic()),
            _ => Err(ModelError::Unreachable(Fault::default())),
        }
    }

    /// Two who ask the same at the same time wait for one answer.
    fn turn(&self, key: &str) -> Arc<Turn<()>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, turn| turn.strong_count() > 0);
        asked.get(key).and_then(Weak::upgrade).unwrap_or_else(|| {
            let turn = Arc::default();
            asked.insert(key.to_owned(), Arc::downgrade(&turn));
            turn
        })
    }
}

async fn ask_and_keep(
    model: &impl Model,
    request: &Request,
    shelf: &Shelf,
    key: &str,
) -> Result<Reply, ModelError> {
    let result = model.complete(request).await;
    if let Some(kept) = Kept::of(&result) {
        let stored = serde_json::to_vec(&kept).map_err(Into::into);
        if let Err(error) = stored.and_then(|bytes| shelf.put(key, &bytes)) {
            warn!(%error, "answer is not kept, and will be paid for again");
        }
    }
    result
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

impl<M: Model + 'static> Model for Cache<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }

    fn forget(&self, request: &Request) {
        self.shelf.remove(&key(&self.scope, request));
        self.inner.forget(request);
    }
}
