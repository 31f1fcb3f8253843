//! Tweets over time, in columns that are stacked by topic: hours for a day, longer for a longer report.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

use super::{
    Chart, ChartInput, Frame, LABEL_SIZE, MARGIN, SMALL_SIZE, TITLE_SIZE, WIDTH, draw, fill, kept, measure,
};
use crate::{escape::clean, post::RenderError};

/// Topics with a colour of their own; all other tweets share one.
const NAMED_TOPICS: usize = 5;
/// Widths of a column, in hours, of which the first is taken that gives few enough columns.
const HOURS: [i64; 8] = [1, 2, 3, 6, 12, 24, 48, 168];
const MOST_COLUMNS: i64 = 48;
/// Lines across, beside the ground.
const LINES: u64 = 4;

const TOP: u32 = 64;
const PLOT_HEIGHT: u32 = 240;
/// Below the ground, for the names of the columns.
const AXIS: u32 = 34;
const LEGEND_STEP: u32 = 26;
const SWATCH: u32 = 14;
/// Between a swatch and its name, and behind a name.
const SPACE: u32 = 8;
const BETWEEN: u32 = 22;

/// What is counted: a count for each column and series.
struct Counted {
    hours: i64,
    starts: Vec<DateTime<Utc>>,
    /// Per column, per series; the last series are the others.
    counts: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct Segment {
    class: usize,
    x: String,
    y: String,
    width: String,
    height: String,
}

#[derive(Serialize)]
struct Mark {
    x: String,
    y: String,
    text: String,
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
    let (legend, bottom) = legend(&names(input, &counted), TOP + PLOT_HEIGHT + AXIS + LEGEND_STEP);
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
    let hours = HOURS.into_iter().find(|hours| columns(*hours) <= MOST_COLUMNS).or(HOURS.last().copied())?;
    let starts: Vec<DateTime<Utc>> =
        (0..columns(hours)).map(|column| start + TimeDelta::hours(column * hours)).collect();
    let series = input.topics.len().min(NAMED_TOPICS) + 1;
    let mut counts = vec![vec![0; series]; starts.len()];
    for (topic, unique) in kept(input) {
        let column =
            usize::try_from((unique.tweet.created_at - start).num_seconds() / (hours * 3600)).ok()?;
        let one = topic.unwrap_or(usize::MAX).min(series - 1);
        if let Some(count) = counts.get_mut(column).and_then(|column| column.get_mut(one)) {
            *count += 1;
        }
    }
    (!starts.is_empty()).then_some(Counted { hours, starts, counts })
}

fn words(input: &ChartInput<'_>, counted: &Counted) -> Result<(String, String), RenderError> {
    let totals = counted.counts.iter().map(|column| column.iter().sum::<u64>());
    let all: u64 = totals.clone().sum();
    let most = totals.clone().max().unwrap_or_default();
    let peak = totals.zip(&counted.starts).find(|(total, _)| *total == most).map(|(_, start)| start);
    let peak = peak
        .map(|peak| peak.with_timezone(&input.zone).format("%m-%d %H:%M").to_string())
        .unwrap_or_default();
    let zone = input.zone.name();
    let values = json!({"hours": counted.hours, "zone": zone, "peak": peak, "most": most, "tweets": all});
    Ok((fill(&input.words.hours, &values)?, fill(&input.words.hours_alt, &values)?))
}

/// Names of the series that have a tweet at all, with their colours.
fn names(input: &ChartInput<'_>, counted: &Counted) -> Vec<(usize, String)> {
    let named = input.titles.iter().take(NAMED_TOPICS.min(input.topics.len())).map(|title| clean(title));
    let series = named.chain([clean(&input.words.others)]).enumerate();
    let last = counted.counts.first().map_or(0, Vec::len).saturating_sub(1);
    let has_some =
        |place: usize| counted.counts.iter().any(|column| column.get(place).is_some_and(|count| *count > 0));
    series.filter(|(place, _)| has_some(*place)).map(|(place, name)| (class(place, last), name)).collect()
}

/// Colour of a series: the others have one that no topic has, however few topics there are.
fn class(place: usize, last: usize) -> usize {
    if place == last { NAMED_TOPICS } else { place }
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

/// Where things are in the plot.
struct Plot {
    left: u32,
    /// Pixels from column to column.
    step: f64,
    /// Tweets at the highest line, and from line to line.
    top: u64,
    tick: u64,
}

impl Plot {
    fn new(counted: &Counted) -> Self {
        let most = counted.counts.iter().map(|column| column.iter().sum::<u64>()).max().unwrap_or(0).max(1);
        let tick = tick(most);
        let top = most.div_ceil(tick) * tick;
        let left = MARGIN + measure::width(&top.to_string(), SMALL_SIZE) + SPACE;
        let step = f64::from(WIDTH - MARGIN - left) / counted.starts.len() as f64;
        Self { left, step, top, tick }
    }

    fn y(&self, tweets: u64) -> f64 {
        f64::from(TOP + PLOT_HEIGHT) - f64::from(PLOT_HEIGHT) * tweets as f64 / self.top as f64
    }

    fn lines(&self) -> Vec<Mark> {
        let at = (0..=self.top / self.tick).map(|line| line * self.tick);
        at.map(|tweets| Mark {
            x: (self.left - SPACE).to_string(),
            y: pixels(self.y(tweets)),
            text: tweets.to_string(),
        })
        .collect()
    }

    fn segments(&self, counted: &Counted) -> Vec<Segment> {
        let mut segments = Vec::new();
        for (place, column) in counted.counts.iter().enumerate() {
            let x = f64::from(self.left) + self.step * (place as f64 + 0.12);
            let mut below = 0;
            for (series, count) in column.iter().enumerate().filter(|(_, count)| **count > 0) {
                segments.push(Segment {
                    class: class(series, column.len() - 1),
                    x: pixels(x),
                    y: pixels(self.y(below + count)),
                    width: pixels(self.step * 0.76),
                    height: pixels(self.y(below) - self.y(below + count)),
                });
                below += count;
            }
        }
        segments
    }

    /// Names of columns, as many as have room: hours, or days where a column is as long.
    fn marks(&self, input: &ChartInput<'_>, counted: &Counted) -> Vec<Mark> {
        let form = if counted.hours >= 24 { "%m-%d" } else { "%H" };
        let longest = if counted.starts.len() > 24 && counted.hours < 24 { "%m-%d %H" } else { form };
        let name = |start: &DateTime<Utc>| start.with_timezone(&input.zone).format(longest).to_string();
        let widest =
            counted.starts.iter().map(|start| measure::width(&name(start), SMALL_SIZE)).max().unwrap_or(0);
        let every = (f64::from(widest + SPACE * 2) / self.step).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "fewer than the columns, and not below 1"
        )]
        let every = (every as usize).max(1);
        let half = f64::from(widest) / 2.0;
        let marks = counted.starts.iter().enumerate().step_by(every).map(|(place, start)| {
            let x = f64::from(self.left) + self.step * (place as f64 + 0.5);
            let x = x.clamp(f64::from(MARGIN) + half, f64::from(WIDTH - MARGIN) - half);
            Mark { x: pixels(x), y: (TOP + PLOT_HEIGHT + AXIS - 12).to_string(), text: name(start) }
        });
        marks.collect()
    }
}

/// The round number from line to line: 1, 2 or 5 with zeros.
fn tick(most: u64) -> u64 {
    let round = (0..18).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u64.pow(zeros)));
    round.into_iter().find(|tick| tick * LINES >= most).unwrap_or(most)
}

/// A length with one decimal: the same digits on every platform.
fn pixels(length: f64) -> String {
    format!("{length:.1}")
}
