//! One question to a language model, one answer: a small trait [`Model`] and layers over it.
//!
//! A layer is a [`Model`] that holds another one; [`connect`] stacks those of today: [`Http`] → [`Retry`].
//! Nothing here knows tweets, reads the environment or writes files; settings come in as values.

mod model;
pub use model::{BoxFuture, Fault, Finish, Model, ModelError, Reply, Request, Schema, Usage};
mod http;
pub use http::{ConnectError, Http, HttpSettings, JsonEndpoint};
mod retry;
pub use retry::{Jitter, Retry, RetryPolicy};
mod stack;
pub use stack::connect;
mod read;
pub use read::{ReadError, read_json};
mod tokens;
pub use tokens::{Price, estimate_tokens};
