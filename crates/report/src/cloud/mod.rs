//! The word cloud: weighted words to a picture, the same bytes for the same input.
//!
//! `font` gives outlines, `sprite` makes pixels of them, `word` says how large and which way, `place` arranges them (along a
//! `spiral`, on a `bitmap` of what is taken, within a `shape`), `paint` and `colour` colour, `encode` and `vector` write.
//! Absent on purpose: threads, clocks, hash maps, fonts of the machine.

mod bitmap;
mod colour;
mod encode;
mod font;
mod paint;
mod pen;
mod place;
mod random;
mod settings;
mod shape;
mod spiral;
mod sprite;
mod vector;
mod word;

pub use colour::{Rgb, colour};
pub use font::{Font, FontError};
use place::{Layout, place};
pub use settings::{CloudSettings, PictureFormat};
pub use shape::{Mask, Shape, ShapeError};
use word::Word;

/// Above this share of words without glyphs the font is the wrong one.
const MAX_MISSING: f64 = 0.1;

/// A drawn cloud.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The picture, in the format that was asked for.
    pub bytes: Vec<u8>,
    /// How many words it shows.
    pub placed: usize,
    /// Words of the heaviest `max_words` that it does not show, each with the reason.
    pub skipped: Vec<Skipped>,
    /// Share of the picture's pixels that are under ink, 0 to 1.
    pub fill: f64,
}

/// A word that the cloud does not show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skipped {
    /// The font cannot draw it.
    #[error("`{word}`: the font `{font}` has no `{missing}`; set `[cloud] font` to one that has it")]
    NoGlyph {
        /// The word.
        word: String,
        /// [`Font::name`].
        font: String,
        /// The first character that is missing.
        missing: char,
    },
    /// It is blank, or its weight is no positive number.
    #[error("`{word}`: nothing to draw")]
    Nothing {
        /// The word.
        word: String,
    },
    /// It is too wide at the smallest size.
    #[error("`{word}`: too long for the picture")]
    TooLong {
        /// The word.
        word: String,
    },
    /// The picture is full.
    #[error("`{word}`: no room left")]
    NoRoom {
        /// The word.
        word: String,
    },
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
    /// Width, height, smallest type size or quality is out of range.
    #[error(
        "the word cloud must be 64 to 8192 pixels wide and high, its smallest type 4 pixels or more, its quality 1 to 100"
    )]
    Size,
    /// Words in this colour could not be read.
    #[error("the word cloud's colour {colour} has a contrast of {ratio:.1}:1 on {background}; it needs 3:1")]
    Contrast {
        /// As `#rrggbb`.
        colour: String,
        /// As `#rrggbb`.
        background: String,
        /// WCAG contrast, 1 to 21.
        ratio: f64,
    },
    /// There is no colour for words.
    #[error("the word cloud's palette is empty")]
    NoColours,
    /// The JPEG encoder refuses.
    #[error("cannot encode the word cloud")]
    Jpeg(#[from] jpeg_encoder::EncodingError),
    /// The PNG encoder refuses.
    #[error("cannot encode the word cloud")]
    Png(#[from] image::ImageError),
}

/// Draws `words` with their weights (any positive numbers, in any order).
///
/// # Errors
///
/// [`CloudError::Empty`] without a drawable word, [`CloudError::MissingGlyphs`] if over a tenth of the words lack glyphs,
/// and what [`CloudSettings::check`] refuses.
pub fn word_cloud(
    words: &[(String, f64)],
    font: &Font,
    settings: &CloudSettings,
) -> Result<Cloud, CloudError> {
    settings.check()?;
    let heaviest = heaviest(words, settings.max_words);
    check_glyphs(&heaviest, font)?;
    let mut skipped = Vec::new();
    let drawable = drawable(&heaviest, font, settings, &mut skipped);
    let layout = place(&drawable, font, settings);
    if layout.placed.is_empty() {
        return Err(CloudError::Empty);
    }
    let left_out = layout.left_out.iter().filter_map(|&rank| drawable.get(rank));
    skipped.extend(left_out.map(|word| Skipped::NoRoom { word: word.text.to_owned() }));
    let bytes = picture(&layout, font, settings)?;
    Ok(Cloud { bytes, placed: layout.placed.len(), skipped, fill: fill(&layout, settings) })
}

/// The same arrangement in any format.
fn picture(layout: &Layout, font: &Font, settings: &CloudSettings) -> Result<Vec<u8>, CloudError> {
    let colours = paint::colours(&layout.placed, settings);
    let pixels = || paint::paint(layout, &colours, settings);
    match settings.format {
        PictureFormat::Jpg => encode::jpeg(&pixels(), settings),
        PictureFormat::Png => encode::png(&pixels(), settings),
        PictureFormat::Svg => Ok(vector::svg(&layout.placed, &colours, font, settings).into_bytes()),
    }
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
    skipped: &mut Vec<Skipped>,
) -> Vec<Word<'a>> {
    let mut sound = Vec::new();
    for &(text, weight) in words {
        match unsound(text, weight, font) {
            Some(reason) => skipped.push(reason),
            None => sound.push((text, weight)),
        }
    }
    let heaviest = sound.first().map_or(1.0, |(_, weight)| *weight);
    let mut drawable = Vec::new();
    for (text, weight) in sound {
        match Word::new((drawable.len(), text), weight / heaviest, font, settings) {
            Some(word) => drawable.push(word),
            None => skipped.push(Skipped::TooLong { word: text.to_owned() }),
        }
    }
    drawable
}

fn unsound(text: &str, weight: f64, font: &Font) -> Option<Skipped> {
    let word = text.to_owned();
    if text.is_empty() || !weight.is_finite() || weight <= 0.0 {
        return Some(Skipped::Nothing { word });
    }
    let missing = font.missing(text).first().copied()?;
    Some(Skipped::NoGlyph { word, font: font.name().to_owned(), missing })
}

/// Share of the pixels that are at least half covered.
fn fill(layout: &Layout, settings: &CloudSettings) -> f64 {
    let ink: usize = layout.placed.iter().map(|placed| placed.sprite.ink).sum();
    ink as f64 / (f64::from(settings.width) * f64::from(settings.height))
}

#[cfg(test)]
mod tests;
