//! Average linkage (UPGMA) by the nearest-neighbour chain, exact and without a distance matrix.
//!
//! The mean cosine of two groups is the inner product of their vector sums over the product of their sizes, so an inverted
//! index answers "which group is nearest" from shared terms alone. Average linkage is reducible (Bruynooghe 1977; Müllner
//! 2011): a group whose nearest neighbour is below the threshold can never come above it again, so it is finished.
//!
//! Near-linear in practice by three means: a chain goes on from the group just merged, so groups are finished one after
//! another and leave the index; the index is made anew over groups each time half of them are gone; and a large group's
//! products with all others are kept and added up at a merge instead of being computed again.

use super::products::{Index, Products};
use crate::vectors::{Sparse, Vectors};

/// Two cosines this near count as equal: sums of 32-bit weights differ in their last digits.
const EQUAL: f32 = 1e-5;

/// A label per text: the lowest text number of its group. Texts are grouped within blocks of `block` in their order: in
/// order of time, so that a story has most of its tweets in one block.
pub(super) fn average_linkage(vectors: &Vectors, least: f64, block: usize) -> Vec<usize> {
    let mut labels = Vec::with_capacity(vectors.unit.len());
    for units in vectors.unit.chunks(block.max(1)) {
        let first = labels.len();
        let mut linkage = Linkage::new(units, vectors.components());
        for start in 0..units.len() {
            linkage.finish_chain_from(start, least as f32);
        }
        labels.extend(linkage.index.labels().into_iter().map(|label| label + first));
    }
    labels
}

struct Linkage<'v> {
    index: Index<'v>,
    products: Products,
}

/// A group on the chain, with its cosine to the one before it.
#[derive(Clone, Copy)]
struct Link {
    group: usize,
    cosine: f32,
}

impl<'v> Linkage<'v> {
    fn new(units: &'v [Sparse], terms: usize) -> Self {
        Self { index: Index::new(units, terms), products: Products::new(units.len()) }
    }

    /// Grows the group of `start`, and all that its chain meets, until each is finished.
    fn finish_chain_from(&mut self, start: usize, least: f32) {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(group) = next.filter(|group| self.index.is_open(*group)) {
            chain.push(Link { group, cosine: f32::NEG_INFINITY });
            next = self.follow(&mut chain, least);
        }
    }

    /// Follows a chain until it is used up; the last group merged, if the chain ended with one.
    fn follow(&mut self, chain: &mut Vec<Link>, least: f32) -> Option<usize> {
        while let Some(top) = chain.last().copied() {
            let nearest =
                self.products.nearest(&self.index, top.group).filter(|(_, cosine)| *cosine >= least);
            let before = chain.len().checked_sub(2).and_then(|at| chain.get(at)).copied();
            match (nearest, before) {
                // The cosine must grow along the chain, or the two last are each other's nearest.
                (Some((group, cosine)), before) if before.is_none() || cosine > top.cosine + EQUAL => {
                    chain.push(Link { group, cosine });
                }
                (_, Some(before)) => {
                    chain.truncate(chain.len() - 2);
                    let merged = self.merge(before.group, top.group);
                    if chain.is_empty() {
                        return Some(merged);
                    }
                }
                (_, None) => {
                    self.index.close(top.group);
                    self.products.forget(top.group);
                    chain.pop();
                }
            }
        }
        None
    }

    fn merge(&mut self, a: usize, b: usize) -> usize {
        self.products.merge(&self.index, a, b);
        self.index.merge(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(texts: &[&str], least: f64) -> Vec<usize> {
        let terms = texts.iter().map(|text| text.split(' ').map(str::to_owned).collect());
        average_linkage(&Vectors::new(terms), least, usize::MAX)
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

    #[test]
    fn blocks_are_grouped_by_themselves() {
        let terms =
            ["a b", "a b", "a b", "a b"].iter().map(|text| text.split(' ').map(str::to_owned).collect());
        assert_eq!(average_linkage(&Vectors::new(terms), 0.1, 2), [0, 0, 2, 2]);
    }

    /// The textbook algorithm over the full matrix gives the same groups.
    #[test]
    fn equals_the_naive_algorithm() {
        let texts: Vec<String> = (0..120_u32)
            .map(|i| format!("t{} t{} t{} w{}", i % 7, i % 5 + 10, (i * i) % 11 + 20, i))
            .collect();
        let terms = || texts.iter().map(|text| text.split(' ').map(str::to_owned).collect());
        let vectors = Vectors::new(terms());
        assert_eq!(canonical(&average_linkage(&vectors, 0.2, usize::MAX)), canonical(&naive(&vectors, 0.2)));
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
