//! A part of a day: the tweets whose mixed ids fall into one of `of` classes.

use corpus::TweetId;

/// Which share of a day's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Below `of`.
    pub number: u32,
    /// A power of two, so that a share lies inside one share of any smaller division.
    pub of: u32,
}

impl Share {
    pub(crate) const WHOLE: Self = Self { number: 0, of: 1 };

    /// Which of `of` shares an id belongs to. The low bits of tweet ids are far from even (they count within a
    /// millisecond), so they are mixed first.
    pub fn number(id: TweetId, of: u32) -> u32 {
        let mixed = (id.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32;
        mixed % of
    }

    pub(crate) fn holds(self, id: TweetId) -> bool {
        Self::number(id, self.of) == self.number
    }

    /// Whether an id can be in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        let of = self.of.min(other.of);
        self.number % of == other.number % of
    }

    /// In how many shares tweets of `memory` bytes are merged when one may take `limit`.
    pub(crate) fn count(memory: u64, limit: u64) -> u32 {
        let least = memory.div_ceil(limit.max(1)).max(1);
        u32::try_from(least).ok().and_then(u32::checked_next_power_of_two).unwrap_or(1 << 31)
    }
}
