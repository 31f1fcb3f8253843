//! **write + verify**: topics become a [`Brief`], by a model or without one.
//!
//! The detailed sections are asked in parallel; the brief part is asked after them, from their verified claims, so that it
//! says what the detail says. A section whose call fails falls back to the extractive writer, and says so.

use corpus::{Topic, Words};
use futures::{StreamExt, stream};
use llm::{Model, ModelError, Request};

use crate::{
    ask::{AskError, AskSettings, Asker, ask, boundary},
    brief::{Brief, Call, Gap, WrittenSection},
    extract::Extractor,
    outline::{Compass, GroupPlace, Outline, OutlineError, Section},
    pool::Checker,
    prompts::{PromptError, Prompts},
    route::route,
    sources::{SourceTweet, Sources},
    verify::{Claim, DraftClaim, Refused, verify},
};

/// Who writes.
pub enum Pen<'a> {
    /// The embedded writer.
    Extractive,
    /// A model.
    Model {
        /// The model.
        model: &'a dyn Model,
        /// How it is asked.
        settings: &'a AskSettings,
    },
}

/// What the writers work from.
pub struct Desk<'a> {
    /// The report's outline.
    pub outline: &'a Outline,
    /// The prompts.
    pub prompts: &'a Prompts,
    /// The dictionary.
    pub words: &'a Words,
    /// The report's title, for the prompts.
    pub title: &'a str,
}

/// No brief, and why.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The outline does not hold together.
    #[error(transparent)]
    Outline(#[from] OutlineError),
    /// A prompt cannot be rendered.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The model refused for good: key, quota, unknown model.
    #[error(transparent)]
    Refused(ModelError),
}

/// Writes and verifies the report of `topics` (most salient first).
///
/// # Errors
/// When outline or prompts are wrong, or the model refuses for good; a single failed call is a gap in the brief instead.
pub async fn write(topics: &[Topic], desk: &Desk<'_>, pen: &Pen<'_>) -> Result<Brief, WriteError> {
    let compass = Compass::new(desk.outline)?;
    let places = route(topics, &compass);
    let sources = Sources::new(topics);
    let extractor = Extractor {
        outline: desk.outline,
        compass: &compass,
        topics,
        places: &places,
        sources: &sources,
        words: desk.words,
    };
    let mut room = Room { checker: Checker::new(&sources, desk.outline), extractor, brief: Brief::empty() };
    let asked = match pen {
        Pen::Extractive => None,
        Pen::Model { model, settings } => Some((*model, asker(topics, desk, settings))),
    };
    room.detail(asked.as_ref()).await?;
    room.summarise(asked.as_ref()).await?;
    Ok(room.brief)
}

/// The requests that a model would get, for an estimate: exactly those of the sections; those of the brief part as they
/// would be if the extractive writer wrote the detail.
///
/// # Errors
/// When outline or prompts are wrong.
pub async fn requests(
    topics: &[Topic],
    desk: &Desk<'_>,
    settings: &AskSettings,
) -> Result<Vec<Request>, WriteError> {
    let compass = Compass::new(desk.outline)?;
    let places = route(topics, &compass);
    let sources = Sources::new(topics);
    let asker = asker(topics, desk, settings);
    let mut requests = Vec::new();
    for (section, spec) in desk.outline.sections.iter().enumerate() {
        let routed = routed(&places, section);
        if !routed.is_empty() {
            requests.push(asker.section(spec, &routed, &sources)?);
        }
    }
    let brief = write(topics, desk, &Pen::Extractive).await?;
    let claims: Vec<&Claim> = brief.sections.iter().flat_map(|section| &section.claims).collect();
    for part in ["overview", "key_points"] {
        let count = desk.outline.key_points.min(worthy(topics).len());
        requests.push(asker.summary(part, count, &claims, &sources)?);
    }
    Ok(requests)
}

fn asker<'a>(topics: &[Topic], desk: &Desk<'a>, settings: &'a AskSettings) -> Asker<'a> {
    let Desk { outline, prompts, title, .. } = *desk;
    Asker { settings, outline, prompts, report_title: title, boundary: boundary(topics) }
}

/// Topics that may be key points: not those of which every tweet is half suspected of being an advert.
fn worthy(topics: &[Topic]) -> Vec<usize> {
    let suspect = |topic: &Topic| topic.tweets.iter().all(|unique| unique.suspect);
    topics.iter().enumerate().filter(|(_, topic)| !suspect(topic)).map(|(place, _)| place).collect()
}

/// Topics routed to a section, most salient first.
fn routed(places: &[GroupPlace], section: usize) -> Vec<usize> {
    places.iter().enumerate().filter(|(_, place)| place.section == section).map(|(topic, _)| topic).collect()
}

