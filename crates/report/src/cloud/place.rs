//! Where each word goes and how big it is.
//!
//! Words go from heavy to light along a spiral from the centre to the first spot where no pixel touches another word
//! (the method of Wordle: Viégas, Wattenberg, Feinberg, "Participatory Visualization with Wordle", 2009). The size of the
//! heaviest word is searched by bisection: as large as it can be with every word still in the picture.

use super::{CloudSettings, bitmap::Bitmap, font::Font, random::mix, sprite::Sprite};

/// Bisection steps for the size of the heaviest word.
const TRIALS: usize = 7;
/// A word without a spot is tried again at this part of its size …
const SHRINK: f64 = 0.85;
/// … down to this part of the size that its weight asks for.
const SHRINK_LIMIT: f64 = 0.6;
/// When all words stand, each grows in such steps while there is room …
const GROW: f64 = 1.06;
/// … up to this multiple of the size that its weight asks for.
const GROW_LIMIT: f64 = 1.2;
/// So many spots around its own are tried for a grown word.
const GROW_SPOTS: usize = 60;
/// No word is wider than this part of the picture, no type size taller than the other.
const MAX_WIDTH: f64 = 0.6;
const MAX_HEIGHT: f64 = 0.34;
/// Pixels between two turns of the spiral, and between two points of a turn.
const SPIRAL_STEP: f64 = 4.0;
/// Pixels that stay free along the edges of the picture.
const MARGIN: usize = 8;
/// Words with fewer pixels between them are neighbours.
const CLOSE: usize = 6;
/// The heaviest words always stand level.
const LEVEL: usize = 6;
/// Longer words stay level.
const MAX_TURNED_WIDTH: f64 = 4.2;
/// Of 100 words that may be turned, so many are; over all words that makes about one in eight.
const TURNED_PERCENT: u64 = 16;

/// A word to place.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Relative to the heaviest: above 0, at most 1.
    weight: f64,
    /// The largest type size in pixels at which it is not too wide.
    limit: f64,
    turned: bool,
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
        let limit =
            (f64::from(settings.width) * MAX_WIDTH / ems).min(f64::from(settings.height) * MAX_HEIGHT);
        let chance = mix(settings.seed, rank as u64) % 100;
        let turned = rank >= LEVEL && ems <= MAX_TURNED_WIDTH && chance < TURNED_PERCENT;
        (limit >= settings.min_size).then_some(Self { text, weight, limit, turned })
    }

    /// The type size that the weight asks for: between proportional size (1) and proportional area (0.5), which leaves the
    /// light words too much alike; the lightest stay readable.
    fn size(&self, smallest: f64, largest: f64) -> f64 {
        (smallest + (largest - smallest) * self.weight.powf(0.7)).min(self.limit)
    }
}

/// A word at its place.
pub(super) struct Placed {
    rank: usize,
    size: f64,
    pub(super) sprite: Sprite,
    /// The upper left corner of the sprite's mask, counted from the margin.
    corner: (usize, usize),
}

impl Placed {
    /// The upper left corner of the ink in the picture.
    pub(super) fn ink_corner(&self) -> (usize, usize) {
        let ((x, y), (beside, above)) = (self.corner, self.sprite.pad);
        (MARGIN + x + beside, MARGIN + y + above)
    }

    /// Whether the two might be read as one word if they had the same colour.
    pub(super) fn is_close_to(&self, other: &Self) -> bool {
        let apart = |(low, len): (usize, usize), (other_low, other_len): (usize, usize)| {
            low + len + CLOSE < other_low || other_low + other_len + CLOSE < low
        };
        let ((x, y), (other_x, other_y)) = (self.corner, other.corner);
        let (mask, other_mask) = (&self.sprite.mask, &other.sprite.mask);
        !apart((x, mask.width), (other_x, other_mask.width))
            && !apart((y, mask.height), (other_y, other_mask.height))
    }

    fn centre(&self) -> Point {
        let (mask, (x, y)) = (&self.sprite.mask, self.corner);
        (x + mask.width / 2, y + mask.height / 2)
    }
}

/// A finished arrangement.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) placed: Vec<Placed>,
    /// Ranks of the words that found no room even at the smallest size.
    pub(super) left_out: Vec<usize>,
}

type Point = (usize, usize);
type Offset = (isize, isize);

/// Places `words` (heaviest first).
pub(super) fn place(words: &[Word<'_>], font: &Font, settings: &CloudSettings) -> Layout {
    let board = Board { words, font, settings, spiral: spiral(settings) };
    let (mut low, mut high) = (settings.min_size, f64::from(settings.height) * MAX_HEIGHT);
    let mut best = None;
    for _ in 0..TRIALS {
        let middle = (low * high).sqrt();
        match board.arrange(middle, true) {
            Some(layout) => (best, low) = (Some(layout), middle),
            None => high = middle,
        }
    }
    let mut layout = best.or_else(|| board.arrange(low, false)).unwrap_or_default();
    board.grow(&mut layout, low);
    layout
}

/// All that an arrangement depends on but the size of its heaviest word.
struct Board<'a> {
    words: &'a [Word<'a>],
    font: &'a Font,
    settings: &'a CloudSettings,
    spiral: Vec<Offset>,
}

