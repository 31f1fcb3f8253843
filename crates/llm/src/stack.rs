//! The layers of a model client, stacked in the only order that works.

use crate::{
    http::{ConnectError, Http, HttpSettings},
    retry::{Retry, RetryPolicy},
};

/// An endpoint behind retries: the client that a run uses. Opens no connection yet.
///
/// # Errors
/// A [`ConnectError`] when the settings cannot work.
pub fn connect(settings: &HttpSettings) -> Result<Retry<Http>, ConnectError> {
    let policy = RetryPolicy { max_retries: settings.max_retries, ..RetryPolicy::default() };
    Ok(Retry::new(Http::new(settings)?, policy))
}
