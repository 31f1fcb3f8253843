//! Words that stand together beyond chance are one: `Nano Banana`, `Naina Raisinghani`.
//!
//! The measure is normalised pointwise mutual information (Bouma, "Normalized (Pointwise) Mutual Information in Collocation
//! Extraction", GSCL 2009): 1 for words that only stand together, 0 for those that meet by chance. Pairs are joined in
//! passes, so that a phrase may grow (Mikolov et al., "Distributed Representations of Words and Phrases", NIPS 2013).

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Speech, Unit};

/// From this on two words are one.
const NPMI_MIN: f64 = 0.55;
/// So many accounts must have written the pair: what one repeats is a habit.
const AUTHORS_MIN: usize = 2;
/// Phrases have up to twice as many words per pass.
const PASSES: usize = 2;
/// Characters of the longest phrase that is looked for.
const LONGEST: usize = 24;

/// Accounts per word; accounts per pair.
type Tally<'t, K> = BTreeMap<K, BTreeSet<&'t str>>;

/// Joins the pairs of all tweets.
pub(super) fn join(speeches: &mut [Speech]) {
    for _ in 0..PASSES {
        let pairs = collocations(speeches);
        if pairs.is_empty() {
            return;
        }
        for run in speeches.iter_mut().flat_map(|speech| &mut speech.runs) {
            *run = joined(std::mem::take(run), &pairs);
        }
    }
}

/// Takes the phrases apart again that `keep` does not name.
pub(super) fn part(speeches: &mut [Speech], keep: impl Fn(&str) -> bool) {
    for run in speeches.iter_mut().flat_map(|speech| &mut speech.runs) {
        *run = std::mem::take(run).into_iter().flat_map(|unit| parted(unit, &keep)).collect();
    }
}

fn parted(unit: Unit, keep: &impl Fn(&str) -> bool) -> Vec<Unit> {
    if unit.parts.is_empty() || keep(&unit.key) {
        return vec![unit];
    }
    unit.parts.into_iter().flat_map(|part| parted(part, keep)).collect()
}

fn collocations(speeches: &[Speech]) -> BTreeSet<(String, String)> {
    let mut words: Tally<'_, &str> = BTreeMap::new();
    let mut pairs: Tally<'_, (&str, &str)> = BTreeMap::new();
    for speech in speeches {
        for run in &speech.runs {
            for unit in run {
                words.entry(&unit.key).or_default().insert(&speech.author);
            }
            for (a, b) in run.iter().zip(run.iter().skip(1)).filter(|(a, b)| may_join(a, b)) {
                pairs.entry((&a.key, &b.key)).or_default().insert(&speech.author);
            }
        }
    }
    let count = |word: &str| words.get(word).map_or(0, BTreeSet::len) as f64;
    let all: f64 = words.values().map(|authors| authors.len() as f64).sum();
    let strong = |((a, b), together): &(&(&str, &str), &BTreeSet<&str>)| {
        together.len() >= AUTHORS_MIN && npmi(together.len() as f64, count(a), count(b), all) >= NPMI_MIN
    };
    let strong = pairs.iter().filter(strong);
    strong.map(|((a, b), _)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// Of counts, out of `all`.
fn npmi(together: f64, a: f64, b: f64, all: f64) -> f64 {
    (together * all / (a * b)).ln() / (all / together).ln()
}

fn may_join(a: &Unit, b: &Unit) -> bool {
    let ticker = a.form.starts_with('$') || b.form.starts_with('$');
    !ticker && a.key != b.key && a.form.chars().count() + b.form.chars().count() < LONGEST
}

fn joined(run: Vec<Unit>, pairs: &BTreeSet<(String, String)>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(run.len());
    for unit in run {
        let known = |last: &Unit| {
            let fresh = last.parts.is_empty() || !last.parts.iter().any(|part| part.key == unit.key);
            fresh && may_join(last, &unit) && pairs.contains(&(last.key.clone(), unit.key.clone()))
        };
        match units.pop_if(|last| known(last)) {
            Some(last) => units.push(phrase(last, unit)),
            None => units.push(unit),
        }
    }
    units
}

/// Chinese words stand without a space between them.
fn phrase(a: Unit, b: Unit) -> Unit {
    let chinese = corpus::is_han(&a.form) && corpus::is_han(&b.form);
    let form = format!("{}{}{}", a.form, if chinese { "" } else { " " }, b.form);
    Unit {
        key: format!("{} {}", a.key, b.key),
        form,
        telling: a.telling && b.telling,
        known: false,
        parts: vec![a, b],
    }
}
