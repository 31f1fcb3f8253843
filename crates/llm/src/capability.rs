//! The layer that learns how an endpoint wants to be asked: what it refused is left out from then on.
//!
//! What was learned is remembered for the process and, where there is a folder for it, on the disk, so that a daily run does
//! not pay for the same refusal each morning.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use crate::{
    model::{BoxFuture, Form, Format, Lack, Model, ModelError, Reply, Request, Room, after},
    whole::write_whole,
};

/// Puts each question in the best form that the endpoint below is not known to lack.
pub struct Capability<M> {
    inner: M,
    form: Mutex<Form>,
    memory: Option<Memory>,
}

/// Where the form is remembered, and for what.
struct Memory {
    path: PathBuf,
    endpoint: String,
    first: Form,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    endpoint: String,
    /// The form that the settings begin with; with another one all is learned anew.
    first: Form,
    form: Form,
}

impl<M: Model> Capability<M> {
    /// Begins with the form `first`.
    pub fn new(inner: M, first: Form) -> Self {
        Self { inner, form: Mutex::new(first), memory: None }
    }

    /// The same layer, which goes on from what `folder` remembers of `endpoint` and adds to it.
    #[must_use]
    pub fn remembering(self, folder: &Path, endpoint: &str) -> Self {
        let hash = blake3::hash(endpoint.as_bytes()).to_hex();
        let path = folder.join(format!("{hash:.32}.json"));
        let memory = Memory { path, endpoint: endpoint.to_owned(), first: self.form() };
        let form = memory.recall().unwrap_or(memory.first);
        Self { form: Mutex::new(form), memory: Some(memory), ..self }
    }

    /// The form as known now.
    pub fn form(&self) -> Form {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks until the endpoint takes the form; each round drops one thing that it lacks, so there are few.
    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let (mut attempts, mut cost) = (0, 0.0);
        loop {
            let put = Request { form: self.form(), ..request.clone() };
            match self.inner.complete(&put).await {
                Err(ModelError::Lacking(lack, fault)) => {
                    if !self.learn(put.form, lack) {
                        return after(Err(ModelError::Refused(fault)), attempts, cost);
                    }
                    debug!(label = request.label, ?lack, "endpoint lacks something, asking without it");
                    attempts += fault.attempts;
                    cost += fault.cost;
                }
                result => return after(result, attempts, cost),
            }
        }
    }

    /// Whether there is another form to try than the one that was refused.
    fn learn(&self, refused: Form, lack: Lack) -> bool {
        let without = without(refused, lack);
        let mut form = self.form.lock().unwrap_or_else(PoisonError::into_inner);
        // Calls in flight may have learned the same, or something else.
        let both = Form {
            format: form.format.max(without.format),
            room: if without.room == Room::MaxTokens { form.room } else { without.room },
            temperature_fixed: form.temperature_fixed || without.temperature_fixed,
            stream: form.stream && without.stream,
            uncounted: form.uncounted || without.uncounted,
        };
        if both != *form {
            *form = both;
            self.memory.iter().for_each(|memory| memory.keep(both));
        }
        both != refused
    }
}

fn without(form: Form, lack: Lack) -> Form {
    match lack {
        Lack::Format => match form.format {
            Format::JsonSchema => Form { format: Format::JsonObject, ..form },
            Format::JsonObject | Format::Words => Form { format: Format::Words, ..form },
        },
        Lack::MaxTokens => Form { room: Room::MaxCompletionTokens, ..form },
        Lack::Temperature => Form { temperature_fixed: true, ..form },
        Lack::Stream => Form { stream: false, ..form },
        Lack::StreamUsage => Form { uncounted: true, ..form },
    }
}

impl Memory {
    fn recall(&self) -> Option<Form> {
        let remembered: Remembered = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        (remembered.endpoint == self.endpoint && remembered.first == self.first).then_some(remembered.form)
    }

    fn keep(&self, form: Form) {
        let remembered = Remembered { endpoint: self.endpoint.clone(), first: self.first, form };
        let kept = serde_json::to_vec_pretty(&remembered).map_err(Into::into);
        if let Err(error) = kept.and_then(|bytes| write_whole(&self.path, &bytes)) {
            warn!(%error, path = %self.path.display(), "what the endpoint lacks is not remembered");
        }
    }
}

impl<M: Model> Model for Capability<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }
}
