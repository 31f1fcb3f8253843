//! Average linkage (UPGMA) by the nearest-neighbour chain, exact and without a distance matrix.
//!
//! The mean cosine of two groups is the inner product of their vector sums over the product of their sizes, so an inverted
//! index answers "which group is nearest" from shared terms alone. Average linkage is reducible (Bruynooghe 1977; Müllner
//! 2011): a group whose nearest neighbour is below the threshold can never come above it again, so it is finished.

use crate::vectors::{Sparse, Vectors, sum};

/// A label per text: the lowest text number of its group.
pub(super) fn average_linkage(vectors: &Vectors, least: f64) -> Vec<usize> {
    let mut state = Linkage::new(vectors);
    for start in 0..vectors.unit.len() {
        state.finish_chain_from(start, least);
    }
    state.label
}

struct Linkage<'v> {
    vectors: &'v Vectors,
    /// Per text: its group, named by its lowest text.
    label: Vec<usize>,
    /// Per group name: the texts, the vector sum, and whether it can still grow.
    groups: Vec<Group>,
    /// Scratch: the inner product with each group, and which were touched.
    scores: Vec<f64>,
    touched: Vec<usize>,
}

#[derive(Default)]
struct Group {
    members: Vec<usize>,
    sum: Sparse,
    open: bool,
}

impl<'v> Linkage<'v> {
    fn new(vectors: &'v Vectors) -> Self {
        let groups = vectors.unit.iter().enumerate();
        let groups =
            groups.map(|(text, unit)| Group { members: vec![text], sum: unit.clone(), open: true }).collect();
        let texts = vectors.unit.len();
        Self { vectors, label: (0..texts).collect(), groups, scores: vec![0.0; texts], touched: Vec::new() }
    }

    fn finish_chain_from(&mut self, start: usize, least: f64) {
        let mut chain: Vec<usize> = Vec::new();
        loop {
            let Some(top) = chain.last().copied().or_else(|| self.is_open(start).then_some(start)) else {
                return;
            };
            if chain.is_empty() {
                chain.push(top);
            }
            let before = chain.len().checked_sub(2).and_then(|at| chain.get(at)).copied();
            match self.nearest(top, before).filter(|(_, cosine)| *cosine >= least) {
                None => {
                    self.close(top);
                    chain.pop();
                }
                Some((near, _)) if Some(near) == before => {
                    chain.truncate(chain.len() - 2);
                    self.merge(near, top);
                }
                Some((near, _)) => chain.push(near),
            }
        }
    }

    fn is_open(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|group| group.open)
    }

    fn close(&mut self, group: usize) {
        if let Some(group) = self.groups.get_mut(group) {
            group.open = false;
        }
    }

    /// The open group of the highest mean cosine to `group`; of equals the one before it in the chain, then the lowest.
    fn nearest(&mut self, group: usize, before: Option<usize>) -> Option<(usize, f64)> {
        self.score_against(group);
        let size = self.groups.get(group)?.members.len();
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        let mut best: Option<(usize, f64)> = None;
        for other in touched.drain(..) {
            let Some(score) = self.scores.get_mut(other).map(std::mem::take) else { continue };
            let Some(candidate) = self.groups.get(other).filter(|candidate| candidate.open && other != group)
            else {
                continue;
            };
            let cosine = score / (size * candidate.members.len()) as f64;
            let better = best.is_none_or(|(_, top)| cosine > top || (cosine >= top && Some(other) == before));
            if better {
                best = Some((other, cosine));
            }
        }
        self.touched = touched;
        best
    }

    fn score_against(&mut self, group: usize) {
        let Some(group) = self.groups.get(group) else { return };
        for (term, weight) in &group.sum {
            for (text, there) in self.vectors.postings.get(*term as usize).into_iter().flatten() {
                let Some(other) = self.label.get(*text as usize).copied() else { continue };
                if let Some(score) = self.scores.get_mut(other) {
                    if *score == 0.0 {
                        self.touched.push(other);
                    }
                    *score += weight * there;
                }
            }
        }
    }

    fn merge(&mut self, a: usize, b: usize) {
        let (into, from) = (a.min(b), a.max(b));
        let gone = self.groups.get_mut(from).map(std::mem::take).unwrap_or_default();
        for text in &gone.members {
            if let Some(label) = self.label.get_mut(*text) {
                *label = into;
            }
        }
        if let Some(kept) = self.groups.get_mut(into) {
            kept.sum = sum([&kept.sum, &gone.sum]);
            kept.members.extend(gone.members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(texts: &[&str], least: f64) -> Vec<usize> {
        let terms = texts.iter().map(|text| text.split(' ').map(str::to_owned).collect());
        average_linkage(&Vectors::new(terms), least)
    }

    #[test]
    fn alike_texts_join_and_strangers_stay_alone() {
        let texts = ["gpu price up", "rain in tokyo", "gpu price rises", "tokyo rain today", "lonely"];
        assert_eq!(label(&texts, 0.05), [0, 1, 0, 1, 4]);
    }

    #[test]
    fn the_threshold_decides() {
        assert_eq!(label(&["a b c d", "a x y z"], 0.9), [0, 1]);
        assert_eq!(label(&["a b c d", "a x y z"], 0.01), [0, 0]);
        assert_eq!(label(&[], 0.1), Vec::<usize>::new());
    }

    /// The textbook algorithm over the full matrix gives the same groups.
    #[test]
    fn equals_the_naive_algorithm() {
        let texts: Vec<String> = (0..60_u32)
            .map(|i| format!("t{} t{} t{} w{}", i % 7, i % 5 + 10, (i * i) % 11 + 20, i))
            .collect();
        let terms = || texts.iter().map(|text| text.split(' ').map(str::to_owned).collect());
        let vectors = Vectors::new(terms());
        assert_eq!(canonical(&average_linkage(&vectors, 0.2)), canonical(&naive(&vectors, 0.2)));
    }

    fn canonical(labels: &[usize]) -> Vec<usize> {
        labels.iter().map(|label| labels.iter().position(|other| other == label).unwrap()).collect()
    }

    fn naive(vectors: &Vectors, least: f64) -> Vec<usize> {
        let mut groups: Vec<Vec<usize>> = (0..vectors.unit.len()).map(|text| vec![text]).collect();
        let mean = |a: &[usize], b: &[usize]| {
            let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
            pairs.map(|(x, y)| crate::vectors::dot(&vectors.unit[*x], &vectors.unit[*y])).sum::<f64>()
                / (a.len() * b.len()) as f64
        };
        loop {
            let mut best = (0, 0, -1.0);
            for i in 0..groups.len() {
                for j in i + 1..groups.len() {
                    let cosine = mean(&groups[i], &groups[j]);
                    if cosine > best.2 + 1e-12 {
                        best = (i, j, cosine);
                    }
                }
            }
            if best.2 < least {
                break;
            }
            let gone = groups.remove(best.1);
            groups[best.0].extend(gone);
        }
        let mut labels = vec![0; vectors.unit.len()];
        groups
            .iter()
            .enumerate()
            .for_each(|(name, group)| group.iter().for_each(|text| labels[*text] = name));
        labels
    }
}
