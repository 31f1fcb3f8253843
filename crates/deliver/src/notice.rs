//! What is told of a report, as plain text; every field may hold anything.

use reqwest::Url;
use serde::Serialize;

use crate::DeliverError;

/// What is told of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Name of the report's files, without folder and ending.
    pub slug: String,
    /// The first day, `2026-01-24`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The report's title.
    pub title: String,
    /// A paragraph on the whole.
    pub overview: String,
    /// The main directions.
    pub directions: Vec<Point>,
    /// The key points.
    pub key_points: Vec<Point>,
    /// What was read and kept, in a sentence.
    pub counts: String,
    /// The report's address, or nothing. Built by us, so that it is not cut and not disarmed.
    pub link: String,
    /// Stands behind a lead.
    pub mark: String,
    /// Headings, in the report's language.
    pub words: Words,
}

/// A point: bold words, then a sentence or two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The words in front, or nothing.
    pub lead: String,
    /// The sentence.
    pub text: String,
}

/// Headings of the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Above the key points.
    pub key_points: String,
    /// The link's text.
    pub link: String,
}

impl Notice {
    /// An address as it can stand in the links of all services.
    ///
    /// # Errors
    /// When it is no web address.
    pub fn link(address: &str) -> Result<String, DeliverError> {
        let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| DeliverError::settings(format!("`{address}` is no web address")))?;
        let marks = [
            ("(", "%28"),
            (")", "%29"),
            ("|", "%7C"),
            ("'", "%27"),
            ("*", "%2A"),
            ("[", "%5B"),
            ("]", "%5D"),
        ];
        Ok(marks.iter().fold(url.to_string(), |url, (mark, code)| url.replace(mark, code)))
    }

    /// The same with every text of others changed; link, mark and headings are ours.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let points = |points: &[Point]| {
            let point = |point: &Point| Point { lead: change(&point.lead), text: change(&point.text) };
            points.iter().map(point).collect()
        };
        Self {
            title: change(&self.title),
            overview: change(&self.overview),
            directions: points(&self.directions),
            key_points: points(&self.key_points),
            counts: change(&self.counts),
            ..self.clone()
        }
    }
}
