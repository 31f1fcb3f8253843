//! Texts as sparse tf-idf vectors over one vocabulary.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::Dense;

/// A sparse vector: `(term number, weight)`, by term number.
pub(crate) type Sparse = Vec<(u32, f32)>;

/// A corpus of texts as terms, counts and unit vectors.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    /// Term by number, in order of first appearance.
    pub(crate) vocabulary: Vec<String>,
    /// Per text: how often each term occurs.
    pub(crate) counts: Vec<Vec<(u32, u32)>>,
    /// Per text: tf-idf of length 1 (empty for a text without terms), with the numbers of a sentence vector behind, if
    /// there are any.
    pub(crate) unit: Vec<Sparse>,
    /// Numbers of a sentence vector.
    dense: usize,
}

impl Vectors {
    /// Weights are `(1 + ln tf) · ln(1 + N / df)`, each vector scaled to length 1.
    pub(crate) fn new(texts: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self::weighted(texts, |_| 1.0)
    }

    /// As [`Vectors::new`], each term's weight multiplied by `factor(term)` before scaling.
    pub(crate) fn weighted(
        texts: impl IntoIterator<Item = Vec<String>>,
        factor: impl Fn(&str) -> f64,
    ) -> Self {
        let mut vectors = Self::default();
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        for terms in texts {
            let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
            for term in terms {
                let next = vectors.vocabulary.len() as u32;
                let number = *numbers.entry(term).or_insert_with_key(|term| {
                    vectors.vocabulary.push(term.clone());
                    next
                });
                *counts.entry(number).or_default() += 1;
            }
            vectors.counts.push(counts.into_iter().collect());
        }
        vectors.weigh(factor);
        vectors
    }

    fn weigh(&mut self, factor: impl Fn(&str) -> f64) {
        let mut document_frequency = vec![0_u32; self.vocabulary.len()];
        for (term, _) in self.counts.iter().flatten() {
            if let Some(count) = document_frequency.get_mut(*term as usize) {
                *count += 1;
            }
        }
        let texts = self.counts.len() as f64;
        let idf = |df: u32| (1.0 + texts / f64::from(df.max(1))).ln();
        let idf: Vec<f64> = document_frequency
            .iter()
            .zip(&self.vocabulary)
            .map(|(df, term)| idf(*df) * factor(term))
            .collect();
        let weight = |&(term, count): &(u32, u32)| {
            (term, ((1.0 + f64::from(count).ln()) * idf.get(term as usize).copied().unwrap_or(0.0)) as f32)
        };
        self.unit = self.counts.iter().map(|counts| scaled(counts.iter().map(weight).collect())).collect();
    }

    /// Per term: the texts that have it, with the weight there.
    pub(crate) fn postings(&self) -> Vec<Vec<(u32, f32)>> {
        let mut postings = vec![Vec::new(); self.vocabulary.len()];
        for (text, vector) in self.unit.iter().enumerate() {
            for (term, weight) in vector {
                if let Some(postings) = postings.get_mut(*term as usize) {
                    postings.push((text as u32, *weight));
                }
            }
        }
        postings
    }

    /// Adds sentence vectors, so that the cosine of two texts is `(1 - weight)` × that of their words + `weight` × that of
    /// their sentence vectors. A text without one keeps its words alone.
    pub(crate) fn blend(&mut self, dense: &Dense, weight: f64) {
        let (of_words, of_dense) = ((1.0 - weight).sqrt() as f32, weight.sqrt() as f32);
        let first = self.vocabulary.len() as u32;
        for (unit, vector) in self.unit.iter_mut().zip(&dense.units) {
            if vector.iter().all(|x| *x == 0.0) {
                continue;
            }
            for (_, weight) in unit.iter_mut() {
                *weight *= of_words;
            }
            unit.extend((first..).zip(vector.iter().map(|x| x * of_dense)));
        }
        self.dense = dense.length;
    }

    /// Components of a vector: terms, then numbers of a sentence vector.
    pub(crate) fn components(&self) -> usize {
        self.vocabulary.len() + self.dense
    }

    /// The term of a number.
    pub(crate) fn term(&self, number: u32) -> &str {
        self.vocabulary.get(number as usize).map_or("", String::as_str)
    }
}

fn scaled(mut vector: Sparse) -> Sparse {
    let length = length(&vector) as f32;
    if length > 0.0 {
        for (_, weight) in &mut vector {
            *weight /= length;
        }
    }
    vector
}

/// The Euclidean length.
pub(crate) fn length(vector: &[(u32, f32)]) -> f64 {
    vector.iter().map(|(_, weight)| f64::from(*weight).powi(2)).sum::<f64>().sqrt()
}

/// The sum of two vectors that are sorted by term.
pub(crate) fn plus(a: &[(u32, f32)], b: &[(u32, f32)]) -> Sparse {
    let mut total = Sparse::with_capacity(a.len() + b.len());
    total.extend_from_slice(a);
    total.extend_from_slice(b);
    // Two sorted runs: what this sort is good at.
    total.sort_by_key(|(term, _)| *term);
    total.dedup_by(|second, first| {
        let same = second.0 == first.0;
        if same {
            first.1 += second.1;
        }
        same
    });
    total
}

/// The sum of vectors, by term number.
pub(crate) fn sum<'a>(vectors: impl IntoIterator<Item = &'a Sparse>) -> Sparse {
    let mut total: BTreeMap<u32, f32> = BTreeMap::new();
    for (term, weight) in vectors.into_iter().flatten() {
        *total.entry(*term).or_default() += weight;
    }
    total.into_iter().collect()
}

/// The inner product of two vectors that are sorted by term.
pub(crate) fn dot(a: &[(u32, f32)], b: &[(u32, f32)]) -> f64 {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut total = 0.0;
    while let (Some((i, x)), Some((j, y))) = (left.peek(), right.peek()) {
        match i.cmp(j) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                total += f64::from(*x) * f64::from(*y);
                left.next();
                right.next();
            }
        }
    }
    total
}
