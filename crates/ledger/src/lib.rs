//! What became of every run and of every report: one small SQLite file.
//!
//! It knows no report and no settings: a report is a name with its days on a site, what it was made from are hashes. What it
//! holds can be made again from the site, but for money and failures; so a ledger that is damaged is put aside, not mourned.

mod schema;

mod book;
pub use book::{Ledger, LedgerError};

mod runs;
pub use runs::{Ended, Run, RunId, Spent, Started, State};

mod reports;
pub use reports::{Key, Made};

#[cfg(test)]
mod tests;
