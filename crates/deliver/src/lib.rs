//! Tells of a finished report: a short message to chat groups, phones and mailboxes, once for each report and target.
//!
//! In the order of the flow: a [`Notice`] (what is told, as plain text) becomes the parts of a message in the language of a
//! service (`message`), each part a request (`request`) or a mail (`mail`), sent with bounded patience (`retry`), and noted
//! as sent (`ledger`). Beside that, a sign of life to a monitor (`ping`). What is known of each service is data, `presets/<service>.toml`. Knows neither tweets nor Markdown
//! posts, and reads neither the clock nor the environment: both are given.

mod error;
mod settings;
pub use error::DeliverError;
pub use settings::{DeliverySettings, Gaps, PingSettings, Service, TargetSettings, When};

mod notice;
pub use notice::{Notice, Point, Words};

mod escape;
mod harmless;
mod message;
mod preset;
mod split;

mod http;
mod ledger;
mod mail;
mod request;
mod retry;
mod sign;
mod target;
pub use target::Target;

mod courier;
pub use courier::{Courier, Delivery, Outcome, Report};

mod ping;
pub use ping::{Pinger, Sign};
