//! The order in which spots are tried.

use super::{CloudSettings, random::mix};

/// Pixels between two turns, and between two points of a turn.
const STEP: f64 = 4.0;

/// A spot, counted from the centre.
pub(super) type Offset = (isize, isize);

/// Offsets from the centre along an Archimedean spiral whose turns are rounded rectangles of the picture's shape (a
/// superellipse of exponent 4), so that the corners fill as well; the seed mirrors it.
pub(super) fn spiral(settings: &CloudSettings) -> Vec<Offset> {
    let (wide, high) = (f64::from(settings.width), f64::from(settings.height));
    let (stretch_x, stretch_y) = (wide / wide.min(high), high / wide.min(high));
    let mirror = |bit: u64| if mix(settings.seed, u64::MAX) >> bit & 1 == 0 { 1.0 } else { -1.0 };
    // The superellipse through the corners is 2^(1/4) times the inscribed one.
    let reach = wide.min(high) / 2.0 * 2_f64.sqrt().sqrt();
    let (mut points, mut angle, mut radius) = (Vec::new(), 0_f64, 0_f64);
    while radius < reach {
        let (sin, cos) = angle.sin_cos();
        let round = radius / (sin.powi(4) + cos.powi(4)).sqrt().sqrt();
        let (x, y) = (round * cos * stretch_x * mirror(0), round * sin * stretch_y * mirror(1));
        points.push((x as isize, y as isize));
        let turn = STEP / (radius * stretch_x.max(stretch_y)).max(STEP);
        angle += turn;
        radius += STEP * turn / std::f64::consts::TAU;
    }
    points
}
