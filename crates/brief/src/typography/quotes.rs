//! Quotation marks, and what stays as it was written.

use std::sync::LazyLock;

use corpus::is_han_char;
use regex::Regex;

use super::{Glyph, is_chinese, own};
use crate::pattern::pattern;

/// Addresses, up to white space or Chinese and without a last mark; entities, and `:words:` that some sites draw.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)[^\s\p{Han}，。；：、！？（）“”《》]*[^\s\p{Han}，。；：、！？（）“”《》.,;:!?)]|&(?:[a-z]+|#\d+|#x[\da-f]+);|:[a-z\d_+-]+:",
    )
});
const PAIRS: [(char, char); 6] =
    [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》'), ('〈', '〉')];

/// `"…"` as “…” where Chinese stands in it or right beside it; a mark without its other half stays, as do those of code.
pub(super) fn paired(text: &str) -> String {
    let pieces: Vec<&str> = text.split('"').collect();
    // An even number of pieces is an odd number of marks: one of them is an inch or a slip.
    if pieces.len().is_multiple_of(2) || text.contains(['“', '”']) {
        return text.to_owned();
    }
    let piece = |at: usize| pieces.get(at).copied().unwrap_or("");
    let mut out = piece(0).to_owned();
    for inside in (1..pieces.len()).step_by(2) {
        let left = piece(inside - 1).trim_end_matches(' ').chars().next_back();
        let right = piece(inside + 1).trim_start_matches(' ').chars().next();
        let curly = is_chinese(left) || is_chinese(right) || piece(inside).contains(is_han_char);
        let (open, close) = if curly { ("“", "”") } else { ("\"", "\"") };
        out.extend([open, piece(inside), close, piece(inside + 1)]);
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
