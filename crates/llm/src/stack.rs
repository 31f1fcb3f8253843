//! The layers of a model client, stacked in the only order that works.
//!
//! For each endpoint, from the wire up: [`Http`] → [`Metered`] (each attempt counts) → [`Pace`] (each attempt waits) →
//! [`Capability`] → [`Retry`] → [`Slots`]. Over all of them: [`Fallback`] → [`Cache`] → [`Record`]. The cache is above the
//! budget, because what is kept is free.

use std::{path::PathBuf, sync::Arc};

use crate::{
    budget::{Caps, Ledger, Metered},
    cache::{Cache, Shelf, is_kept},
    capability::Capability,
    fallback::Fallback,
    http::{ConnectError, Http, HttpSettings},
    limits::{Pace, PaceSettings, Slots},
    model::{BoxFuture, Form, Model, ModelError, Reply, Request},
    record::{Record, Replay},
    retry::Retry,
    tokens::Price,
};

/// An endpoint, the model asked for there, and how.
#[derive(Debug, Clone)]
pub struct EndpointSettings {
    /// The way there.
    pub http: HttpSettings,
    /// The model's name there.
    pub model: String,
    /// How a question is put at first.
    pub form: Form,
    /// Calls under way at once.
    pub parallel: usize,
    /// Requests and tokens a minute.
    pub pace: PaceSettings,
    /// What its tokens cost, where that is known.
    pub price: Option<Price>,
}

/// Everything that a [`Stack`] is made of.
#[derive(Debug, Clone, Default)]
pub struct StackSettings {
    /// In order of preference; at least one.
    pub endpoints: Vec<EndpointSettings>,
    /// Where answers are kept.
    pub cache: Option<Shelf>,
    /// Where it is remembered what endpoints lack.
    pub capabilities: Option<PathBuf>,
    /// The most that may be spent.
    pub caps: Caps,
    /// The file of this day's spending.
    pub spending: Option<PathBuf>,
    /// A folder to record answers to.
    pub record: Option<PathBuf>,
    /// A folder of recordings to answer from, and from nowhere else.
    pub replay: Option<PathBuf>,
}

/// All layers: the client that a run uses.
pub struct Stack {
    top: Box<dyn Model>,
    cache: Option<Shelf>,
    scope: String,
}

impl Stack {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// A [`ConnectError`] when the settings cannot work.
    pub fn new(settings: &StackSettings) -> Result<Self, ConnectError> {
        let scope = scope(settings);
        let mut top: Box<dyn Model> = match &settings.replay {
            Some(folder) => Box::new(Replay::new(folder)),
            None => online(settings, &scope)?,
        };
        if let Some(folder) = &settings.record {
            top = Box::new(Record::new(top, folder));
        }
        Ok(Self { top, cache: settings.cache.clone(), scope })
    }

    /// Whether a question has its answer in the cache.
    pub fn is_kept(&self, request: &Request) -> bool {
        self.cache.as_ref().is_some_and(|shelf| is_kept(shelf, &self.scope, request))
    }
}

/// What bears on an answer besides the question: who is preferred, and the keys of its own.
fn scope(settings: &StackSettings) -> String {
    let Some(first) = settings.endpoints.first() else { return String::new() };
    let extra = serde_json::Value::Object(first.http.extra.clone());
    format!("{} {} {extra}", first.http.base_url.trim().trim_end_matches('/'), first.model)
}

fn online(settings: &StackSettings, scope: &str) -> Result<Box<dyn Model>, ConnectError> {
    let ledger = Arc::new(Ledger::new(settings.caps, settings.spending.as_deref()));
    let mut choices = Vec::new();
    for endpoint in &settings.endpoints {
        choices.push((endpoint.model.clone(), self::endpoint(endpoint, settings, &ledger)?));
    }
    let fallback = Fallback::new(choices);
    Ok(match &settings.cache {
        Some(shelf) => Box::new(Cache::new(fallback, shelf.clone(), scope)),
        None => Box::new(fallback),
    })
}

fn endpoint(
    settings: &EndpointSettings,
    stack: &StackSettings,
    ledger: &Arc<Ledger>,
) -> Result<Box<dyn Model>, ConnectError> {
    let EndpointSettings { http, model, form, parallel, pace, price } = settings;
    let metered = Metered::new(Http::new(http)?, *price, Arc::clone(ledger));
    let capability = Capability::new(Pace::new(metered, *pace), *form);
    let capability = match &stack.capabilities {
        Some(folder) => capability.remembering(folder, &format!("{} {model}", http.label())),
        None => capability,
    };
    Ok(Box::new(Slots::new(Retry::new(capability, http.retry), *parallel)))
}

impl Model for Stack {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        self.top.complete(request)
    }

    fn forget(&self, request: &Request) {
        self.top.forget(request);
    }
}
