//! Refinement of a partition by a Dirichlet-multinomial mixture (Yin & Wang 2014, GSDMM).
//!
//! Instead of sampling, each text in turn moves to the group of highest posterior, so the result does not depend on chance.
//! It mends what linkage cannot take back: a text that joined early and now fits a neighbour better.

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
    /// Per term: how often each group has it, by group.
    by_term: Vec<Vec<(u32, u32)>>,
    /// Scratch: what shared terms add to each group's fit, and which groups were touched.
    gains: Vec<f64>,
    touched: Vec<usize>,
}

#[derive(Clone, Copy, Default)]
struct Group {
    texts: u32,
    words: u32,
}

impl<'v> Mixture<'v> {
    fn new(vectors: &'v Vectors, labels: &[usize]) -> Self {
        let groups = labels.iter().max().map_or(0, |last| last + 1);
        let mut mixture = Self {
            vectors,
            groups: vec![Group::default(); groups],
            by_term: vec![Vec::new(); vectors.vocabulary.len()],
            gains: vec![0.0; groups],
            touched: Vec::new(),
        };
        for (text, label) in labels.iter().enumerate() {
            mixture.put(text, *label);
        }
        mixture
    }

    /// Takes a text out and puts it where it fits best: its own group unless another is better.
    fn settle(&mut self, text: usize, labels: &mut [usize]) -> bool {
        let Some(home) = labels.get(text).copied() else { return false };
        self.take(text, home);
        let best = self.best(text, home);
        self.put(text, best);
        if let Some(label) = labels.get_mut(text) {
            *label = best;
        }
        best != home
    }

    /// The group of the highest posterior among those that share a word with the text, and its own.
    ///
    /// The posterior's logarithm is `ln(texts + α) + Σ ln(count + β + …) − Σ ln(words + Vβ + …)`; a word that a group does
    /// not have adds the same to every group, so only what shared words add beyond that is summed.
    fn best(&mut self, text: usize, home: usize) -> usize {
        self.gather(text);
        let length: u32 = self.vectors.counts.get(text).into_iter().flatten().map(|(_, count)| count).sum();
        let gain = self.gains.get(home).copied().unwrap_or(0.0);
        let mut best = (home, self.fit(home, length, gain));
        self.touched.sort_unstable();
        for group in self.touched.drain(..).collect::<Vec<_>>() {
            let gain = self.gains.get_mut(group).map_or(0.0, std::mem::take);
            let fit = self.fit(group, length, gain);
            if fit > best.1 {
                best = (group, fit);
            }
        }
        best.0
    }

    fn gather(&mut self, text: usize) {
        for (term, count) in self.vectors.counts.get(text).into_iter().flatten() {
            for (group, there) in self.by_term.get(*term as usize).into_iter().flatten() {
                let group = *group as usize;
                let part: f64 = (0..*count)
                    .map(|nth| {
                        let unseen = BETA + f64::from(nth);
                        (1.0 + f64::from(*there) / unseen).ln()
                    })
                    .sum();
                if let Some(gain) = self.gains.get_mut(group) {
                    if *gain == 0.0 {
                        self.touched.push(group);
                    }
                    *gain += part;
                }
            }
        }
    }

    fn fit(&self, group: usize, length: u32, gain: f64) -> f64 {
        let Some(group) = self.groups.get(group) else { return f64::NEG_INFINITY };
        let all = self.vectors.vocabulary.len() as f64 * BETA + f64::from(group.words);
        let spread: f64 = (0..length).map(|nth| (all + f64::from(nth)).ln()).sum();
        (f64::from(group.texts) + ALPHA).ln() + gain - spread
    }

    fn put(&mut self, text: usize, group: usize) {
        let (Some(place), Some(counts)) = (self.groups.get_mut(group), self.vectors.counts.get(text)) else {
            return;
        };
        place.texts += 1;
        for (term, count) in counts {
            place.words += count;
            let Some(groups) = self.by_term.get_mut(*term as usize) else { continue };
            match groups.binary_search_by_key(&(group as u32), |(name, _)| *name) {
                Ok(at) => groups.iter_mut().skip(at).take(1).for_each(|(_, there)| *there += count),
                Err(at) => groups.insert(at, (group as u32, *count)),
            }
        }
    }

    fn take(&mut self, text: usize, group: usize) {
        let (Some(place), Some(counts)) = (self.groups.get_mut(group), self.vectors.counts.get(text)) else {
            return;
        };
        place.texts = place.texts.saturating_sub(1);
        for (term, count) in counts {
            place.words = place.words.saturating_sub(*count);
            let Some(groups) = self.by_term.get_mut(*term as usize) else { continue };
            if let Ok(at) = groups.binary_search_by_key(&(group as u32), |(name, _)| *name) {
                groups
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|(_, there)| *there = there.saturating_sub(*count));
                groups.retain(|(_, there)| *there > 0);
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
