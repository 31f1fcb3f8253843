//! Reports as jobs on many machines: rows and a queue in PostgreSQL, workers that run `tuibao`, and one gateway to the model
//! that holds the shared cache, the rate limit and the budget.
//!
//! Delivery is at least once. That is safe because publishing is idempotent, and because a question that was answered once is
//! answered from the cache. Nothing here knows tweets, topics or posts: a report is a child process and its exit code.

mod error;
pub use error::JobsError;
mod database;
pub use database::DatabaseArgs;
mod period;
pub use period::Every;
mod enqueue;
mod lanes;
mod lease;
pub use enqueue::{EnqueueArgs, Enqueued, enqueue};
mod work;
pub use work::{WorkArgs, Worked, work};
mod retry;
pub use retry::{Retried, RetryArgs, retry};
mod status;
pub use status::{Status, StatusArgs, status};
mod gateway;
pub use gateway::{GatewayArgs, gateway};
mod mask;
mod names;
mod place;
mod stop;
