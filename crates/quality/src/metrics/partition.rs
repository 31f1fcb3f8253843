//! A partition against the gold one.
//!
//! NMI with the arithmetic mean (Strehl & Ghosh 2002), ARI (Hubert & Arabie 1985), AMI (Vinh, Epps & Bailey 2010), ACC by the
//! best one-to-one match of groups (Kuhn 1955), B-cubed (Bagga & Baldwin 1998).

use std::collections::BTreeMap;

use pathfinding::prelude::{Matrix, kuhn_munkres};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// How alike two partitions are; every measure is 1 for equal ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PartitionScores {
    /// Normalised mutual information, by the arithmetic mean of the entropies (0 to 1).
    pub nmi: f64,
    /// Rand index, adjusted for chance (0 expected by chance).
    pub ari: f64,
    /// Mutual information, adjusted for chance.
    pub ami: f64,
    /// Share of items in the best one-to-one match of groups.
    pub acc: f64,
    /// B-cubed precision: how pure an item's group is, on average.
    pub bcubed_precision: f64,
    /// B-cubed recall: how much of an item's gold group is with it, on average.
    pub bcubed_recall: f64,
    /// Harmonic mean of the two.
    pub bcubed_f1: f64,
    /// Groups found.
    pub clusters: usize,
    /// Gold groups.
    pub labels: usize,
}

/// Items counted by found group and gold group.
pub struct Partition {
    cells: BTreeMap<(usize, usize), u64>,
    found: Vec<u64>,
    gold: Vec<u64>,
    items: u64,
}

impl Partition {
    /// Counts items; both lists are as long as there are items.
    pub fn new(found: &[usize], gold: &[&str]) -> Self {
        let found = numbered(found.iter());
        let gold = numbered(gold.iter());
        let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for pair in found.iter().copied().zip(gold.iter().copied()) {
            *cells.entry(pair).or_default() += 1;
        }
        Self { cells, found: sizes(&found), gold: sizes(&gold), items: found.len() as u64 }
    }

    /// All measures.
    pub fn scores(&self) -> PartitionScores {
        if self.items == 0 {
            return PartitionScores::default();
        }
        let (mutual, h_found, h_gold) =
            (self.mutual_information(), self.entropy(&self.found), self.entropy(&self.gold));
        let mean = f64::midpoint(h_found, h_gold);
        let (precision, recall) = self.bcubed();
        PartitionScores {
            nmi: ratio(mutual, mean),
            ari: self.adjusted_rand(),
            ami: self.adjusted_mutual(mutual, mean),
            acc: self.accuracy(),
            bcubed_precision: precision,
            bcubed_recall: recall,
            bcubed_f1: ratio(2.0 * precision * recall, precision + recall).min(1.0),
            clusters: self.found.len(),
            labels: self.gold.len(),
        }
    }

    fn sizes_of(&self, (found, gold): (usize, usize)) -> (f64, f64) {
        let size = |sizes: &[u64], at: usize| sizes.get(at).copied().unwrap_or(0) as f64;
        (size(&self.found, found), size(&self.gold, gold))
    }

    fn entropy(&self, sizes: &[u64]) -> f64 {
        let all = self.items as f64;
        -sizes.iter().map(|size| *size as f64 / all).map(|share| share * share.ln()).sum::<f64>()
    }

    fn mutual_information(&self) -> f64 {
        let all = self.items as f64;
        let part = |(pair, count): (&(usize, usize), &u64)| {
            let ((found, gold), count) = (self.sizes_of(*pair), *count as f64);
            count / all * (all * count / (found * gold)).ln()
        };
        self.cells.iter().map(part).sum::<f64>().max(0.0)
    }

    fn adjusted_rand(&self) -> f64 {
        let pairs = |count: &u64| (*count as f64) * (*count as f64 - 1.0) / 2.0;
        let together: f64 = self.cells.values().map(pairs).sum();
        let (found, gold): (f64, f64) =
            (self.found.iter().map(pairs).sum(), self.gold.iter().map(pairs).sum());
        let expected = ratio(found * gold, pairs(&self.items));
        let most = f64::midpoint(found, gold);
        if most <= expected { 1.0 } else { (together - expected) / (most - expected) }
    }

    fn adjusted_mutual(&self, mutual: f64, mean: f64) -> f64 {
        let expected = self.expected_mutual_information();
        let span = mean - expected;
        if span.abs() < 1e-12 { 1.0 } else { (mutual - expected) / span }
    }

