//! The requests to a model: what each part of the report is told.
//!
//! Data goes as JSON lines between two boundary lines; the boundary is a hash of the lines, so a tweet cannot know it, and no
//! line of JSON can be one. The same data make the same request to the byte, and what changes in one section changes nothing
//! in the request of another.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher, BuildHasherDefault},
};

use llm::{Form, Request, Schema, estimate_tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    disarm::{disarmed, disarmed_draft},
    outline::{Group, Outline, Section},
    prompts::{PromptError, Prompts},
    sources::{SourceTweet, Sources},
    verify::{Claim, DraftClaim, Problem},
};

/// How the model is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskSettings {
    /// The model's name at its endpoint.
    pub name: String,
    /// Room for an answer, in tokens; doubled once when an answer does not fit.
    pub max_tokens: u32,
    /// 0 to 2.
    pub temperature: f32,
    /// Tokens of the data of one request; the least salient topics are left out of what exceeds it.
    pub section_tokens: usize,
    /// Characters of a tweet that the model sees.
    pub tweet_chars: usize,
}

/// The form of every answer.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used; answers are read more tolerantly")]
#[schemars(deny_unknown_fields)]
struct Answer {
    claims: Vec<AnswerClaim>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "as above")]
#[schemars(deny_unknown_fields)]
struct AnswerClaim {
    group: String,
    lead: String,
    text: String,
    cites: Vec<String>,
}

/// Makes the requests of one report.
pub(crate) struct Asker<'a> {
    pub(crate) settings: &'a AskSettings,
    pub(crate) outline: &'a Outline,
    pub(crate) prompts: &'a Prompts,
    pub(crate) report_title: &'a str,
}

/// What is asked for one part of the report; it can be asked with less of its data, and again.
pub(crate) struct Question<'a> {
    asker: &'a Asker<'a>,
    /// A section's id, `overview` or `key_points`.
    pub(crate) part: &'a str,
    pub(crate) lines: Vec<Line>,
    /// Places of topics that exceed the token budget.
    pub(crate) beyond: Vec<usize>,
    frame: Frame<'a>,
}

/// A line of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    json: String,
    /// Short names of the tweets that it holds or rests on.
    pub(crate) aliases: Vec<String>,
    /// Place of its topic, which is also its rank.
    pub(crate) topic: usize,
}

enum Frame<'a> {
    Section { heading: &'a str, groups: &'a [Group] },
    Summary { count: usize },
}

#[derive(Serialize)]
struct SystemValues<'a> {
    report_title: &'a str,
    seal: String,
}

#[derive(Serialize)]
struct SectionValues<'a> {
    heading: &'a str,
    groups: &'a [Group],
    tweets: String,
    boundary: String,
}

#[derive(Serialize)]
struct SummaryValues {
    count: usize,
    claims: String,
    boundary: String,
}

#[derive(Serialize)]
struct AgainValues<'a> {
    problems: &'a [String],
}

#[derive(Serialize)]
struct RepairValues {
    refused: String,
    boundary: String,
}

#[derive(Serialize)]
struct RefusedLine {
    text: String,
    cites: Vec<String>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct TweetLine<'a> {
    id: &'a str,
    topic: usize,
    by: String,
    at: String,
    text: String,
}

#[derive(Serialize)]
struct ClaimLine<'a> {
    /// 1 is the most salient of those told.
    topic: usize,
    lead: String,
    text: String,
    cites: &'a [String],
}

