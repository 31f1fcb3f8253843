//! Bytes to JSON values, forgiving what real exports get wrong: bytes that are no UTF-8 and halves of surrogate pairs.

use std::borrow::Cow;

use serde_json::Value;

/// All values of one piece of a file, and what stopped the parser if it did not reach the end.
pub(super) fn parse(bytes: &[u8]) -> (Vec<Value>, Option<serde_json::Error>) {
    let text = String::from_utf8_lossy(bytes);
    let (values, error) = values(&text);
    if error.is_none() {
        return (values, None);
    }
    match mend_surrogates(&text) {
        Cow::Borrowed(_) => (values, error),
        Cow::Owned(mended) => self::values(&mended),
    }
}

fn values(text: &str) -> (Vec<Value>, Option<serde_json::Error>) {
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter() {
        match value {
            Ok(value) => found.push(value),
            Err(error) => return (found, Some(error)),
        }
    }
    (found, None)
}

/// JavaScript writes half an emoji as `\ud83d`, which is no character; it becomes U+FFFD, and the tweet is kept.
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
    }
}
