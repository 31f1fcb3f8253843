//! Runs of dots and dashes: …… and ——.

use corpus::is_han_char;

use super::{Glyph, after, before, is_chinese, own};

/// `...`, `…` and `。。。` beside Chinese as ……; `--` between Chinese and `—` beside it as ——.
pub(super) fn runs(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut place = 0;
    while let Some(glyph) = glyphs.get(place).copied() {
        let alike = |other: &&Glyph| !other.kept && is_alike(glyph.c, other.c);
        let mut length =
            if glyph.kept { 1 } else { glyphs.iter().skip(place).take_while(alike).count().max(1) };
        let around = (before(glyphs, place), after(glyphs, place + length));
        match whole(glyph.c, length, around).filter(|_| !glyph.kept) {
            Some(c) => {
                // A dash fills its room; dots may end a Latin word's sentence.
                if c == '—' {
                    out.truncate(out.iter().rposition(|glyph| glyph.c != ' ').map_or(0, |last| last + 1));
                    length += glyphs.iter().skip(place + length).take_while(|glyph| glyph.c == ' ').count();
                }
                out.extend([own(c), own(c)]);
            }
            None => out.extend(glyphs.iter().skip(place).take(length)),
        }
        place += length;
    }
    out
}

fn is_alike(first: char, other: char) -> bool {
    "….。—-".contains(first) && other == first
}

/// What a run of so many of a character becomes, twice.
fn whole(c: char, length: usize, (left, right): (Option<char>, Option<char>)) -> Option<char> {
    let either = is_chinese(left) || right.is_some_and(is_han_char);
    match c {
        '…' if either => Some('…'),
        '.' | '。' if length >= 3 && either => Some('…'),
        '—' if left.is_some_and(is_han_char) || right.is_some_and(is_han_char) => Some('—'),
        '-' if length >= 2 && is_chinese(left) && right.is_some_and(is_han_char) => Some('—'),
        _ => None,
    }
}
