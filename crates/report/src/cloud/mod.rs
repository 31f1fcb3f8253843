//! The word cloud: weighted words to a JPEG, the same bytes for the same input.
//!
//! `font` gives outlines, `sprite` makes pixels of them, `place` arranges (on a `bitmap` of what is taken), `paint` colours.
//! Absent on purpose: threads, clocks, hash maps, fonts of the machine.

mod bitmap;
mod font;
mod paint;
mod place;
mod random;
mod sprite;

pub use font::{Font, FontError};
use place::{Layout, Word, place};

/// Above this share of words without glyphs the font is the wrong one.
const MAX_MISSING: f64 = 0.1;

/// How the cloud looks.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudSettings {
    /// Pixels, 64 to 8192.
    pub width: u32,
    /// Pixels, 64 to 8192.
    pub height: u32,
    /// Only so many of the heaviest words are drawn.
    pub max_words: usize,
    /// Another seed, another arrangement.
    pub seed: u64,
    /// Colours of the words; those with a contrast below 3:1 on the background are not used.
    pub palette: Vec<[u8; 3]>,
    /// Colour behind the words.
    pub background: [u8; 3],
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Pixels per em of the smallest word, at least 4.
    pub min_size: f64,
}

impl Default for CloudSettings {
    fn default() -> Self {
        Self {
            width: 1600,
            height: 900,
            max_words: 120,
            seed: 0,
            palette: vec![
                [0x1D, 0x4E, 0x89],
                [0x00, 0x7A, 0x7A],
                [0xD1, 0x49, 0x1F],
                [0x5B, 0x3F, 0xA8],
                [0xB8, 0x1F, 0x5D],
                [0x2F, 0x7D, 0x32],
                [0x2B, 0x36, 0x4A],
                [0x1B, 0x84, 0xC4],
            ],
            background: [0xFF, 0xFF, 0xFF],
            quality: 90,
            min_size: 16.0,
        }
    }
}

/// A drawn cloud.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The picture.
    pub jpeg: Vec<u8>,
    /// How many words it shows.
    pub placed: usize,
    /// Words of the heaviest `max_words` that it does not show: no glyph, no weight, too long, or no room left.
    pub skipped: Vec<String>,
    /// Share of the picture's pixels that are under ink, 0 to 1.
    pub fill: f64,
}

/// Why there is no cloud.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// There is nothing to draw.
    #[error("no words for the word cloud")]
    Empty,
    /// The font is not made for these words.
    #[error(
        "`{font}` lacks characters of {words} of {of} words, such as `{example}`; set `[cloud] font` to a font that has them"
    )]
    MissingGlyphs {
        /// [`Font::name`].
        font: String,
        /// Words that cannot be drawn.
        words: usize,
        /// Words in all.
        of: usize,
        /// One character that is missing.
        example: char,
    },
    /// Width, height or smallest type size is out of range.
    #[error("the word cloud must be 64 to 8192 pixels wide and high, its smallest type 4 pixels or more")]
    Size,
    /// The encoder refuses.
    #[error("cannot encode the word cloud")]
    Encode(#[from] jpeg_encoder::EncodingError),
}

/// Draws `words` with their weights (any positive numbers, in any order).
///
/// # Errors
///
/// [`CloudError::Empty`] without a drawable word, [`CloudError::MissingGlyphs`] if over a tenth of the words lack glyphs,
/// [`CloudError::Size`] for a silly picture size.
pub fn word_cloud(
    words: &[(String, f64)],
    font: &Font,
    settings: &CloudSettings,
) -> Result<Cloud, CloudError> {
    let sides_fit = [settings.width, settings.height].iter().all(|side| (64..=8192).contains(side));
    if !sides_fit || !(4.0..=8192.0).contains(&settings.min_size) {
        return Err(CloudError::Size);
    }
    let heaviest = heaviest(words, settings.max_words);
    check_glyphs(&heaviest, font)?;
    let mut skipped = Vec::new();
    let drawable = drawable(&heaviest, font, settings, &mut skipped);
    let layout = place(&drawable, font, settings);
    if layout.placed.is_empty() {
        return Err(CloudError::Empty);
    }
    let left_out = layout.left_out.iter().filter_map(|&rank| drawable.get(rank));
    skipped.extend(left_out.map(|word| word.text.to_owned()));
    let jpeg = paint::paint(&layout, settings)?;
    Ok(Cloud { jpeg, placed: layout.placed.len(), skipped, fill: fill(&layout, settings) })
}

/// The heaviest `count` words, ties in the order of the text, so that the order of the input does not matter.
fn heaviest(words: &[(String, f64)], count: usize) -> Vec<(&str, f64)> {
    let mut words: Vec<_> = words.iter().map(|(text, weight)| (text.trim(), *weight)).collect();
    words.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.cmp(b)));
    words.truncate(count);
    words
}

fn check_glyphs(words: &[(&str, f64)], font: &Font) -> Result<(), CloudError> {
    let missing: Vec<char> =
        words.iter().filter_map(|(text, _)| font.missing(text).first().copied()).collect();
    match missing.first() {
        Some(&example) if missing.len() as f64 > words.len() as f64 * MAX_MISSING => {
            let (font, words, of) = (font.name().to_owned(), missing.len(), words.len());
            Err(CloudError::MissingGlyphs { font, words, of, example })
        }
        _ => Ok(()),
    }
}

/// What can be drawn, heaviest first; the rest goes to `skipped`.
fn drawable<'a>(
    words: &[(&'a str, f64)],
    font: &Font,
    settings: &CloudSettings,
    skipped: &mut Vec<String>,
) -> Vec<Word<'a>> {
    let sound = |text: &str, weight: f64| {
        weight.is_finite() && weight > 0.0 && !text.is_empty() && font.missing(text).is_empty()
    };
    let heaviest =
        words.iter().find(|(text, weight)| sound(text, *weight)).map_or(1.0, |(_, weight)| *weight);
    let mut drawable = Vec::new();
    for &(text, weight) in words {
        let ranked = (drawable.len(), text);
        match sound(text, weight).then(|| Word::new(ranked, weight / heaviest, font, settings)).flatten() {
            Some(word) => drawable.push(word),
            None => skipped.push(text.to_owned()),
        }
    }
    drawable
}

/// Share of the pixels that are at least half covered.
fn fill(layout: &Layout, settings: &CloudSettings) -> f64 {
    let ink =
        layout.placed.iter().flat_map(|placed| &placed.sprite.grey).filter(|&&grey| grey >= 128).count();
    ink as f64 / (f64::from(settings.width) * f64::from(settings.height))
}

#[cfg(test)]
mod tests;
