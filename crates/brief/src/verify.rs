//! **verify**: a draft claim becomes a claim only if each of its facts is found again in a tweet that it cites.
//!
//! This is the only place that can make a [`Claim`]. "Found again" is the promise; whether the tweet is right is not known
//! here. What is refused keeps its reasons.

use chrono::NaiveDate;
use corpus::TweetId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    backing::is_sole,
    checker::Checker,
    dispute::{Side, sides},
    facts::{Fact, facts},
    gate::Rule,
    pool::{Found, Pool, bare, fold},
    sources::{Citation, SourceTweet, Sources},
    typography::printed,
};

/// Who wrote a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// A language model.
    Model,
    /// The embedded extractive writer.
    Extractive,
}

/// A claim as a writer drafts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DraftClaim {
    /// Id of its group in the section; empty in the brief part.
    pub group: String,
    /// A few words, printed bold; may be empty.
    pub lead: String,
    /// The sentence or two.
    pub text: String,
    /// Short names of the tweets that it rests on.
    pub cites: Vec<String>,
    /// Figures that we counted ourselves (`38` tweets), and the days of which we counted them, which no tweet needs to hold.
    pub derived: Vec<String>,
    /// Who drafted it.
    pub writer: Writer,
}

/// A fact, and where it was found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What was looked for.
    pub fact: Fact,
    /// The tweet that holds it; `None` for a figure that we counted ourselves and for the report's own vocabulary.
    pub tweet: Option<TweetId>,
}

/// A claim whose every fact was found again. Only `verify` makes one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// Id of its group in the section; empty in the brief part.
    group: String,
    /// The bold words in front; may be empty.
    lead: String,
    /// The sentence or two; plain text.
    text: String,
    /// The tweets that it rests on.
    cites: Vec<Citation>,
    /// Each fact with the tweet that holds it.
    evidence: Vec<Evidence>,
    /// Who wrote it.
    writer: Writer,
    /// Whether all that it is about goes on from an earlier report; not there when it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    continuing: bool,
    /// Whether all that it rests on is the word of one small account; not there when it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sole_source: bool,
    /// What its sources say instead of one another; not there when they agree, as far as is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disputed: Vec<Side>,
    /// The day whose report said it, in a report of several days; not there where no other report did.
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<NaiveDate>,
    #[serde(skip)]
    topics: Vec<usize>,
}

impl Claim {
    /// Id of the group that it belongs to.
    pub fn group(&self) -> &str {
        &self.group
    }
    /// The bold words in front; may be empty.
    pub fn lead(&self) -> &str {
        &self.lead
    }
    /// The sentence or two; plain text.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The tweets that it rests on; never empty.
    pub fn cites(&self) -> &[Citation] {
        &self.cites
    }
    /// Each fact with the tweet that holds it.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    /// Who wrote it.
    pub fn writer(&self) -> Writer {
        self.writer
    }
    /// Whether all that it is about goes on from an earlier report.
    pub fn continuing(&self) -> bool {
        self.continuing
    }
    /// Whether all that it rests on is the word of one small account.
    pub fn sole_source(&self) -> bool {
        self.sole_source
    }
    /// What its sources say instead of one another; empty when they agree, as far as is known.
    pub fn disputed(&self) -> &[Side] {
        &self.disputed
    }
    /// The day whose report said it, in a report of several days.
    pub fn day(&self) -> Option<NaiveDate> {
        self.day
    }
    /// The same, as a day's report said it.
    pub(crate) fn of_day(self, day: Option<NaiveDate>) -> Self {
        Self { day, ..self }
    }
    /// Places of the topics that it is about.
    pub(crate) fn topics(&self) -> &[usize] {
        &self.topics
    }
}

/// A claim that was not let through, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Where it should have stood: a section's id, `overview` or `key_points`.
    pub section: String,
    /// The draft.
    pub draft: DraftClaim,
    /// Every reason.
    pub problems: Vec<Problem>,
    /// Whether another claim about the same topic stands in its place.
    pub replaced: bool,
}

/// Why a claim was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum Problem {
    /// Nothing is said.
    Empty,
    /// No source is named.
    NoCitation,
    /// A source that this writer was not given.
    UnknownCitation {
        /// The short name.
        alias: String,
    },
    /// A fact that no cited tweet holds.
    NotFound {
        /// The fact.
        fact: Fact,
    },
    /// A link, a heading or other markup, which only code may write.
    Markup {
        /// What was found.
        found: String,
    },
    /// What the gate does not let through, whatever the tweets hold.
    Gate {
        /// Which rule.
        rule: Rule,
        /// What was found, at most some words of it.
        found: String,
    },
    /// An earlier claim of the same part says so already.
    Repeats {
        /// The earlier claim.
        text: String,
    },
    /// It holds, but the part is full, or has a point about this topic.
    Surplus,
}

