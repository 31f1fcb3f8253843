//! LexRank (Erkan & Radev 2004), and MMR over its scores (Carbonell & Goldstein 1998).

use std::collections::BTreeMap;

use super::tfidf::TfIdf;

/// Two texts are neighbours at this cosine or above; the paper's own choice.
const NEIGHBOURS: f64 = 0.1;
/// The walk goes on to a neighbour with this chance, else anywhere.
const DAMPING: f64 = 0.85;
const ROUNDS: usize = 100;
const STILL: f64 = 1e-9;
/// MMR's balance between score and likeness to what was chosen.
const BALANCE: f64 = 0.5;

/// The score of each text: the walk's stationary distribution, the largest scaled to 1.
pub(super) fn lexrank(texts: &TfIdf) -> Vec<f64> {
    let size = texts.len();
    let neighbours: Vec<Vec<usize>> = (0..size).map(|text| neighbours(texts, text)).collect();
    let mut scores = vec![1.0 / size.max(1) as f64; size];
    for _ in 0..ROUNDS {
        let next = step(&scores, &neighbours);
        let moved: f64 = scores.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        scores = next;
        if moved < STILL {
            break;
        }
    }
    let most = scores.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    scores.into_iter().map(|score| score / most).collect()
}

fn neighbours(texts: &TfIdf, text: usize) -> Vec<usize> {
    texts
        .likeness(text)
        .into_iter()
        .filter(|(_, cosine)| *cosine >= NEIGHBOURS)
        .map(|(other, _)| other)
        .collect()
}

fn step(scores: &[f64], neighbours: &[Vec<usize>]) -> Vec<f64> {
    let size = scores.len().max(1) as f64;
    // A text without neighbours goes anywhere.
    let lost: f64 =
        scores.iter().zip(neighbours).filter(|(_, near)| near.is_empty()).map(|(score, _)| score).sum();
    let mut next = vec![(1.0 - DAMPING) / size + DAMPING * lost / size; scores.len()];
    for (score, near) in scores.iter().zip(neighbours) {
        let share = DAMPING * score / near.len().max(1) as f64;
        for other in near {
            next.get_mut(*other).into_iter().for_each(|score| *score += share);
        }
    }
    next
}

/// The `count` texts that MMR takes, in its order.
pub(super) fn mmr(texts: &TfIdf, scores: &[f64], count: usize) -> Vec<usize> {
    let mut likeness: Vec<f64> = vec![0.0; scores.len()];
    let mut left: BTreeMap<usize, f64> = scores.iter().copied().enumerate().collect();
    let mut chosen = Vec::new();
    while chosen.len() < count && !left.is_empty() {
        let gain = |(text, score): (&usize, &f64)| {
            (BALANCE * score - (1.0 - BALANCE) * likeness.get(*text).copied().unwrap_or(0.0), *text)
        };
        let best = left.iter().map(gain).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, best)) = best else { break };
        left.remove(&best);
        chosen.push(best);
        for (other, cosine) in texts.likeness(best) {
            likeness.get_mut(other).into_iter().for_each(|most| *most = most.max(cosine));
        }
    }
    chosen
}

/// Places by score, best first; of equals the first.
pub(super) fn by_score(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    let score = |place: &usize| scores.get(*place).copied().unwrap_or(0.0);
    order.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
    order
}
