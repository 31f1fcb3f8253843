//! Text as people see it: entities decoded, links expanded, and nothing in it that does not show. What hides in a tweet
//! (bidi marks, zero-width and tag characters) could otherwise carry orders to the model or break the report.

use std::{borrow::Cow, sync::LazyLock};

use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization;

/// Characters that a text may have at most; X itself stops at 25,000.
const LONGEST_TEXT: usize = 64 * 1024;
/// Bytes of a text before it is cleaned: no clean text needs more, and a page may hold far longer ones.
const LONGEST_RAW: usize = 1 << 20;
/// Blank lines that may stand together.
const MOST_BLANK_LINES: usize = 2;
const SHORT_HOST: &str = "://t.co/";
static SHORT_FINDER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(SHORT_HOST));
const JOINER: char = '\u{200d}';

/// What a source knows about its text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Encoding<'a> {
    /// `&`, `<` and `>` are written as HTML entities.
    pub(crate) html: bool,
    /// Short links with what they stand for; `None` drops the link, as does a link that is not listed.
    pub(crate) links: &'a [(&'a str, Option<&'a str>)],
}

/// Cleans a text. Without `html`, cleaning what is clean changes nothing.
pub(crate) fn clean(raw: &str, encoding: Encoding<'_>) -> String {
    let raw = (0..4).find_map(|less| raw.get(..LONGEST_RAW - less)).unwrap_or(raw);
    let decoded = if encoding.html && raw.contains('&') {
        html_escape::decode_html_entities(raw)
    } else {
        Cow::Borrowed(raw)
    };
    let settled =
        is_settled(&decoded) && encoding.links.iter().all(|(_, long)| long.is_none_or(str::is_ascii));
    let composed =
        if settled { expand(&decoded, encoding.links) } else { settle(&decoded, encoding.links).into() };
    let tidy = tidy_lines(&composed);
    if tidy.len() <= LONGEST_TEXT {
        return tidy;
    }
    match tidy.char_indices().nth(LONGEST_TEXT).and_then(|(end, _)| tidy.get(..end)) {
        Some(cut) => cut.trim_end_matches(|c: char| c == JOINER || c.is_whitespace()).to_owned(),
        None => tidy,
    }
}

/// Whether each character stays as it is, whatever stands beside it. Nearly all tweets are settled, and most that are
/// not have an emoji of several parts.
fn is_settled(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    text.bytes().all(plain)
        || text.chars().all(|c| u8::try_from(c).is_ok_and(plain) || is_settled_beyond_ascii(c))
}

/// Blocks without marks that combine, or that hide: punctuation, kana, Han, full-width forms, emoji of one part.
fn is_settled_beyond_ascii(c: char) -> bool {
    matches!(c, '\u{2013}'..='\u{2014}' | '\u{2018}'..='\u{2019}' | '\u{201c}'..='\u{201d}' | '\u{2022}' | '\u{2026}')
        || matches!(c, '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fc}')
        || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' | '\u{1f300}'..='\u{1faff}')
}

fn settle(text: &str, links: &[(&str, Option<&str>)]) -> String {
    let lines_unified = text.replace("\r\n", "\n");
    let shown: Vec<char> = lines_unified.chars().filter_map(shown).collect();
    let marked = without_stray_marks(&shown);
    // A dropped link may leave a mark behind that had it as its base, and what is composed may be no emoji any more.
    let expanded: Vec<char> = expand(&marked, links).nfc().collect();
    without_stray_marks(&expanded).nfc().collect()
}

/// A clean text on one line: a display name, a tag.
pub(crate) fn clean_line(raw: &str) -> String {
    let is_line = raw.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_line && !raw.contains("  ") && !raw.contains(SHORT_HOST) && raw.len() <= LONGEST_TEXT {
        return raw.trim_matches(' ').to_owned();
    }
    let text = clean(raw, Encoding::default());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The character as it may stay; `None` for what does not show.
fn shown(c: char) -> Option<char> {
    match c {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\n' | '\t' | JOINER => Some(c),
        _ => (!c.is_control() && !is_hidden(c)).then_some(c),
    }
}

/// Whether a character does not show, other than controls and breaks of lines: fillers, bidi marks, zero-width and tag
/// characters, variation selectors but those for text and emoji, non-characters. The joiner of emoji is one.
pub fn is_hidden(c: char) -> bool {
    let filler = matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    let khmer_or_mongolian = matches!(c, '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}');
    let bidi =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let zero_width = matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}');
    let annotation = matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}');
    // All variation selectors but those for text (15) and emoji (16), and the tag characters.
    let selector = matches!(c, '\u{fe00}'..='\u{fe0d}' | '\u{e0000}'..='\u{e0fff}');
    let no_character = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    filler || khmer_or_mongolian || bidi || zero_width || annotation || selector || no_character
}

