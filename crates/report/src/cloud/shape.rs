//! Where words may stand: the whole picture, an ellipse, or the dark parts of the user's own picture.

use std::path::{Path, PathBuf};

use image::DynamicImage;

use super::{CloudSettings, bitmap::Bitmap, place::MARGIN};

/// Lighter pixels of a mask are outside, of 255.
const LIGHT: u8 = 250;
/// More transparent ones too.
const CLEAR: u8 = 128;

/// The outline that words keep within.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// All of the picture.
    #[default]
    Rectangle,
    /// As wide and high as the picture.
    Ellipse,
    /// As high or as wide as the smaller side of the picture.
    Circle,
    /// The pixels of a picture that are neither white nor transparent, as large as fits.
    Mask(Mask),
}

/// A picture's dark part.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

/// Why there is no such shape.
#[derive(Debug, thiserror::Error)]
pub enum ShapeError {
    /// The picture cannot be read.
    #[error("`{}` is no shape of the word cloud: neither `rectangle`, `ellipse`, `circle` nor a PNG or JPEG file", path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// What went wrong.
        source: image::ImageError,
    },
    /// There is nowhere to put a word.
    #[error("the word cloud's mask `{}` is all white or transparent", path.display())]
    Blank {
        /// As given.
        path: PathBuf,
    },
}

impl Shape {
    /// The shape of this name, or that of a picture in this file.
    ///
    /// # Errors
    ///
    /// [`ShapeError`] when it is neither, or a picture without a dark part.
    pub fn from_name_or_file(name: &str) -> Result<Self, ShapeError> {
        match name {
            "rectangle" => Ok(Self::Rectangle),
            "ellipse" => Ok(Self::Ellipse),
            "circle" => Ok(Self::Circle),
            path => Mask::from_file(Path::new(path)).map(Self::Mask),
        }
    }

    /// Whether the middle of a pixel is inside; `at` and `size` are in pixels.
    fn holds(&self, at: (f64, f64), size: (f64, f64)) -> bool {
        let (x, y) = (at.0 - size.0 / 2.0, at.1 - size.1 / 2.0);
        let within = |wide: f64, high: f64| (x / wide).powi(2) + (y / high).powi(2) <= 0.25;
        match self {
            Self::Rectangle => true,
            Self::Ellipse => within(size.0, size.1),
            Self::Circle => within(size.0.min(size.1), size.0.min(size.1)),
            Self::Mask(mask) => mask.holds((x, y), size),
        }
    }

    /// The picture within its margins, with all that is outside of the shape taken.
    pub(super) fn board(&self, settings: &CloudSettings) -> Bitmap {
        let inner = |side: u32| (side as usize).saturating_sub(2 * MARGIN);
        let mut board = Bitmap::new(inner(settings.width), inner(settings.height));
        if *self == Self::Rectangle {
            return board;
        }
        let size = (board.width as f64, board.height as f64);
        for y in 0..board.height {
            for x in 0..board.width {
                if !self.holds((x as f64 + 0.5, y as f64 + 0.5), size) {
                    board.set((x, y));
                }
            }
        }
        board
    }
}

impl Mask {
    fn from_file(path: &Path) -> Result<Self, ShapeError> {
        let refused = |source| ShapeError::Read { path: path.to_owned(), source };
        let reader = image::ImageReader::open(path).map_err(|error| refused(error.into()))?;
        let reader = reader.with_guessed_format().map_err(|error| refused(error.into()))?;
        let mask = Self::of(&reader.decode().map_err(refused)?);
        if !mask.inside.contains(&true) {
            return Err(ShapeError::Blank { path: path.to_owned() });
        }
        Ok(mask)
    }

    pub(super) fn of(picture: &DynamicImage) -> Self {
        let pixels = picture.to_luma_alpha8();
        let inside = pixels
            .pixels()
            .map(|pixel| matches!(pixel.0, [light, opaque] if light < LIGHT && opaque >= CLEAR));
        let (width, height) = (pixels.width() as usize, pixels.height() as usize);
        Self { width, height, inside: inside.collect() }
    }

    /// `at` counts from the middle of a picture of this size, into which the mask is fitted.
    fn holds(&self, at: (f64, f64), size: (f64, f64)) -> bool {
        let (width, height) = (self.width as f64, self.height as f64);
        let scale = (size.0 / width).min(size.1 / height);
        let (x, y) = (at.0 / scale + width / 2.0, at.1 / scale + height / 2.0);
        let there = x >= 0.0 && y >= 0.0 && x < width && y < height;
        there && self.inside.get(y as usize * self.width + x as usize) == Some(&true)
    }
}
