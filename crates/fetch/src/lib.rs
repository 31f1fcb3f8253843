//! Corpus files from the network, written to a local folder, from where `ingest` reads them like any file.
//!
//! [`download`] keeps files of the web in a cache; [`pull`] keeps pages of the X API. Nothing here parses tweets, reads
//! the environment or knows the time: settings, tokens and the clock come in as values. What cannot be fetched is an
//! error, and what an earlier run fetched stays as it was.
//!
//! # How an application uses it
//!
//! [`Settings`] is the section `[fetch]` of its configuration. Before a run, not in a dry run, under its lock:
//!
//! ```no_run
//! # async fn fetch(settings: fetch::Settings, urls: Vec<String>, clock: fetch::Clock) -> Result<(), fetch::FetchError> {
//! let client = fetch::Client::new(&settings)?;
//! for url in &urls {
//!     let file = fetch::download(&client, url).await?.path; // a corpus file, in place of the address
//! }
//! for keys in &settings.x {
//!     let token = keys.bearer(|name| None /* the environment */)?;
//!     let source = fetch::Source::new(keys, &settings, &token, clock.clone())?;
//!     fetch::pull(&source).await?; // then read all of `source.folder()`, not only the new files
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A dry run asks [`Client::cached`] and [`Source::folder`] what is there. Bookkeeping files are hidden (`.name`), so a
//! walk over the folder meets corpus files only.
//!
//! # Keys and defaults
//!
//! ```toml
#![doc = include_str!("../fetch.toml")]
//! ```

mod settings;
pub use settings::{Settings, XSettings};
mod error;
pub use error::{Fault, FetchError};
mod address;
pub use address::Forbidden;
mod answer;
mod disk;
mod resolve;
mod retry;
pub use retry::Patience;
mod client;
pub use client::Client;
mod download;
pub use download::{Downloaded, download};
mod x;
pub use x::{Clock, Pulled, Source, Stopped, pull};
