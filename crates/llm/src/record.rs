//! The layers that record what was said, and say it again: for tests, for reports of faults, for changing a template without
//! asking anybody.
//!
//! One readable file a question, named by its hash. There is no key in a question, so there is none in a recording.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::warn;

use crate::{
    key::key,
    model::{BoxFuture, Effort, Fault, Finish, Model, ModelError, Quota, Reply, Request, Usage},
    whole::write_whole,
};

#[derive(Serialize, Deserialize)]
struct Recording {
    label: String,
    model: String,
    system: String,
    user: String,
    schema: Option<Value>,
    max_tokens: u32,
    reply: RecordedReply,
}

#[derive(Serialize, Deserialize)]
struct RecordedReply {
    model: String,
    text: String,
    finish: Finish,
    usage: Usage,
}

/// Writes each answered question to a folder.
pub struct Record<M> {
    inner: M,
    folder: PathBuf,
}

impl<M: Model> Record<M> {
    /// Records what `inner` answers.
    pub fn new(inner: M, folder: &Path) -> Self {
        Self { inner, folder: folder.to_owned() }
    }

    fn keep(&self, request: &Request, reply: &Reply) -> io::Result<()> {
        let recording = Recording {
            label: request.label.clone(),
            model: request.model.clone(),
            system: request.system.clone(),
            user: request.user.clone(),
            schema: request.schema.as_ref().map(|schema| schema.json.clone()),
            max_tokens: request.max_tokens,
            reply: RecordedReply {
                model: reply.model.clone(),
                text: reply.text.clone(),
                finish: reply.finish.clone(),
                usage: reply.usage,
            },
        };
        write_whole(&path(&self.folder, request), &serde_json::to_vec_pretty(&recording)?)
    }
}

fn path(folder: &Path, request: &Request) -> PathBuf {
    folder.join(key("", request)).with_extension("json")
}

impl<M: Model> Model for Record<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            let reply = self.inner.complete(request).await?;
            if let Err(error) = self.keep(request, &reply) {
                warn!(%error, label = request.label, "reply is not recorded");
            }
            Ok(reply)
        })
    }

    fn forget(&self, request: &Request) {
        self.inner.forget(request);
    }
}

/// Answers from recordings alone: no network, no key.
pub struct Replay {
    folder: PathBuf,
}

impl Replay {
    /// From the folder that [`Record`] wrote.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn recall(&self, request: &Request) -> Result<Reply, ModelError> {
        let path = path(&self.folder, request);
        let missing = |why: String| {
            let detail = format!("no recording of this question in `{}`: {why}", path.display());
            ModelError::Unreachable(Fault::say(detail))
        };
        let bytes = fs::read(&path).map_err(|error| missing(error.to_string()))?;
        let Recording { reply, .. } =
            serde_json::from_slice(&bytes).map_err(|error| missing(error.to_string()))?;
        let RecordedReply { model, text, finish, usage } = reply;
        let effort = Effort { kept: true, ..Effort::default() };
        Ok(Reply { text, model, usage, finish, effort, quota: Quota::default() })
    }
}

impl Model for Replay {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move { self.recall(request) })
    }
}
