//! **write + verify**: topics become a [`Brief`], by a model or without one.
//!
//! The detailed sections are asked in parallel; the brief part is asked after them, from their verified claims, so that it
//! says what the detail says. A section whose call fails falls back to the extractive writer, and says so.

mod fill;
mod repeat;
mod retell;
pub use fill::most_key_points;
pub use retell::{Retelling, Slot, ToldLine};

use std::{cell::RefCell, collections::BTreeSet};

use corpus::{Topic, Words};
use futures::future::{join, join_all};
use llm::{Model, ModelError, Request};

use crate::{
    ask::{AskSettings, Asker, Question},
    brief::{Brief, Gap, Shed, Withheld},
    calls::Spending,
    checker::Checker,
    compass::{Compass, GroupPlace},
    converse::{AskError, Said, converse, repair},
    extract::Extractor,
    gate::Gate,
    outline::{Outline, OutlineError, Section},
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
        /// Is told of each part that is done.
        watch: &'a dyn Fn(&Progress<'_>),
    },
    /// Nobody: the lines are there, of earlier reports, and are only checked.
    Told(&'a Retelling),
}

/// How far the writing has come.
#[derive(Debug)]
pub struct Progress<'a> {
    /// The part that was just done: a section's id, `overview` or `key_points`.
    pub part: &'a str,
    /// Parts done.
    pub done: usize,
    /// Parts in all.
    pub of: usize,
    /// What all calls took so far.
    pub spending: Spending,
}

/// What is asked from the claims of the detailed part.
const BRIEF_PART: [&str; 2] = ["overview", "key_points"];

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
    let sources = sources(topics, &places, desk.outline);
    let extractor = Extractor {
        outline: desk.outline,
        compass: &compass,
        topics,
        places: &places,
        sources: &sources,
        words: desk.words,
    };
    let gate = Gate::new(desk.outline, desk.prompts).map_err(OutlineError::from)?;
    let mut room = Room {
        checker: Checker::new(desk.outline).reading(desk.words).behind(gate),
        extractor,
        brief: Brief::empty(),
        withheld: BTreeSet::new(),
    };
    let asked = match pen {
        Pen::Told(retelling) => {
            room.retell(retelling);
            return Ok(room.brief);
        }
        Pen::Extractive => None,
        Pen::Model { model, settings, watch } => {
            let sections = told(desk.outline, &places).count();
            let of = if sections == 0 { 0 } else { sections + BRIEF_PART.len() };
            let tally = Tally { of, done: RefCell::default(), watch };
            Some(Asked { model: *model, asker: asker(desk, settings), tally })
        }
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
    let sources = sources(topics, &places, desk.outline);
    let asker = asker(desk, settings);
    let told = told(desk.outline, &places);
    let mut questions: Vec<Question<'_>> =
        told.map(|(spec, topics)| asker.section(spec, &topics, &sources)).collect();
    let brief = write(topics, desk, &Pen::Extractive).await?;
    let claims: Vec<&Claim> = brief.sections.iter().flat_map(|section| &section.claims).collect();
    let count = most_key_points(topics, desk.outline);
    questions.extend(BRIEF_PART.map(|part| asker.summary(part, count, &claims, &sources)));
    let request = |question: &Question<'_>| {
        question.request(&question.lines.iter().collect::<Vec<_>>(), question.room(), &[])
    };
    Ok(questions.iter().map(request).collect::<Result<_, _>>()?)
}

fn asker<'a>(desk: &Desk<'a>, settings: &'a AskSettings) -> Asker<'a> {
    let Desk { outline, prompts, title, .. } = *desk;
    Asker { settings, outline, prompts, report_title: title }
}

fn sources(topics: &[Topic], places: &[GroupPlace], outline: &Outline) -> Sources {
    let section_of = |topic: usize| places.get(topic).map_or(usize::MAX, |place| place.section);
    Sources::new(topics, section_of, outline)
}

/// The sections that have something to tell, each with its topics.
fn told<'o>(outline: &'o Outline, places: &[GroupPlace]) -> impl Iterator<Item = (&'o Section, Vec<usize>)> {
    let all = outline.sections.iter().enumerate().map(|(section, spec)| (spec, routed(places, section)));
    all.filter(|(_, topics)| !topics.is_empty())
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
    /// Short names of tweets that the model's moderation objects to; no writer tells them.
    withheld: BTreeSet<String>,
}

/// Who is asked, how, and how far that has come.
struct Asked<'a> {
    model: &'a dyn Model,
    asker: Asker<'a>,
    tally: Tally<'a>,
}