/// Keeps a joiner only between emoji (families, flags), and of several variation selectors the first.
fn without_stray_marks(shown: &[char]) -> String {
    let mut kept = String::with_capacity(shown.len());
    for (place, &c) in shown.iter().enumerate() {
        let before = kept.chars().next_back();
        let stays = match c {
            JOINER => before.is_some_and(joins) && shown.get(place + 1).copied().is_some_and(is_emoji),
            '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(takes_selector),
            _ => true,
        };
        kept.extend(stays.then_some(c));
    }
    kept
}

fn takes_selector(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{fe0e}' | '\u{fe0f}' | JOINER)
}

fn joins(c: char) -> bool {
    c == '\u{fe0f}' || is_emoji(c)
}

/// Generous: blocks that hold emoji, not the exact list.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}')
        || matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{20e3}')
}

fn expand<'a>(text: &'a str, links: &[(&str, Option<&str>)]) -> Cow<'a, str> {
    if next_short(text).is_none() {
        return text.into();
    }
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, short, after)) = next_short(rest) {
        expanded.push_str(before);
        let known = links.iter().find(|(written, _)| *written == short).and_then(|(_, long)| *long);
        rest = after;
        match known.filter(|long| next_short(long).is_none()) {
            Some(long) if long.bytes().all(|byte| byte.is_ascii_graphic()) => expanded.push_str(long),
            Some(long) => expanded.extend(long.chars().filter(|c| !c.is_whitespace()).filter_map(shown)),
            None => rest = join_after_drop(&mut expanded, after),
        }
    }
    expanded.push_str(rest);
    // What a link stands for may make a new one together with what stands around it.
    if next_short(&expanded).is_some() { expand(&expanded, &[]).into_owned().into() } else { expanded.into() }
}

/// Splits around the first `t.co` link.
pub(crate) fn next_short(text: &str) -> Option<(&str, &str, &str)> {
    let (before, link) = SHORT_FINDER.find_iter(text.as_bytes()).find_map(|at| {
        let scheme =
            ["https", "http"].iter().find(|scheme| text.get(..at).is_some_and(|t| t.ends_with(**scheme)))?;
        text.split_at_checked(at - scheme.len())
    })?;
    let host = link.find(SHORT_HOST)? + SHORT_HOST.len();
    let slug = link.bytes().skip(host).take_while(u8::is_ascii_alphanumeric).count();
    let (short, after) = link.split_at_checked(host + slug)?;
    Some((before, short, after))
}

/// What stood on both sides of a dropped link must neither grow together (into a new link, say) nor gape.
fn join_after_drop<'a>(before: &mut String, after: &'a str) -> &'a str {
    if before.chars().next_back().is_none_or(char::is_whitespace) {
        return after.strip_prefix(' ').unwrap_or(after);
    }
    let closed = after.chars().next().is_none_or(|next| {
        next.is_whitespace()
            || matches!(next, ')' | '）' | ']' | '」' | '，' | '。' | '、' | '！' | '？' | '；' | '…')
    });
    if !closed {
        before.push(' ');
    }
    after
}

