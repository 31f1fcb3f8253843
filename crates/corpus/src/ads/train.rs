//! Trains the advert model: logistic regression with an L2 penalty, solved by dual coordinate descent (Yu, Huang and Lin
//! 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models").
//!
//! Sets of labels differ in what they call an advert. Each feature therefore has a shared weight and one for each set
//! (Daumé III 2007, "Frustratingly Easy Domain Adaptation"): a set's own habits stay in its own weights. Nothing is random:
//! examples are taken in a fixed order.

use std::collections::BTreeMap;

use super::{
    features::{Features, STRUCTURE},
    grams::{GRAM_BITS, fnv1a},
    model::{AdModelFile, GramWeights, Pair, names, probability},
    rules::AdRules,
};

/// Passes over the examples; the weights move little after these.
const PASSES: usize = 60;
/// Newton steps for one example; the last ones change nothing.
const STEPS: usize = 12;
/// The weight of the examples against the penalty.
const STRENGTH: f64 = 0.3;
/// How much the shared weights move beside a set's own.
const SHARED: f64 = 0.5;
/// Rows at which a set counts in full by row; of a larger one each row counts less.
const FULL_ROWS: f64 = 1_200.0;
/// Weights of the platform's own mark, set by hand because no labelled set has it: it makes a tweet suspect, and alone
/// does not drop it, for a release may be promoted too.
const PROMOTED: (&str, Pair) = ("promoted", [1.5, 4.0]);
/// Buckets that are kept in the file.
const MOST_GRAMS: usize = 24_000;

/// One labelled text.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the model sees.
    pub features: Features,
    /// The set that it comes from, from 0.
    pub set: usize,
    /// Whether it is an advert to drop, and whether it is promotion of any kind; `None` where the set does not tell.
    pub labels: [Option<bool>; 2],
}

/// Trained weights: shared ones, and for each set what it adds.
pub struct Trained {
    width: usize,
    weights: Vec<f64>,
}

/// An example in the dual problem.
struct Dual<'e> {
    example: &'e Example,
    sign: f64,
    limit: f64,
    length: f64,
    alpha: f64,
}

/// Trains one of the two models (0 `drop`, 1 `promotion`).
pub fn train<'e>(examples: impl Iterator<Item = &'e Example>, head: usize, rules: &AdRules) -> Trained {
    let labelled: Vec<(&Example, bool)> =
        examples.filter_map(|example| Some((example, (*example.labels.get(head)?)?))).collect();
    let sets = labelled.iter().map(|(example, _)| example.set + 1).max().unwrap_or_default();
    let width = rules.count() + STRUCTURE.len() + (1 << GRAM_BITS) + 1;
    let mut trained = Trained { width, weights: vec![0.0; width * (sets + 1)] };
    let mut rows = vec![0.0; sets];
    for (example, _) in &labelled {
        rows.iter_mut().skip(example.set).take(1).for_each(|rows| *rows += 1.0);
    }
    let mut duals: Vec<(u64, Dual<'_>)> = labelled
        .into_iter()
        .enumerate()
        .map(|(place, (example, label))| {
            (fnv1a(place.to_le_bytes().into_iter()), dual(example, label, &rows))
        })
        .collect();
    // Mixed, but the same each time: neighbours are of one set and often of one kind.
    duals.sort_by_key(|(place, _)| *place);
    for (_, dual) in &duals {
        trained.add(dual.example, dual.alpha * dual.sign);
    }
    for _ in 0..PASSES {
        for (_, dual) in &mut duals {
            trained.improve(dual);
        }
    }
    trained
}

fn dual<'e>(example: &'e Example, label: bool, rows: &[f64]) -> Dual<'e> {
    let rows = rows.get(example.set).copied().unwrap_or(1.0);
    let limit = STRENGTH * (FULL_ROWS / rows).sqrt().min(1.0);
    let squares: f64 = example.features.values.iter().map(|(_, value)| f64::from(value * value)).sum();
    let sign = if label { 1.0 } else { -1.0 };
    Dual { example, sign, limit, length: (1.0 + SHARED * SHARED) * (squares + 1.0), alpha: limit * 0.01 }
}

