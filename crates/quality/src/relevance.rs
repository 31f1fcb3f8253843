//! Whether what counts as relevant is what a reader would call so.

use std::collections::BTreeMap;

use corpus::{Lexicon, Tweet, TweetId, Words, relevance};
use serde::Serialize;

use crate::{
    labelled::{LabelledError, Row},
    metrics::{Prf, prf},
};

/// What the measure of one labelled set says.
#[derive(Clone, Debug, Serialize)]
pub struct RelevanceFigures {
    /// Labelled tweets found in the corpus and counted.
    pub tweets: usize,
    /// Of them relevant by label.
    pub relevant: usize,
    /// Labelled `unsure`: not counted.
    pub unsure: usize,
    /// Labelled, but not in the corpus.
    pub missing: usize,
    /// As `run` decides.
    #[serde(flatten)]
    pub ours: Prf,
    /// By any word of the subject alone.
    pub keyword: Prf,
    /// Decided otherwise than labelled: the tweet and its score.
    #[serde(skip)]
    pub wrong: Vec<(TweetId, f64)>,
}

/// Scores each day's tweets together, as a run does, and compares those that rows name by id with their `relevant`.
///
/// # Errors
/// When a row has no `relevant`.
pub fn eval_relevance(
    rows: &[Row],
    days: &[Vec<&Tweet>],
    (subject, words, least): (&Lexicon, &Words, f64),
) -> Result<RelevanceFigures, LabelledError> {
    let mut labels = BTreeMap::new();
    for row in rows {
        labels.insert(row.name(), row.field("relevant")?);
    }
    let unsure = labels.values().filter(|label| *label == "unsure").count();
    let mut decided: Vec<(TweetId, f64, bool, bool)> = Vec::new();
    for day in days {
        let scores = relevance(day, subject, words, least);
        for (tweet, score) in day.iter().zip(scores) {
            // A tweet collected on two days counts once.
            let label = labels.remove(&tweet.id.to_string());
            if let Some(label @ ("yes" | "no")) = label.as_deref() {
                decided.push((tweet.id, score, subject.score(&tweet.text) > 0.0, label == "yes"));
            }
        }
    }
    let missing = labels.values().filter(|label| *label != "unsure").count();
    let wrong = decided.iter().filter(|(_, score, _, label)| (*score >= least) != *label);
    Ok(RelevanceFigures {
        tweets: decided.len(),
        relevant: decided.iter().filter(|(.., label)| *label).count(),
        unsure,
        missing,
        ours: prf(decided.iter().map(|(_, score, _, label)| (*score >= least, *label))),
        keyword: prf(decided.iter().map(|(_, _, keyword, label)| (*keyword, *label))),
        wrong: wrong.map(|(id, score, ..)| (*id, *score)).collect(),
    })
}