impl Problem {
    /// What was found wrong, as the text has it.
    pub(crate) fn found(&self) -> String {
        match self {
            Self::Empty => "text".to_owned(),
            Self::NoCitation => "cites".to_owned(),
            Self::Surplus => "claims".to_owned(),
            Self::UnknownCitation { alias } => alias.clone(),
            Self::NotFound { fact } => fact.written().to_owned(),
            Self::Repeats { text } => text.clone(),
            Self::Markup { found } | Self::Gate { found, .. } => found.clone(),
        }
    }
}

/// Lets a draft through if it cites allowed tweets only and each fact is found again in one of them.
///
/// Its form is judged as it was written, its facts as they are going to be printed: so the claim is what was checked.
///
/// # Errors
/// All problems of the draft.
pub(crate) fn verify(
    draft: &DraftClaim,
    allowed: impl Fn(&SourceTweet) -> bool,
    sources: &Sources,
    checker: &Checker<'_>,
) -> Result<Claim, Vec<Problem>> {
    let mut problems = shape_problems(draft);
    let told = &printed(draft, checker.script);
    let mut cited: Vec<&SourceTweet> = Vec::new();
    for alias in draft.cites.iter().take(MOST_CITES) {
        match sources.get(alias).filter(|tweet| allowed(tweet)) {
            Some(tweet) if !cited.iter().any(|known| known.citation.alias == *alias) => cited.push(tweet),
            Some(_) => {}
            None => problems.push(Problem::UnknownCitation { alias: alias.clone() }),
        }
    }
    problems.extend(checker.gate.problems(draft, &cited));
    let pool = Pool::new(&cited, checker);
    let counted = checker.counted(told);
    let mut evidence = Vec::new();
    let whole = format!("{}\n{}", told.lead, told.text);
    let known = if told.writer == Writer::Model { checker.known_names(&whole) } else { Vec::new() };
    let all = all_facts(told).into_iter().filter(|fact| checker.is_fact(fact, &whole)).chain(known);
    let translated = pool.translated(&whole);
    let is_translated =
        |fact: &Fact| matches!(fact, Fact::Name { written } if translated.contains(&fold(bare(written))));
    for fact in all.filter(|fact| !is_translated(fact)) {
        match pool.find(&fact, &counted) {
            Found::In(tweet) => evidence.push(Evidence { fact, tweet: Some(tweet) }),
            Found::NeedsNone => evidence.push(Evidence { fact, tweet: None }),
            Found::Nowhere => problems.push(Problem::NotFound { fact }),
        }
    }
    if told.writer == Writer::Model && !cited.is_empty() {
        problems.extend(pool.contradicted(&told.text).into_iter().map(|fact| Problem::NotFound { fact }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut topics: Vec<usize> = cited.iter().map(|tweet| tweet.topic).collect();
    topics.dedup();
    Ok(Claim {
        group: told.group.clone(),
        lead: told.lead.trim().to_owned(),
        text: told.text.trim().to_owned(),
        cites: cited.iter().map(|tweet| tweet.citation.clone()).collect(),
        evidence,
        writer: told.writer,
        continuing: cited.iter().all(|tweet| tweet.continuing),
        sole_source: is_sole(&cited),
        disputed: if told.writer == Writer::Model { sides(&told.text, &cited) } else { Vec::new() },
        day: None,
        topics,
    })
}

/// What only code may write: links, emphasis, headings, templates, HTML, chat tokens.
const MARKUP: [&str; 12] =
    ["http://", "https://", "www.", "](", "**", "{{", "{%", "<script", "```", "##", "<|", "</"];

/// Sources of one claim, so that what it rests on stands behind it as links.
const MOST_CITES: usize = 3;

/// The facts of a draft. A model's quotation marks are no way around the checker: it looks inside them too. (The
/// extractive writer quotes word by word, and may cut a quotation short.)
fn all_facts(draft: &DraftClaim) -> Vec<Fact> {
    let mut all = facts(&format!("{}\n{}", draft.lead, draft.text));
    if draft.writer == Writer::Model {
        let quoted = all.iter().filter(|fact| matches!(fact, Fact::Quotation { .. }));
        let inside: Vec<Fact> = quoted.flat_map(|fact| facts(fact.written())).collect();
        all.extend(inside);
    }
    all
}

fn shape_problems(draft: &DraftClaim) -> Vec<Problem> {
    let mut problems = Vec::new();
    if draft.text.trim().is_empty() {
        problems.push(Problem::Empty);
    }
    if draft.cites.is_empty() {
        problems.push(Problem::NoCitation);
    }
    // The extractive writer quotes tweets as they are; the escape at the sink makes their markup harmless.
    if draft.writer == Writer::Model {
        let all = format!("{}{}", draft.lead, draft.text);
        problems.extend(
            MARKUP
                .iter()
                .filter(|mark| all.contains(**mark))
                .map(|mark| Problem::Markup { found: (*mark).to_owned() }),
        );
    }
    problems
}

#[cfg(test)]
mod tests;
