//! Which tickers the kept tweets speak of, and how many tweets each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    Chart, ChartInput, NAMED,
    bars::{self, Bar},
    fill, kept,
};
use crate::post::RenderError;

const SHOWN: usize = 12;
/// Characters of the longest ticker, with the name of an exchange.
const LONGEST: usize = 10;

pub(super) fn chart(input: &ChartInput<'_>) -> Result<Option<Chart>, RenderError> {
    let mut counted: Vec<(String, u64)> = mentions(input).into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let bars: Vec<Bar> = counted
        .iter()
        .take(SHOWN)
        .map(|(ticker, tweets)| {
            let note = fill(&input.words.tickers_note, &json!({"tweets": tweets}))?;
            Ok(Bar { name: format!("${ticker}"), note, value: *tweets as f64 })
        })
        .collect::<Result<_, RenderError>>()?;
    let top: Vec<&str> = counted.iter().take(NAMED).map(|(ticker, _)| ticker.as_str()).collect();
    let values = json!({"count": counted.len(), "top": top.join(&input.words.between)});
    let words = (fill(&input.words.tickers, &values)?, fill(&input.words.tickers_alt, &values)?);
    bars::chart(input, "tickers", words, &bars)
}

/// Tweets by ticker; one that names it twice counts once.
fn mentions(input: &ChartInput<'_>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (_, unique) in kept(input) {
        let tags: BTreeSet<String> =
            unique.tweet.cashtags.iter().map(|tag| tag.to_ascii_uppercase()).collect();
        for tag in tags.into_iter().filter(|tag| is_ticker(tag)) {
            *counts.entry(tag).or_default() += 1;
        }
    }
    counts
}

/// Whatever a record calls a cashtag, only what can be one is shown.
fn is_ticker(tag: &str) -> bool {
    tag.len() <= LONGEST
        && tag.starts_with(|c: char| c.is_ascii_uppercase())
        && tag.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '_'))
}
