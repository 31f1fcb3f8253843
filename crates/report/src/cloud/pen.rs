//! Outlines as SVG path data: whole font units, each point told from the one before, which is half as long.

use std::fmt::Write as _;

use ab_glyph::{OutlineCurve, Point};

type Units = (i32, i32);

/// Writes curves one behind the other.
#[derive(Default)]
pub(super) struct Pen {
    data: String,
    /// Where the last curve ended.
    at: Option<Units>,
}

impl Pen {
    /// Adds a curve, moved by `by`; where it does not go on from the last one, a new contour begins.
    pub(super) fn draw(&mut self, curve: &OutlineCurve, by: (f32, f32)) {
        let whole = |point: &Point| ((point.x + by.0).round() as i32, (point.y + by.1).round() as i32);
        match curve {
            OutlineCurve::Line(a, b) => self.add('l', whole(a), &[whole(b)]),
            OutlineCurve::Quad(a, b, c) => self.add('q', whole(a), &[whole(b), whole(c)]),
            OutlineCurve::Cubic(a, b, c, d) => self.add('c', whole(a), &[whole(b), whole(c), whole(d)]),
        }
    }

    /// Writing to a string cannot fail.
    fn add(&mut self, command: char, from: Units, points: &[Units]) {
        if self.at != Some(from) {
            let close = if self.at.is_some() { "z" } else { "" };
            let _ = write!(self.data, "{close}M{} {}", from.0, from.1);
        }
        let mut separator = command.to_string();
        for (x, y) in points {
            let _ = write!(self.data, "{separator}{} {}", x - from.0, y - from.1);
            " ".clone_into(&mut separator);
        }
        self.at = points.last().copied();
    }

    pub(super) fn finish(mut self) -> String {
        if self.at.is_some() {
            self.data.push('z');
        }
        self.data
    }
}
