//! From an arrangement to an SVG: each word as the outlines of its letters, so that no reader needs the font.

use std::fmt::Write as _;

use html_escape::encode_text;

use super::{
    CloudSettings,
    colour::{Rgb, hex},
    font::Font,
    place::Placed,
    word::Turn,
};

/// The finished picture. A word's text is its title, for those who point at it or cannot see it.
pub(super) fn svg(placed: &[Placed], colours: &[Rgb], font: &Font, settings: &CloudSettings) -> String {
    let CloudSettings { width, height, background, .. } = settings;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        hex(*background)
    );
    for (word, colour) in placed.iter().zip(colours) {
        let (title, path) = (encode_text(&word.text), font.path(&word.text, word.turn == Turn::Upright));
        let (fill, matrix) = (hex(*colour), matrix(word, font));
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<path fill=\"{fill}\" transform=\"matrix({matrix})\" d=\"{path}\"><title>{title}</title></path>"
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// From font units, counted upwards from the origin of the word, to pixels of the picture.
fn matrix(word: &Placed, font: &Font) -> String {
    let scale = word.size / font.units_per_em();
    let (x, y) = word.ink_corner();
    let (left, top) = word.sprite.origin;
    let (x, y) = (x as f64, y as f64);
    let (axes, shift) = match word.turn {
        Turn::Level | Turn::Upright => ([scale, 0.0, 0.0, -scale], (x - left, y - top)),
        // A quarter turn about the ink's corner; its height is then what its width was.
        Turn::Turned => ([0.0, -scale, -scale, 0.0], (x - top, y + left + word.sprite.height() as f64)),
    };
    let axes = axes.map(|value| if value == 0.0 { "0".to_owned() } else { format!("{value:.5}") });
    format!("{} {:.2} {:.2}", axes.join(" "), shift.0, shift.1)
}
