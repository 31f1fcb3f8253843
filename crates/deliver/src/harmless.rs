//! Text of others before it goes anywhere: one line, nothing hidden, and nothing that a chat program would turn into a link
//! or a call to somebody.
//!
//! Chat programs look for addresses and `@names` in plain text, which no escape of theirs prevents. A word joiner (U+2060),
//! which nobody sees, breaks these up.

const JOINER: char = '\u{2060}';

/// One line without control, direction and zero-width characters.
pub(crate) fn one_line(text: &str) -> String {
    let seen: String =
        text.chars().map(|c| if is_break(c) { ' ' } else { c }).filter(|c| !hides(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, in which no program finds a link or a mention.
pub(crate) fn harmless(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.push(c);
        if calls(before, c, rest.as_str()) {
            out.push(JOINER);
        }
        before = Some(c);
    }
    out
}

/// Whether a program might see an address or a name begin or go on behind `c`.
fn calls(before: Option<char>, c: char, rest: &str) -> bool {
    match c {
        '@' | '＠' => rest.starts_with(|next: char| !next.is_whitespace()),
        ':' => rest.starts_with("//"),
        // What follows the last dot of a domain has at least two letters; `5.2` stays as it is.
        '.' | '。' | '．' => {
            let letters = rest.chars().take_while(|next| next.is_alphabetic() && next.is_ascii()).count();
            before.is_some_and(char::is_alphanumeric) && letters >= 2
        }
        ']' => rest.starts_with('('),
        _ => false,
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Zero-width joiners stay: emoji are made with them.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_no_mention_no_second_line() {
        for (text, expected) in [
            ("a\r\nBcc: b\u{2028}c", "a Bcc: b c"),
            ("@all hi @ 5", "@\u{2060}all hi @ 5"),
            ("https://evil.example/x", "https:\u{2060}//evil.\u{2060}example/x"),
            ("see evil.com, v5.2, end.", "see evil.\u{2060}com, v5.2, end."),
            ("[a](b)", "[a]\u{2060}(b)"),
            ("a\u{202e}b\u{200b}c\u{2060}d\0", "abcd"),
            ("me@evil.com", "me@\u{2060}evil.\u{2060}com"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(harmless(text), expected);
        }
    }
}