    /// The mean over all partitions with these sizes (hypergeometric), each pair of sizes computed once.
    fn expected_mutual_information(&self) -> f64 {
        let ln_factorial = ln_factorials(self.items);
        let lf = |n: u64| ln_factorial.get(n as usize).copied().unwrap_or(0.0);
        let all = self.items;
        let mut total = 0.0;
        for (a, many_a) in counted(&self.found) {
            for (b, many_b) in counted(&self.gold) {
                let fixed = lf(a) + lf(b) + lf(all - a) + lf(all - b) - lf(all);
                let first = (a + b).saturating_sub(all).max(1);
                let expected: f64 = (first..=a.min(b))
                    .map(|n| {
                        let chance = fixed - lf(n) - lf(a - n) - lf(b - n) - lf(all + n - a - b);
                        let (n, all) = (n as f64, all as f64);
                        n / all * (all * n / (a as f64 * b as f64)).ln() * chance.exp()
                    })
                    .sum();
                total += (many_a * many_b) as f64 * expected;
            }
        }
        total
    }

    fn accuracy(&self) -> f64 {
        let (few, many) = (self.found.len().min(self.gold.len()), self.found.len().max(self.gold.len()));
        let swap = self.found.len() > self.gold.len();
        let cell = |row: usize, column: usize| {
            let pair = if swap { (column, row) } else { (row, column) };
            self.cells.get(&pair).copied().unwrap_or(0).cast_signed()
        };
        let weights = Matrix::from_fn(few, many, |(row, column)| cell(row, column));
        let (matched, _) = kuhn_munkres(&weights);
        matched as f64 / self.items as f64
    }

    fn bcubed(&self) -> (f64, f64) {
        let all = self.items as f64;
        let square = |(pair, count): (&(usize, usize), &u64)| {
            let ((found, gold), count) = (self.sizes_of(*pair), *count as f64);
            (count * count / found, count * count / gold)
        };
        let (precision, recall) =
            self.cells.iter().map(square).fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        (precision / all, recall / all)
    }
}

fn ratio(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 1.0 }
}

/// Each item's group as a number, in order of first appearance.
fn numbered<T: std::hash::Hash + Eq>(groups: impl Iterator<Item = T>) -> Vec<usize> {
    let mut numbers: FxHashMap<T, usize> = FxHashMap::default();
    groups
        .map(|group| {
            let next = numbers.len();
            *numbers.entry(group).or_insert(next)
        })
        .collect()
}

fn sizes(numbers: &[usize]) -> Vec<u64> {
    let mut sizes = vec![0; numbers.iter().max().map_or(0, |last| last + 1)];
    for number in numbers {
        if let Some(size) = sizes.get_mut(*number) {
            *size += 1;
        }
    }
    sizes
}

/// How many groups have each size.
fn counted(sizes: &[u64]) -> BTreeMap<u64, u64> {
    let mut counts = BTreeMap::new();
    for size in sizes {
        *counts.entry(*size).or_default() += 1;
    }
    counts
}

fn ln_factorials(most: u64) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain((1..=most).map(|n| {
            sum += (n as f64).ln();
            sum
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(found: &[usize], gold: &[&str]) -> PartitionScores {
        Partition::new(found, gold).scores()
    }

    /// The figures of scikit-learn 1.7 for the same lists.
    #[test]
    fn agrees_with_the_reference() {
        let found = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
        let gold = ["a", "a", "b", "b", "b", "b", "c", "c", "c", "a"];
        let scores = scores(&found, &gold);
        let expected = [
            (scores.nmi, 0.618_065_646_3),
            (scores.ari, 0.431_818_181_8),
            (scores.ami, 0.477_289_990_0),
            (scores.acc, 0.8),
        ];
        for (place, (ours, reference)) in expected.into_iter().enumerate() {
            assert!((ours - reference).abs() < 1e-6, "{place}: {ours} is not {reference}");
        }
    }

    #[test]
    fn equal_partitions_are_perfect_and_one_heap_is_not() {
        let perfect = scores(&[4, 4, 7], &["x", "x", "y"]);
        assert!(
            [perfect.nmi, perfect.ari, perfect.ami, perfect.acc, perfect.bcubed_f1]
                .iter()
                .all(|s| (s - 1.0).abs() < 1e-9),
            "{perfect:?}"
        );
        let heap = scores(&[0, 0, 0, 0], &["x", "x", "y", "y"]);
        assert!(heap.nmi < 1e-9 && heap.ari.abs() < 1e-9 && (heap.acc - 0.5).abs() < 1e-9, "{heap:?}");
        assert!((heap.bcubed_precision - 0.5).abs() < 1e-9 && (heap.bcubed_recall - 1.0).abs() < 1e-9);
    }
}
