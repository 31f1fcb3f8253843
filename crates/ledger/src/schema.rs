//! The tables, and what an older file lacks of them.

use rusqlite::Connection;

/// Raised by one with every change of the tables; `migrate` knows the way from each number to the next.
const VERSION: i64 = 1;

const FIRST: &str = "
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site TEXT NOT NULL,
    report TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    command TEXT NOT NULL,
    writer TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    state TEXT NOT NULL,
    exit INTEGER,
    error TEXT,
    counts TEXT,
    calls INTEGER NOT NULL DEFAULT 0,
    prompt_tokens INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    cost REAL NOT NULL DEFAULT 0,
    currency TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX runs_of_report ON runs (site, report, first, last, id);
CREATE INDEX runs_by_start ON runs (started);
CREATE TABLE reports (
    site TEXT NOT NULL,
    report TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (site, report, first, last)
) STRICT;
";

/// Brings the tables up to date.
///
/// # Errors
/// What SQLite says; [`rusqlite::Error::InvalidQuery`] for a file of a newer program.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    };
    match version(connection)? {
        VERSION => return Ok(()),
        newer if newer > VERSION => return Err(rusqlite::Error::InvalidQuery),
        _ => {}
    }
    let change = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    if version(&change)? == 0 {
        change.execute_batch(FIRST)?;
        change.pragma_update(None, "user_version", VERSION)?;
    }
    change.commit()
}
