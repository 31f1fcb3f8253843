//! Drafts into the brief: what holds is kept, what does not is told by extraction, and nothing is silently lost.

use corpus::Topic;

use super::Room;
use crate::{
    brief::{Gap, Shed, WrittenSection},
    outline::{Outline, Section},
    sources::SourceTweet,
    verify::{Claim, DraftClaim, Problem, Refused, Writer, verify},
};

impl Room<'_> {
    pub(super) fn fill_section(&mut self, spec: &Section, topics: &[usize], drafts: Option<Vec<DraftClaim>>) {
        let asked = drafts.is_some();
        let written = drafts.map(|drafts| self.checked(&spec.id, drafts, topics)).unwrap_or_default();
        let claims = if written.is_empty() {
            self.without_model(spec, topics, asked)
        } else {
            self.note_left_out(spec, topics, &written);
            let shed = self.shed(spec, &written);
            [written, shed].concat()
        };
        let claims = in_group_order(self.distinct(&spec.id, claims), spec);
        self.brief.sections.push(WrittenSection { id: spec.id.clone(), claims });
    }

    /// An answer that tells less than half of what it was asked about may have been led away from the rest by one of the
    /// tweets; what it left out is told like what found no room.
    fn note_left_out(&mut self, spec: &Section, topics: &[usize], written: &[Claim]) {
        let shed: Vec<usize> = self.brief.shed.iter().flat_map(|shed| shed.topics.clone()).collect();
        let asked = topics.iter().copied().filter(|topic| !shed.contains(topic));
        let is_told = |topic: &usize, by: Option<Writer>| {
            let mut claims = written.iter().filter(|claim| by.is_none_or(|by| claim.writer() == by));
            claims.any(|claim| claim.topics().contains(topic))
        };
        let (told, untold): (Vec<usize>, Vec<usize>) =
            asked.partition(|topic| is_told(topic, Some(Writer::Model)));
        let led_away = told.len() < untold.len();
        // A refused claim may have been replaced already.
        let left_out: Vec<usize> = untold.into_iter().filter(|topic| !is_told(topic, None)).collect();
        if led_away && !left_out.is_empty() {
            tracing::info!(part = spec.id, ?left_out, "an answer leaves out most topics");
            self.brief.shed.push(Shed { part: spec.id.clone(), topics: left_out });
        }
    }

    /// Extractive claims about the topics for which there was no room, unless a claim tells them all the same.
    fn shed(&mut self, spec: &Section, written: &[Claim]) -> Vec<Claim> {
        let shed =
            self.brief.shed.iter().filter(|shed| shed.part == spec.id).flat_map(|shed| shed.topics.clone());
        let untold: Vec<usize> =
            shed.filter(|topic| !written.iter().any(|claim| claim.topics().contains(topic))).collect();
        untold.into_iter().filter_map(|topic| self.extractive(&spec.id, topic)).collect()
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
        // What is half suspected of being an advert is kept, but is never a key point.
        let allowed =
            |tweet: &SourceTweet| topics.contains(&tweet.topic) && !(part == "key_points" && tweet.suspect);
        for draft in drafts {
            match verify(&draft, allowed, self.extractor.sources, &self.checker) {
                Ok(claim) => claims.push(claim),
                Err(problems) => {
                    let refused = Refused { section: part.to_owned(), draft, problems, replaced: false };
                    self.brief.refused.push(refused);
                }
            }
        }
        let mut claims = self.distinct(part, claims);
        self.replace(part, topics, &mut claims);
        claims
    }

    /// For each topic that lost its claims an extractive one; and marks what has another claim in its place.
    fn replace(&mut self, part: &str, topics: &[usize], claims: &mut Vec<Claim>) {
        for place in 0..self.brief.refused.len() {
            let Some(refused) = self.brief.refused.get(place).filter(|refused| refused.section == part)
            else {
                continue;
            };
            let cited = refused.draft.cites.iter().find_map(|alias| self.extractor.sources.get(alias));
            let Some(topic) = cited.map(|tweet| tweet.topic).filter(|topic| topics.contains(topic)) else {
                continue;
            };
            if !claims.iter().any(|claim| claim.topics().contains(&topic)) {
                claims.extend(self.extractive(part, topic));
            }
            let replaced = claims.iter().any(|claim| claim.topics().contains(&topic));
            if let Some(refused) = self.brief.refused.get_mut(place) {
                refused.replaced = replaced;
            }
        }
    }

    /// An extractive claim about a topic; when its title is not found again, under the speaker's name.
    fn extractive(&mut self, part: &str, topic: usize) -> Option<Claim> {
        let draft = if part == "key_points" {
            self.extractor.key_point(topic)
        } else {
            self.extractor.detail(topic)
        }?;
        if draft.cites.iter().any(|alias| self.withheld.contains(alias)) {
            return None;
        }
        let voice = self.extractor.voice(topic, part == "key_points");
        let plain = voice.map(|tweet| DraftClaim { lead: format!("@{}", tweet.speaker), ..draft.clone() });
        let claim = self.admit(part, draft);
        if claim.is_some() {
            return claim;
        }
        let claim = self.admit(part, plain?)?;
        if let Some(refused) = self.brief.refused.last_mut() {
            refused.replaced = true;
        }
        Some(claim)
    }

    pub(super) fn admit(&mut self, part: &str, mut draft: DraftClaim) -> Option<Claim> {
        draft.cites.retain(|alias| !self.withheld.contains(alias));
        let allowed = |tweet: &SourceTweet| !(part == "key_points" && tweet.suspect);
        verify(&draft, allowed, self.extractor.sources, &self.checker)
            .map_err(|problems| {
                // The words of a tweet: more than a log that is kept should have.
                tracing::debug!(part, ?problems, "an extractive draft was refused");
                self.brief.refused.push(Refused {
                    section: part.to_owned(),
                    draft,
                    problems,
                    replaced: false,
                });
            })
            .ok()
    }

    pub(super) fn fill_overview(&mut self, drafts: Option<Vec<DraftClaim>>) {
        let all: Vec<usize> = (0..self.extractor.topics.len()).collect();
        let mut claims = drafts.map_or_else(Vec::new, |drafts| self.checked("overview", drafts, &all));
        // One paragraph, in front; of an overview that was asked in parts each part has one.
        let paragraph = claims.iter().position(|claim| claim.lead().is_empty());
        let paragraph = paragraph.map(|place| claims.remove(place));
        for surplus in claims.extract_if(.., |claim| claim.lead().is_empty()) {
            self.leave_out("overview", &surplus, Problem::Surplus, true);
        }
        let has_paragraph = paragraph.is_some();
        claims.splice(0..0, paragraph);
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
    pub(super) fn fill_key_points(&mut self, drafts: Vec<DraftClaim>, count: usize) {
        let all = worthy(self.extractor.topics);
        let mut points: Vec<Claim> = Vec::new();
        // A point is about the topic of its first source.
        let told = |points: &[Claim], topic: &usize| {
            points.iter().any(|point| point.topics().first() == Some(topic))
        };
        for claim in self.checked("key_points", drafts, &all) {
            let is_told = claim.topics().first().is_none_or(|topic| told(&points, topic));
            if is_told || points.len() >= count {
                self.leave_out("key_points", &claim, Problem::Surplus, is_told);
            } else {
                points.push(claim);
            }
        }
        for topic in all {
            if points.len() >= count {
                break;
            }
            if !told(&points, &topic) {
                points.extend(self.extractive("key_points", topic));
                points = self.distinct("key_points", points);
            }
        }
        self.brief.key_points = points;
    }
}

/// How many key points a report of these topics has: one a topic, at most those of the outline.
pub fn most_key_points(topics: &[Topic], outline: &Outline) -> usize {
    outline.key_points.min(worthy(topics).len())
}

/// Topics that may be key points: not those of which every tweet is half suspected of being an advert.
fn worthy(topics: &[Topic]) -> Vec<usize> {
    let suspect = |topic: &Topic| topic.tweets.iter().all(|unique| unique.suspect);
    topics.iter().enumerate().filter(|(_, topic)| !suspect(topic)).map(|(place, _)| place).collect()
}

fn in_group_order(mut claims: Vec<Claim>, spec: &Section) -> Vec<Claim> {
    let place = |claim: &Claim| spec.groups.iter().position(|group| group.id == claim.group()).unwrap_or(0);
    claims.sort_by_key(place);
    claims
}
