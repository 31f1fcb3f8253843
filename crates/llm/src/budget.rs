//! The layer that counts money and tokens, and sends nothing that the budget does not allow.
//!
//! Right above the endpoint, so that each attempt counts. Before a request leaves its worst case is taken from the budget
//! (the whole room for the answer); when the reply is there, what was not used goes back. So no cap is ever exceeded, also by
//! calls side by side.

mod ledger;

pub use ledger::{Caps, Ledger};

use std::sync::Arc;

use ledger::Amount;

use crate::{
    model::{BoxFuture, Fault, Model, ModelError, Reply, Request, Usage},
    tokens::{Price, estimate_request},
};

/// A model whose tokens are counted and paid for.
pub struct Metered<M> {
    inner: M,
    price: Option<Price>,
    ledger: Arc<Ledger>,
}

impl<M: Model> Metered<M> {
    /// Counts into `ledger`, at this price; without one the money is unknown and counts as none.
    pub fn new(inner: M, price: Option<Price>, ledger: Arc<Ledger>) -> Self {
        Self { inner, price, ledger }
    }

    async fn ask(&self, request: &Request) -> Result<Reply, ModelError> {
        let worst = if self.ledger.is_bounded() { self.worst(request) } else { Amount::default() };
        if let Err(cap) = self.ledger.take(worst) {
            return Err(ModelError::Spent(Fault::say(cap)));
        }
        let mut result = self.inner.complete(request).await;
        let took = self.took(request, &result);
        self.ledger.settle(worst, took);
        match &mut result {
            Ok(reply) => reply.effort.cost += took.money,
            Err(error) => error.fault_mut().cost += took.money,
        }
        result
    }

    fn worst(&self, request: &Request) -> Amount {
        self.amount(&Usage {
            prompt_tokens: estimate_request(request),
            completion_tokens: u64::from(request.max_tokens),
            ..Usage::default()
        })
    }

    /// A reply costs what it says; one that cannot be used at least the question; an error costs nothing.
    fn took(&self, request: &Request, result: &Result<Reply, ModelError>) -> Amount {
        match result {
            Ok(reply) => self.amount(&reply.usage),
            Err(ModelError::Unusable(fault)) if fault.status.is_some_and(|status| status < 300) => {
                self.amount(&Usage { prompt_tokens: estimate_request(request), ..Usage::default() })
            }
            Err(_) => Amount::default(),
        }
    }

    fn amount(&self, usage: &Usage) -> Amount {
        let tokens = (usage.prompt_tokens + usage.completion_tokens).cast_signed();
        Amount { tokens, money: self.price.map_or(0.0, |price| price.cost(usage)) }
    }
}

impl<M: Model> Model for Metered<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(self.ask(request))
    }
}
