//! A word that is to be placed: how large it may be, and which way it reads.

use corpus::is_han_char;

use super::{CloudSettings, font::Font, random::mix};

/// No word is wider than this part of the picture, no type size taller than the other.
const MAX_WIDTH: f64 = 0.8;
const MAX_HEIGHT: f64 = 0.5;
/// The heaviest words always stand level.
const LEVEL: usize = 2;
/// Longer words stay level.
const MAX_TURNED_WIDTH: f64 = 4.2;
/// Of 100 words that may be turned, so many are; others only where they find no room otherwise.
const TURNED_PERCENT: u64 = 16;

/// Which way a word reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// From left to right.
    Level,
    /// From bottom to top, letters lying on their back.
    Turned,
    /// From top to bottom, characters standing: how Chinese is written upright.
    Upright,
}

/// A word to place.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Relative to the heaviest: above 0, at most 1.
    pub(super) weight: f64,
    /// The largest type size in pixels at which it is not too wide.
    pub(super) limit: f64,
    pub(super) turn: Turn,
    /// The way that it may read instead, where there is no room.
    pub(super) other_turn: Option<Turn>,
}

impl<'a> Word<'a> {
    /// `None` for a word that would be too wide even at the smallest readable size.
    pub(super) fn new(
        (rank, text): (usize, &'a str),
        weight: f64,
        font: &Font,
        settings: &CloudSettings,
    ) -> Option<Self> {
        let ems = font.width(text);
        let (wide, high) = (f64::from(settings.width), f64::from(settings.height));
        let limit = (wide * MAX_WIDTH / ems).min(high * MAX_HEIGHT);
        let chance = mix(settings.seed, rank as u64) % 100;
        let turned = if text.chars().all(is_han_char) { Turn::Upright } else { Turn::Turned };
        let may_turn = rank >= LEVEL && ems <= MAX_TURNED_WIDTH;
        let (turn, other_turn) = match may_turn {
            true if chance < TURNED_PERCENT => (turned, Some(Turn::Level)),
            true => (Turn::Level, Some(turned)),
            false => (Turn::Level, None),
        };
        (limit >= settings.min_size).then_some(Self { text, weight, limit, turn, other_turn })
    }
}
