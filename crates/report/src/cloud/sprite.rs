//! One word as grey pixels: rasterised, trimmed to its ink, perhaps turned by 90° or standing upright.

use ab_glyph::OutlinedGlyph;

use super::{bitmap::Bitmap, font::Font, word::Turn};

/// The pixels of a word and the room that it claims around them.
pub(super) struct Sprite {
    pub(super) width: usize,
    /// Coverage, 0 to 255, row by row.
    pub(super) grey: Vec<u8>,
    /// The ink, widened by [`Sprite::pad`].
    pub(super) mask: Bitmap,
    /// Pixels of distance at the left and right, and at the top and bottom.
    pub(super) pad: (usize, usize),
    /// The ink's left and upper edge, counted from the origin of the level word.
    pub(super) origin: (f64, f64),
    /// Pixels that are at least half covered.
    pub(super) ink: usize,
}

impl Sprite {
    /// `None` where there is nothing to see.
    pub(super) fn of_word(font: &Font, text: &str, size: f64, turn: Turn) -> Option<Self> {
        let glyphs = font.outlines(text, size, turn == Turn::Upright);
        let (left, right) = extent(&glyphs, |b| (b.min.x, b.max.x))?;
        let (top, bottom) = extent(&glyphs, |b| (b.min.y, b.max.y))?;
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let mut grey = vec![0_u8; width * height];
        for glyph in &glyphs {
            let bounds = glyph.px_bounds();
            let (x0, y0) = ((bounds.min.x - left) as usize, (bounds.min.y - top) as usize);
            glyph.draw(|x, y, coverage| {
                if let Some(pixel) = grey.get_mut((y0 + y as usize) * width + x0 + x as usize) {
                    *pixel = pixel.saturating_add((coverage * 255.0).round() as u8);
                }
            });
        }
        // Two words in one line need more distance than two lines, or they read as one word. In large words the gaps are for
        // small ones.
        let (beside, above) = (2 + (size / 48.0).min(2.0) as usize, 1 + (size / 96.0).min(1.0) as usize);
        let (width, grey, pad) = match turn {
            Turn::Level => (width, grey, (beside, above)),
            Turn::Turned => (height, quarter_turn(&grey, width), (above, beside)),
            Turn::Upright => (width, grey, (above, beside)),
        };
        let ink = grey.iter().filter(|&&grey| grey >= 128).count();
        let mask = Bitmap::of_ink(&grey, width, pad);
        Some(Self { width, grey, mask, pad, origin: (f64::from(left), f64::from(top)), ink })
    }

    pub(super) fn height(&self) -> usize {
        self.grey.len() / self.width.max(1)
    }
}

/// The smallest and largest edge over all glyphs.
fn extent(glyphs: &[OutlinedGlyph], edges: impl Fn(ab_glyph::Rect) -> (f32, f32)) -> Option<(f32, f32)> {
    let all = glyphs.iter().map(|glyph| edges(glyph.px_bounds()));
    all.reduce(|(low, high), (min, max)| (low.min(min), high.max(max)))
}

/// Turned anticlockwise, so that the word reads from bottom to top.
fn quarter_turn(grey: &[u8], width: usize) -> Vec<u8> {
    let columns = (0..width).rev();
    columns.flat_map(|x| grey.chunks_exact(width).filter_map(move |row| row.get(x).copied())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_goes_anticlockwise() {
        assert_eq!(quarter_turn(&[1, 2, 3, 4, 5, 6], 3), vec![3, 6, 2, 5, 1, 4]);
    }

    #[test]
    fn a_sprite_is_trimmed_to_its_ink() {
        let font = Font::builtin().unwrap();
        let sprite = Sprite::of_word(&font, "一", 100.0, Turn::Level).unwrap();
        let height = sprite.height();
        assert!(sprite.width > 80 && height < 20, "{} x {height}", sprite.width);
        assert_eq!((sprite.mask.width, sprite.mask.height), (sprite.width + 8, height + 4));
        let turned = Sprite::of_word(&font, "一", 100.0, Turn::Turned).unwrap();
        assert_eq!(turned.width, height);
        assert!(Sprite::of_word(&font, " ", 100.0, Turn::Level).is_none());
    }
}