impl Trained {
    /// The score of features under a set's reading, before it is made a probability; `None` reads the shared weights.
    pub fn sum(&self, features: &Features, set: Option<usize>) -> f64 {
        let shared = self.half(features, 0) * SHARED;
        shared + set.map_or(0.0, |set| self.half(features, (set + 1) * self.width))
    }

    /// The same as a probability.
    pub fn score(&self, features: &Features, set: Option<usize>) -> f64 {
        probability(self.sum(features, set))
    }

    fn half(&self, features: &Features, from: usize) -> f64 {
        let block = self.weights.get(from..from + self.width).unwrap_or_default();
        let bias = block.last().copied().unwrap_or_default();
        let of = |(at, value): &(u32, f32)| {
            block.get(*at as usize).map_or(0.0, |weight| weight * f64::from(*value))
        };
        bias + features.values.iter().map(of).sum::<f64>()
    }

    fn add(&mut self, example: &Example, step: f64) {
        for from in [0, (example.set + 1) * self.width] {
            let step = if from == 0 { step * SHARED } else { step };
            let Some(block) = self.weights.get_mut(from..from + self.width) else { continue };
            for (at, value) in &example.features.values {
                if let Some(weight) = block.get_mut(*at as usize) {
                    *weight += step * f64::from(*value);
                }
            }
            if let Some(bias) = block.last_mut() {
                *bias += step;
            }
        }
    }

    /// Solves `u + length (limit σ(u) - alpha) + margin = 0`, the condition for the best alpha = limit σ(u). The left side
    /// grows with `u`: Newton's step where it stays between the bounds, the middle where it does not.
    fn improve(&mut self, dual: &mut Dual<'_>) {
        let margin = dual.sign * self.sum(&dual.example.features, Some(dual.example.set));
        let (mut low, mut high) =
            (dual.length * (dual.alpha - dual.limit) - margin, dual.length * dual.alpha - margin);
        let mut u = (-margin).clamp(low, high);
        for _ in 0..STEPS {
            let sigma = probability(u);
            let value = u + dual.length * (dual.limit * sigma - dual.alpha) + margin;
            if value > 0.0 {
                high = u;
            } else {
                low = u;
            }
            let next = u - value / (1.0 + dual.length * dual.limit * sigma * (1.0 - sigma));
            u = if next > low && next < high { next } else { f64::midpoint(low, high) };
        }
        let alpha = dual.limit * probability(u);
        let step = (alpha - dual.alpha) * dual.sign;
        dual.alpha = alpha;
        self.add(dual.example, step);
    }

    fn weight(&self, at: usize, set: Option<usize>) -> f64 {
        let shared = SHARED * self.weights.get(at).copied().unwrap_or_default();
        shared
            + set.and_then(|set| self.weights.get(at + (set + 1) * self.width)).copied().unwrap_or_default()
    }
}

/// Two trained models as a file, read as the given set reads adverts.
pub fn to_file(
    trained: &[Trained; 2],
    set: Option<usize>,
    thresholds: [f64; 2],
    rules: &AdRules,
) -> AdModelFile {
    let pair = |at: usize| trained.each_ref().map(|trained| trained.weight(at, set));
    let round = |pair: Pair| pair.map(|weight| (weight * 1000.0).round() / 1000.0);
    let mut named: BTreeMap<String, Pair> =
        names(rules).enumerate().map(|(at, name)| (name.to_owned(), round(pair(at)))).collect();
    named.insert(PROMOTED.0.to_owned(), PROMOTED.1);
    let first = rules.count() + STRUCTURE.len();
    let bias = round(pair(first + (1 << GRAM_BITS)));
    let mut file = AdModelFile { thresholds, bias, named, grams: GramWeights::default() };
    file.set_grams((0..1 << GRAM_BITS).map(|bucket| (bucket, pair(first + bucket as usize))), MOST_GRAMS);
    file
}
