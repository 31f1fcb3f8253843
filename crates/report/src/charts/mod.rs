//! Pictures of a report's figures: topics by salience, tweets over time, mentions of tickers. Each is an SVG of its own,
//! for light and dark pages, in the reader's fonts.
//!
//! What a chart counts is what the report has kept: the columns over time add up to the tweets that were kept.

mod bars;
mod hours;
mod measure;
mod plot;
#[cfg(test)]
mod tests;
mod tickers;
mod topics;

use chrono_tz::Tz;
use corpus::{Topic, Unique, Window};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tera::{Context, Tera};

use crate::{escape::clean, post::RenderError};

/// Which charts are made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartSettings {
    /// Topics by salience.
    pub topics: bool,
    /// Tweets over time, by topic.
    pub hours: bool,
    /// Mentions of tickers; a report without any has no such chart.
    pub tickers: bool,
}

/// The words of the charts, from the profile. All but the heading and `others` are templates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartWords {
    /// Heading of the charts in a post.
    pub heading: String,
    /// Title of the topics: `count` shown of `all`.
    pub topics: String,
    /// What stands beside a topic: `tweets` and `authors`.
    pub topics_note: String,
    /// What it shows, for who cannot see it: `count`, `all`, `top`.
    pub topics_alt: String,
    /// Title of the columns: each is of so many `hours`, which are so many whole `days`, in the zone `zone`.
    pub hours: String,
    /// `most` tweets at `peak`, of `tweets` in all.
    pub hours_alt: String,
    /// Name of the tweets that no named topic has.
    pub others: String,
    /// Title of the tickers.
    pub tickers: String,
    /// What stands beside a ticker: `tweets`.
    pub tickers_note: String,
    /// `count` tickers, `top` first.
    pub tickers_alt: String,
    /// Between names in a list.
    pub between: String,
}

/// What charts are drawn from.
pub struct ChartInput<'a> {
    /// Which are wanted.
    pub settings: &'a ChartSettings,
    /// Their words.
    pub words: &'a ChartWords,
    /// Language of the words, for fonts and screen readers.
    pub lang: &'a str,
    /// Topics, most salient first.
    pub topics: &'a [Topic],
    /// The title of each.
    pub titles: &'a [String],
    /// The tweets and accounts of each, and how long its bar is.
    pub figures: &'a [TopicFigures],
    /// Tweets by day, where not all tweets are at hand; else they are counted.
    pub days: Option<DayColumns<'a>>,
    /// Tweets that were kept but are in no topic.
    pub left_out: &'a [Unique],
    /// The report's window.
    pub window: Window,
    /// Whose clock the hours are told by.
    pub zone: Tz,
}

/// What the bar of a topic shows.
#[derive(Clone, Copy, Debug)]
pub struct TopicFigures {
    /// Its tweets.
    pub tweets: u64,
    /// Who posted them.
    pub authors: usize,
    /// The bar's length, in any unit.
    pub weight: f64,
}

/// Tweets of consecutive days, the first of which begins with the window.
#[derive(Clone, Copy, Debug)]
pub struct DayColumns<'a> {
    /// Of each topic, in the order of the topics: a count a day.
    pub topics: &'a [Vec<u64>],
    /// Of all tweets: a count a day.
    pub all: &'a [u64],
}

/// One chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// `topics`, `hours` or `tickers`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What it shows, in words.
    pub alt: String,
    /// The picture.
    pub svg: String,
}

/// The charts of a report, in a fixed order.
///
/// # Errors
/// When a template of the words cannot be filled in.
pub fn charts(input: &ChartInput<'_>) -> Result<Vec<Chart>, RenderError> {
    let ChartSettings { topics, hours, tickers } = *input.settings;
    let made = [
        if topics { topics::chart(input)? } else { None },
        if hours { hours::chart(input)? } else { None },
        if tickers { tickers::chart(input)? } else { None },
    ];
    Ok(made.into_iter().flatten().collect())
}

/// Names in a description.
const NAMED: usize = 3;
/// Pixels of every chart from side to side; small, so that its letters can be read on a telephone too.
const WIDTH: u32 = 640;
/// Between a chart's edge and what it shows.
const MARGIN: u32 = 24;
const TITLE_SIZE: u32 = 20;
const LABEL_SIZE: u32 = 16;
const SMALL_SIZE: u32 = 14;

/// All tweets that were kept, each with the place of its topic.
fn kept<'a>(input: &ChartInput<'a>) -> impl Iterator<Item = (Option<usize>, &'a Unique)> + use<'a> {
    let (topics, left_out) = (input.topics, input.left_out);
    let told = topics
        .iter()
        .enumerate()
        .flat_map(|(place, topic)| topic.tweets.iter().map(move |one| (Some(place), one)));
    told.chain(left_out.iter().map(|one| (None, one)))
}

/// A template of the words, filled in.
fn fill(template: &str, values: &Value) -> Result<String, RenderError> {
    let context = Context::from_serialize(values).map_err(Box::new)?;
    Ok(clean(&Tera::one_off(template, &context, false).map_err(Box::new)?))
}

/// What every chart's template needs, beside its own.
#[derive(Serialize)]
struct Frame<'a> {
    lang: &'a str,
    name: &'static str,
    width: u32,
    height: u32,
    margin: u32,
    title: &'a str,
    alt: &'a str,
    title_size: u32,
    label_size: u32,
    small_size: u32,
}

/// Draws a template; every text in it is escaped.
fn draw(template: &'static str, frame: &Frame<'_>, own: &impl Serialize) -> Result<String, RenderError> {
    let mut tera = Tera::default();
    tera.autoescape_on(vec![".svg"]);
    tera.add_raw_templates([
        ("frame.svg", include_str!("../../templates/chart_frame.svg")),
        ("bars.svg", include_str!("../../templates/chart_bars.svg")),
        ("columns.svg", include_str!("../../templates/chart_columns.svg")),
    ])
    .map_err(Box::new)?;
    let mut context = Context::from_serialize(own).map_err(Box::new)?;
    context.insert("frame", frame);
    Ok(tera.render(template, &context).map_err(Box::new)?)
}
