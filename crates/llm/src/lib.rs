//! One question to a language model, one answer: a small trait [`Model`] and layers over it, each a file.
//!
//! A layer is a [`Model`] that holds another one; [`Stack`] puts them on each other in the one place where their order is
//! decided. Nothing here knows tweets or reads the environment; settings come in as values.

mod model;
pub use model::{
    BoxFuture, Effort, Fault, Finish, Form, Format, Lack, Left, Model, ModelError, Quota, Reply, Request,
    Room, Schema, Usage,
};
mod http;
pub use http::{ConnectError, Http, HttpSettings, JsonEndpoint};
mod budget;
pub use budget::{Caps, Ledger, Metered};
mod limits;
pub use limits::{Pace, PaceSettings, Slots};
mod capability;
pub use capability::Capability;
mod retry;
pub use retry::{Jitter, Retry, RetryPolicy};
mod fallback;
pub use fallback::Fallback;
mod cache;
pub use cache::{Cache, Shelf, ShelfStats};
mod record;
pub use record::{Record, Replay};
mod deadline;
pub use deadline::Deadline;
mod stack;
pub use stack::{EndpointSettings, Stack, StackSettings};
mod read;
pub use read::{ReadError, read_json};
mod tokens;
pub use tokens::{Price, estimate_request, estimate_tokens};
mod key;
mod whole;
