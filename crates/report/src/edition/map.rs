//! The topic map: every topic of the report under its section, the more salient the larger, with links to its claims.

use corpus::Topic;
use serde::Serialize;

use super::{EditionInput, claims::Pages};
use crate::escape::clean;

/// Sizes that a topic may have, smallest first; classes of the style.
const SIZES: [&str; 5] = ["s1", "s2", "s3", "s4", "s5"];

#[derive(Serialize)]
pub(super) struct Region {
    heading: String,
    topics: Vec<Tile>,
}

#[derive(Serialize)]
struct Tile {
    title: String,
    size: &'static str,
    tweets: usize,
    /// Numbers of the claims about it, in the order of the page.
    claims: Vec<usize>,
}

/// Sections in the order of the outline, each with its topics, most salient first.
pub(super) fn map(input: &EditionInput<'_>, pages: &Pages) -> Vec<Region> {
    let top = input.topics.iter().map(|topic| topic.salience.total).fold(0.0, f64::max);
    let all: Vec<(&str, Tile)> = input
        .topics
        .iter()
        .zip(input.titles)
        .zip(input.places)
        .enumerate()
        .map(|(place, ((topic, title), routed))| {
            let told = pages.claims().filter(|claim| claim.topics.contains(&place));
            let claims = told.map(|claim| claim.number).collect();
            (
                routed.section,
                Tile { title: clean(title), size: size(topic, top), tweets: topic.tweets.len(), claims },
            )
        })
        .collect();
    let mut regions: Vec<Region> = Vec::new();
    let mut rest = all;
    for section in &input.outline.sections {
        let (mine, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(id, _)| *id == section.id);
        rest = others;
        if !mine.is_empty() {
            let topics = mine.into_iter().map(|(_, tile)| tile).collect();
            regions.push(Region { heading: clean(&section.heading), topics });
        }
    }
    regions
}

/// A topic's size beside the most salient one's.
fn size(topic: &Topic, top: f64) -> &'static str {
    let share = if top > 0.0 { (topic.salience.total / top).clamp(0.0, 1.0) } else { 0.0 };
    let steps = [0.2, 0.4, 0.6, 0.8].iter().filter(|step| share >= **step).count();
    SIZES.get(steps).copied().unwrap_or("s1")
}
