//! From an arrangement to pixels: colours in balance.

use super::{
    CloudSettings,
    colour::Rgb,
    place::{Layout, Placed},
    random::mix,
};

/// The pixels of the picture.
pub(super) fn paint(layout: &Layout, colours: &[Rgb], settings: &CloudSettings) -> Vec<u8> {
    let (width, height) = (settings.width as usize, settings.height as usize);
    let mut image: Vec<Rgb> = vec![settings.background; width * height];
    for (placed, colour) in layout.placed.iter().zip(colours) {
        let (left, top) = placed.ink_corner();
        let rows = image.chunks_exact_mut(width).skip(top);
        for (row, grey) in rows.zip(placed.sprite.grey.chunks_exact(placed.sprite.width)) {
            row.iter_mut().skip(left).zip(grey).for_each(|(pixel, &ink)| blend(pixel, *colour, ink));
        }
    }
    image.into_flattened()
}

fn blend(pixel: &mut [u8; 3], colour: [u8; 3], ink: u8) {
    for (under, over) in pixel.iter_mut().zip(colour) {
        let (ink, paper) = (u32::from(ink), 255 - u32::from(ink));
        *under = ((u32::from(over) * ink + u32::from(*under) * paper + 127) / 255) as u8;
    }
}

/// One colour per word, all equally often as far as may be, and another one than the words close by.
pub(super) fn colours(placed: &[Placed], settings: &CloudSettings) -> Vec<Rgb> {
    let palette = &settings.palette;
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
