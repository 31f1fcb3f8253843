//! Quotation marks, and what stays as it was written.

use std::sync::LazyLock;

use corpus::is_han_char;
use regex::Regex;

use super::{Glyph, own};
use crate::pattern::pattern;

/// Addresses, up to white space or Chinese and without a last mark; entities, and `:words:` that some sites draw.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)[^\s\p{Han}，。；：、！？（）“”《》]*[^\s\p{Han}，。；：、！？（）“”《》.,;:!?)]|&(?:[a-z]+|#\d+|#x[\da-f]+);|:[a-z\d_+-]+:",
    )
});
const PAIRS: [(char, char); 6] =
    [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》'), ('〈', '〉')];

/// `"…"` as “…” where Chinese stands in it or beside it; a mark without its other half stays.
pub(super) fn paired(text: &str) -> String {
    let pieces: Vec<&str> = text.split('"').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (place, piece) in pieces.iter().enumerate() {
        let opens = place % 2 == 1;
        // An even number of pieces is an odd number of marks: one of them is an inch or a slip.
        let whole = pieces.len() % 2 == 1;
        let pair = if opens { place } else { place.saturating_sub(1) };
        let neighbours = [pair.checked_sub(1), Some(pair), Some(pair + 1)];
        let mut beside = neighbours.into_iter().flatten().filter_map(|at| pieces.get(at));
        let curly = whole && !text.contains(['“', '”']) && beside.any(|piece| piece.contains(is_han_char));
        if place > 0 {
            out.push(match (curly, opens) {
                (true, true) => '“',
                (true, false) => '”',
                (false, _) => '"',
            });
        }
        out.push_str(piece);
    }
    out
}

/// The characters of a text, with those of quotations, titles, addresses and codes marked as kept.
pub(super) fn keep(text: &str) -> Vec<Glyph> {
    let codes: Vec<_> = CODE.find_iter(text).map(|hit| hit.range()).collect();
    let mut open: Vec<char> = Vec::new();
    let mut glyphs = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if let Some(place) = open.iter().rposition(|close| *close == c) {
            open.truncate(place);
        }
        let quoted = !open.is_empty() || codes.iter().any(|code| code.contains(&at));
        glyphs.push(if quoted { Glyph { c, kept: true } } else { own(c) });
        if let Some((_, close)) = PAIRS.iter().find(|(first, _)| *first == c) {
            open.push(*close);
        }
    }
    glyphs
}
