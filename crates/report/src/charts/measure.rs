//! How wide a text is in a font that nobody knows yet: the reader's.
//!
//! Widths are those of wide sans-serif faces, so that what fits here fits with most readers.

use unicode_width::UnicodeWidthChar;

/// Widths in thousandths of an em.
const HAN: u32 = 1000;
const EMOJI: u32 = 1400;
const BROAD: u32 = 950;
const CAPITAL: u32 = 720;
const USUAL: u32 = 600;
const SLIM: u32 = 340;

/// Width of a text in pixels, at this font size; rounded up.
pub(super) fn width(text: &str, size: u32) -> u32 {
    let thousandths: u32 = text.chars().map(thousandths).fold(0, u32::saturating_add);
    thousandths.saturating_mul(size).div_ceil(1000)
}

fn thousandths(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => SLIM,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => BROAD,
        'A'..='Z' | '&' | '#' | '$' | '+' | '=' => CAPITAL,
        '\u{1F000}'..='\u{1FAFF}' => EMOJI,
        _ if c.width() == Some(2) => HAN,
        _ if c.width() == Some(0) => 0,
        _ if c.is_ascii() => USUAL,
        // Accents and other scripts.
        _ => CAPITAL,
    }
}

/// A text that is no wider than `most` pixels; `…` stands for what was cut off.
pub(super) fn fit(text: &str, size: u32, most: u32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(width("…", size));
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size) > room {
            kept.pop();
            break;
        }
    }
    kept.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_is_one_em_and_latin_is_less() {
        assert_eq!(width("中文，", 16), 48);
        assert!((16 * 3..16 * 5).contains(&width("abcdef", 16)));
        assert!(width("WWWW", 10) > width("illi", 10) * 2);
    }

    #[test]
    fn what_does_not_fit_is_cut_and_fits() {
        for text in ["智能体时代的编程工具", "Claude Code、GPT-5.2 Pro", "👩‍💻👩‍💻👩‍💻👩‍💻", "W"]
        {
            for most in [40, 90, 400] {
                let cut = fit(text, 16, most);
                assert!(width(&cut, 16) <= most, "{cut}");
                assert!(cut == text || cut.ends_with('…'), "{cut}");
            }
        }
        assert_eq!(fit("Claude Code", 16, 400), "Claude Code");
    }
}
