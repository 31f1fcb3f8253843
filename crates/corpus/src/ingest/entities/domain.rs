//! Hosts: labels with dots between them and a known top-level domain at the end. The list of these is that of
//! twitter-text, of 2021, and `example`.

use std::{ops::Range, sync::LazyLock};

use idna::punycode;
use rustc_hash::FxHashSet;

use super::{around, is_accented_latin, run};

static TOP_LEVEL: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    include_str!("../../../data/tlds.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Characters of the longest top-level domain.
const LONGEST_TOP: usize = 18;
/// Bytes of a label as it goes into the DNS.
const LONGEST_LABEL: usize = 63;
const PUNYCODE: &str = "xn--";

/// A host that starts here, in any script.
pub(super) fn with_any_letters(text: &str, start: usize) -> Option<Range<usize>> {
    domain(text, start, |c| matches!(c, '-' | '_') || is_host_letter(c))
}

/// A host that starts here; only its top-level domain may have another script.
pub(super) fn in_latin(text: &str, start: usize) -> Option<Range<usize>> {
    domain(text, start, is_latin)
}

/// May be in a label of a bare host.
pub(super) fn is_latin(c: char) -> bool {
    c == '-' || c.is_ascii_alphanumeric() || is_accented_latin(c)
}

/// The longest of the hosts that start here.
fn domain(text: &str, start: usize, belongs: fn(char) -> bool) -> Option<Range<usize>> {
    let mut domain = None;
    let mut at = start;
    while let Some(label) = label(around(text, at).1, belongs) {
        at += label.len() + ".".len();
        // The name that is registered may not have the `_` that is allowed in names below it.
        let top = (!label.contains('_')).then(|| top_level(around(text, at).1)).flatten();
        domain = top.map(|length| start..at + length).or(domain);
    }
    domain
}

/// The label at the start of a text, if it is well formed and a dot follows.
fn label(text: &str, belongs: fn(char) -> bool) -> Option<&str> {
    let (label, after) = around(text, run(text, belongs));
    let edge = |c| matches!(c, '-' | '_');
    (after.starts_with('.') && !label.is_empty() && !label.starts_with(edge) && !label.ends_with(edge))
        .then_some(label)
}

/// Punctuation of any script, spaces and marks that do not show are no part of a host.
fn is_host_letter(c: char) -> bool {
    let general = matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}');
    let chinese = matches!(c, '、' | '。' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}');
    let wide = matches!(c, '！'..='／' | '：'..='＠' | '［'..='\u{ff40}' | '｛'..='\u{ff65}');
    let direction =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let hidden = direction || matches!(c, '\u{180e}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let punctuation = c.is_ascii_punctuation() || general || chinese || wide;
    !(punctuation || hidden || c.is_whitespace() || c.is_control())
}

/// Bytes of the top-level domain at the start of a text.
fn top_level(text: &str) -> Option<usize> {
    listed_top_level(text).or_else(|| {
        let code = around(text, PUNYCODE.len());
        let length = run(code.1, |c| c == '-' || c.is_ascii_alphanumeric());
        (code.0.eq_ignore_ascii_case(PUNYCODE) && length > 0).then_some(PUNYCODE.len() + length)
    })
}

/// The longest listed name after which a word ends: `com` of `com这里`, but nothing of `comm` and `com-x`.
fn listed_top_level(text: &str) -> Option<usize> {
    let mut longest = None;
    let mut name = String::new();
    for (at, c) in text.char_indices().take_while(|(_, c)| is_host_letter(*c)).take(LONGEST_TOP) {
        name.extend(c.to_lowercase());
        let end = at + c.len_utf8();
        let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '+' | '-');
        if !around(text, end).1.starts_with(goes_on) && TOP_LEVEL.contains(name.as_str()) {
            longest = Some(end);
        }
    }
    longest
}

/// Whether the DNS could know it.
pub(super) fn is_valid(domain: &str) -> bool {
    domain.split('.').all(|label| {
        if label.is_ascii() {
            return label.len() <= LONGEST_LABEL;
        }
        let coded =
            punycode::encode_str(label).is_some_and(|code| PUNYCODE.len() + code.len() <= LONGEST_LABEL);
        coded && !label.starts_with(PUNYCODE)
    })
}
