//! What starts with a mark: hashtags, cashtags, mentions and lists.

use std::sync::LazyLock;

use memchr::{memchr3, memmem};
use regex::Regex;

use super::{Entity, Kind, around, is_accented_latin, run};

const LONGEST_NAME: usize = 20;
const LONGEST_LIST: usize = 25;
const LONGEST_SYMBOL: usize = 6;
/// Of the class of a share or an exchange: `BRK.B`.
const LONGEST_SUFFIX: usize = 2;

/// Letters and their marks, decimal digits, and signs that are part of words in some script.
macro_rules! tag_chars {
    () => {
        r"\p{L}\p{M}\p{Nd}_\x{200c}\x{200d}\x{a67e}\x{5be}\x{5f3}\x{5f4}\x{ff5e}\x{301c}\x{309b}\x{309c}\x{30a0}\x{30fb}\x{3003}\x{f0b}\x{f0c}\x{b7}"
    };
}

/// A tag has a letter.
#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static HASHTAG: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = concat!(r"\A[", tag_chars!(), r"]*[\p{L}\p{M}][", tag_chars!(), "]*");
    Regex::new(pattern).expect("the hashtag pattern is valid")
});

#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static TAG_CHAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(r"\A[", tag_chars!(), "]")).expect("the pattern of a tag's letter is valid")
});

/// Finds all that starts with a mark, also inside of links.
pub(super) fn find(text: &str) -> Vec<Entity> {
    let mut tags = Vec::new();
    if !has_mark(text.as_bytes()) {
        return tags;
    }
    let mut from = 0;
    while let Some(at) = next_mark(text, from) {
        let tag = tag(text, at);
        from = tag.as_ref().map_or(at + 1, |tag| tag.range.end);
        tags.extend(tag);
    }
    tags
}

/// Most texts have none: this look is much faster than the one for the place of each.
fn has_mark(text: &[u8]) -> bool {
    let wide = |mark: &str| memmem::find(text, mark.as_bytes()).is_some();
    memchr3(b'#', b'$', b'@', text).is_some() || wide("＃") || wide("＠")
}

fn next_mark(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'#' | b'$' | b'@' | 0xef))?;
        // All full-width signs start with the same byte.
        let wide = bytes.get(at) == Some(&0xef);
        if !wide || around(text, at).1.starts_with(['＃', '＠']) {
            return Some(at);
        }
        at += 1;
    }
}

fn tag(text: &str, at: usize) -> Option<Entity> {
    let (before, marked) = around(text, at);
    let mark = marked.chars().next()?;
    let body = around(marked, mark.len_utf8()).1;
    let (kind, length) = match mark {
        '#' | '＃' => (Kind::Hashtag, hashtag(before, body)?),
        '$' => (Kind::Cashtag, cashtag(before, body)?),
        _ => mention(before, body)?,
    };
    Some(Entity { kind, range: at..at + mark.len_utf8() + length })
}

fn hashtag(before: &str, body: &str) -> Option<usize> {
    // A selector may be a mark inside a tag, but before one it ends an emoji; after `#` it makes an emoji of that.
    let selector = |c| matches!(c, '\u{fe0e}' | '\u{fe0f}');
    let bounded = before.chars().next_back().is_none_or(|c| selector(c) || !is_tag_char(c));
    if !bounded || body.starts_with(['\u{fe0f}', '\u{20e3}']) {
        return None;
    }
    let length = HASHTAG.find(body)?.end();
    let after = around(body, length).1;
    (!after.starts_with(['#', '＃']) && !after.starts_with("://")).then_some(length)
}

/// Also `&`, which starts `&#39;`.
fn is_tag_char(c: char) -> bool {
    if c.is_ascii() { is_name_char(c) || c == '&' } else { TAG_CHAR.is_match(c.encode_utf8(&mut [0; 4])) }
}

fn cashtag(before: &str, body: &str) -> Option<usize> {
    let opens = |c: char| {
        let touches = !c.is_ascii() && !is_accented_latin(c);
        c.is_whitespace() || touches || matches!(c, '(' | '[' | '{' | '"' | '\'')
    };
    let closes =
        |end| !around(body, end).1.starts_with(|c: char| c.is_ascii_alphanumeric() || is_accented_latin(c));
    let symbol = run(body, |c| c.is_ascii_alphabetic());
    let fits = before.chars().next_back().is_none_or(opens) && (1..=LONGEST_SYMBOL).contains(&symbol);
    let suffixed = symbol + suffix(around(body, symbol).1);
    [suffixed, symbol].into_iter().find(|end| fits && closes(*end))
}

fn suffix(text: &str) -> usize {
    let letters = text.strip_prefix(['.', '_']).map_or(0, |suffix| run(suffix, |c| c.is_ascii_alphabetic()));
    if (1..=LONGEST_SUFFIX).contains(&letters) { 1 + letters } else { 0 }
}

fn mention(before: &str, body: &str) -> Option<(Kind, usize)> {
    let name = run(body, is_name_char);
    if !is_addressed(before) || !(1..=LONGEST_NAME).contains(&name) {
        return None;
    }
    let list = list(around(body, name).1);
    let after = around(body, name + list).1;
    // An address or a longer name.
    let goes_on =
        after.starts_with("://") || after.starts_with(|c| matches!(c, '@' | '＠') || is_accented_latin(c));
    let kind = if list > 0 { Kind::List } else { Kind::Mention };
    (!goes_on).then_some((kind, name + list))
}

/// Whether a mention may follow: after a word no, unless that is `RT`.
fn is_addressed(before: &str) -> bool {
    let closed = |c: char| is_name_char(c) || matches!(c, '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠');
    if !before.ends_with(closed) {
        return true;
    }
    let mut letters = before.chars().rev();
    let retweet =
        [letters.next(), letters.next()].map(|c| c.map(|c| c.to_ascii_lowercase())) == [Some('t'), Some('r')];
    retweet && letters.next().is_none_or(|c| !is_name_char(c) && !matches!(c, '+' | '~' | '.' | '-'))
}

/// Bytes of a list's name with its `/`.
fn list(text: &str) -> usize {
    let Some(name) = text.strip_prefix('/') else { return 0 };
    let letters = run(name, |c| is_name_char(c) || c == '-').min(LONGEST_LIST);
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { 1 + letters } else { 0 }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
