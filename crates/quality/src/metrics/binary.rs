//! Yes or no against labels: precision, recall, F1, and the curve over all thresholds.

use serde::Serialize;

/// Precision, recall and F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Prf {
    /// Of what was found, the share that is right; 1 when nothing was found.
    pub precision: f64,
    /// Of what is right, the share that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Point {
    /// Found is what scores at least this much.
    pub threshold: f64,
    /// Precision.
    pub precision: f64,
    /// Recall.
    pub recall: f64,
}

/// Compares what was found with what is right.
pub fn prf(pairs: impl Iterator<Item = (bool, bool)>) -> Prf {
    let (mut both, mut found, mut right) = (0.0, 0.0, 0.0);
    for (is_found, is_right) in pairs {
        both += f64::from(u8::from(is_found && is_right));
        found += f64::from(u8::from(is_found));
        right += f64::from(u8::from(is_right));
    }
    from_counts(both, found, right)
}

fn from_counts(both: f64, found: f64, right: f64) -> Prf {
    let precision = if found > 0.0 { both / found } else { 1.0 };
    let recall = if right > 0.0 { both / right } else { 1.0 };
    let sum = precision + recall;
    Prf { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
}

/// All points, from the highest threshold down; equal scores make one point.
pub fn curve(scored: &[(f64, bool)]) -> Vec<Point> {
    let mut scored = scored.to_vec();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let right = scored.iter().filter(|(_, right)| *right).count() as f64;
    let (mut both, mut found) = (0.0, 0.0);
    let mut points = Vec::new();
    for run in scored.chunk_by(|a, b| a.0.to_bits() == b.0.to_bits()) {
        found += run.len() as f64;
        both += run.iter().filter(|(_, right)| *right).count() as f64;
        let Prf { precision, recall, .. } = from_counts(both, found, right);
        points.extend(run.first().map(|(threshold, _)| Point { threshold: *threshold, precision, recall }));
    }
    points
}

/// The point of the highest F1.
pub fn best_f1(points: &[Point]) -> Point {
    let f1 =
        |point: &Point| 2.0 * point.precision * point.recall / (point.precision + point.recall).max(1e-9);
    points.iter().copied().max_by(|a, b| f1(a).total_cmp(&f1(b))).unwrap_or_default()
}

/// The point of the highest recall that is at least this precise; `None` when no point is.
pub fn at_precision(points: &[Point], least: f64) -> Option<Point> {
    points.iter().rev().find(|point| point.precision >= least).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_computed_case() {
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.7, true), (0.1, false)];
        let points = curve(&scored);
        let shown: Vec<(f64, f64)> = points.iter().map(|point| (point.precision, point.recall)).collect();
        assert_eq!(shown, [(1.0, 1.0 / 3.0), (0.5, 1.0 / 3.0), (0.75, 1.0), (0.6, 1.0)]);
        assert_eq!(best_f1(&points).threshold.to_bits(), 0.7_f64.to_bits());
        assert_eq!(at_precision(&points, 0.7).unwrap().recall.to_bits(), 1.0_f64.to_bits());
        assert!(at_precision(&points, 1.1).is_none());
    }
}
