//! The requests to a model: what each section is told, and how its answer becomes drafts.
//!
//! Tweets go as JSON lines between two boundary lines; the boundary is a hash of all that is asked, so a tweet cannot know
//! it, yet the same input makes the same request to the byte.

use std::hash::{BuildHasher, BuildHasherDefault};

use corpus::Topic;
use llm::{Finish, Model, Reply, Request, Schema, read_json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    outline::{Outline, Section},
    prompts::{PromptError, Prompts},
    sources::Sources,
    verify::{Claim, DraftClaim, Writer},
};

/// How the model is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskSettings {
    /// The model's name at its endpoint.
    pub name: String,
    /// Room for an answer, in tokens.
    pub max_tokens: u32,
    /// 0 to 2.
    pub temperature: f32,
    /// Sections asked at the same time.
    pub parallel: usize,
    /// Tweets of a topic that the model sees, best representatives first.
    pub tweets_per_topic: usize,
    /// Characters of a tweet that the model sees.
    pub tweet_chars: usize,
}

/// The form of every answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    claims: Vec<AnswerClaim>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerClaim {
    group: String,
    lead: String,
    text: String,
    cites: Vec<String>,
}

/// An answer that cannot become drafts.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The answer is cut or withdrawn.
    #[error("the model stopped with `{0}` before the answer was complete")]
    Incomplete(String),
    /// Not JSON.
    #[error("the answer is not JSON: {0}")]
    NotJson(#[from] llm::ReadError),
    /// JSON of another form.
    #[error("the answer has another form than asked: {0}")]
    OtherForm(#[from] serde_json::Error),
}

/// Makes the requests of one report.
pub(crate) struct Asker<'a> {
    pub(crate) settings: &'a AskSettings,
    pub(crate) outline: &'a Outline,
    pub(crate) prompts: &'a Prompts,
    pub(crate) report_title: &'a str,
    pub(crate) boundary: String,
}

#[derive(Serialize)]
struct SystemValues<'a> {
    report_title: &'a str,
}

#[derive(Serialize)]
struct SectionValues<'a> {
    heading: &'a str,
    groups: &'a [crate::outline::Group],
    tweets: String,
    boundary: &'a str,
}

#[derive(Serialize)]
struct SummaryValues<'a> {
    count: usize,
    claims: String,
    boundary: &'a str,
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
    lead: String,
    text: String,
    cites: Vec<&'a str>,
}

/// A line that starts and ends the data, from a hash of the data.
pub(crate) fn boundary(topics: &[Topic]) -> String {
    let hasher = BuildHasherDefault::<rustc_hash::FxHasher>::default();
    let texts: Vec<&str> =
        topics.iter().flat_map(|topic| &topic.tweets).map(|unique| unique.tweet.text.as_str()).collect();
    format!("DATA-{:016x}{:016x}", hasher.hash_one((&texts, 1)), hasher.hash_one((2, &texts)))
}

impl Asker<'_> {
    /// The request of a detailed section about the topics routed to it.
    pub(crate) fn section(
        &self,
        section: &Section,
        topics: &[usize],
        sources: &Sources,
    ) -> Result<Request, PromptError> {
        let tweets =
            topics.iter().flat_map(|topic| sources.of_topic(*topic).take(self.settings.tweets_per_topic));
        let lines = tweets.map(|tweet| TweetLine {
            id: &tweet.citation.alias,
            topic: tweet.topic + 1,
            by: format!("@{}", tweet.speaker),
            at: tweet.created_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            text: neutral(&tweet.text.chars().take(self.settings.tweet_chars).collect::<String>()),
        });
        let tweets = json_lines(lines);
        let values = SectionValues {
            heading: &section.heading,
            groups: &section.groups,
            tweets,
            boundary: &self.boundary,
        };
        self.request(&section.id, &values)
    }

    /// The request of `overview` or `key_points` over the claims of the detailed part.
    pub(crate) fn summary(
        &self,
        name: &str,
        count: usize,
        claims: &[&Claim],
        sources: &Sources,
    ) -> Result<Request, PromptError> {
        // A key point may not cite what is half suspected of being an advert, so the model does not see it there.
        let may_cite =
            |alias: &&str| name != "key_points" || sources.get(alias).is_some_and(|tweet| !tweet.suspect);
        let lines = claims.iter().map(|claim| ClaimLine {
            lead: neutral(claim.lead()),
            text: neutral(claim.text()),
            cites: claim.cites().iter().map(|cite| cite.alias.as_str()).filter(may_cite).collect(),
        });
        let lines = lines.filter(|line| !line.cites.is_empty());
        self.request(name, &SummaryValues { count, claims: json_lines(lines), boundary: &self.boundary })
    }

    fn request(&self, name: &str, values: &impl Serialize) -> Result<Request, PromptError> {
        let language = &self.outline.language;
        let system = SystemValues { report_title: self.report_title };
        Ok(Request {
            model: self.settings.name.clone(),
            system: self.prompts.render(&format!("{language}/system"), &system)?,
            user: self.prompts.render(&format!("{language}/{name}"), values)?,
            schema: Some(Schema {
                name: "claims".to_owned(),
                json: schemars::schema_for!(Answer).to_value(),
            }),
            max_tokens: self.settings.max_tokens,
            temperature: self.settings.temperature,
            label: name.to_owned(),
        })
    }
}

fn json_lines<T: Serialize>(lines: impl Iterator<Item = T>) -> String {
    lines.filter_map(|line| serde_json::to_string(&line).ok()).collect::<Vec<_>>().join("\n")
}

/// Chat-template tokens, broken by a hair space, so that they are text to every server.
fn neutral(text: &str) -> String {
    ["<|", "[INST]", "[/INST]", "</s>", "<s>", "<<SYS>>"].iter().fold(text.to_owned(), |text, token| {
        let mut broken = token.to_string();
        broken.insert(1, '\u{200a}');
        text.replace(token, &broken)
    })
}

/// Asks, and reads the answer as drafts.
pub(crate) async fn ask(model: &dyn Model, request: &Request) -> Result<(Vec<DraftClaim>, Reply), AskError> {
    let reply = model.complete(request).await?;
    let drafts = read(&reply)?;
    Ok((drafts, reply))
}

/// No drafts, and why.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The model gave no answer.
    #[error(transparent)]
    Model(#[from] llm::ModelError),
    /// It gave one that cannot be used.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

fn read(reply: &Reply) -> Result<Vec<DraftClaim>, AnswerError> {
    match &reply.finish {
        Finish::Length => return Err(AnswerError::Incomplete("length".to_owned())),
        Finish::ContentFilter => return Err(AnswerError::Incomplete("content_filter".to_owned())),
        Finish::Stop | Finish::Other(_) => {}
    }
    let answer: Answer = serde_json::from_value(read_json(&reply.text)?)?;
    let draft = |claim: AnswerClaim| DraftClaim {
        group: claim.group,
        lead: claim.lead,
        text: claim.text,
        cites: claim.cites,
        derived: Vec::new(),
        writer: Writer::Model,
    };
    Ok(answer.claims.into_iter().map(draft).collect())
}
