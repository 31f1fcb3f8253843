//! From an arrangement to a JPEG: colours in balance, readable on the background.

use super::{
    CloudError, CloudSettings,
    place::{Layout, Placed},
    random::mix,
};

/// WCAG 2.2 asks this contrast of large text.
const MIN_CONTRAST: f64 = 3.0;

/// The finished picture.
pub(super) fn paint(layout: &Layout, settings: &CloudSettings) -> Result<Vec<u8>, CloudError> {
    let CloudSettings { width, height, background, quality, .. } = settings;
    let pixels = *width as usize * *height as usize;
    let mut image: Vec<[u8; 3]> = vec![*background; pixels];
    let colours = colours(&layout.placed, settings);
    for (placed, colour) in layout.placed.iter().zip(colours) {
        let (left, top) = placed.ink_corner();
        let rows = image.chunks_exact_mut(*width as usize).skip(top);
        for (row, grey) in rows.zip(placed.sprite.grey.chunks_exact(placed.sprite.width)) {
            row.iter_mut().skip(left).zip(grey).for_each(|(pixel, &ink)| blend(pixel, colour, ink));
        }
    }
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, *quality);
    let (width, height) = (u16::try_from(*width), u16::try_from(*height));
    let (Ok(width), Ok(height)) = (width, height) else { return Err(CloudError::Size) };
    encoder.encode(image.as_flattened(), width, height, jpeg_encoder::ColorType::Rgb)?;
    Ok(jpeg)
}

fn blend(pixel: &mut [u8; 3], colour: [u8; 3], ink: u8) {
    for (under, over) in pixel.iter_mut().zip(colour) {
        let (ink, paper) = (u32::from(ink), 255 - u32::from(ink));
        *under = ((u32::from(over) * ink + u32::from(*under) * paper + 127) / 255) as u8;
    }
}

/// One colour per word, all equally often as far as may be, and another one than the words close by.
pub(super) fn colours(placed: &[Placed], settings: &CloudSettings) -> Vec<[u8; 3]> {
    let palette = readable(settings);
    let mut used = vec![0_usize; palette.len()];
    let mut chosen: Vec<usize> = Vec::new();
    for (rank, word) in placed.iter().enumerate() {
        let close: Vec<usize> = placed
            .iter()
            .zip(&chosen)
            .filter(|(other, _)| other.is_close_to(word))
            .map(|(_, c)| *c)
            .collect();
        let chance = |colour: usize| mix(settings.seed ^ rank as u64, colour as u64);
        let cost = |(colour, used): (usize, &usize)| (close.contains(&colour), *used, chance(colour), colour);
        let choice = used.iter().enumerate().map(cost).min().map_or(0, |(.., colour)| colour);
        used.iter_mut().skip(choice).take(1).for_each(|count| *count += 1);
        chosen.push(choice);
    }
    chosen.iter().filter_map(|&colour| palette.get(colour).copied()).collect()
}

/// The colours that stand out from the background; black or white where the palette has none.
fn readable(settings: &CloudSettings) -> Vec<[u8; 3]> {
    let contrast = |colour: &[u8; 3]| contrast(*colour, settings.background);
    let palette: Vec<_> = settings.palette.iter().copied().filter(|c| contrast(c) >= MIN_CONTRAST).collect();
    let (black, white) = ([0; 3], [255; 3]);
    match palette.is_empty() {
        true if contrast(&black) > contrast(&white) => vec![black],
        true => vec![white],
        false => palette,
    }
}

/// WCAG 2.2 contrast ratio, 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    linear.iter().zip([0.2126, 0.7152, 0.0722]).map(|(value, weight)| value * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_colour_is_readable() {
        let settings = CloudSettings::default();
        assert_eq!(readable(&settings), settings.palette);
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn pale_colours_are_left_out_and_something_remains() {
        let pale = vec![[250, 250, 210]];
        let on =
            |background| readable(&CloudSettings { background, palette: pale.clone(), ..Default::default() });
        assert_eq!(on([255; 3]), vec![[0; 3]]);
        assert_eq!(on([10; 3]), pale);
    }
}
