//! `tuibao preview`: the reports of a site as pages on this machine.
//!
//! Reads a site, writes nothing, and binds to 127.0.0.1 only. No address that a browser sends is a path: a page is asked for by
//! a report's name, and where its files stand is said by [`report::Layout`].

mod cards;
mod changes;
mod editions;
mod evidence;
mod guard;
mod markdown;
mod pages;
mod routes;
mod server;
mod site;

pub use server::{PreviewError, Server};
pub use site::Site;
