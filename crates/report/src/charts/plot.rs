//! The plot of stacked columns: where its lines, segments and names stand.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ChartInput, MARGIN, SMALL_SIZE, WIDTH, hours::Counted, measure};

/// Lines across, beside the ground.
const LINES: u64 = 4;
const TOP: u32 = 64;
const PLOT_HEIGHT: u32 = 240;
/// Below the ground, for the names of the columns.
const AXIS: u32 = 34;
/// Where the plot ends.
pub(super) const BOTTOM: u32 = TOP + PLOT_HEIGHT + AXIS;
/// Between things that belong together.
pub(super) const SPACE: u32 = 8;
/// Colour of what no named topic has; those of topics are counted from 0.
pub(super) const OTHERS: usize = 5;

#[derive(Serialize)]
pub(super) struct Segment {
    class: usize,
    x: String,
    y: String,
    width: String,
    height: String,
}

#[derive(Serialize)]
pub(super) struct Mark {
    x: String,
    y: String,
    text: String,
}

/// Where things are in the plot.
pub(super) struct Plot {
    pub(super) left: u32,
    /// Pixels from column to column.
    step: f64,
    /// Tweets at the highest line, and from line to line.
    top: u64,
    tick: u64,
}

impl Plot {
    pub(super) fn new(counted: &Counted) -> Self {
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

    pub(super) fn lines(&self) -> Vec<Mark> {
        let at = (0..=self.top / self.tick).map(|line| line * self.tick);
        at.map(|tweets| Mark {
            x: (self.left - SPACE).to_string(),
            y: pixels(self.y(tweets)),
            text: tweets.to_string(),
        })
        .collect()
    }

    pub(super) fn segments(&self, counted: &Counted) -> Vec<Segment> {
        let mut segments = Vec::new();
        for (place, column) in counted.counts.iter().enumerate() {
            let x = f64::from(self.left) + self.step * (place as f64 + 0.12);
            let mut below = 0;
            for (series, count) in column.iter().enumerate().filter(|(_, count)| **count > 0) {
                segments.push(Segment {
                    class: if series == counted.named.len() { OTHERS } else { series },
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
    pub(super) fn marks(&self, input: &ChartInput<'_>, counted: &Counted) -> Vec<Mark> {
        let form = if counted.hours >= 24 { "%m-%d" } else { "%H" };
        let longest = if counted.starts.len() > 24 && counted.hours < 24 { "%m-%d %H" } else { form };
        let name = |start: &DateTime<Utc>| start.with_timezone(&input.zone).format(longest).to_string();
        let widest =
            counted.starts.iter().map(|start| measure::width(&name(start), SMALL_SIZE)).max().unwrap_or(0);
        let every = (f64::from(widest + SPACE * 2) / self.step).ceil();
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
