//! Tweets over time, in columns that are stacked by topic: hours for a day, longer for a longer report.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

use super::{
    Chart, ChartInput, DayColumns, Frame, LABEL_SIZE, MARGIN, SMALL_SIZE, TITLE_SIZE, WIDTH, draw, fill,
    kept, measure,
    plot::{BOTTOM, Mark, OTHERS, Plot, SPACE, Segment},
};
use crate::{escape::clean, post::RenderError};

/// Topics with a colour of their own; all other tweets share one.
const NAMED_TOPICS: usize = OTHERS;
/// Widths of a column, in hours, of which the first is taken that gives few enough columns.
const HOURS: [i64; 8] = [1, 2, 3, 6, 12, 24, 48, 168];
const MOST_COLUMNS: i64 = 48;
/// Hours.
const DAY: i64 = 24;
const LEGEND_STEP: u32 = 26;
const SWATCH: u32 = 14;
/// Behind a name.
const BETWEEN: u32 = 22;

/// What is counted: a count for each column and series.
pub(super) struct Counted {
    pub(super) hours: i64,
    pub(super) starts: Vec<DateTime<Utc>>,
    /// Places of the topics that have a series of their own.
    pub(super) named: Vec<usize>,
    /// Per column, per series; the last series are the others.
    pub(super) counts: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct Entry {
    class: usize,
    x: u32,
    y: u32,
    text: String,
}

#[derive(Serialize)]
struct Columns {
    left: u32,
    right: u32,
    lines: Vec<Mark>,
    segments: Vec<Segment>,
    marks: Vec<Mark>,
    legend: Vec<Entry>,
    swatch: u32,
    space: u32,
}

pub(super) fn chart(input: &ChartInput<'_>) -> Result<Option<Chart>, RenderError> {
    let Some(counted) = count(input) else { return Ok(None) };
    let (title, alt) = words(input, &counted)?;
    let plot = Plot::new(&counted);
    let (legend, bottom) = legend(&names(input, &counted), BOTTOM + LEGEND_STEP);
    let frame = Frame {
        lang: input.lang,
        name: "hours",
        width: WIDTH,
        height: bottom + MARGIN,
        margin: MARGIN,
        title: &measure::fit(&title, TITLE_SIZE, WIDTH - 2 * MARGIN),
        alt: &alt,
        title_size: TITLE_SIZE,
        label_size: LABEL_SIZE,
        small_size: SMALL_SIZE,
    };
    let own = Columns {
        left: plot.left,
        right: WIDTH - MARGIN,
        lines: plot.lines(),
        segments: plot.segments(&counted),
        marks: plot.marks(input, &counted),
        legend,
        swatch: SWATCH,
        space: SPACE,
    };
    let svg = draw("columns.svg", &frame, &own)?;
    Ok(Some(Chart { name: "hours", title, alt, svg }))
}

/// Every kept tweet in its column; `None` for a window without time.
fn count(input: &ChartInput<'_>) -> Option<Counted> {
    let (start, span) = (input.window.start, input.window.end - input.window.start);
    let columns = |hours: i64| (span.num_minutes() + hours * 60 - 1) / (hours * 60);
    // A day that was counted as one is in one column.
    let mut widths = HOURS.into_iter().filter(|hours| input.days.is_none() || hours % DAY == 0);
    let hours = widths.find(|hours| columns(*hours) <= MOST_COLUMNS).or(HOURS.last().copied())?;
    let starts: Vec<DateTime<Utc>> =
        (0..columns(hours)).map(|column| start + TimeDelta::hours(column * hours)).collect();
    let named = largest(input);
    let mut counted = Counted { hours, counts: vec![vec![0; named.len() + 1]; starts.len()], starts, named };
    match &input.days {
        Some(days) => counted.add_days(days),
        None => counted.add_tweets(input),
    }
    (!counted.starts.is_empty()).then_some(counted)
}

impl Counted {
    fn add_tweets(&mut self, input: &ChartInput<'_>) {
        for (topic, unique) in kept(input) {
            let hours = (unique.tweet.created_at - input.window.start).num_seconds().div_euclid(3600);
            let series =
                self.named.iter().position(|place| Some(*place) == topic).unwrap_or(self.named.len());
            self.add(hours, series, 1);
        }
    }

