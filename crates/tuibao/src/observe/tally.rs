//! What a command has done so far: filled in by its stages, from any thread, and read by who watches it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use brief::{Brief, Spending};
use chrono::{DateTime, Utc};
use report::Counts;
use tracing::Span;

use crate::{period::Period, publishing::Outcome};

/// The figures of a command under way, and its span, which threads of its own enter.
#[derive(Debug)]
pub(crate) struct Tally {
    span: Span,
    figures: Mutex<Figures>,
}

/// All reports of a command together. What no stage has come to is not there, which is not the same as 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// What became of records and tweets, by stage and reason.
    pub(super) tweets: BTreeMap<(&'static str, String), u64>,
    pub(super) topics: Option<u64>,
    pub(super) written: Option<Written>,
    /// What became of each report that now stands on the site.
    pub(super) reports: BTreeMap<Period, Outcome>,
    /// The end of the newest of these reports' windows.
    pub(super) newest: Option<DateTime<Utc>>,
}

/// What was written, and what that took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written {
    pub(super) claims: u64,
    pub(super) refused: u64,
    pub(super) calls: u64,
    pub(super) prompt_tokens: u64,
    pub(super) cached_tokens: u64,
    pub(super) completion_tokens: u64,
    pub(super) cost: f64,
}

impl Default for Tally {
    /// Of a command that nobody watches.
    fn default() -> Self {
        Self::within(&Span::none())
    }
}

impl Tally {
    pub(super) fn within(span: &Span) -> Self {
        Self { span: span.clone(), figures: Mutex::default() }
    }

    /// The command's span.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// The tweets of a report are sorted.
    pub(crate) fn sorted(&self, counts: &Counts) {
        let mut figures = self.lock();
        *figures.topics.get_or_insert_default() += counts.topics;
        let mut add = |stage, reason: &str, count| {
            *figures.tweets.entry((stage, reason.to_owned())).or_default() += count;
        };
        for (stage, count) in [
            ("read", counts.read),
            ("kept", counts.kept),
            ("in_topics", counts.in_topics),
            ("left_out", counts.left_out),
        ] {
            add(stage, "", count);
        }
        counts.rejected.iter().for_each(|(reason, count)| add("rejected", reason, *count));
        counts.dropped.iter().for_each(|(reason, count)| add("dropped", reason, *count));
    }

    /// A report is written and verified.
    pub(crate) fn written(&self, brief: &Brief) {
        let Spending { calls, prompt_tokens, cached_tokens, completion_tokens, cost, .. } = brief.spending();
        let mut figures = self.lock();
        let all = figures.written.get_or_insert_default();
        all.claims += brief.claims().count() as u64;
        all.refused += brief.refused.len() as u64;
        all.calls += calls;
        all.prompt_tokens += prompt_tokens;
        all.cached_tokens += cached_tokens;
        all.completion_tokens += completion_tokens;
        all.cost += cost;
    }

    /// A report whose window ends at `end` stands on the site.
    pub(crate) fn stands(&self, period: Period, outcome: Outcome, end: DateTime<Utc>) {
        let mut figures = self.lock();
        figures.reports.insert(period, outcome);
        figures.newest = figures.newest.max(Some(end));
    }

    pub(super) fn figures(&self) -> Figures {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Figures> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Figures {
    /// Tweets of a stage, for all reasons.
    pub(super) fn of(&self, wanted: &str) -> u64 {
        self.tweets.iter().filter(|((stage, _), _)| *stage == wanted).map(|(_, count)| count).sum()
    }

    /// How many reports ended so.
    pub(super) fn count(&self, wanted: Outcome) -> usize {
        self.reports.values().filter(|outcome| **outcome == wanted).count()
    }
}
