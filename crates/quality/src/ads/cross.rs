//! Training on labelled sets, and cross-validation: each row is scored by models that saw neither it, nor its author, nor
//! a near-copy of it, in any of the sets.

use corpus::{AdModelFile, AdOutcome, AdRules, Example, Trained, to_file, train};

use super::{AdSet, LEAST_PRECISION};
use crate::{
    folds::{FOLDS, Item, folds},
    metrics::{at_precision, curve},
};

/// The precision asked of a suspect: a maker's news must stay able to be a key point.
const SUSPECT_PRECISION: f64 = 0.85;
/// Of the tweets that are no adverts, the share that may be dropped.
const MOST_NON_ADS: f64 = 0.01;

/// A set's scores out of fold.
#[derive(Clone, Debug, Default)]
pub struct Crossed {
    scores: Vec<[f64; 2]>,
}

impl Crossed {
    /// The probabilities of one of the two models.
    pub fn of_head(&self, head: usize) -> impl Iterator<Item = f64> {
        self.scores.iter().map(move |scores| scores.get(head).copied().unwrap_or_default())
    }

    /// What the filter would make of them.
    pub fn outcomes(&self, thresholds: [f64; 2]) -> Vec<AdOutcome> {
        let outcome = |[drop, promotion]: &[f64; 2]| match thresholds {
            [least, _] if *drop >= least => AdOutcome::Drop,
            [_, least] if *promotion >= least => AdOutcome::Suspect,
            _ => AdOutcome::Keep,
        };
        self.scores.iter().map(outcome).collect()
    }
}

/// Cross-validates over all sets together; each is read as it reads adverts itself.
pub fn cross(sets: &[AdSet], rules: &AdRules) -> Vec<Crossed> {
    let examples = examples(sets, rules);
    let items: Vec<Item<'_>> = sets
        .iter()
        .flat_map(|set| &set.rows)
        .map(|row| Item { text: &row.tweet.text, author: &row.tweet.author.handle })
        .collect();
    let fold_of = folds(&items);
    let mut scores = vec![[0.0; 2]; examples.len()];
    for head in [0, 1] {
        for fold in 0..FOLDS {
            let others =
                examples.iter().zip(&fold_of).filter(|(_, of)| **of != fold).map(|(example, _)| example);
            let trained = train(others, head, rules);
            let own = scores.iter_mut().zip(&examples).zip(&fold_of).filter(|(_, of)| **of == fold);
            for ((scores, example), _) in own {
                let score = trained.score(&example.features, Some(example.set));
                scores.iter_mut().skip(head).take(1).for_each(|slot| *slot = score);
            }
        }
    }
    let mut rest = scores.into_iter();
    sets.iter().map(|set| Crossed { scores: rest.by_ref().take(set.rows.len()).collect() }).collect()
}

fn examples(sets: &[AdSet], rules: &AdRules) -> Vec<Example> {
    sets.iter().enumerate().flat_map(|(number, set)| set.examples(number, rules)).collect()
}

/// Trains on all sets. The model is read, and its thresholds are chosen, as the first set with three outcomes reads
/// adverts: the lowest that are precise enough out of fold; `drop` also drops few enough others.
pub fn fit(sets: &[AdSet], rules: &AdRules) -> AdModelFile {
    let crossed = cross(sets, rules);
    let reader = sets.iter().position(AdSet::has_outcomes);
    let at = reader.unwrap_or_default();
    let thresholds = match (sets.get(at), crossed.get(at)) {
        (Some(set), Some(crossed)) => [drop_threshold(set, crossed), suspect_threshold(set, crossed)],
        _ => [0.5, 0.5],
    };
    let examples = examples(sets, rules);
    let trained: [Trained; 2] = [0, 1].map(|head| train(examples.iter(), head, rules));
    to_file(&trained, reader, thresholds, rules)
}

fn scored(set: &AdSet, crossed: &Crossed, head: usize) -> Vec<(f64, bool)> {
    let right = set.rows.iter().map(|row| row.labels.get(head).copied().flatten().unwrap_or_default());
    crossed.of_head(head).zip(right).collect()
}

fn drop_threshold(set: &AdSet, crossed: &Crossed) -> f64 {
    let scored = scored(set, crossed, 0);
    let precise = at_precision(&curve(&scored), LEAST_PRECISION).map_or(0.99, |point| point.threshold);
    let mut others: Vec<f64> = scored.iter().filter(|(_, right)| !right).map(|(score, _)| *score).collect();
    others.sort_by(|a, b| b.total_cmp(a));
    let allowed = (others.len() as f64 * MOST_NON_ADS) as usize;
    // The first that may not be dropped any more.
    let harmless = others.get(allowed).map_or(0.0, |score| score + 1e-6);
    round(precise.max(harmless))
}

fn suspect_threshold(set: &AdSet, crossed: &Crossed) -> f64 {
    at_precision(&curve(&scored(set, crossed, 1)), SUSPECT_PRECISION)
        .map_or(0.99, |point| round(point.threshold))
}

/// Down to six decimals, so that the point itself stays inside.
fn round(threshold: f64) -> f64 {
    (threshold * 1e6).floor() / 1e6
}
