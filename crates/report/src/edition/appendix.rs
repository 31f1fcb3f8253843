//! What is not in the report: drafts that were refused, parts that a model gave nothing for, tweets that it would not read.

use brief::{Problem, Refused};
use serde::Serialize;

use super::EditionInput;
use crate::escape::clean;

/// Characters of what an endpoint says of a failure.
const REASON: usize = 200;

#[derive(Serialize)]
pub(super) struct Appendix {
    refused: Vec<RefusedView>,
    gaps: Vec<GapView>,
    withheld: usize,
}

#[derive(Serialize)]
struct RefusedView {
    part: String,
    /// `None` where the words themselves are what no page should show.
    words: Option<String>,
    reasons: Vec<String>,
    replaced: bool,
}

#[derive(Serialize)]
struct GapView {
    part: String,
    reason: String,
}

pub(super) fn appendix(input: &EditionInput<'_>) -> Appendix {
    let gaps = input.brief.gaps.iter().map(|gap| GapView {
        part: part(input, &gap.part),
        reason: clean(&gap.reason).chars().take(REASON).collect(),
    });
    Appendix {
        refused: input.brief.refused.iter().map(|one| refused(input, one)).collect(),
        gaps: gaps.collect(),
        withheld: input.brief.withheld.len(),
    }
}

fn refused(input: &EditionInput<'_>, refused: &Refused) -> RefusedView {
    let Refused { section, draft, problems, replaced } = refused;
    let shown = !problems.iter().any(conceals);
    let words = [&draft.lead, &draft.text].map(|text| clean(text));
    let [lead, text] = words;
    let words = if lead.is_empty() { text } else { format!("{lead} — {text}") };
    RefusedView {
        part: part(input, section),
        words: shown.then_some(words),
        reasons: problems.iter().map(|problem| reason(input, problem, shown)).collect(),
        replaced: *replaced,
    }
}

/// Whether a draft was refused for what it says and not for what it rests on: adverts, addresses, prompts.
fn conceals(problem: &Problem) -> bool {
    matches!(problem, Problem::Gate { .. } | Problem::Markup { .. })
}

/// The profile's name of a problem, with what was found wrong.
fn reason(input: &EditionInput<'_>, problem: &Problem, shown: bool) -> String {
    let (id, found) = match problem {
        Problem::Empty => ("empty", ""),
        Problem::NoCitation => ("no_citation", ""),
        Problem::UnknownCitation { .. } => ("unknown_citation", ""),
        Problem::NotFound { fact } => ("not_found", fact.written()),
        Problem::Markup { .. } => ("markup", ""),
        Problem::Gate { .. } => ("gate", ""),
        Problem::Repeats { text } => ("repeats", text.as_str()),
        Problem::Surplus => ("surplus", ""),
    };
    let name = input.words.problems.get(id).map_or(id, String::as_str);
    if found.is_empty() || !shown { clean(name) } else { clean(&format!("{name} “{found}”")) }
}

/// Heading of a part by its id.
fn part(input: &EditionInput<'_>, id: &str) -> String {
    let section = input.outline.sections.iter().find(|section| section.id == id);
    let heading = match (id, section) {
        ("overview", _) => input.headings.overview.as_str(),
        ("key_points", _) => input.headings.key_points.as_str(),
        (_, Some(section)) => section.heading.as_str(),
        _ => id,
    };
    clean(heading)
}
