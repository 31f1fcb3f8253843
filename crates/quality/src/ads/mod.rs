//! How good the advert filter is: the rules alone, the filter as shipped, and the model cross-validated.

mod cross;
mod sets;

pub use cross::{Crossed, cross, fit};
pub use sets::{AdRow, AdSet};

use corpus::{AdJudge, AdOutcome, AdScore, AdThresholds, DropReason, Sieve, Tweet, TweetId, Window, filter};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::metrics::{Point, Prf, at_precision, best_f1, curve, prf};

/// From this sum of weights on the rules alone would drop a text.
pub const RULES_DROP: f64 = 3.0;
/// The precision asked of a drop.
pub const LEAST_PRECISION: f64 = 0.95;
/// Precisions at which the curve is shown.
const SHOWN: [f64; 7] = [0.98, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6];

/// The figures of one set.
#[derive(Clone, Debug, Serialize)]
pub struct AdFigures {
    /// Texts measured.
    pub texts: usize,
    /// Adverts among them, by the labels.
    pub adverts: usize,
    /// Rows whose tweet the corpus does not have.
    pub missing: usize,
    /// The rules alone.
    pub rules: Prf,
    /// The filter as `run` uses it.
    pub shipped: Prf,
    /// The cross-validated model at the thresholds of the shipped one.
    pub crossed: Prf,
    /// The cross-validated model where F1 is highest.
    pub best: Point,
    /// F1 there.
    pub best_f1: f64,
    /// The highest recall of the cross-validated model at falling precisions.
    pub curve: Vec<Point>,
    /// For tweets labelled with three outcomes.
    pub outcomes: Option<Outcomes>,
}

/// How the filter as shipped, and cross-validated, treats tweets labelled with three outcomes.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Outcomes {
    /// Of the tweets labelled suspect, the share that is marked suspect (or dropped).
    pub suspect_recall: f64,
    /// Of the tweets marked suspect, the share that is labelled suspect or drop.
    pub suspect_precision: f64,
    /// Of the tweets that are not labelled drop, the share that is dropped.
    pub non_ads_dropped: f64,
    /// Of the tweets labelled keep, the share that is dropped.
    pub keep_dropped: f64,
    /// The same of the cross-validated model.
    pub crossed_suspect_recall: f64,
    /// The same of the cross-validated model.
    pub crossed_non_ads_dropped: f64,
    /// The same of the cross-validated model.
    pub crossed_keep_dropped: f64,
}

/// Measures one set: `crossed` has its rows' scores out of fold.
pub fn eval_ads(set: &AdSet, sieve: &Sieve<'_>, crossed: &Crossed) -> AdFigures {
    let head = set.head();
    let shipped = if set.has_outcomes() { as_run(set, sieve) } else { alone(set, sieve.ads) };
    let right: Vec<bool> =
        set.rows.iter().map(|row| row.labels.get(head).copied().flatten().unwrap_or_default()).collect();
    let rules = sieve.ads.judge_rules(set.rows.iter().map(|row| &row.tweet));
    let wanted = if head == 0 { AdOutcome::Drop } else { AdOutcome::Suspect };
    let scored: Vec<(f64, bool)> = crossed.of_head(head).zip(right.iter().copied()).collect();
    let points = curve(&scored);
    let best = best_f1(&points);
    let threshold = sieve.ads.thresholds().get(head).copied().unwrap_or(0.5);
    AdFigures {
        texts: right.len(),
        adverts: right.iter().filter(|right| **right).count(),
        missing: set.missing,
        rules: prf(rules.iter().map(|sum| *sum >= RULES_DROP).zip(right.iter().copied())),
        shipped: prf(shipped.iter().map(|outcome| *outcome >= wanted).zip(right.iter().copied())),
        crossed: prf(scored.iter().map(|(score, right)| (*score >= threshold, *right))),
        best,
        best_f1: prf(scored.iter().map(|(score, right)| (*score >= best.threshold, *right))).f1,
        curve: SHOWN.iter().filter_map(|precision| at_precision(&points, *precision)).collect(),
        outcomes: set
            .has_outcomes()
            .then(|| outcomes(set, &shipped, &crossed.outcomes(sieve.ads.thresholds()))),
    }
}

fn outcomes(set: &AdSet, shipped: &[AdOutcome], crossed: &[AdOutcome]) -> Outcomes {
    let labels: Vec<AdOutcome> = set.rows.iter().filter_map(|row| row.outcome).collect();
    let share = |found: &[AdOutcome],
                 of: &dyn Fn(AdOutcome, AdOutcome) -> bool,
                 hit: &dyn Fn(AdOutcome, AdOutcome) -> bool| {
        let pairs = labels.iter().copied().zip(found.iter().copied());
        let (mut hits, mut all) = (0.0, 0.0);
        for (label, found) in pairs.filter(|(label, found)| of(*label, *found)) {
            all += 1.0;
            hits += f64::from(u8::from(hit(label, found)));
        }
        if all > 0.0 { hits / all } else { 0.0 }
    };
    let dropped = |_, found| found == AdOutcome::Drop;
    Outcomes {
        suspect_recall: share(shipped, &|label, _| label == AdOutcome::Suspect, &|_, found| {
            found != AdOutcome::Keep
        }),
        suspect_precision: share(shipped, &|_, found| found == AdOutcome::Suspect, &|label, _| {
            label != AdOutcome::Keep
        }),
        non_ads_dropped: share(shipped, &|label, _| label != AdOutcome::Drop, &dropped),
        keep_dropped: share(shipped, &|label, _| label == AdOutcome::Keep, &dropped),
        crossed_suspect_recall: share(crossed, &|label, _| label == AdOutcome::Suspect, &|_, found| {
            found != AdOutcome::Keep
        }),
        crossed_non_ads_dropped: share(crossed, &|label, _| label != AdOutcome::Drop, &dropped),
        crossed_keep_dropped: share(crossed, &|label, _| label == AdOutcome::Keep, &dropped),
    }
}

/// The outcomes of whole days, through the filter itself; subject and length do not matter here.
fn as_run(set: &AdSet, sieve: &Sieve<'_>) -> Vec<AdOutcome> {
    let settings = corpus::FilterSettings { relevance_min: f64::MIN, min_width: 0, ..sieve.settings.clone() };
    let sieve = Sieve { settings: &settings, ..*sieve };
    let window = Window {
        start: chrono::DateTime::<chrono::Utc>::MIN_UTC,
        end: chrono::DateTime::<chrono::Utc>::MAX_UTC,
    };
    let mut found: FxHashMap<TweetId, AdOutcome> = FxHashMap::default();
    for batch in set.batches() {
        let rows = batch.iter().filter_map(|at| set.rows.get(*at));
        let tweets: Vec<Tweet> = rows.map(|row| row.tweet.clone()).collect();
        let sifted = filter(&tweets, window, &sieve);
        found.extend(sifted.kept.iter().map(|kept| (kept.tweet.id, kept.ad.outcome)));
        let adverts = sifted.dropped.iter().filter(|dropped| matches!(dropped.why, DropReason::Ad(_)));
        found.extend(adverts.map(|dropped| (dropped.id, AdOutcome::Drop)));
    }
    set.rows.iter().map(|row| found.get(&row.tweet.id).copied().unwrap_or_default()).collect()
}

/// The outcomes of single texts.
fn alone(set: &AdSet, judge: &AdJudge) -> Vec<AdOutcome> {
    let one = |row: &AdRow| judge.judge(&[&row.tweet], AdThresholds::default()).pop().unwrap_or_default();
    set.rows.iter().map(one).map(|AdScore { outcome, .. }| outcome).collect()
}
