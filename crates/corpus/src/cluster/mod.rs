//! **cluster**: the texts of unique tweets become topics; how many is not known beforehand.
//!
//! Average linkage on tf-idf, stopped at a mean cosine; a short refinement by a Dirichlet-multinomial mixture; then groups
//! that are nearly as alike across as within join, and the mixture has a last word. All of it is deterministic; a tweet
//! that is like no other stays alone.

mod kinship;
mod linkage;
mod mixture;
mod products;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Dense, Lexicon, vectors::Vectors, words::Words};

/// How tweets are grouped.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterSettings {
    /// Two groups join while the mean cosine between their tweets is at least this (0 to 1).
    pub linkage_min: f64,
    /// How much a word of the report's subject counts against another word (0 to 1): what all tweets of the report speak
    /// of tells no two topics apart.
    pub subject_weight: f64,
    /// Linkage is exact within so many tweets in order of time; kin and the mixture join what lies across.
    pub block: usize,
    /// A tweet of a group of a few stays in it only if it is so like one of the others (cosine).
    pub pair_min: f64,
    /// Two groups join when their tweets are this much as alike across as they are within (0 to 1): see `kinship`.
    pub kin_min: f64,
    /// Passes of the mixture over all tweets, before kin join and after (0 leaves out the mixture).
    pub sweeps: usize,
    /// What holds instead when the texts have sentence vectors.
    pub vectors: VectorSettings,
}

/// How tweets are grouped by words and sentence vectors together. There is no mixture then: it knows only words.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorSettings {
    /// Share of the sentence vectors in the likeness of two tweets (0 to 1); the rest is that of their words.
    pub weight: f64,
    /// As in [`ClusterSettings`]: sentence vectors find more tweets somewhat alike.
    pub linkage_min: f64,
    /// As in [`ClusterSettings`].
    pub kin_min: f64,
    /// As in [`ClusterSettings`]: every text shares every number of a sentence vector with every other, so that linkage
    /// takes time by the square of this.
    pub block: usize,
}

impl ClusterSettings {
    fn with_vectors(self) -> Self {
        let VectorSettings { linkage_min, kin_min, block, .. } = self.vectors;
        Self { linkage_min, kin_min, block, sweeps: 0, ..self }
    }
}

/// A group of texts, as places in the list given.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Ascending.
    pub members: Vec<usize>,
    /// The words that set the group apart, strongest first.
    pub terms: Vec<(String, f64)>,
    /// Per member, in the same order: cosine to the group's mean (1 for a tweet alone).
    pub centrality: Vec<f64>,
}

/// Up to so many tweets a group is small.
const FEW: usize = 8;

/// Words kept to describe a cluster.
const TERMS_KEPT: usize = 12;

/// Groups texts; every text is in exactly one cluster, the clusters in order of their first text. `dense` has one vector a
/// text.
pub fn cluster(
    texts: &[&str],
    words: &Words,
    subject: &Lexicon,
    mut settings: ClusterSettings,
    dense: Option<&Dense>,
) -> Vec<Cluster> {
    let damp = |term: &str| if subject.score(term) > 0.0 { settings.subject_weight } else { 1.0 };
    let mut vectors = Vectors::weighted(texts.iter().map(|text| words.terms(text)), damp);
    if let Some(dense) = dense {
        vectors.blend(dense, settings.vectors.weight);
        settings = settings.with_vectors();
    }
    describe(&vectors, &groups(&label(&vectors, settings)))
}

fn groups(labels: &[usize]) -> Vec<Vec<usize>> {
    let mut by_label: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (text, label) in labels.iter().enumerate() {
        by_label.entry(*label).or_default().push(text);
    }
    let mut groups: Vec<Vec<usize>> = by_label.into_values().collect();
    groups.sort();
    groups
}

/// Class-based tf-idf (Grootendorst 2022): a term's count in the group times `ln(1 + mean group size / count overall)`.
fn describe(vectors: &Vectors, groups: &[Vec<usize>]) -> Vec<Cluster> {
    let mut overall = vec![0_u32; vectors.vocabulary.len()];
    for (term, count) in vectors.counts.iter().flatten() {
        if let Some(total) = overall.get_mut(*term as usize) {
            *total += count;
        }
    }
    let mean_size = f64::from(overall.iter().sum::<u32>()) / groups.len().max(1) as f64;
    let weigh = |term: u32, count: u32| {
        let total = f64::from(overall.get(term as usize).copied().unwrap_or(1).max(1));
        f64::from(count) * (1.0 + mean_size / total).ln()
    };
    groups.iter().map(|members| describe_one(vectors, members, weigh)).collect()
}

fn describe_one(vectors: &Vectors, members: &[usize], weigh: impl Fn(u32, u32) -> f64) -> Cluster {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for (term, count) in members.iter().filter_map(|text| vectors.counts.get(*text)).flatten() {
        *counts.entry(*term).or_default() += count;
    }
    let mut terms: Vec<(u32, f64)> =
        counts.into_iter().map(|(term, count)| (term, weigh(term, count))).collect();
    terms.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    terms.truncate(TERMS_KEPT);
    let centrality = centrality(vectors, members);
    let terms = terms.into_iter().map(|(term, weight)| (vectors.term(term).to_owned(), weight)).collect();
    Cluster { members: members.to_vec(), terms, centrality }
}

fn centrality(vectors: &Vectors, members: &[usize]) -> Vec<f64> {
    let units = || members.iter().filter_map(|text| vectors.unit.get(*text));
    let mean = crate::vectors::sum(units());
    let length = crate::vectors::length(&mean);
    units().map(|unit| if length > 0.0 { crate::vectors::dot(unit, &mean) / length } else { 1.0 }).collect()
}

fn label(vectors: &Vectors, settings: ClusterSettings) -> Vec<usize> {
    let mut labels = linkage::average_linkage(vectors, settings.linkage_min, settings.block);
    mixture::refine(vectors, &mut labels, settings.sweeps);
    labels = join_kin(vectors, &labels, settings);
    mixture::refine(vectors, &mut labels, settings.sweeps);
    part_strangers(vectors, &mut labels, settings.pair_min);
    labels
}

fn join_kin(vectors: &Vectors, labels: &[usize], settings: ClusterSettings) -> Vec<usize> {
    let joined = kinship::join_kin(vectors, groups(labels), settings.kin_min, settings.linkage_min);
    let mut labels = vec![0; labels.len()];
    for (name, group) in joined.iter().enumerate() {
        for text in group {
            if let Some(label) = labels.get_mut(*text) {
                *label = name;
            }
        }
    }
    labels
}

/// A tweet of a small group leaves it when it is like none of the others: among few, a word in common may be chance.
fn part_strangers(vectors: &Vectors, labels: &mut [usize], least: f64) {
    let mut fresh = labels.iter().max().map_or(0, |last| last + 1);
    for group in groups(labels).iter().filter(|group| (2..=FEW).contains(&group.len())) {
        for text in group.iter().filter(|text| likest(vectors, group, **text) < least) {
            if let Some(label) = labels.get_mut(*text) {
                *label = fresh;
                fresh += 1;
            }
        }
    }
}

/// The highest cosine of a text to another of its group.
fn likest(vectors: &Vectors, group: &[usize], text: usize) -> f64 {
    let unit = |text: usize| vectors.unit.get(text).map(Vec::as_slice).unwrap_or_default();
    let others = group.iter().filter(|other| **other != text);
    others.map(|other| crate::vectors::dot(unit(text), unit(*other))).fold(0.0, f64::max)
}