impl Board<'_> {
    /// All of the picture within its margins.
    fn empty(&self) -> Bitmap {
        let inner = |side: u32| (side as usize).saturating_sub(2 * MARGIN);
        Bitmap::new(inner(self.settings.width), inner(self.settings.height))
    }

    /// `None` if a word found no room and `complete` was asked for.
    fn arrange(&self, largest: f64, complete: bool) -> Option<Layout> {
        let (mut occupied, mut layout) = (self.empty(), Layout::default());
        let middle = (occupied.width / 2, occupied.height / 2);
        let mut spots: Vec<Point> = self.spiral.iter().filter_map(|&offset| plus(middle, offset)).collect();
        for (rank, word) in self.words.iter().enumerate() {
            match self.settle(&occupied, &spots, rank, word.size(self.settings.min_size, largest)) {
                Some(placed) => {
                    occupied.stamp(&placed.sprite.mask, placed.corner);
                    layout.placed.push(placed);
                }
                None if complete => return None,
                None => layout.left_out.push(rank),
            }
            // A word whose centre lies under ink hardly ever fits; without those spots the search is several times faster.
            if rank % 4 == 0 {
                spots.retain(|&spot| !occupied.has(spot));
            }
        }
        Some(layout)
    }

    /// A place for one word at `wanted` pixels or somewhat smaller.
    fn settle(&self, occupied: &Bitmap, spots: &[Point], rank: usize, wanted: f64) -> Option<Placed> {
        let floor = (wanted * SHRINK_LIMIT).max(self.settings.min_size);
        let sizes = std::iter::successors(Some(wanted), |size| Some(size * SHRINK));
        sizes
            .take_while(|&size| size >= floor)
            .find_map(|size| self.fit(occupied, spots.iter().copied(), rank, size))
    }

    /// The word at exactly `size` pixels on the first of `spots` (centres) that has room for it.
    fn fit(
        &self,
        occupied: &Bitmap,
        mut spots: impl Iterator<Item = Point>,
        rank: usize,
        size: f64,
    ) -> Option<Placed> {
        let word = self.words.get(rank)?;
        let sprite = Sprite::of_word(self.font, word.text, size, word.turned)?;
        let half = (sprite.mask.width / 2, sprite.mask.height / 2);
        let corner = spots.find_map(|(x, y)| {
            let corner = (x.checked_sub(half.0)?, y.checked_sub(half.1)?);
            occupied.has_room_for(&sprite.mask, corner).then_some(corner)
        })?;
        Some(Placed { rank, size, sprite, corner })
    }

    /// Lets the words of a finished arrangement grow into the gaps around them, heaviest first.
    fn grow(&self, layout: &mut Layout, largest: f64) {
        let mut occupied = self.empty();
        layout.placed.iter().for_each(|placed| occupied.stamp(&placed.sprite.mask, placed.corner));
        for placed in &mut layout.placed {
            occupied.erase(&placed.sprite.mask, placed.corner);
            while let Some(grown) = self.grown(&occupied, placed, largest) {
                *placed = grown;
            }
            occupied.stamp(&placed.sprite.mask, placed.corner);
        }
    }

    fn grown(&self, occupied: &Bitmap, placed: &Placed, largest: f64) -> Option<Placed> {
        let word = self.words.get(placed.rank)?;
        let limit = (word.size(self.settings.min_size, largest) * GROW_LIMIT).min(word.limit);
        let spots = self.spiral.iter().take(GROW_SPOTS).filter_map(|&offset| plus(placed.centre(), offset));
        (placed.size * GROW <= limit).then(|| self.fit(occupied, spots, placed.rank, placed.size * GROW))?
    }
}

/// `None` beyond the upper or left edge.
fn plus((x, y): Point, (dx, dy): Offset) -> Option<Point> {
    Some((x.checked_add_signed(dx)?, y.checked_add_signed(dy)?))
}

/// Offsets from the centre along an Archimedean spiral whose turns are rounded rectangles of the picture's shape (a
/// superellipse of exponent 4), so that the corners fill as well; the seed mirrors it.
fn spiral(settings: &CloudSettings) -> Vec<Offset> {
    let (wide, high) = (f64::from(settings.width), f64::from(settings.height));
    let (stretch_x, stretch_y) = (wide / wide.min(high), high / wide.min(high));
    let mirror = |bit: u64| if mix(settings.seed, u64::MAX) >> bit & 1 == 0 { 1.0 } else { -1.0 };
    // The superellipse through the corners is 2^(1/4) times the inscribed one.
    let reach = wide.min(high) / 2.0 * 2_f64.sqrt().sqrt();
    let (mut points, mut angle, mut radius) = (Vec::new(), 0_f64, 0_f64);
    while radius < reach {
        let (sin, cos) = angle.sin_cos();
        let round = radius / (sin.powi(4) + cos.powi(4)).sqrt().sqrt();
        let (x, y) = (round * cos * stretch_x * mirror(0), round * sin * stretch_y * mirror(1));
        points.push((x as isize, y as isize));
        let turn = SPIRAL_STEP / (radius * stretch_x.max(stretch_y)).max(SPIRAL_STEP);
        angle += turn;
        radius += SPIRAL_STEP * turn / std::f64::consts::TAU;
    }
    points
}
