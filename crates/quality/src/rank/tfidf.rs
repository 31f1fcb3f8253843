//! Texts as tf-idf vectors, for the baselines: theirs must not change when ours do.

use std::collections::BTreeMap;

use corpus::Words;

/// One sparse unit vector a text, by term number.
pub(super) struct TfIdf {
    vectors: Vec<Vec<(usize, f64)>>,
    postings: Vec<Vec<(usize, f64)>>,
}

impl TfIdf {
    /// Weights are `tf · ln(N / df)` (Erkan & Radev 2004), scaled to length 1.
    pub(super) fn new(texts: &[&str], words: &Words) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut counts: Vec<BTreeMap<usize, f64>> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut count = BTreeMap::new();
            for term in words.terms(text) {
                let next = numbers.len();
                *count.entry(*numbers.entry(term).or_insert(next)).or_default() += 1.0;
            }
            counts.push(count);
        }
        let mut frequency = vec![0.0; numbers.len()];
        for term in counts.iter().flat_map(BTreeMap::keys) {
            frequency.get_mut(*term).into_iter().for_each(|count| *count += 1.0);
        }
        let idf = |term: usize| (texts.len() as f64 / frequency.get(term).copied().unwrap_or(1.0)).ln();
        let weigh = |count: BTreeMap<usize, f64>| {
            unit(count.into_iter().map(|(term, count)| (term, count * idf(term))).collect())
        };
        let vectors: Vec<Vec<(usize, f64)>> = counts.into_iter().map(weigh).collect();
        let mut postings = vec![Vec::new(); numbers.len()];
        for (text, vector) in vectors.iter().enumerate() {
            for (term, weight) in vector {
                postings.get_mut(*term).into_iter().for_each(|list: &mut Vec<_>| list.push((text, *weight)));
            }
        }
        Self { vectors, postings }
    }

    pub(super) fn len(&self) -> usize {
        self.vectors.len()
    }

    /// The cosine of a text to each other text that shares a term, by text.
    pub(super) fn likeness(&self, text: usize) -> BTreeMap<usize, f64> {
        let mut likeness = BTreeMap::new();
        for (term, weight) in self.vectors.get(text).into_iter().flatten() {
            for (other, weight_there) in self.postings.get(*term).into_iter().flatten() {
                *likeness.entry(*other).or_default() += weight * weight_there;
            }
        }
        likeness.remove(&text);
        likeness
    }
}

fn unit(mut vector: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    for (_, weight) in &mut vector {
        *weight /= length.max(f64::MIN_POSITIVE);
    }
    vector
}