/// No spaces at line ends, no runs of blank lines, nothing around the text.
fn tidy_lines(text: &str) -> String {
    if !text.contains('\n') {
        return text.trim().to_owned();
    }
    let mut tidy = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.trim().lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank <= MOST_BLANK_LINES {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(clean(raw, Encoding { html: true, links: &[] }), expected, "{raw:?}");
    }

    #[test]
    fn entities_are_decoded_once() {
        check("a &amp; b &lt;c&gt; &#39;d&quot;", "a & b <c> 'd\"");
        check("&amp;lt;script&amp;gt;", "&lt;script&gt;");
        check("AT&T &foo; &", "AT&T &foo; &");
        assert_eq!(clean("&amp;", Encoding::default()), "&amp;");
    }

    #[test]
    fn what_does_not_show_goes() {
        check("a\0b\u{7f}c\u{9b}d\u{1b}e", "abcde");
        check("\u{202e}a\u{2066}b\u{200f}c\u{61c}", "abc");
        check("模\u{200b}型\u{200c}发\u{2060}布\u{feff}", "模型发布");
        check("soft\u{ad}ware \u{3164}\u{115f}", "software");
        check("a\u{e0041}\u{e007f}b\u{e0100}c\u{fe00}", "abc");
        check("&#8238;a&#x200b;b", "ab");
    }

    #[test]
    fn emoji_keep_their_joiners() {
        for kept in ["👨‍👩‍👧", "❤️‍🔥", "🏳️‍🌈", "👩🏽‍💻", "1️⃣"] {
            check(kept, kept);
        }
        check("a\u{200d}b \u{200d}👩\u{200d}", "ab 👩");
        check("👩\u{200d}\u{200d}💻", "👩\u{200d}💻");
        check("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}");
    }

    #[test]
    fn lines_are_tidied() {
        check("  a \t\r\nb\u{3000}\rc\u{2028}d  ", "a\nb\nc\nd");
        check("a\n\n\nb\n \n\n\n\nc\n\n", "a\n\n\nb\n\n\nc");
        check("cafe\u{301}", "café");
        check("\n \u{200b}\n", "");
    }

    #[test]
    fn short_links_are_expanded_or_dropped() {
        let links = [
            ("https://t.co/a1", Some("https://example.org/?a=1&amp=2")),
            ("https://t.co/pic", None),
            ("https://t.co/loop", Some("https://t.co/x")),
        ];
        let check = |raw: &str, expected: &str| {
            assert_eq!(clean(raw, Encoding { html: true, links: &links }), expected, "{raw}");
        };
        check("see https://t.co/a1, now https://t.co/pic", "see https://example.org/?a=1&amp=2, now");
        check("见https://t.co/unknown，好", "见，好");
        check("见https://t.co/unknown好", "见 好");
        check("a http://t.co/x b", "a b");
        check("xhttp://t.co ftp://t.co/x", "xhttp://t.co ftp://t.co/x");
        check("(https://t.co/loop)", "()");
        check("https://t\u{200d}.co/x https://t.co/x\u{fe0f}\u{200d}❤", "❤");
        check("RT x: https://t.co/ab…", "RT x: …");
    }

    #[test]
    fn what_an_expanded_link_makes_with_its_neighbours_is_dropped() {
        let links = [
            ("https://t.co/a", Some("https://example.org/https:")),
            ("https://t.co/b", Some("ht\u{200b}tps://t.co/x")),
        ];
        for raw in ["https://t.co/a//t.co/b", "see https://t.co/b"] {
            let once = clean(raw, Encoding { html: true, links: &links });
            assert!(!once.contains(SHORT_HOST), "{once}");
            assert_eq!(clean(&once, Encoding::default()), once);
        }
    }

    #[test]
    fn a_joiner_stays_only_beside_what_is_an_emoji_once_it_is_composed() {
        check("\u{2329}\u{200d}👩", "\u{3008}👩");
        check("👩\u{200d}\u{2329}", "👩\u{3008}");
        check("e\u{200d}\u{301}", "é");
        let cut = format!("{}👩\u{200d}👩", "字".repeat(LONGEST_TEXT - 2));
        let once = clean(&cut, Encoding::default());
        assert_eq!(clean(&once, Encoding::default()), once);
    }

    #[test]
    fn the_length_has_an_end() {
        assert_eq!(clean(&"字".repeat(LONGEST_TEXT + 9), Encoding::default()).chars().count(), LONGEST_TEXT);
    }

    proptest! {
        #[test]
        fn clean_text_stays_as_it_is(raw in "(\\PC|[\r\n\t \u{200d}\u{fe0f}\u{202e}\u{301}\u{338}\u{2329}👩❤]|https://t\\.co/|t\\.co/a|https:/){0,40}") {
            let once = clean(&raw, Encoding::default());
            prop_assert_eq!(clean(&once, Encoding::default()), once);
        }
    }
}
