//! How the cloud looks, and what of it is refused.

use super::{
    CloudError, Rgb, Shape,
    colour::{MIN_CONTRAST, contrast, hex},
};

/// What kind of file the picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    /// JPEG.
    #[default]
    Jpg,
    /// PNG.
    Png,
    /// SVG, the words as outlines.
    Svg,
}

impl PictureFormat {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The file name's ending, without its dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// How the cloud looks.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudSettings {
    /// What kind of file it is.
    pub format: PictureFormat,
    /// Pixels, 64 to 8192.
    pub width: u32,
    /// Pixels, 64 to 8192.
    pub height: u32,
    /// What the words keep within.
    pub shape: Shape,
    /// Only so many of the heaviest words are drawn.
    pub max_words: usize,
    /// Another seed, another arrangement.
    pub seed: u64,
    /// Colours of the words, each with a contrast of at least 3:1 on the background.
    pub palette: Vec<Rgb>,
    /// Colour behind the words.
    pub background: Rgb,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Pixels per em of the smallest word, at least 4.
    pub min_size: f64,
}

impl CloudSettings {
    /// Whether a picture can be made like this.
    ///
    /// # Errors
    ///
    /// [`CloudError::Size`], [`CloudError::Contrast`] and [`CloudError::NoColours`].
    pub fn check(&self) -> Result<(), CloudError> {
        let sides_fit = [self.width, self.height].iter().all(|side| (64..=8192).contains(side));
        if !sides_fit || !(4.0..=8192.0).contains(&self.min_size) || !(1..=100).contains(&self.quality) {
            return Err(CloudError::Size);
        }
        if self.palette.is_empty() {
            return Err(CloudError::NoColours);
        }
        let ratio = |colour: Rgb| contrast(colour, self.background);
        match self.palette.iter().find(|colour| ratio(**colour) < MIN_CONTRAST) {
            Some(pale) => Err(CloudError::Contrast {
                colour: hex(*pale),
                background: hex(self.background),
                ratio: ratio(*pale),
            }),
            None => Ok(()),
        }
    }
}

impl Default for CloudSettings {
    fn default() -> Self {
        Self {
            format: PictureFormat::Jpg,
            width: 1600,
            height: 900,
            shape: Shape::Rectangle,
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
