//! Claims and what they rest on, as lines for a terminal: indented, wrapped and cut to its columns, whole when piped.

use brief::{Citation, Evidence, Fact, Place, Problem, Refused, Side, Withheld, Writer, place};
use report::{Trace, Traced};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Sources, verdict};
use crate::{
    columns::{cut, fit, wrap},
    console::plain,
};

const INDENT: usize = 4;
/// Columns of what a line is about, of a verdict, of a fact's kind, of a fact, of a handle.
const LABEL: usize = 9;
const VERDICT: usize = 9;
const KIND: usize = 11;
const FACT: usize = 24;
const HANDLE: usize = 18;

/// One claim: where it stands and who wrote it, its words, its sources, its facts.
pub(super) fn claim(line: &Traced<'_>, sources: &Sources<'_>, width: usize) -> Vec<String> {
    let claim = line.claim;
    let place = line.line.map_or_else(|| "no line".to_owned(), |line| format!("line {line}"));
    let group = if claim.group.is_empty() { String::new() } else { format!("/{}", claim.group) };
    let sole = if claim.sole_source { "  single source" } else { "" };
    let head = format!("{place}  {}{group}  {}{sole}", line.section, writer(claim.writer));
    let mut lines = vec![cut(&plain(&head), width)];
    lines.extend(words(&claim.lead, &claim.text, width));
    lines.extend(claim.cites.iter().map(|cite| source(cite, sources)));
    lines.extend(claim.disputed.iter().map(disputed));
    lines.extend(claim.evidence.iter().map(|evidence| fact(evidence, sources, width)));
    lines.push(String::new());
    lines
}

/// What stands on no line: refused drafts, withheld tweets, and the totals.
pub(super) fn rest(trace: &Trace, sources: &Sources<'_>, width: usize) -> Vec<String> {
    let refused = trace.refused().iter().flat_map(|one| refused(one, width));
    let withheld = trace.withheld().iter().map(|one| withheld(one, sources));
    refused.chain(withheld).chain([totals(trace)]).collect()
}

fn writer(writer: Writer) -> &'static str {
    match writer {
        Writer::Model => "model",
        Writer::Extractive => "extractive",
    }
}

/// A line below another one. A tab or line break of a tweet is no column and no line.
fn below(label: &str, text: &str) -> String {
    format!("{:INDENT$}{}{}", "", fit(label, LABEL), plain(text))
}

fn words(lead: &str, text: &str, width: usize) -> Vec<String> {
    let mark = if lead.is_empty() { "" } else { ": " };
    let all = plain(&single(&format!("{lead}{mark}{text}")));
    let lines = wrap(&all, width.saturating_sub(INDENT).max(INDENT));
    lines.iter().map(|line| format!("{:INDENT$}{line}", "")).collect()
}

fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Never cut: a part of a link leads nowhere.
fn source(cite: &Citation, sources: &Sources<'_>) -> String {
    let tweet = sources.tweets.get(&cite.id);
    let time = tweet.map(|tweet| tweet.created_at.format("%Y-%m-%d %H:%M UTC").to_string());
    let handle = fit(&plain(&format!("@{}", cite.handle)), HANDLE);
    below("source", &format!("{handle}{}  {}", time.unwrap_or_else(|| "time unknown".to_owned()), cite.url))
}

/// What one source says instead of another.
fn disputed(side: &Side) -> String {
    below(
        "disputed",
        &format!("{}{}", fit(&plain(&format!("@{}", side.handle)), HANDLE), single(&side.written)),
    )
}

/// A fact, its verdict, and where the tweet that holds it does so.
fn fact(evidence: &Evidence, sources: &Sources<'_>, width: usize) -> String {
    let (kind, written) = (kind(&evidence.fact), plain(&single(evidence.fact.written())));
    let tweet = evidence.tweet.and_then(|id| sources.tweets.get(&id));
    let held = tweet.map(|tweet| {
        let place = place(&evidence.fact, tweet, sources.outline);
        let excerpt = place.map_or_else(|| "(in other words)".to_owned(), excerpt);
        format!("{}{excerpt}", fit(&plain(&format!("@{}", tweet.author.handle)), HANDLE))
    });
    // Piped, a fact is whole; on a terminal it has its column.
    let pad = FACT.saturating_sub(written.width());
    let written = if width == usize::MAX { format!("{written}{:pad$}", "") } else { fit(&written, FACT) };
    let labels = format!("{}{}{written} ", fit(verdict(evidence), VERDICT), fit(&kind, KIND));
    let shown = labels + &held.unwrap_or_default();
    cut(below("fact", &shown).trim_end(), width)
}

/// `figure`, `date` … as the audit writes it.
pub(crate) fn kind(fact: &Fact) -> String {
    let value = serde_json::to_value(fact).unwrap_or_default();
    value.get("kind").map(name).unwrap_or_default()
}

/// The name that the audit file has for a value.
fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `before [held] after`, with the part of the tweet where that is not its text.
fn excerpt(place: Place) -> String {
    let Place { field, before, held, after } = place;
    let part = match field {
        brief::Field::Text => "",
        brief::Field::Quoted => "quoted: ",
        brief::Field::Author => "author: ",
        brief::Field::Tags => "tags: ",
        brief::Field::Posted => "posted: ",
    };
    format!("{part}{before}[{held}]{after}")
}

fn refused(refused: &Refused, width: usize) -> Vec<String> {
    let Refused { section, draft, problems, replaced } = refused;
    let what = if *replaced { "replaced" } else { "left out" };
    let mut lines =
        vec![cut(&plain(&format!("refused  {section}  {}  {what}", writer(draft.writer))), width)];
    lines.extend(words(&draft.lead, &draft.text, width));
    lines.extend(problems.iter().map(|one| cut(&below("problem", &problem(one)), width)));
    lines.push(String::new());
    lines
}

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Empty => "nothing is said".to_owned(),
        Problem::NoCitation => "no source is named".to_owned(),
        Problem::UnknownCitation { alias } => format!("no such source: {alias}"),
        Problem::NotFound { fact } => format!("not found: {} {}", kind(fact), single(fact.written())),
        Problem::Markup { found } => format!("markup: {found}"),
        Problem::Surplus => "holds, but the part is full or tells of it already".to_owned(),
        Problem::Repeats { text } => format!("repeats: {}", single(text)),
        Problem::Gate { rule, found } => format!("{}: {found}", name(rule)),
    }
}

fn withheld(withheld: &Withheld, sources: &Sources<'_>) -> String {
    let known = sources.tweets.get(&withheld.id);
    let page = known.map_or_else(|| withheld.id.to_string(), |tweet| tweet.url());
    plain(&format!("withheld {}  {page}", withheld.part))
}

fn totals(trace: &Trace) -> String {
    let (mut claims, mut found, mut other) = (0_usize, 0_usize, 0_usize);
    for (_, claim) in trace.claims() {
        let held = claim.evidence.iter().filter(|evidence| evidence.tweet.is_some()).count();
        claims += 1;
        found += held;
        other += claim.evidence.len() - held;
    }
    let refused = trace.refused();
    let replaced = refused.iter().filter(|one| one.replaced).count();
    format!(
        "{claims} claims, {} facts ({found} found in tweets, {other} counted or our own words), {} drafts refused \
         ({replaced} replaced), {} tweets withheld",
        found + other,
        refused.len(),
        trace.withheld().len()
    )
}