    fn add_days(&mut self, days: &DayColumns<'_>) {
        for (day, all) in (0..).zip(days.all) {
            let of = |place: &usize| days.topics.get(*place).and_then(|topic| topic.get(day)).copied();
            let counts: Vec<u64> = self.named.iter().map(|place| of(place).unwrap_or_default()).collect();
            let others = all.saturating_sub(counts.iter().sum());
            for (series, count) in counts.into_iter().chain([others]).enumerate() {
                self.add(i64::try_from(day).unwrap_or(i64::MAX / DAY) * DAY, series, count);
            }
        }
    }

    /// Adds to the column that the window's hour is in.
    fn add(&mut self, hour: i64, series: usize, tweets: u64) {
        let Ok(column) = usize::try_from(hour.div_euclid(self.hours)) else { return };
        if let Some(count) = self.counts.get_mut(column).and_then(|column| column.get_mut(series)) {
            *count += tweets;
        }
    }
}

/// The topics with the most tweets, of as many the more salient.
fn largest(input: &ChartInput<'_>) -> Vec<usize> {
    let mut places: Vec<(usize, u64)> = input.figures.iter().map(|topic| topic.tweets).enumerate().collect();
    places.sort_by_key(|(place, tweets)| (std::cmp::Reverse(*tweets), *place));
    places.into_iter().take(NAMED_TOPICS).map(|(place, _)| place).collect()
}

fn words(input: &ChartInput<'_>, counted: &Counted) -> Result<(String, String), RenderError> {
    let totals = counted.counts.iter().map(|column| column.iter().sum::<u64>());
    let all: u64 = totals.clone().sum();
    let most = totals.clone().max().unwrap_or_default();
    let peak = totals.zip(&counted.starts).find(|(total, _)| *total == most).map(|(_, start)| start);
    let peak =
        peak.map(|peak| peak.with_timezone(&input.zone).format("%m-%d %H").to_string()).unwrap_or_default();
    let zone = input.zone.name();
    let (hours, days) = (counted.hours, counted.hours / DAY);
    let values =
        json!({"hours": hours, "days": days, "zone": zone, "peak": peak, "most": most, "tweets": all});
    Ok((fill(&input.words.hours, &values)?, fill(&input.words.hours_alt, &values)?))
}

/// Names of the series that have a tweet at all, with their colours.
fn names(input: &ChartInput<'_>, counted: &Counted) -> Vec<(usize, String)> {
    let titles = counted.named.iter().filter_map(|place| input.titles.get(*place));
    let series = titles.map(|title| clean(title)).chain([clean(&input.words.others)]).enumerate();
    let last = counted.named.len();
    let has_some =
        |place: usize| counted.counts.iter().any(|column| column.get(place).is_some_and(|count| *count > 0));
    series
        .filter(|(place, _)| has_some(*place))
        .map(|(place, name)| (if place == last { OTHERS } else { place }, name))
        .collect()
}

/// Names in rows from side to side, and where the last row ends.
fn legend(names: &[(usize, String)], top: u32) -> (Vec<Entry>, u32) {
    let most = (WIDTH - 2 * MARGIN) / 2 - SWATCH - SPACE;
    let (mut x, mut y) = (MARGIN, top);
    let mut entries = Vec::new();
    for (class, name) in names {
        let text = measure::fit(name, SMALL_SIZE, most);
        let wide = SWATCH + SPACE + measure::width(&text, SMALL_SIZE);
        if x > MARGIN && x + wide > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + LEGEND_STEP);
        }
        entries.push(Entry { class: *class, x, y, text });
        x += wide + BETWEEN;
    }
    (entries, y)
}
