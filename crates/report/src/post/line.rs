//! The lines of a post: a claim's words, what to know before trusting it, and its sources.

use brief::{Citation, Claim, Side};
use serde::Serialize;

use super::{Citations, Marks, PostSettings};
use crate::escape::{escape, lead, link};

/// A line as the template prints it.
#[derive(Serialize)]
pub(super) struct Line {
    lead: String,
    text: String,
    sources: String,
}

/// Makes lines, and numbers the sources in the order of the post.
pub(super) struct Lines<'a> {
    settings: &'a PostSettings,
    numbers: Vec<String>,
    /// Whether stories that go on are marked: not in the overview, whose leads are directions.
    pub(super) mark: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(settings: &'a PostSettings) -> Self {
        Self { settings, numbers: Vec::new(), mark: false }
    }

    /// What stands at once behind a lead, or the name of a group that stands empty.
    pub(super) fn behind_lead(&self) -> Option<char> {
        self.settings.marks.lead.chars().next()
    }

    pub(super) fn all(&mut self, claims: &[&Claim]) -> Vec<Line> {
        claims.iter().map(|claim| self.line(claim)).collect()
    }

    fn line(&mut self, claim: &Claim) -> Line {
        let continuing = if self.mark && claim.continuing() { self.settings.continuing.as_str() } else { "" };
        let words = format!("{continuing}{}", claim.lead());
        let mark = &self.settings.marks.lead;
        let lead_words = if words.is_empty() { String::new() } else { lead(&words, mark) + mark };
        let text = escape(claim.text()) + &self.caution(claim);
        Line { lead: lead_words, text, sources: self.sources(claim.cites()) }
    }

    /// What a reader should know before trusting a claim: one small account says it, or its sources disagree.
    fn caution(&self, claim: &Claim) -> String {
        let Marks { open, between, close, .. } = &self.settings.marks;
        let sole = if claim.sole_source() { self.settings.sole_source.as_str() } else { "" };
        let side = |side: &Side| escape(&format!("@{} {}", side.handle, side.written));
        let sides: Vec<String> = claim.disputed().iter().map(side).collect();
        if sides.is_empty() {
            return sole.to_owned();
        }
        format!("{sole}{open}{}{}{close}", self.settings.disputed, sides.join(between))
    }

    fn sources(&mut self, cites: &[Citation]) -> String {
        let shown = cites.iter().take(self.settings.links);
        let links: Vec<String> = match self.settings.citations {
            Citations::None => return String::new(),
            Citations::Handles => {
                shown.map(|cite| link(&format!("@{}", cite.handle), &cite.handle, cite.id)).collect()
            }
            Citations::Numbers => shown
                .map(|cite| {
                    let number = self.number(&cite.url);
                    link(&number.to_string(), &cite.handle, cite.id)
                })
                .collect(),
        };
        let Marks { open, between, close, .. } = &self.settings.marks;
        if links.is_empty() { String::new() } else { format!("{open}{}{close}", links.join(between)) }
    }

    fn number(&mut self, url: &str) -> usize {
        let known = self.numbers.iter().position(|seen| seen == url);
        known.unwrap_or_else(|| {
            self.numbers.push(url.to_owned());
            self.numbers.len() - 1
        }) + 1
    }
}
