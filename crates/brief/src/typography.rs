//! Chinese typography: a draft of a Chinese report as it is printed.
//!
//! The one place that puts spaces between Chinese and Latin, full-width marks, quotation marks and 万/亿. It runs before the
//! checker looks, so that what is published, in whatever form, is what was verified. What stands in quotation marks stays as it was written, and so
//! do addresses, handles and whatever has no Chinese beside it. Rules and their sources: `docs/typography.md`.

mod amounts;
mod dots;
mod marks;
mod quotes;
mod spaces;
#[cfg(test)]
mod tests;

use corpus::is_han_char;

use crate::{outline::Script, verify::DraftClaim};

/// Rounds until a text stays: a mark that became full-width may let its neighbour become so too.
const ROUNDS: usize = 8;

/// A text as it is printed. One without Chinese letters stays as it is; doing it twice changes nothing more.
pub fn typeset(text: &str) -> String {
    let mut text = text.to_owned();
    if text.contains(is_han_char) {
        for _ in 0..ROUNDS {
            let set = round(&text);
            if set == text {
                break;
            }
            text = set;
        }
    }
    text
}

fn round(text: &str) -> String {
    let marked = quotes::keep(&quotes::paired(text));
    let marked = marks::once(dots::runs(&marks::full_width(&marks::brackets(marked))));
    string(&spaces::between(&spaces::without_stray(&marked)))
}

/// A draft in the report's script as it is printed, with large amounts of its text in 万 and 亿 beside them.
pub(crate) fn printed(draft: &DraftClaim, script: Script) -> DraftClaim {
    match script {
        Script::Latin => draft.clone(),
        Script::Han => DraftClaim {
            lead: typeset(&draft.lead),
            // A bracket behind an amount changes the room around it.
            text: typeset(&amounts::beside(&typeset(&draft.text))),
            ..draft.clone()
        },
    }
}

/// A character, and whether it stays as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Glyph {
    c: char,
    kept: bool,
}

/// A character of our own.
fn own(c: char) -> Glyph {
    Glyph { c, kept: false }
}

fn string(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.c).collect()
}

/// The first character before a place that is no space.
fn before(glyphs: &[Glyph], place: usize) -> Option<char> {
    glyphs.get(..place)?.iter().rev().map(|glyph| glyph.c).find(|c| *c != ' ')
}

/// The first character from a place on that is no space.
fn after(glyphs: &[Glyph], place: usize) -> Option<char> {
    glyphs.get(place..)?.iter().map(|glyph| glyph.c).find(|c| *c != ' ')
}

/// Chinese letters, and the marks that only stand beside them.
fn is_chinese(c: Option<char>) -> bool {
    c.is_some_and(|c| is_han_char(c) || is_wide(c))
}

/// Marks that bring their own room with them.
fn is_wide(c: char) -> bool {
    "，。；：、！？（）《》〈〉「」『』【】“”".contains(c)
}
