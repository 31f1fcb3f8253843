//! Refinement of a partition by a Dirichlet-multinomial mixture (Yin & Wang 2014, GSDMM).
//!
//! Instead of sampling, each text in turn moves to the group of highest posterior, so the result does not depend on chance.
//! It mends what linkage cannot take back: a text that joined early and now fits a neighbour better.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::vectors::Vectors;

/// Weight of an empty group.
const ALPHA: f64 = 0.1;
/// Weight of a word not yet seen in a group.
const BETA: f64 = 0.1;

/// Moves texts between the groups of `labels`, `sweeps` times over all of them.
pub(super) fn refine(vectors: &Vectors, labels: &mut [usize], sweeps: usize) {
    let mut mixture = Mixture::new(vectors, labels);
    for _ in 0..sweeps {
        let mut moved = false;
        for text in 0..labels.len() {
            moved |= mixture.settle(text, labels);
        }
        if !moved {
            return;
        }
    }
}

struct Mixture<'v> {
    vectors: &'v Vectors,
    groups: Vec<Group>,
}

#[derive(Default)]
struct Group {
    texts: u32,
    words: u32,
    counts: FxHashMap<u32, u32>,
}

impl<'v> Mixture<'v> {
    fn new(vectors: &'v Vectors, labels: &[usize]) -> Self {
        let mut mixture = Self { vectors, groups: Vec::new() };
        mixture.groups.resize_with(labels.len(), Group::default);
        for (text, label) in labels.iter().enumerate() {
            mixture.put(text, *label);
        }
        mixture
    }

    /// Takes a text out and puts it where it fits best: its own group unless another is better.
    fn settle(&mut self, text: usize, labels: &mut [usize]) -> bool {
        let Some(home) = labels.get(text).copied() else { return false };
        self.take(text, home);
        let mut best = (home, self.fit(text, home));
        for group in self.neighbours(text, labels) {
            let fit = self.fit(text, group);
            if fit > best.1 {
                best = (group, fit);
            }
        }
        self.put(text, best.0);
        if let Some(label) = labels.get_mut(text) {
            *label = best.0;
        }
        best.0 != home
    }

    fn neighbours(&self, text: usize, labels: &[usize]) -> BTreeSet<usize> {
        let terms = self.vectors.counts.get(text).into_iter().flatten();
        let others = terms.filter_map(|(term, _)| self.vectors.postings.get(*term as usize)).flatten();
        others.filter_map(|(other, _)| labels.get(*other as usize)).copied().collect()
    }

    /// The logarithm of the posterior of a group for a text, up to a constant.
    fn fit(&self, text: usize, group: usize) -> f64 {
        let (Some(group), Some(counts)) = (self.groups.get(group), self.vectors.counts.get(text)) else {
            return f64::NEG_INFINITY;
        };
        let all = self.vectors.vocabulary.len() as f64 * BETA + f64::from(group.words);
        let mut fit = (f64::from(group.texts) + ALPHA).ln();
        let mut seen = 0.0;
        for (term, count) in counts {
            let there = f64::from(group.counts.get(term).copied().unwrap_or(0));
            for nth in 0..*count {
                fit += (there + BETA + f64::from(nth)).ln() - (all + seen).ln();
                seen += 1.0;
            }
        }
        fit
    }

    fn put(&mut self, text: usize, group: usize) {
        let (Some(group), Some(counts)) = (self.groups.get_mut(group), self.vectors.counts.get(text)) else {
            return;
        };
        group.texts += 1;
        for (term, count) in counts {
            group.words += count;
            *group.counts.entry(*term).or_default() += count;
        }
    }

    fn take(&mut self, text: usize, group: usize) {
        let (Some(group), Some(counts)) = (self.groups.get_mut(group), self.vectors.counts.get(text)) else {
            return;
        };
        group.texts = group.texts.saturating_sub(1);
        for (term, count) in counts {
            group.words = group.words.saturating_sub(*count);
            if let Some(there) = group.counts.get_mut(term) {
                *there = there.saturating_sub(*count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_text_moves_to_its_own() {
        let texts =
            ["gpu price up", "gpu price high", "rain tokyo storm", "rain tokyo wind", "rain tokyo flood"];
        let vectors = Vectors::new(texts.iter().map(|text| text.split(' ').map(str::to_owned).collect()));
        let mut labels = [0, 0, 2, 2, 0];
        refine(&vectors, &mut labels, 2);
        assert_eq!(labels, [0, 0, 2, 2, 2]);
    }
}
