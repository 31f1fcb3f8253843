//! A space between Chinese and Latin, and none where it does not belong.

use corpus::is_han_char;

use super::{Glyph, is_wide, own};

/// Without spaces beside full-width marks and before `%` or `°`, and with one where there are several.
pub(super) fn without_stray(glyphs: &[Glyph]) -> Vec<Glyph> {
    let stray = |place: usize| {
        let left = place.checked_sub(1).and_then(|at| glyphs.get(at)).map(|glyph| glyph.c);
        let right = super::after(glyphs, place);
        let measured = left.is_some_and(|c| c.is_ascii_digit()) && right.is_some_and(is_degree);
        measured || left.is_some_and(is_wide) || right.is_some_and(is_wide) || left == Some(' ')
    };
    let kept = glyphs.iter().enumerate();
    kept.filter(|(place, glyph)| glyph.kept || glyph.c != ' ' || !stray(*place))
        .map(|(_, glyph)| *glyph)
        .collect()
}

fn is_degree(c: char) -> bool {
    matches!(c, '%' | '‰' | '°' | '℃' | '℉')
}

/// With a space between Chinese letters and Latin letters, figures and the signs that go with these.
pub(super) fn between(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len() + 16);
    for (place, glyph) in glyphs.iter().enumerate() {
        let next = glyphs.get(place + 1).map(|next| next.c);
        let joint = out.last().is_some_and(|last| {
            !(last.kept && glyph.kept)
                && (is_han_char(last.c) && begins_latin(glyph.c, next)
                    || ends_latin(last.c) && is_han_char(glyph.c))
        });
        if joint {
            out.push(own(' '));
        }
        out.push(*glyph);
    }
    out
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}') && c.is_alphabetic()
}

fn begins_latin(c: char, next: Option<char>) -> bool {
    let sign = matches!(c, '$' | '€' | '£' | '¥' | '@' | '#' | '+' | '-' | '~' | '≈' | '>' | '<');
    is_latin(c) || sign && next.is_some_and(|next| is_latin(next) || next == '$')
}

fn ends_latin(c: char) -> bool {
    is_latin(c) || matches!(c, '%' | '‰' | '°' | '℃' | '℉' | '+')
}
