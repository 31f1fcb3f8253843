//! Topics by salience, most salient first.

use serde_json::json;

use super::{
    Chart, ChartInput, NAMED,
    bars::{self, Bar},
    fill,
};
use crate::{escape::clean, post::RenderError};

/// Topics that are drawn; those behind them say little.
const SHOWN: usize = 12;

pub(super) fn chart(input: &ChartInput<'_>) -> Result<Option<Chart>, RenderError> {
    let titles: Vec<String> = input.titles.iter().map(|title| clean(title)).collect();
    let shown = input.figures.iter().zip(&titles).take(SHOWN);
    let bars: Vec<Bar> = shown
        .map(|(figures, title)| {
            let counts = json!({"tweets": figures.tweets, "authors": figures.authors});
            let note = fill(&input.words.topics_note, &counts)?;
            Ok(Bar { name: title.clone(), note, value: figures.weight })
        })
        .collect::<Result<_, RenderError>>()?;
    let top: Vec<&str> = titles.iter().take(NAMED).map(String::as_str).collect();
    let top = top.join(&input.words.between);
    let values = json!({"count": bars.len(), "all": input.topics.len(), "top": top});
    let words = (fill(&input.words.topics, &values)?, fill(&input.words.topics_alt, &values)?);
    bars::chart(input, "topics", words, &bars)
}
