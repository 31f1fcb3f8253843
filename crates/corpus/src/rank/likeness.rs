//! How alike topics are by their terms: the cosine, each term weighted by how few of the topics have it.

use std::collections::BTreeMap;

/// A topic's terms, weighted and scaled to length 1.
pub(super) type Unit<'t> = Vec<(&'t str, f64)>;

/// How rare each term is among topics.
pub(super) struct Rarity<'t> {
    counts: BTreeMap<&'t str, f64>,
    topics: f64,
}

impl<'t> Rarity<'t> {
    pub(super) fn new(topics: impl Iterator<Item = &'t [(String, f64)]>) -> Self {
        let mut rarity = Self { counts: BTreeMap::new(), topics: 0.0 };
        for terms in topics {
            rarity.topics += 1.0;
            for (term, _) in terms {
                *rarity.counts.entry(term).or_default() += 1.0;
            }
        }
        rarity
    }

    /// Weights times `ln(1 + topics / topics with the term)`: a word of all topics makes no two alike.
    pub(super) fn unit<'a>(&self, terms: &'a [(String, f64)]) -> Unit<'a> {
        let weigh = |(term, weight): &'a (String, f64)| {
            let count = self.counts.get(term.as_str()).copied().unwrap_or(1.0);
            (term.as_str(), weight * (1.0 + self.topics / count).ln())
        };
        let mut unit: Unit<'a> = terms.iter().map(weigh).collect();
        let length = unit.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        for (_, weight) in &mut unit {
            *weight /= length.max(f64::MIN_POSITIVE);
        }
        unit
    }
}

/// Topics found by their terms.
#[derive(Default)]
pub(super) struct TermIndex<'t> {
    topics: BTreeMap<&'t str, Vec<(usize, f64)>>,
}

impl<'t> TermIndex<'t> {
    pub(super) fn add(&mut self, topic: usize, unit: Unit<'t>) {
        for (term, weight) in unit {
            self.topics.entry(term).or_default().push((topic, weight));
        }
    }

    /// The cosine to each topic that shares a term.
    pub(super) fn alike(&self, unit: &Unit<'_>) -> BTreeMap<usize, f64> {
        let mut alike: BTreeMap<usize, f64> = BTreeMap::new();
        for (term, weight) in unit {
            for (topic, other) in self.topics.get(term).into_iter().flatten() {
                *alike.entry(*topic).or_default() += weight * other;
            }
        }
        alike
    }
}
