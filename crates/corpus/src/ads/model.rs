//! The trained part of the advert score: two linear models over the same features, read from a file of weights.
//!
//! One tells adverts to drop from the rest, one tells promotion of any kind from the rest. A score is a logistic
//! regression's: 1 / (1 + exp(-(bias + weights · features))).

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    features::{Features, STRUCTURE},
    grams::{self, GRAM_BITS},
    rules::AdRules,
};

/// Named features shown as evidence, at most; and n-grams.
const MOST_NAMED: usize = 5;
const MOST_GRAMS: usize = 4;
/// A smaller push is no evidence.
const LEAST_PUSH: f64 = 0.1;

/// Weights for `drop` and for `promotion`.
pub(super) type Pair = [f64; 2];

/// The model as written in its file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdModelFile {
    /// From these probabilities on a tweet is dropped, and suspect.
    pub thresholds: [f64; 2],
    /// Added before all features.
    pub bias: [f64; 2],
    /// Weights by name.
    pub named: std::collections::BTreeMap<String, [f64; 2]>,
    /// Weights of n-grams.
    pub grams: GramWeights,
}

/// The weights of hashed n-grams as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GramWeights {
    /// Bits of a bucket's number.
    pub bits: u32,
    /// A line for each bucket: its number in hexadecimal and its two weights in thousandths.
    pub weights: String,
}

/// A model ready to score, for one set of rules.
pub(super) struct AdModel {
    thresholds: Pair,
    bias: Pair,
    named: Vec<Pair>,
    grams: FxHashMap<u32, Pair>,
}

/// A file of weights that does not fit.
#[derive(Debug, thiserror::Error)]
pub enum AdModelError {
    /// A weight for a feature that there is not.
    #[error("the advert model weighs `{0}`, which is neither a rule nor a feature")]
    Unknown(String),
    /// A line of the n-grams cannot be read.
    #[error("`{0}` is no weight of an n-gram (`bucket drop promotion`)")]
    Gram(String),
    /// Trained with another hash.
    #[error("the advert model has buckets of {0} bits instead of {GRAM_BITS}")]
    Bits(u32),
}

/// The names of all features that have one, in the order of [`Features::values`].
pub(super) fn names(rules: &AdRules) -> impl Iterator<Item = &str> {
    rules.iter().map(|rule| rule.name.as_str()).chain(STRUCTURE)
}

impl AdModel {
    /// Makes a model ready for a set of rules. A rule that the model does not weigh has no part in its score.
    ///
    /// # Errors
    /// When the file weighs what there is not, or a weight cannot be read.
    pub(super) fn new(file: &AdModelFile, rules: &AdRules) -> Result<Self, AdModelError> {
        if file.grams.bits != GRAM_BITS {
            return Err(AdModelError::Bits(file.grams.bits));
        }
        let known: Vec<&str> = names(rules).collect();
        if let Some(name) = file.named.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(AdModelError::Unknown(name.clone()));
        }
        let named = known.iter().map(|name| file.named.get(*name).copied().unwrap_or_default()).collect();
        let lines = file.grams.weights.lines().filter(|line| !line.trim().is_empty());
        let grams = lines.map(|line| gram(line).ok_or_else(|| AdModelError::Gram(line.to_owned())));
        Ok(Self {
            thresholds: file.thresholds,
            bias: file.bias,
            named,
            grams: grams.collect::<Result<_, _>>()?,
        })
    }

    /// The thresholds of the file.
    pub(super) fn thresholds(&self) -> Pair {
        self.thresholds
    }

    /// The two probabilities.
    pub(super) fn score(&self, features: &Features) -> Pair {
        let mut sum = self.bias;
        for (at, value) in &features.values {
            for (sum, weight) in sum.iter_mut().zip(self.weight(*at)) {
                *sum += weight * f64::from(*value);
            }
        }
        sum.map(probability)
    }

    /// What pushed a score up the most: named features first (a rule with the words that it hit), then n-grams.
    pub(super) fn explain(
        &self,
        head: usize,
        features: &Features,
        folded: &str,
        rules: &AdRules,
    ) -> Vec<String> {
        let push =
            |at: u32, value: f32| self.weight(at).get(head).copied().unwrap_or_default() * f64::from(value);
        let mut named: Vec<(u32, f64)> =
            features.values.iter().map(|(at, value)| (*at, push(*at, *value))).collect();
        named.retain(|(at, push)| (*at as usize) < self.named.len() && *push >= LEAST_PUSH);
        named.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let all_names: Vec<&str> = names(rules).collect();
        let mut evidence: Vec<String> = Vec::new();
        for (at, push) in named.into_iter().take(MOST_NAMED) {
            let name = all_names.get(at as usize).copied().unwrap_or_default();
            let what =
                rules.what(at as usize, folded).map_or_else(String::new, |what| format!(": {}", what.trim()));
            evidence.push(format!("{name} +{push:.2}{what}"));
        }
        evidence.extend(self.explain_grams(head, folded));
        evidence
    }

    fn explain_grams(&self, head: usize, folded: &str) -> Vec<String> {
        let mut heavy: Vec<(f64, String)> = Vec::new();
        grams::each(folded, |kind, gram| {
            let weight = self.grams.get(&grams::bucket(kind, gram)).and_then(|pair| pair.get(head));
            if let Some(weight) =
                weight.filter(|weight| kind != b'c' && tells(gram) && **weight >= LEAST_PUSH)
            {
                heavy.push((*weight, gram.trim().to_owned()));
            }
        });
        heavy.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        heavy.dedup();
        let words: Vec<String> = heavy.into_iter().take(MOST_GRAMS).map(|(_, gram)| gram).collect();
        if words.is_empty() { Vec::new() } else { vec![format!("words: {}", words.join(" | "))] }
    }

    fn weight(&self, at: u32) -> Pair {
        match self.named.get(at as usize) {
            Some(pair) => *pair,
            None => self.grams.get(&(at - self.named.len() as u32)).copied().unwrap_or_default(),
        }
    }
}

/// Whether an n-gram says something to a reader: more than marks, zeros and single letters.
fn tells(gram: &str) -> bool {
    gram.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

pub(super) fn probability(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

fn gram(line: &str) -> Option<(u32, Pair)> {
    let mut parts = line.split_whitespace();
    let bucket = u32::from_str_radix(parts.next()?, 16).ok()?;
    let mut weight = || Some(f64::from(parts.next()?.parse::<i32>().ok()?) / 1000.0);
    Some((bucket, [weight()?, weight()?]))
}

impl AdModelFile {
    /// Writes the n-grams' lines: those of the heaviest weights, in the order of the buckets.
    pub(super) fn set_grams(&mut self, weights: impl Iterator<Item = (u32, Pair)>, most: usize) {
        let mut heavy: Vec<(u32, Pair)> = weights.collect();
        let size = |pair: &Pair| pair.iter().map(|weight| weight.abs()).fold(0.0, f64::max);
        heavy.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)).then(a.0.cmp(&b.0)));
        heavy.truncate(most);
        heavy.sort_by_key(|(bucket, _)| *bucket);
        self.grams.bits = GRAM_BITS;
        self.grams.weights = String::from("\n");
        for (bucket, [drop, promotion]) in heavy {
            let _ = writeln!(self.grams.weights, "{bucket:x} {:.0} {:.0}", drop * 1000.0, promotion * 1000.0);
        }
    }
}
