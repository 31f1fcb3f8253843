//! What can go wrong, named after what the caller does next, not after where it arose.

use std::{fmt, time::Duration};

use super::Reply;

/// Why there is no answer, by what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// Heals with time, but did not within the retries: fall back, or come back later.
    #[error("model is unreachable: {0}")]
    Unreachable(Fault),
    /// Key, quota, unknown model or bad parameter: end the run, no further call can succeed.
    #[error("model refused the request: {0}")]
    Refused(Fault),
    /// Moderation objects to something in the request: split it, set the culprit aside, go on.
    #[error("model filtered the request: {0}")]
    Filtered(Fault),
    /// The request exceeds the context: shorten it, never repeat it unchanged.
    #[error("request is too long for the model: {0}")]
    TooLong(Fault),
    /// An answer came that cannot be read: ask again, or fall back.
    #[error("model gave an unusable reply: {0}")]
    Unusable(Fault),
    /// The endpoint lacks something of the request's [`Form`](super::Form): put it another way.
    #[error("endpoint lacks {0:?}: {1}")]
    Lacking(Lack, Fault),
    /// The budget does not allow the request: do without, or raise it.
    #[error("budget is spent: {0}")]
    Spent(Fault),
}

/// What an endpoint may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The [`Format`](super::Format).
    Format,
    /// `max_tokens`.
    MaxTokens,
    /// A temperature.
    Temperature,
    /// Streams.
    Stream,
    /// Counts in streams.
    StreamUsage,
}

impl ModelError {
    /// The facts behind the error.
    pub fn fault(&self) -> &Fault {
        let (Self::Unreachable(fault)
        | Self::Refused(fault)
        | Self::Filtered(fault)
        | Self::TooLong(fault)
        | Self::Unusable(fault)
        | Self::Lacking(_, fault)
        | Self::Spent(fault)) = self;
        fault
    }

    /// The same error, whose attempts and cost are counted elsewhere.
    pub(crate) fn counted(mut self) -> Self {
        let fault = self.fault_mut();
        (fault.attempts, fault.cost) = (0, 0.0);
        self
    }

    pub(crate) fn fault_mut(&mut self) -> &mut Fault {
        let (Self::Unreachable(fault)
        | Self::Refused(fault)
        | Self::Filtered(fault)
        | Self::TooLong(fault)
        | Self::Unusable(fault)
        | Self::Lacking(_, fault)
        | Self::Spent(fault)) = self;
        fault
    }
}

/// The facts behind a [`ModelError`]; free of secrets, so it may be logged and shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fault {
    /// The HTTP status, when there was an answer at all.
    pub status: Option<u16>,
    /// The address asked, without credentials and query; empty when no address was involved.
    pub endpoint: String,
    /// What happened, with at most 200 characters of the answer's body.
    pub detail: String,
    /// How many retries may heal it: 0 none, [`u32::MAX`] as many as the policy allows.
    pub retries: u32,
    /// The wait that the endpoint asked for.
    pub retry_after: Option<Duration>,
    /// How often it was tried.
    pub attempts: u32,
    /// Money that it cost all the same.
    pub cost: f64,
}

impl Fault {
    /// A fault of ours, in words, that no retry heals.
    pub(crate) fn say(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::default() }
    }
}

/// Adds what failed attempts took to what came of the last one.
pub(crate) fn after(
    result: Result<Reply, ModelError>,
    attempts: u32,
    cost: f64,
) -> Result<Reply, ModelError> {
    match result {
        Ok(mut reply) => {
            reply.effort.attempts += attempts;
            reply.effort.cost += cost;
            Ok(reply)
        }
        Err(mut error) => {
            let fault = error.fault_mut();
            fault.attempts += attempts;
            fault.cost += cost;
            Err(error)
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "HTTP {status} from {}: {}", self.endpoint, self.detail)?,
            None if self.endpoint.is_empty() => f.write_str(&self.detail)?,
            None => write!(f, "{}: {}", self.endpoint, self.detail)?,
        }
        if self.attempts > 1 { write!(f, " (after {} attempts)", self.attempts) } else { Ok(()) }
    }
}
