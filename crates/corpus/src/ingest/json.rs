//! Bytes to JSON values, forgiving what real exports get wrong: bytes that are no UTF-8 and halves of surrogate pairs.
//!
//! The parser is sonic-rs: a tree whose strings stay slices of one copy of the input, at the price of a typed struct.
//! It recurses without a limit, so what is nested too deep is refused before it sees it. Of a key that stands twice,
//! the first counts.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use sonic_rs::JsonContainerTrait;

use super::balance::Balance;

/// A parsed value.
pub(crate) type Json = sonic_rs::Value;

/// Brackets that may be open at the same time.
const DEEPEST: usize = 128;

/// All values of one piece of a file, and what stopped the parser if it did not reach the end.
pub(super) fn parse(bytes: &[u8]) -> (Vec<Json>, Option<String>) {
    if too_deep(bytes) {
        return (Vec::new(), Some(format!("nested deeper than {DEEPEST} levels")));
    }
    match sonic_rs::from_slice(bytes) {
        Ok(value) => (vec![value], None),
        Err(_) => parse_leniently(bytes),
    }
}

/// Several values in a row; JavaScript's half emoji (`\ud83d`) and bytes that are no UTF-8 become U+FFFD. `serde_json`
/// says where a value ends.
fn parse_leniently(bytes: &[u8]) -> (Vec<Json>, Option<String>) {
    let text = String::from_utf8_lossy(bytes);
    let text = mend_surrogates(&text);
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
    let (mut found, mut start) = (Vec::new(), 0);
    while let Some(whole) = values.next() {
        let written = text.get(start..values.byte_offset()).unwrap_or_default();
        start = values.byte_offset();
        let value = whole.map_err(|error| error.to_string());
        match value.and_then(|_| sonic_rs::from_str(written).map_err(|error| error.to_string())) {
            Ok(value) => found.push(value),
            Err(error) => return (found, Some(error)),
        }
    }
    (found, None)
}

/// Half an emoji is no character; it becomes U+FFFD, and the tweet is kept.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some((plain, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        mended.push_str(plain);
        let (length, lone) = escape_length(escape);
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        mended.push_str(if lone { "\\ufffd" } else { kept });
        changed |= lone;
        rest = after;
    }
    mended.push_str(rest);
    if changed { Cow::Owned(mended) } else { Cow::Borrowed(text) }
}

/// Bytes of the escape at the start of `text` (a whole pair counts as one), and whether it is half a pair.
fn escape_length(text: &str) -> (usize, bool) {
    let unit = |at: usize| -> Option<u16> {
        let hex = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(hex, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, false),
        (Some(0xd800..=0xdfff), _) => (6, true),
        (Some(_), _) => (6, false),
        // The character after a backslash may be longer than a byte in broken input.
        (None, _) => (text.chars().take(2).map(char::len_utf8).sum(), false),
    }
}

/// A record of a tweet has a few dozen brackets: counting them all is far cheaper than following them.
fn too_deep(bytes: &[u8]) -> bool {
    let brackets = memchr::memchr2_iter(b'{', b'[', bytes).take(DEEPEST + 1).count();
    brackets > DEEPEST && Balance::default().scan(bytes).deepest() > DEEPEST
}

/// A value as a message shows it: nothing of what nests, for that may go deep.
pub(super) fn shown(value: &Json) -> String {
    match (value.as_array(), value.as_object()) {
        (Some(items), _) => format!("a list of {}", items.len()),
        (_, Some(fields)) => format!("an object of {}", fields.len()),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &[u8], expected: &[&str], broken: bool) {
        let (values, error) = parse(input);
        let found: Vec<String> = values.iter().map(ToString::to_string).collect();
        assert_eq!((found, error.is_some()), (expected.iter().map(ToString::to_string).collect(), broken));
    }

    #[test]
    fn values_are_read_one_after_the_other() {
        check(br#"{"a":1}"#, &[r#"{"a":1}"#], false);
        check(b"{}{} [1]", &["{}", "{}", "[1]"], false);
        check(b"{} oops", &["{}"], true);
        check(br#"{"a":"#, &[], true);
        check(b"[1,]", &[], true);
        check(b"NaN", &[], true);
    }

    #[test]
    fn of_a_key_that_stands_twice_the_first_counts() {
        for twice in [r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2,"b":"\ud83d"}"#, r#"{"a":1,"a":2}{}"#] {
            let (values, error) = parse(twice.as_bytes());
            assert_eq!((values[0]["a"].to_string(), error), ("1".into(), None), "{twice}");
        }
    }

    #[test]
    fn halves_of_pairs_become_the_replacement_character() {
        check(br#"["a\ud83d"]"#, &["[\"a\u{fffd}\"]"], false);
        check(br#"["\uDE00b"]"#, &["[\"\u{fffd}b\"]"], false);
        check(br#"["\ud83d\ud83d\ude00"]"#, &["[\"\u{fffd}😀\"]"], false);
        check(br#"["\\ud83d \ud83d"]"#, &["[\"\\\\ud83d \u{fffd}\"]"], false);
        check("[\"\\é\"]".as_bytes(), &[], true);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced() {
        check(b"[\"a\xff\xfe\"]", &["[\"a\u{fffd}\u{fffd}\"]"], false);
    }

    #[test]
    fn nesting_is_limited() {
        check("[".repeat(200_000).as_bytes(), &[], true);
        check(format!("{}{}", "[".repeat(129), "]".repeat(129)).as_bytes(), &[], true);
        let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
        check(deep.as_bytes(), &[&deep], false);
        let wide = format!("[{}{{}}]", "[],".repeat(500));
        check(wide.as_bytes(), &[&wide], false);
    }
}
