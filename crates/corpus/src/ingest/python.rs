//! Literals as Python prints them: tools in Python write lists into CSV that way.

use serde_json::{Map, Value};

/// Lists in lists that are followed.
const DEEPEST: usize = 8;

/// Reads `['a', "it's", {'id': 1, 'name': None}]`; nothing unless all of it is one literal.
pub(super) fn literal(text: &str) -> Option<Value> {
    let (value, rest) = value(text, DEEPEST)?;
    rest.trim_start().is_empty().then_some(value)
}

/// A value, and what stands behind it.
fn value(text: &str, depth: usize) -> Option<(Value, &str)> {
    let text = text.trim_start();
    let rest = text.get(1..);
    match text.chars().next()? {
        '[' => list(rest?, depth.checked_sub(1)?),
        '{' => dict(rest?, depth.checked_sub(1)?),
        quote @ ('\'' | '"') => string(rest?, quote).map(|(string, rest)| (string.into(), rest)),
        _ => word(text),
    }
}

fn list(mut rest: &str, depth: usize) -> Option<(Value, &str)> {
    let mut items = Vec::new();
    loop {
        if let Some(after) = rest.trim_start().strip_prefix(']') {
            return Some((items.into(), after));
        }
        let (item, after) = value(rest, depth)?;
        items.push(item);
        rest = separated(after, ']')?;
    }
}

fn dict(mut rest: &str, depth: usize) -> Option<(Value, &str)> {
    let mut fields = Map::new();
    loop {
        if let Some(after) = rest.trim_start().strip_prefix('}') {
            return Some((fields.into(), after));
        }
        let (key, after) = value(rest, depth)?;
        let (item, after) = value(after.trim_start().strip_prefix(':')?, depth)?;
        fields.insert(key.as_str()?.to_owned(), item);
        rest = separated(after, '}')?;
    }
}

/// Behind the comma, or at the end.
fn separated(rest: &str, end: char) -> Option<&str> {
    let rest = rest.trim_start();
    rest.strip_prefix(',').or_else(|| rest.starts_with(end).then_some(rest))
}

fn word(text: &str) -> Option<(Value, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"+-._".contains(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let value = match word {
        "None" => Value::Null,
        "True" => true.into(),
        "False" => false.into(),
        number => number.parse::<serde_json::Number>().ok()?.into(),
    };
    Some((value, rest))
}

/// What stands before the closing quote, and what behind it.
fn string(text: &str, quote: char) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '\\' => read.push(escaped(&mut chars)?),
            c if c == quote => return Some((read, chars.as_str())),
            c => read.push(c),
        }
    }
}

fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match chars.next()? {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        c => return Some(c),
    };
    let (code, rest) = chars.as_str().split_at_checked(digits)?;
    *chars = rest.chars();
    char::from_u32(u32::from_str_radix(code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Value) {
        assert_eq!(literal(text).as_ref(), Some(expected), "{text}");
    }

    #[test]
    fn literals_are_read() {
        check(
            "['a', \"it's\", 'b\\'c', '中\\n\\u200d\\xe9\\U0001f600']",
            &json!(["a", "it's", "b'c", "中\n\u{200d}é😀"]),
        );
        check("[]", &json!([]));
        check("[ ['a',], {} ]", &json!([["a"], {}]));
        check(
            "[{'id': 12, 'name': None, 'ok': True, 'x': -1.5}]",
            &json!([{"id": 12, "name": null, "ok": true, "x": -1.5}]),
        );
    }

    #[test]
    fn what_is_none_is_left_alone() {
        for text in [
            "",
            "[",
            "['a'",
            "['a' 'b']",
            "[sic]",
            "['a'] b",
            "['\\ud800']",
            "['\\u中']",
            "{1: 2}",
            &"[".repeat(50),
        ] {
            assert_eq!(literal(text), None, "{text}");
        }
    }
}
