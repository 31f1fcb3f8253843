//! Reports: what each that is on a site was made from, so that one look tells whether it is still up to date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{Ledger, LedgerError};

/// Which report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The site's folder, as configured.
    pub site: String,
    /// The report's name.
    pub report: String,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

/// What a report on the site was made from, and what it is made of. All hashes, none of which this crate looks into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Of the settings.
    pub settings: String,
    /// Of the corpus as it lies on the disk.
    pub corpus: String,
    /// Of the tweets in its window.
    pub tweets: String,
    /// Of what earlier reports told.
    pub memory: String,
    /// Of what it tells later ones.
    pub tells: String,
    /// Of its files, by path below the site.
    pub files: BTreeMap<String, String>,
    /// Whether a later run should try to better it.
    pub makeshift: bool,
}

impl Ledger {
    /// Notes what a report was made from.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn note(&self, key: &Key, made: &Made) -> Result<(), LedgerError> {
        let text = serde_json::to_string(made).unwrap_or_default();
        self.with(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO reports (site, report, first, last, made) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![key.site, key.report, key.first, key.last, text],
            )?;
            Ok(())
        })
    }

    /// What a report was made from, as far as this ledger knows; nothing where a program of another version noted it.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`]
    pub fn made(&self, key: &Key) -> Result<Option<Made>, LedgerError> {
        self.with(|connection| {
            let text: Option<String> = connection
                .query_row(
                    "SELECT made FROM reports WHERE site = ?1 AND report = ?2 AND first = ?3 AND last = ?4",
                    params![key.site, key.report, key.first, key.last],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        })
    }
}
