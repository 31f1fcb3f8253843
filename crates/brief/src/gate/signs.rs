//! What the gate looks for in a text, whatever the report's language.

use std::sync::LazyLock;

use corpus::is_han_char;
use regex::Regex;

use crate::pattern::pattern;

/// The most of a text's letters that may be of another script than the report's.
const MOST_FOREIGN: f64 = 0.2;

/// Without the endings of names such as `Z.ai`, `Node.js` or `main.py`, unless a scheme or a path makes them an address.
pub(super) static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?i:[a-z][a-z0-9+.-]*://) | (?i:(?-u:\b)www\.) | //[a-z0-9-]+\.[a-z] | (?i:javascript|vbscript|mailto|data:[a-z]+/)[:;,]
        | (?i:[a-z0-9-]+\.)+(?:com|net|org|edu|gov|cn|info|biz|xyz|top|shop|site|online|store|club|vip|link|click|live|win|loan|fun|icu|me|cc|ru|tk|ws|gg|ly|example|test|onion)(?-u:\b)
        | (?i:[a-z0-9-]+\.)+(?:ai|io|app|dev|co|sh)/[^\s]
        | [\w.+-]+@[A-Za-z0-9-]+\.[A-Za-z] | (?:\+\d{1,3}[\ -]?)?1[3-9]\d{9} | \d{1,3}(?:\.\d{1,3}){3}:\d",
    )
});
pub(super) static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) !\[ | \]\( | \]\s?\[ | \]: | \*\* | __ | ` | ~~ | ^\s*(?:\#|>|[-*+]\s|\d+\.\s) | [{}] | [:：]$ | (?:^|\s)~?/[a-z]
        | </?[A-Za-z] | <[!?|｜] | \$\$ | &(?:[A-Za-z]+|\#\w+); | \\[A-Za-z(\[] | \|[^|]*\| | -{3} | \[\s*\x22 | \x22\s*:",
    )
});
pub(super) static ENCODED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"[A-Za-z0-9+/=_-]{41,}|(?:%[0-9A-Fa-f]{2}){3,}|(?:[0-9A-Fa-f]{2}[ :]){8,}|(?:[01]{8} ?){3,}")
});
pub(super) static REMARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) </?\s?(?:think|thinking|reasoning|answer|tool|function) | \[/?INST\] | <[|｜] | (?:^|\n)\s*(?:system|assistant|user|human)\s?[:：]
        | (?-u:\b)(?:tool_calls?|function_calls?|finish_reason)(?-u:\b)",
    )
});
pub(super) static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"“[^”]*”|「[^」]*」|『[^』]*』|"[^"]*""#));
pub(super) static NO_WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[@＠$#]\w+"));
pub(super) static SPEAKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"[@＠][A-Za-z0-9_]{2,}"));

/// Letters of other scripts where they are many, or stand in a word beside Latin ones to look like these.
pub(super) fn foreign(text: &str) -> Option<String> {
    let mixed = text.split(|c: char| !c.is_alphabetic() || is_han_char(c)).find(|word| {
        word.chars().any(|c| c.is_ascii_alphabetic())
            && word.chars().any(|c| matches!(c, '\u{370}'..='\u{58f}') && c != 'μ')
    });
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let others: String = letters.iter().filter(|c| !is_han_char(**c) && !is_latin(**c)).collect();
    let many = others.chars().count() as f64 > MOST_FOREIGN * letters.len() as f64;
    mixed.map(str::to_owned).or_else(|| many.then_some(others))
}

fn is_latin(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{aa}' | '\u{b5}' | '\u{ba}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff5a}')
}

/// What does not show, wherever it stands: a claim has no use for it.
pub(super) fn is_hidden(c: char) -> bool {
    let is_break = matches!(c, '\u{2028}' | '\u{2029}');
    (c.is_control() && c != '\n') || is_break || c == '\u{fe0e}' || corpus::is_hidden(c)
}

pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}')
}
