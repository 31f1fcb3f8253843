//! Where each word goes and how big it is.
//!
//! Words go from heavy to light along a spiral from the centre to the first spot where no pixel touches another word
//! (the method of Wordle: Viégas, Wattenberg, Feinberg, "Participatory Visualization with Wordle", 2009). The heaviest word
//! begins as large as the picture allows; a word that finds no spot, neither level nor turned, gets smaller, and then no
//! lighter word is larger than it (as in Python's `wordcloud`), so that size tells weight and light words fill the gaps
//! between and inside of heavy ones.

use super::{
    CloudSettings,
    bitmap::Bitmap,
    font::Font,
    spiral::{Offset, spiral},
    sprite::Sprite,
    word::{Turn, Word},
};

/// Type size goes with this power of the weight: between proportional size (1) and proportional area (0.5), which leaves the
/// light words too much alike.
const STEEP: f64 = 0.7;
/// The heaviest word would be this part of the picture high, were it not for its own limit: so the next ones are large too.
const LARGEST: f64 = 0.7;
/// If not all words find room, all is tried again with the heaviest word at this part of its size, so many times.
const SMALLER: f64 = 0.75;
const TRIALS: usize = 4;
/// A word without a spot is tried again at this part of its size.
const SHRINK: f64 = 0.95;
/// A word that would find no room at the smallest size may be this part of it.
const TIGHT: f64 = 0.75;
/// When all words stand, each grows in such steps while there is room.
const GROW: f64 = 1.05;
/// So many spots around its own are tried for a grown word.
const GROW_SPOTS: usize = 60;
/// Pixels that stay free along the edges of the picture.
pub(super) const MARGIN: usize = 3;
/// Words with fewer pixels between them are neighbours.
const CLOSE: usize = 6;

/// A word at its place.
pub(super) struct Placed {
    rank: usize,
    pub(super) text: String,
    /// Pixels per em.
    pub(super) size: f64,
    pub(super) turn: Turn,
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

/// Places `words` (heaviest first).
pub(super) fn place(words: &[Word<'_>], font: &Font, settings: &CloudSettings) -> Layout {
    let (spiral, empty) = (spiral(settings), settings.shape.board(settings));
    let board = Board { words, font, settings, spiral, empty };
    let largest = f64::from(settings.height) * LARGEST;
    let mut best = Layout::default();
    for largest in std::iter::successors(Some(largest), |size| Some(size * SMALLER)).take(TRIALS) {
        let layout = board.arrange(largest);
        if layout.placed.len() > best.placed.len() {
            best = layout;
        }
        if best.placed.len() == words.len() {
            break;
        }
    }
    board.grow(&mut best);
    best
}

/// All that an arrangement depends on but the size of its heaviest word.
struct Board<'a> {
    words: &'a [Word<'a>],
    font: &'a Font,
    settings: &'a CloudSettings,
    spiral: Vec<Offset>,
    /// What is taken before the first word.
    empty: Bitmap,
}

impl Board<'_> {
    /// The heaviest word begins at `largest` pixels per em.
    fn arrange(&self, largest: f64) -> Layout {
        let (mut occupied, mut layout) = (self.empty.clone(), Layout::default());
        let middle = (occupied.width / 2, occupied.height / 2);
        let mut spots: Vec<Point> = self.spiral.iter().filter_map(|&offset| plus(middle, offset)).collect();
        let mut cap = largest;
        for (rank, word) in self.words.iter().enumerate() {
            // A word whose centre lies under ink hardly ever fits; without those spots the search is several times faster.
            if rank % 4 == 0 {
                spots.retain(|&spot| !occupied.has(spot));
            }
            let wanted =
                (largest * word.weight.powf(STEEP)).max(self.settings.min_size).min(cap).min(word.limit);
            match self.settle(&occupied, &spots, rank, wanted) {
                Some(placed) => {
                    cap = if placed.size < wanted { placed.size } else { cap };
                    occupied.stamp(&placed.sprite.mask, placed.corner);
                    layout.placed.push(placed);
                }
                None => layout.left_out.push(rank),
            }
        }
        layout
    }

    /// A place for one word at `wanted` pixels or smaller, the other way round before smaller.
    fn settle(&self, occupied: &Bitmap, spots: &[Point], rank: usize, wanted: f64) -> Option<Placed> {
        let word = self.words.get(rank)?;
        let smallest = self.settings.min_size * TIGHT;
        let smaller = |size: &f64| (*size > smallest).then(|| (size * SHRINK).max(smallest));
        let fit = |turn, size| self.fit(occupied, spots.iter().copied(), (rank, turn), size);
        std::iter::successors(Some(wanted), smaller)
            .find_map(|size| fit(word.turn, size).or_else(|| fit(word.other_turn?, size)))
    }

    /// The word at exactly `size` pixels on the first of `spots` (centres) that has room for it.
    fn fit(
        &self,
        occupied: &Bitmap,
        mut spots: impl Iterator<Item = Point>,
        (rank, turn): (usize, Turn),
        size: f64,
    ) -> Option<Placed> {
        let word = self.words.get(rank)?;
        let sprite = Sprite::of_word(self.font, word.text, size, turn)?;
        let half = (sprite.mask.width / 2, sprite.mask.height / 2);
        let corner = spots.find_map(|(x, y)| {
            let corner = (x.checked_sub(half.0)?, y.checked_sub(half.1)?);
            occupied.has_room_for(&sprite.mask, corner).then_some(corner)
        })?;
        Some(Placed { rank, text: word.text.to_owned(), size, turn, sprite, corner })
    }

    /// Lets the words of a finished arrangement grow into the gaps around them, heaviest first, none beyond a heavier one.
    fn grow(&self, layout: &mut Layout) {
        let mut occupied = self.empty.clone();
        layout.placed.iter().for_each(|placed| occupied.stamp(&placed.sprite.mask, placed.corner));
        let mut cap = f64::INFINITY;
        for placed in &mut layout.placed {
            occupied.erase(&placed.sprite.mask, placed.corner);
            while let Some(grown) = self.grown(&occupied, placed, cap) {
                *placed = grown;
            }
            occupied.stamp(&placed.sprite.mask, placed.corner);
            let at_limit = self.words.get(placed.rank).is_some_and(|word| placed.size * GROW > word.limit);
            cap = if at_limit { cap } else { cap.min(placed.size) };
        }
    }

    fn grown(&self, occupied: &Bitmap, placed: &Placed, cap: f64) -> Option<Placed> {
        let word = self.words.get(placed.rank)?;
        let spots = self.spiral.iter().take(GROW_SPOTS).filter_map(|&offset| plus(placed.centre(), offset));
        let size = placed.size * GROW;
        (size <= cap.min(word.limit)).then(|| self.fit(occupied, spots, (placed.rank, placed.turn), size))?
    }
}

/// `None` beyond the upper or left edge.
fn plus((x, y): Point, (dx, dy): Offset) -> Option<Point> {
    Some((x.checked_add_signed(dx)?, y.checked_add_signed(dy)?))
}
