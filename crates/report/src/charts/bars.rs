//! Bars one below another, each under its name: names of any length have the whole width.

use serde::Serialize;

use super::{Chart, ChartInput, Frame, LABEL_SIZE, MARGIN, SMALL_SIZE, TITLE_SIZE, WIDTH, draw, measure};
use crate::post::RenderError;

/// One bar.
pub(super) struct Bar {
    pub(super) name: String,
    /// What it stands for, in words.
    pub(super) note: String,
    /// How long it is; nothing below zero is drawn.
    pub(super) value: f64,
}

#[derive(Serialize)]
struct Row {
    name: String,
    note: String,
    /// Base line of the words.
    text_y: u32,
    bar_y: u32,
    length: u32,
}

#[derive(Serialize)]
struct Drawing {
    rows: Vec<Row>,
    full: u32,
    right: u32,
    bar_height: u32,
}

const HEAD: u32 = 64;
const STEP: u32 = 44;
const BAR_HEIGHT: u32 = 12;
/// Between a name and what stands at its right.
const GAP: u32 = 16;
/// A bar of next to nothing is still seen.
const SHORTEST: u32 = 2;

/// The chart; `None` without bars.
pub(super) fn chart(
    input: &ChartInput<'_>,
    name: &'static str,
    (title, alt): (String, String),
    bars: &[Bar],
) -> Result<Option<Chart>, RenderError> {
    if bars.is_empty() {
        return Ok(None);
    }
    let full = WIDTH - 2 * MARGIN;
    let longest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let rows =
        bars.iter().zip(0..).map(|(bar, place)| row(bar, HEAD + place * STEP, full, longest)).collect();
    let count = u32::try_from(bars.len()).unwrap_or(u32::MAX);
    let frame = Frame {
        lang: input.lang,
        name,
        width: WIDTH,
        height: HEAD + count * STEP + MARGIN / 2,
        margin: MARGIN,
        title: &measure::fit(&title, TITLE_SIZE, full),
        alt: &alt,
        title_size: TITLE_SIZE,
        label_size: LABEL_SIZE,
        small_size: SMALL_SIZE,
    };
    let own = Drawing { rows, full, right: WIDTH - MARGIN, bar_height: BAR_HEIGHT };
    let svg = draw("bars.svg", &frame, &own)?;
    Ok(Some(Chart { name, title, alt, svg }))
}

fn row(bar: &Bar, top: u32, full: u32, longest: f64) -> Row {
    let note = measure::fit(&bar.note, SMALL_SIZE, full / 2);
    let room = full - measure::width(&note, SMALL_SIZE) - GAP;
    Row {
        name: measure::fit(&bar.name, LABEL_SIZE, room),
        note,
        text_y: top + LABEL_SIZE,
        bar_y: top + LABEL_SIZE + 6,
        length: length(bar.value, longest, full),
    }
}

/// Pixels of a bar.
fn length(value: f64, longest: f64, full: u32) -> u32 {
    let share = if longest > 0.0 { (value / longest).clamp(0.0, 1.0) } else { 0.0 };
    let pixels = (share * f64::from(full)).round() as u32;
    pixels.max(SHORTEST)
}