/// A report in the making.
struct Room<'a> {
    checker: Checker<'a>,
    extractor: Extractor<'a>,
    brief: Brief,
}

type Asked<'a> = (&'a dyn Model, Asker<'a>);

impl Room<'_> {
    async fn detail(&mut self, asked: Option<&Asked<'_>>) -> Result<(), WriteError> {
        let sections = self.extractor.outline.sections.len();
        let mut drafts: Vec<Option<Vec<DraftClaim>>> = (0..sections).map(|_| None).collect();
        if let Some((model, asker)) = asked {
            let mut requests = Vec::new();
            for (section, spec) in self.extractor.outline.sections.iter().enumerate() {
                let topics = routed(self.extractor.places, section);
                if !topics.is_empty() {
                    requests.push((section, asker.section(spec, &topics, self.extractor.sources)?));
                }
            }
            let calls = requests
                .iter()
                .map(|(section, request)| async move { (*section, request, ask(*model, request).await) });
            let answers: Vec<_> =
                stream::iter(calls).buffered(asker.settings.parallel.max(1)).collect().await;
            for (section, request, answer) in answers {
                if let Some(slot) = drafts.get_mut(section) {
                    *slot = self.take(&request.label, answer)?;
                }
            }
        }
        for (section, drafts) in drafts.into_iter().enumerate() {
            self.fill_section(section, drafts);
        }
        Ok(())
    }

    /// The drafts of an answer; a failed one is a gap, but a refusal for good ends the run.
    fn take(
        &mut self,
        part: &str,
        answer: Result<(Vec<DraftClaim>, llm::Reply), AskError>,
    ) -> Result<Option<Vec<DraftClaim>>, WriteError> {
        match answer {
            Ok((drafts, reply)) => {
                tracing::info!(
                    part,
                    claims = drafts.len(),
                    tokens = reply.usage.completion_tokens,
                    "answered"
                );
                self.brief.calls.push(Call {
                    part: part.to_owned(),
                    model: reply.model,
                    prompt_tokens: reply.usage.prompt_tokens,
                    completion_tokens: reply.usage.completion_tokens,
                    estimated: reply.usage.estimated,
                });
                Ok(Some(drafts))
            }
            Err(AskError::Model(error @ ModelError::Refused(_))) => Err(WriteError::Refused(error)),
            Err(error) => {
                tracing::warn!(part, %error, "no usable answer; the extractive writer takes over");
                self.brief.gaps.push(Gap { part: part.to_owned(), reason: error.to_string() });
                Ok(None)
            }
        }
    }

    fn fill_section(&mut self, section: usize, drafts: Option<Vec<DraftClaim>>) {
        let asked = drafts.is_some();
        let Some(spec) = self.extractor.outline.sections.get(section) else { return };
        let topics = routed(self.extractor.places, section);
        let written = drafts.map(|drafts| self.checked(&spec.id, drafts, &topics)).unwrap_or_default();
        let claims = if written.is_empty() { self.without_model(spec, &topics, asked) } else { written };
        let claims = in_group_order(claims, spec);
        self.brief.sections.push(WrittenSection { id: spec.id.clone(), claims });
    }

    /// The section by the extractive writer alone; a gap when a model was asked and left nothing to stand on.
    fn without_model(&mut self, spec: &Section, topics: &[usize], asked: bool) -> Vec<Claim> {
        if asked && !topics.is_empty() {
            let reason = "no claim of the answer could be used".to_owned();
            self.brief.gaps.push(Gap { part: spec.id.clone(), reason });
        }
        topics.iter().filter_map(|topic| self.extractive(&spec.id, *topic)).collect()
    }

    /// A model's drafts that hold; for a topic that lost its only claim, an extractive one.
    fn checked(&mut self, part: &str, drafts: Vec<DraftClaim>, topics: &[usize]) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut lost: Vec<(usize, Option<usize>)> = Vec::new();
        for draft in drafts {
            let topic = draft
                .cites
                .iter()
                .find_map(|alias| self.extractor.sources.get(alias))
                .map(|tweet| tweet.topic);
            // What is half suspected of being an advert is kept, but is never a key point.
            let allowed = |tweet: &SourceTweet| {
                topics.contains(&tweet.topic) && !(part == "key_points" && tweet.suspect)
            };
            match verify(&draft, allowed, &self.checker) {
                Ok(claim) => claims.push(claim),
                Err(problems) => {
                    let refused = Refused { section: part.to_owned(), draft, problems, replaced: false };
                    self.brief.refused.push(refused);
                    lost.push((self.brief.refused.len() - 1, topic.filter(|topic| topics.contains(topic))));
                }
            }
        }
        for (refused, topic) in lost {
            let Some(topic) =
                topic.filter(|topic| !claims.iter().any(|claim| claim.topics().contains(topic)))
            else {
                continue;
            };
            if let Some(claim) = self.extractive(part, topic) {
                claims.push(claim);
                self.brief
                    .refused
                    .iter_mut()
                    .skip(refused)
                    .take(1)
                    .for_each(|refused| refused.replaced = true);
            }
        }
        claims
    }

    /// An extractive claim about a topic; when its title is not found again, under the speaker's name.
    fn extractive(&mut self, part: &str, topic: usize) -> Option<Claim> {
        let draft = if part == "key_points" {
            self.extractor.key_point(topic)
        } else {
            self.extractor.detail(topic)
        }?;
        let mut voices = self.extractor.sources.of_topic(topic);
        let speaker = voices.find(|tweet| part != "key_points" || !tweet.suspect)?.speaker.clone();
        let plain = DraftClaim { lead: format!("@{speaker}"), ..draft.clone() };
        let claim = self.admit(part, draft);
        if claim.is_some() {
            return claim;
        }
        let claim = self.admit(part, plain)?;
        if let Some(refused) = self.brief.refused.last_mut() {
            refused.replaced = true;
        }
        Some(claim)
    }

    fn admit(&mut self, part: &str, draft: DraftClaim) -> Option<Claim> {
        let allowed = |tweet: &SourceTweet| !(part == "key_points" && tweet.suspect);
        verify(&draft, allowed, &self.checker)
            .map_err(|problems| {
                tracing::info!(part, ?problems, "an extractive draft was refused");
                self.brief.refused.push(Refused {
                    section: part.to_owned(),
                    draft,
                    problems,
                    replaced: false,
                });
            })
            .ok()
    }

    async fn summarise(&mut self, asked: Option<&Asked<'_>>) -> Result<(), WriteError> {
        let topics = self.extractor.topics.len();
        let count = self.extractor.outline.key_points.min(worthy(self.extractor.topics).len());
        let (mut overview, mut key_points) = (None, None);
        if let Some((model, asker)) = asked.filter(|_| topics > 0) {
            let claims: Vec<&Claim> =
                self.brief.sections.iter().flat_map(|section| &section.claims).collect();
            let sources = self.extractor.sources;
            let requests = (
                asker.summary("overview", count, &claims, sources)?,
                asker.summary("key_points", count, &claims, sources)?,
            );
            let answers = futures::future::join(ask(*model, &requests.0), ask(*model, &requests.1)).await;
            overview = self.take("overview", answers.0)?;
            key_points = self.take("key_points", answers.1)?;
        }
        self.fill_overview(overview);
        self.fill_key_points(key_points.unwrap_or_default(), count);
        Ok(())
    }

    fn fill_overview(&mut self, drafts: Option<Vec<DraftClaim>>) {
        let all: Vec<usize> = (0..self.extractor.topics.len()).collect();
        let mut claims = drafts.map_or_else(Vec::new, |drafts| self.checked("overview", drafts, &all));
        let has_paragraph = claims.first().is_some_and(|claim| claim.lead().is_empty());
        if !has_paragraph {
            if claims.is_empty() {
                let directions = self.extractor.directions();
                claims.extend(directions.into_iter().filter_map(|draft| self.admit("overview", draft)));
            }
            // A title that is not found again must not cost the paragraph.
            let paragraph = [true, false].into_iter().find_map(|named| {
                let draft = self.extractor.mood_paragraph(named);
                self.admit("overview", draft)
            });
            claims.splice(0..0, paragraph);
        }
        self.brief.overview = claims;
    }

    /// Exactly `count` points, each about another topic: the model's that hold, then extractive ones by salience.
    fn fill_key_points(&mut self, drafts: Vec<DraftClaim>, count: usize) {
        let all = worthy(self.extractor.topics);
        let mut points: Vec<Claim> = Vec::new();
        // A point is about the topic of its first source.
        let told = |points: &[Claim], topic: &usize| {
            points.iter().any(|point| point.topics().first() == Some(topic))
        };
        for claim in self.checked("key_points", drafts, &all) {
            if claim.topics().first().is_some_and(|topic| !told(&points, topic)) && points.len() < count {
                points.push(claim);
            }
        }
        for topic in all {
            if points.len() >= count {
                break;
            }
            if !told(&points, &topic) {
                points.extend(self.extractive("key_points", topic));
            }
        }
        self.brief.key_points = points;
    }
}

fn in_group_order(mut claims: Vec<Claim>, spec: &Section) -> Vec<Claim> {
    let place = |claim: &Claim| spec.groups.iter().position(|group| group.id == claim.group()).unwrap_or(0);
    claims.sort_by_key(place);
    claims
}

#[cfg(test)]
mod tests;