impl<'a> Asker<'a> {
    /// What a detailed section is asked about the topics routed to it, most salient first.
    pub(crate) fn section(
        &'a self,
        section: &'a Section,
        topics: &[usize],
        sources: &Sources,
    ) -> Question<'a> {
        let mut budget = Budget::new(self.settings.section_tokens);
        let mut lines = Vec::new();
        let mut beyond = Vec::new();
        for (number, topic) in topics.iter().enumerate() {
            let of_topic: Vec<Line> = sources
                .of_topic(*topic)
                .map(|tweet| self.tweet_line(tweet, number + 1))
                .take_while(|line| budget.has_room_for(line))
                .collect();
            if of_topic.is_empty() {
                beyond.push(*topic);
            }
            lines.extend(of_topic);
        }
        let frame = Frame::Section { heading: &section.heading, groups: &section.groups };
        Question { asker: self, part: &section.id, lines, beyond, frame }
    }

    /// What `overview` or `key_points` is asked about the claims of the detailed part.
    pub(crate) fn summary(
        &'a self,
        part: &'a str,
        count: usize,
        claims: &[&Claim],
        sources: &Sources,
    ) -> Question<'a> {
        // A key point may not cite what is half suspected of being an advert, so the model does not see it there.
        let may_cite =
            |alias: &String| part != "key_points" || sources.get(alias).is_some_and(|tweet| !tweet.suspect);
        let ranks: BTreeSet<usize> = claims.iter().filter_map(|claim| topic_of(claim)).collect();
        let line = |claim: &&Claim| {
            let topic = topic_of(claim).unwrap_or(usize::MAX);
            let aliases: Vec<String> =
                claim.cites().iter().map(|cite| cite.alias.clone()).filter(may_cite).collect();
            let (lead, text) = (disarmed(claim.lead()), disarmed(claim.text()));
            let rank = ranks.range(..topic).count() + 1;
            let json = json_line(&ClaimLine { topic: rank, lead, text, cites: &aliases });
            Line { json, aliases, topic }
        };
        let mut lines: Vec<Line> = claims.iter().map(line).filter(|line| !line.aliases.is_empty()).collect();
        // In the order of the post; of what exceeds the budget the least salient go.
        let mut by_rank: Vec<&Line> = lines.iter().collect();
        by_rank.sort_by_key(|line| line.topic);
        let mut budget = Budget::new(self.settings.section_tokens);
        let last = by_rank.iter().take_while(|line| budget.has_room_for(line)).last().map(|line| line.topic);
        lines.retain(|line| last.is_some_and(|last| line.topic <= last));
        Question { asker: self, part, lines, beyond: Vec::new(), frame: Frame::Summary { count } }
    }

    /// A mark in the system prompt that no answer may hold: one that does has told what it was told. From prompts and model
    /// alone, so that the system prompt is the same for all sections and days.
    fn seal(&self) -> String {
        let texts: Vec<_> = self.prompts.texts(&self.outline.language).collect();
        format!("SEAL-{:016x}", hasher().hash_one((texts, &self.settings.name)))
    }

    fn render(&self, name: &str, values: &impl Serialize) -> Result<String, PromptError> {
        self.prompts.render(&format!("{}/{name}", self.outline.language), values)
    }

    fn tweet_line(&self, tweet: &SourceTweet, topic: usize) -> Line {
        let alias = &tweet.citation.alias;
        let json = json_line(&TweetLine {
            id: alias,
            topic,
            by: format!("@{}", tweet.speaker),
            at: tweet.created_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            text: disarmed(&tweet.text).chars().take(self.settings.tweet_chars).collect(),
        });
        Line { json, aliases: vec![alias.clone()], topic: tweet.topic }
    }
}

