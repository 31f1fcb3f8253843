//! One bit per pixel, 64 to a machine word: asking whether a word fits somewhere is a few AND operations per row.

/// Pixels with this much of 255 are ink.
const INK: u8 = 64;

/// A rectangle of bits. Each row has one spare word at its end, so that a shifted row never runs out.
#[derive(Clone)]
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) height: usize,
    stride: usize,
    bits: Vec<u64>,
}

impl Bitmap {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(64) + 1;
        Self { width, height, stride, bits: vec![0; stride * height] }
    }

    /// The pixels of a grey picture (`width` bytes a row) that are at least a quarter covered, widened by
    /// `pad` pixels to the left and right, and to the top and bottom.
    pub(super) fn of_ink(grey: &[u8], width: usize, pad: (usize, usize)) -> Self {
        let height = grey.len() / width.max(1);
        let mut mask = Self::new(width + 2 * pad.0, height + 2 * pad.1);
        for (y, row) in grey.chunks_exact(width.max(1)).enumerate() {
            let line = mask.widened(row, pad.0);
            for target in mask.bits.chunks_exact_mut(mask.stride).skip(y).take(2 * pad.1 + 1) {
                target.iter_mut().zip(&line).for_each(|(bits, more)| *bits |= more);
            }
        }
        mask
    }

    /// One row of ink as bits of this map, each run of set pixels stretched by `2 * pad` columns.
    fn widened(&self, row: &[u8], pad: usize) -> Vec<u64> {
        let mut line = vec![0_u64; self.stride];
        let mut start = 0;
        for run in row.chunk_by(|a, b| (*a >= INK) == (*b >= INK)) {
            if run.first().is_some_and(|&ink| ink >= INK) {
                set_run(&mut line, start, start + run.len() + 2 * pad);
            }
            start += run.len();
        }
        line
    }

    /// Sets the bit at this point; outside there is none.
    pub(super) fn set(&mut self, (x, y): (usize, usize)) {
        if x < self.width
            && let Some(word) = self.bits.get_mut(y * self.stride + x / 64)
        {
            *word |= 1 << (x % 64);
        }
    }

    /// Whether the bit at this point is set; outside there is none.
    pub(super) fn has(&self, (x, y): (usize, usize)) -> bool {
        let word = if x < self.width { self.bits.get(y * self.stride + x / 64) } else { None };
        word.is_some_and(|word| word >> (x % 64) & 1 == 1)
    }

    /// Whether `mask` with its upper left corner at (`x`, `y`) lies inside this map and touches no set bit.
    pub(super) fn has_room_for(&self, mask: &Self, (x, y): (usize, usize)) -> bool {
        // Neighbouring rows are much alike: most collisions show in a few rows far apart.
        x + mask.width <= self.width
            && y + mask.height <= self.height
            && !self.touches(mask, (x, y), (4, 9))
            && !self.touches(mask, (x, y), (0, 1))
    }

    /// Whether any row from the first on, this many apart, touches.
    fn touches(&self, mask: &Self, (x, y): (usize, usize), (first, apart): (usize, usize)) -> bool {
        let (offset, shift) = (x / 64, x % 64);
        let ours = self.bits.chunks_exact(self.stride).skip(y + first).step_by(apart);
        let theirs = mask.bits.chunks_exact(mask.stride).skip(first).step_by(apart);
        theirs.zip(ours).any(|(theirs, ours)| {
            let pairs = ours.get(offset..).unwrap_or_default().windows(2);
            theirs.iter().zip(pairs).any(|(&bits, pair)| {
                shifted(bits, shift).iter().zip(pair).fold(0, |hit, (half, word)| hit | (half & word)) != 0
            })
        })
    }

    /// Sets every bit of `mask`, its upper left corner at (`x`, `y`).
    pub(super) fn stamp(&mut self, mask: &Self, corner: (usize, usize)) {
        self.each_half(mask, corner, |word, half| *word |= half);
    }

    /// Clears every bit of `mask`, its upper left corner at (`x`, `y`).
    pub(super) fn erase(&mut self, mask: &Self, corner: (usize, usize)) {
        self.each_half(mask, corner, |word, half| *word &= !half);
    }

    /// Calls `change` with each word of this map and the bits of `mask` that fall on it.
    fn each_half(&mut self, mask: &Self, (x, y): (usize, usize), change: impl Fn(&mut u64, u64)) {
        let (offset, shift) = (x / 64, x % 64);
        let rows = self.bits.chunks_exact_mut(self.stride).skip(y);
        for (ours, theirs) in rows.zip(mask.bits.chunks_exact(mask.stride)) {
            for (column, &bits) in theirs.iter().enumerate() {
                let words = ours.iter_mut().skip(offset + column);
                words.zip(shifted(bits, shift)).for_each(|(word, half)| change(word, half));
            }
        }
    }

    /// How many bits are set.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.bits.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// Sets the bits from `start` to before `end`, a machine word at a time.
fn set_run(line: &mut [u64], start: usize, end: usize) {
    for (number, word) in line.iter_mut().enumerate().take(end.div_ceil(64)).skip(start / 64) {
        let (from, to) = (start.saturating_sub(number * 64), (end - number * 64).min(64));
        let below = |bit: usize| 1_u64.checked_shl(bit as u32).map_or(u64::MAX, |bit| bit - 1);
        *word |= below(to) & !below(from);
    }
}

/// 64 bits moved to the right by less than 64 columns, as they fall on two neighbouring words.
fn shifted(bits: u64, shift: usize) -> [u64; 2] {
    [bits << shift, bits.checked_shr(64 - shift as u32).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ink_is_widened_on_all_sides() {
        assert_eq!(Bitmap::of_ink(&[255], 1, (2, 1)).count(), 15);
        assert_eq!(Bitmap::of_ink(&[255, 0, 0, 10], 2, (0, 0)).count(), 1);
    }

    proptest! {
        /// Two dots collide exactly where their widened squares overlap, wherever the word boundaries lie.
        #[test]
        fn collisions_are_exact(x in 0_usize..190, y in 0_usize..20, dx in 0_usize..190, dy in 0_usize..20, pad in 0_usize..70, high in 0_usize..5) {
            let mask = Bitmap::of_ink(&[255], 1, (pad, high));
            let mut map = Bitmap::new(330, 30);
            map.stamp(&mask, (x, y));
            prop_assert_eq!(map.count(), mask.count());
            prop_assert!(map.has((x + pad, y + high)));
            let apart = x.abs_diff(dx) > 2 * pad || y.abs_diff(dy) > 2 * high;
            prop_assert_eq!(map.has_room_for(&mask, (dx, dy)), apart);
            map.erase(&mask, (x, y));
            prop_assert_eq!(map.count(), 0);
        }

        #[test]
        fn nothing_fits_outside(x in 0_usize..300, y in 0_usize..60) {
            let mask = Bitmap::of_ink(&[255; 70], 70, (0, 0));
            prop_assert_eq!(Bitmap::new(200, 30).has_room_for(&mask, (x, y)), x <= 130 && y < 30);
        }
    }
}
