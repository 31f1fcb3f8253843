//! Pixels to a file.

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use super::{CloudError, CloudSettings};

pub(super) fn jpeg(pixels: &[u8], settings: &CloudSettings) -> Result<Vec<u8>, CloudError> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, settings.quality);
    let sides = (u16::try_from(settings.width), u16::try_from(settings.height));
    let (Ok(width), Ok(height)) = sides else { return Err(CloudError::Size) };
    encoder.encode(pixels, width, height, jpeg_encoder::ColorType::Rgb)?;
    Ok(bytes)
}

pub(super) fn png(pixels: &[u8], settings: &CloudSettings) -> Result<Vec<u8>, CloudError> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(pixels, settings.width, settings.height, ExtendedColorType::Rgb8)?;
    Ok(bytes)
}
