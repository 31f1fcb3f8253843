//! The claims as the page shows them: their words, their marks, and the tweets that they rest on.

use std::collections::BTreeMap;

use brief::{Claim, Evidence};
use corpus::{TweetId, Unique};
use serde::Serialize;

use super::{
    EditionInput,
    tweets::{TweetView, view},
};
use crate::{escape::clean, post::groups};

/// A claim.
#[derive(Serialize)]
pub(super) struct ClaimView {
    /// Counted through the page, from 1.
    pub(super) number: usize,
    section: String,
    lead: String,
    text: String,
    /// `verified`, `no_facts`, `single`, `disputed`, `continuing`; never empty.
    marks: Vec<&'static str>,
    /// What the sources say instead of one another.
    sides: Vec<String>,
    facts: Vec<FactView>,
    /// Handles of the sources, each once.
    handles: Vec<String>,
    tweets: Vec<TweetView>,
    /// Places of the topics that its sources are of.
    #[serde(skip)]
    pub(super) topics: Vec<usize>,
}

/// A fact and the handle of the tweet that holds it; none of what the program counted.
#[derive(Serialize)]
struct FactView {
    written: String,
    handle: Option<String>,
}

#[derive(Serialize)]
pub(super) struct SectionView {
    id: String,
    heading: String,
    empty: Option<String>,
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct GroupView {
    under: Option<String>,
    /// Level of its heading: one lower below a heading that it shares.
    level: u8,
    heading: String,
    empty: Option<String>,
    claims: Vec<ClaimView>,
}

/// All claims, in the order of the post.
pub(super) struct Pages {
    pub(super) overview: Vec<ClaimView>,
    pub(super) key_points: Vec<ClaimView>,
    pub(super) sections: Vec<SectionView>,
}

/// Makes claims, counting.
struct Maker<'a> {
    input: &'a EditionInput<'a>,
    tweets: BTreeMap<TweetId, (usize, &'a Unique)>,
    made: usize,
}

impl Pages {
    pub(super) fn new(input: &EditionInput<'_>) -> Self {
        let topics = input.topics.iter().enumerate();
        let tweets = topics
            .flat_map(|(place, topic)| topic.tweets.iter().map(move |one| (one.tweet.id, (place, one))));
        let mut maker = Maker { input, tweets: tweets.collect(), made: 0 };
        let overview = maker.all("overview", &input.brief.overview);
        let key_points = maker.all("key_points", &input.brief.key_points);
        let written = input.outline.sections.iter().zip(&input.brief.sections);
        let sections = written.map(|(spec, written)| {
            let nothing = written.claims.is_empty();
            let groups = groups(spec, written).into_iter().filter(|_| !nothing).map(|group| GroupView {
                under: group.under.map(clean),
                level: if group.is_under { 5 } else { 4 },
                heading: clean(group.heading),
                empty: group.empty.map(clean),
                claims: maker.all(&spec.id, group.claims),
            });
            SectionView {
                groups: groups.collect(),
                id: spec.id.clone(),
                heading: clean(&spec.heading),
                empty: nothing.then(|| clean(&spec.empty)),
            }
        });
        let sections = sections.collect();
        Self { overview, key_points, sections }
    }

    pub(super) fn claims(&self) -> impl Iterator<Item = &ClaimView> {
        let groups = self.sections.iter().flat_map(|section| &section.groups);
        let detail = groups.flat_map(|group| &group.claims);
        self.overview.iter().chain(&self.key_points).chain(detail)
    }

    pub(super) fn total(&self) -> usize {
        self.claims().count()
    }
}

impl Maker<'_> {
    fn all<'c>(&mut self, section: &str, claims: impl IntoIterator<Item = &'c Claim>) -> Vec<ClaimView> {
        claims.into_iter().map(|claim| self.claim(section, claim)).collect()
    }

    fn claim(&mut self, section: &str, claim: &Claim) -> ClaimView {
        self.made += 1;
        let mut handles: Vec<String> = Vec::new();
        let mut topics = Vec::new();
        for cite in claim.cites() {
            if !handles.contains(&cite.handle) {
                handles.push(cite.handle.clone());
            }
            topics.extend(
                self.tweets.get(&cite.id).map(|(place, _)| *place).filter(|place| !topics.contains(place)),
            );
        }
        ClaimView {
            number: self.made,
            section: section.to_owned(),
            lead: clean(claim.lead()),
            text: clean(claim.text()),
            marks: marks(claim),
            sides: claim
                .disputed()
                .iter()
                .map(|side| clean(&format!("@{} {}", side.handle, side.written)))
                .collect(),
            facts: claim.evidence().iter().filter_map(|evidence| self.fact(evidence)).collect(),
            handles,
            tweets: self.sources(claim),
            topics,
        }
    }

    fn sources(&self, claim: &Claim) -> Vec<TweetView> {
        let sources = claim.cites().iter().map(|cite| {
            let held = claim.evidence().iter().filter(|evidence| evidence.tweet == Some(cite.id));
            let facts: Vec<_> = held.map(|evidence| &evidence.fact).collect();
            let tweet = self.tweets.get(&cite.id).map(|(_, unique)| &unique.tweet);
            view(self.input, cite, tweet, &facts)
        });
        sources.collect()
    }

    fn fact(&self, evidence: &Evidence) -> Option<FactView> {
        let written = clean(evidence.fact.written());
        let handle = evidence.tweet.and_then(|id| self.tweets.get(&id));
        let handle = handle.map(|(_, unique)| clean(&unique.tweet.author.handle));
        (!written.is_empty()).then_some(FactView { written, handle })
    }
}

/// What to know of a claim at a glance.
fn marks(claim: &Claim) -> Vec<&'static str> {
    let facts = if claim.evidence().is_empty() { "no_facts" } else { "verified" };
    let rest = [
        (claim.sole_source(), "single"),
        (!claim.disputed().is_empty(), "disputed"),
        (claim.continuing(), "continuing"),
    ];
    std::iter::once(facts).chain(rest.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark)).collect()
}