impl Question<'_> {
    /// The request over some of the lines, with room for so many tokens of answer; after an answer that could not be used
    /// the same with its problems behind, so that the endpoint has all the rest in its cache.
    pub(crate) fn request(
        &self,
        lines: &[&Line],
        room: u32,
        problems: &[String],
    ) -> Result<Request, PromptError> {
        let Asker { settings, report_title, .. } = *self.asker;
        let seal = self.asker.seal();
        let data = lines.iter().map(|line| line.json.as_str()).collect::<Vec<_>>().join("\n");
        let boundary = boundary(&data);
        let mut user = match self.frame {
            Frame::Section { heading, groups } => {
                self.asker.render(self.part, &SectionValues { heading, groups, tweets: data, boundary })?
            }
            Frame::Summary { count } => {
                self.asker.render(self.part, &SummaryValues { count, claims: data, boundary })?
            }
        };
        if !problems.is_empty() {
            user = format!("{user}\n{}", self.asker.render("again", &AgainValues { problems })?);
        }
        Ok(Request {
            model: String::new(),
            system: self.asker.render("system", &SystemValues { report_title, seal })?,
            user,
            schema: Some(Schema {
                name: "claims".to_owned(),
                json: schemars::schema_for!(Answer).to_value(),
            }),
            max_tokens: room,
            temperature: settings.temperature,
            label: self.part.to_owned(),
            form: Form::default(),
        })
    }

    /// The same question with the claims behind that did not pass, and why: only these are to be written anew.
    pub(crate) fn repair(
        &self,
        lines: &[&Line],
        refused: &[(DraftClaim, Vec<Problem>)],
    ) -> Result<Request, PromptError> {
        let line = |(draft, problems): &(DraftClaim, Vec<Problem>)| {
            let problems = problems.iter().map(|problem| disarmed_draft(&problem.found())).collect();
            let cites = draft.cites.iter().map(|alias| disarmed_draft(alias)).collect();
            json_line(&RefusedLine { text: disarmed_draft(&draft.text), cites, problems })
        };
        let refused = refused.iter().map(line).collect::<Vec<_>>().join("\n");
        let boundary = boundary(&refused);
        let asked = self.request(lines, self.room(), &[])?;
        let repair = self.asker.render("repair", &RepairValues { refused, boundary })?;
        Ok(Request { user: format!("{}\n{repair}", asked.user), ..asked })
    }

    /// The room for an answer at first.
    pub(crate) fn room(&self) -> u32 {
        self.asker.settings.max_tokens
    }

    /// The language that an answer must have.
    pub(crate) fn language(&self) -> &str {
        &self.asker.outline.language
    }

    /// What no answer may hold.
    pub(crate) fn seal(&self) -> String {
        self.asker.seal()
    }

    /// The groups that a claim may name; none in the brief part.
    pub(crate) fn groups(&self) -> &[Group] {
        match self.frame {
            Frame::Section { groups, .. } => groups,
            Frame::Summary { .. } => &[],
        }
    }
}

/// The most salient topic that a claim is about.
fn topic_of(claim: &Claim) -> Option<usize> {
    claim.topics().iter().copied().min()
}

/// The half of the lines whose topics are more salient; `None` when there is only one topic.
pub(crate) fn better_half<'l>(lines: &[&'l Line]) -> Option<Vec<&'l Line>> {
    let topics: BTreeSet<usize> = lines.iter().map(|line| line.topic).collect();
    let last = *topics.iter().nth((topics.len() / 2).checked_sub(1)?)?;
    Some(lines.iter().copied().filter(|line| line.topic <= last).collect())
}

/// What is left of the tokens of one request's data.
struct Budget {
    left: usize,
}

impl Budget {
    fn new(tokens: usize) -> Self {
        Self { left: tokens }
    }

    /// Takes what the line needs, if that is there; what is full stays full, so that no lesser topic takes its place.
    fn has_room_for(&mut self, line: &Line) -> bool {
        let rest = self.left.checked_sub(estimate_tokens(&line.json));
        self.left = rest.unwrap_or(0);
        rest.is_some()
    }
}

/// A line that starts and ends the data, from a hash of the data.
fn boundary(data: &str) -> String {
    let hasher = hasher();
    format!("DATA-{:016x}{:016x}", hasher.hash_one((data, 1)), hasher.hash_one((2, data)))
}

fn hasher() -> BuildHasherDefault<rustc_hash::FxHasher> {
    BuildHasherDefault::default()
}

fn json_line(line: &impl Serialize) -> String {
    // These types are always JSON.
    serde_json::to_string(line).unwrap_or_default()
}
