//! What is left of a text when nothing in it can hide, reorder or break a line.

/// `text` without controls, bidi marks, zero-width, tag and filler characters and non-characters; every run of spaces, tabs
/// and line breaks is one space, none at the ends. A zero-width joiner stays between two emoji.
pub fn clean(text: &str) -> String {
    let mut seen = text.chars().filter(|&c| !is_hidden(c)).peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = seen.next() {
        match c {
            JOINER if !(out.ends_with(is_emoji) && seen.peek().copied().is_some_and(is_emoji)) => {}
            ' ' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
    }
    out.trim().to_owned()
}

const JOINER: char = '\u{200D}';

fn is_hidden(c: char) -> bool {
    let is_break = matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    c != JOINER && !is_break && (c.is_control() || corpus::is_hidden(c))
}

/// Roughly the characters that joiner sequences are made of: pictographs, symbols, skin tones, the emoji selector.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}')
}

/// `text` without what cannot be seen, its spaces and line breaks as they are: for places that keep these.
pub(crate) fn visible(text: &str) -> String {
    let mut seen = text.chars().filter(|&c| !is_hidden(c)).peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = seen.next() {
        match c {
            JOINER if !(out.ends_with(is_emoji) && seen.peek().copied().is_some_and(is_emoji)) => {}
            '\r' => {}
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            _ => out.push(c),
        }
    }
    out
}
