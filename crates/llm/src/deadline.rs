//! The layer that ends in time, whatever the layers below still hope for.

use tokio::time::{Instant, timeout_at};

use crate::model::{BoxFuture, Fault, Model, ModelError, Reply, Request};

/// A model that gives no answer after a point in time: for all calls of one report.
pub struct Deadline<M> {
    inner: M,
    at: Instant,
}

impl<M: Model> Deadline<M> {
    /// Answers until `at`.
    pub fn new(inner: M, at: Instant) -> Self {
        Self { inner, at }
    }
}

impl<M: Model> Model for Deadline<M> {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            let over = || ModelError::Unreachable(Fault::say("the time for all calls of a report is over"));
            // Not even begun: a call that is cut off at once may be paid for.
            if Instant::now() >= self.at {
                return Err(over());
            }
            timeout_at(self.at, self.inner.complete(request)).await.map_err(|_| over())?
        })
    }

    fn forget(&self, request: &Request) {
        self.inner.forget(request);
    }
}