struct Tally<'a> {
    of: usize,
    done: RefCell<(usize, Spending)>,
    watch: &'a dyn Fn(&Progress<'_>),
}

impl Asked<'_> {
    /// Asks, asks once more for what does not pass, and tells the watcher when the part is done.
    async fn converse(&self, question: &Question<'_>, room: &Room<'_>) -> Said {
        let said = converse(self.model, question).await;
        let given: BTreeSet<&String> = question.lines.iter().flat_map(|line| &line.aliases).collect();
        let check = |draft: &DraftClaim| {
            let is_given = |tweet: &SourceTweet| given.contains(&tweet.citation.alias);
            verify(draft, is_given, room.extractor.sources, &room.checker).err().unwrap_or_default()
        };
        let said = repair(self.model, question, said, check).await;
        let Tally { of, done, watch } = &self.tally;
        let (done, spending) = {
            let mut sum = done.borrow_mut();
            *sum = (sum.0 + 1, sum.1.and_all(&said.calls));
            *sum
        };
        watch(&Progress { part: question.part, done, of: *of, spending });
        said
    }
}

impl Room<'_> {
    async fn detail(&mut self, asked: Option<&Asked<'_>>) -> Result<(), WriteError> {
        let outline = self.extractor.outline;
        let topics: Vec<Vec<usize>> =
            (0..outline.sections.len()).map(|section| routed(self.extractor.places, section)).collect();
        let mut drafts: Vec<Option<Vec<DraftClaim>>> = outline.sections.iter().map(|_| None).collect();
        if let Some(asked) = asked {
            let told = outline.sections.iter().zip(&topics).zip(&mut drafts);
            let told = told.filter(|((_, topics), _)| !topics.is_empty());
            let (questions, slots): (Vec<_>, Vec<_>) = told
                .map(|((spec, topics), slot)| {
                    (asked.asker.section(spec, topics, self.extractor.sources), slot)
                })
                .unzip();
            let said = join_all(questions.iter().map(|question| asked.converse(question, self))).await;
            for ((question, slot), said) in questions.iter().zip(slots).zip(said) {
                *slot = self.take(question, said)?;
            }
        }
        for ((spec, topics), drafts) in outline.sections.iter().zip(&topics).zip(drafts) {
            self.fill_section(spec, topics, drafts);
        }
        Ok(())
    }

    /// The drafts of a conversation; a failed one is a gap, but a refusal for good ends the run.
    fn take(&mut self, question: &Question<'_>, said: Said) -> Result<Option<Vec<DraftClaim>>, WriteError> {
        let Said { drafts, calls, withheld, shed, refused } = said;
        let part = question.part.to_owned();
        self.brief.calls.extend(calls);
        let id = |alias: &String| Some(self.extractor.sources.get(alias)?.citation.id);
        let objections = withheld.iter().filter_map(id).map(|id| Withheld { part: part.clone(), id });
        self.brief.withheld.extend(objections);
        self.withheld.extend(withheld);
        let topics = [question.beyond.clone(), shed].concat();
        if !topics.is_empty() {
            self.brief.shed.push(Shed { part: part.clone(), topics });
        }
        self.brief.refused.extend(refused.into_iter().map(|(draft, problems)| Refused {
            section: part.clone(),
            draft,
            problems,
            replaced: false,
        }));
        match drafts {
            Ok(drafts) => {
                tracing::info!(part, claims = drafts.len(), "answered");
                Ok(Some(drafts))
            }
            Err(AskError::Model(error @ ModelError::Refused(_))) => Err(WriteError::Refused(error)),
            Err(AskError::Prompt(error)) => Err(error.into()),
            Err(error) => {
                tracing::warn!(part, %error, "no usable answer; the extractive writer takes over");
                self.brief.gaps.push(Gap { part, reason: error.to_string() });
                Ok(None)
            }
        }
    }

    async fn summarise(&mut self, asked: Option<&Asked<'_>>) -> Result<(), WriteError> {
        let count = most_key_points(self.extractor.topics, self.extractor.outline);
        let (mut overview, mut key_points) = (None, None);
        if let Some(asked) = asked.filter(|_| !self.extractor.topics.is_empty()) {
            let claims: Vec<&Claim> =
                self.brief.sections.iter().flat_map(|section| &section.claims).collect();
            let sources = self.extractor.sources;
            let [first, second] = BRIEF_PART.map(|part| asked.asker.summary(part, count, &claims, sources));
            let (one, other) = join(asked.converse(&first, self), asked.converse(&second, self)).await;
            overview = self.take(&first, one)?;
            key_points = self.take(&second, other)?;
        }
        self.fill_overview(overview);
        self.fill_key_points(key_points.unwrap_or_default(), count);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
