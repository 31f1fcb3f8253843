//! Reads single values as exports write them: ids and counts as numbers or strings, dates in five spellings.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::RejectReason;
use crate::{Author, TweetId};

/// Why a record is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: RejectReason,
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(reason: RejectReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// A refusal that names where the value was looked for, and the value.
    pub(super) fn of(reason: RejectReason, place: &str, found: Option<&Value>) -> Self {
        let found = found.map_or_else(|| "nothing".into(), ToString::to_string);
        Self::new(reason, format!("`{place}` holds {found}"))
    }
}

/// The text at a JSON pointer; `None` for an empty one.
pub(super) fn text<'a>(record: &'a Value, pointer: &str) -> Option<&'a str> {
    record.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// The elements at a JSON pointer; nothing where there is no list (some exports write `null` or `{}`).
pub(super) fn list<'a>(record: &'a Value, pointer: &str) -> &'a [Value] {
    record.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The value at the first of these pointers that has one other than `null`.
pub(super) fn first<'a>(record: &'a Value, pointers: &[&str]) -> Option<&'a Value> {
    pointers.iter().find_map(|pointer| record.pointer(pointer).filter(|value| !value.is_null()))
}

/// The count at the first of these pointers that has one: a number, or a string of digits.
pub(super) fn count(record: &Value, pointers: &[&str]) -> Option<u64> {
    pointers.iter().find_map(|pointer| match record.pointer(pointer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) => unsigned(digits),
        _ => None,
    })
}

/// `parse` alone would take `+5`.
fn unsigned(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// An id, from a string of digits or an integer. A float is an id that was rounded, and 0 is a placeholder.
pub(super) fn id(value: &Value) -> Option<TweetId> {
    let number = match value {
        Value::String(digits) => unsigned(digits),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    number.filter(|&number| number > 0).map(TweetId)
}

/// The id of another tweet, at the first of these pointers that has one.
pub(super) fn other_id(record: &Value, pointers: &[&str]) -> Option<TweetId> {
    pointers.iter().find_map(|pointer| id(record.pointer(pointer)?))
}

/// The id of a record. `id_str` goes before `id`: what JavaScript has touched is rounded.
pub(super) fn own_id(record: &Value) -> Result<TweetId, Refusal> {
    let written = text(record, "/id_str").and_then(|_| record.get("id_str")).or_else(|| record.get("id"));
    written.and_then(id).ok_or_else(|| Refusal::of(RejectReason::BadId, "id", written))
}

/// When a tweet was posted: the field if it can be read, else what the id tells.
pub(super) fn posted(record: &Value, field: &str, id: TweetId) -> Result<DateTime<Utc>, Refusal> {
    let written = record.get(field);
    written
        .and_then(Value::as_str)
        .and_then(date)
        .or_else(|| id.time())
        .ok_or_else(|| Refusal::of(RejectReason::BadDate, field, written))
}

/// `Wed Jul 08 21:59:10 +0000 2026`, or ISO 8601 with `T` or a space, with or without seconds and zone (then UTC).
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    const ZONED: [&str; 3] = ["%a %b %d %H:%M:%S %z %Y", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    const BARE: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let iso = if text.as_bytes().get(10) == Some(&b' ') && text.starts_with(|c: char| c.is_ascii_digit()) {
        text.replacen(' ', "T", 1)
    } else {
        text.to_owned()
    };
    let zoned = || ZONED.iter().find_map(|format| DateTime::parse_from_str(&iso, format).ok());
    let bare = || BARE.iter().find_map(|format| NaiveDateTime::parse_from_str(&iso, format).ok());
    zoned().map(|date| date.to_utc()).or_else(|| bare().map(|date| date.and_utc()))
}

/// A handle without `@`. Handles go into links, so nothing but letters, digits and `_` is one.
pub(super) fn handle(text: &str) -> Option<&str> {
    let name = text.trim().trim_start_matches(['@', '＠']);
    let fits = (1..=50).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then_some(name)
}

/// The author whose handle and name stand at these keys of `user`.
pub(super) fn author(user: &Value, handle_key: &str, name_key: &str) -> Result<Author, Refusal> {
    let written = user.get(handle_key);
    let handle = written
        .and_then(Value::as_str)
        .and_then(handle)
        .ok_or_else(|| Refusal::of(RejectReason::NoAuthor, handle_key, written))?;
    let name = user.get(name_key).and_then(Value::as_str).unwrap_or(handle);
    let followers = ["/followers_count", "/followersCount", "/public_metrics/followers_count"];
    Ok(Author { handle: handle.into(), name: name.into(), followers: count(user, &followers) })
}

/// The platform's own mark of paid content, where the record has such a field.
pub(super) fn promoted(record: &Value) -> Option<bool> {
    let metadata = first(record, &["/promotedMetadata", "/promoted_metadata"]).map(|_| true);
    metadata.or_else(|| first(record, &["/paid_partnership", "/promoted", "/is_promoted"])?.as_bool())
}

/// The video file with the highest rate among `variants`; streams (m3u8) are no link to show.
pub(super) fn best_variant(variants: &[Value]) -> Option<&str> {
    let rate = |variant: &&Value| count(variant, &["/bitrate", "/bit_rate"]);
    let best = variants.iter().filter(|variant| rate(variant).is_some()).max_by_key(rate)?;
    text(best, "/url")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_exact_or_refused() {
        #[track_caller]
        fn check(record: &Value, expected: Option<u64>) {
            assert_eq!(own_id(record).ok().map(|id| id.0), expected, "{record}");
        }
        check(&json!({"id": "2015203109400965595"}), Some(2_015_203_109_400_965_595));
        check(&json!({"id": 2_015_203_109_400_965_595_u64}), Some(2_015_203_109_400_965_595));
        check(
            &json!({"id": 2_015_203_109_400_965_600_u64, "id_str": "2015203109400965595"}),
            Some(2_015_203_109_400_965_595),
        );
        check(&json!({"id": 0, "id_str": "20"}), Some(20));
        check(&json!({"id": 20, "id_str": ""}), Some(20));
        check(&json!({"id": 20, "id_str": null}), Some(20));
        for bad in [
            json!(0),
            json!("0"),
            json!(1.5e18),
            json!("+5"),
            json!("1.8e18"),
            json!(-1),
            json!(null),
            json!("99999999999999999999"),
        ] {
            check(&json!({"id": bad}), None);
        }
        check(&json!({}), None);
    }

    #[test]
    fn counts_that_are_not_told_are_none() {
        let record =
            json!({"a": 12, "b": "34", "c": "", "d": null, "e": "EnabledWithCount", "f": -1, "g": 0});
        let counts =
            ["a", "b", "c", "d", "e", "f", "g", "h"].map(|key| count(&record, &[&format!("/{key}")]));
        assert_eq!(counts, [Some(12), Some(34), None, None, None, None, Some(0), None]);
        assert_eq!(count(&record, &["/c", "/b"]), Some(34));
    }

    #[test]
    fn dates_are_read_in_every_spelling() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(date(text).map(|date| date.to_rfc3339()).as_deref(), expected, "{text}");
        }
        let second = Some("2026-07-08T21:59:10+00:00");
        check("Wed Jul 08 21:59:10 +0000 2026", second);
        check("2026-07-08T21:59:10Z", second);
        check("2026-07-08T21:59:10.000Z", second);
        check("2026-07-08 21:59:10+00:00", second);
        check("2026-07-09T05:59:10+08:00", second);
        check("2026-07-08 21:59:10", second);
        check("2026-07-08T21:59:10.125Z", Some("2026-07-08T21:59:10.125+00:00"));
        check("2026-07-08T21:59+00:00", Some("2026-07-08T21:59:00+00:00"));
        check("2026-07-08T21:59Z", Some("2026-07-08T21:59:00+00:00"));
        for bad in ["", "yesterday", "2026-13-08T21:59:10Z", "2026-07-08", "公元2026 年"] {
            check(bad, None);
        }
    }

    #[test]
    fn a_missing_date_is_the_id_s_time() {
        let id = TweetId(2_015_203_109_400_965_595);
        for record in [json!({}), json!({"at": null}), json!({"at": ""}), json!({"at": "soon"})] {
            assert_eq!(posted(&record, "at", id).unwrap(), id.time().unwrap());
        }
        assert_eq!(posted(&json!({}), "at", TweetId(20)).unwrap_err().reason, RejectReason::BadDate);
    }

    #[test]
    fn a_handle_cannot_break_a_link() {
        assert_eq!(handle("@mei_01"), Some("mei_01"));
        for bad in ["", "@", "a/../b", "a b", "梅", "a)b"] {
            assert_eq!(handle(bad), None, "{bad}");
        }
    }

    #[test]
    fn paid_content_is_marked() {
        assert_eq!(promoted(&json!({})), None);
        assert_eq!(promoted(&json!({"paid_partnership": false})), Some(false));
        assert_eq!(promoted(&json!({"promoted": true})), Some(true));
        assert_eq!(promoted(&json!({"promotedMetadata": {"advertiser": 1}})), Some(true));
        assert_eq!(promoted(&json!({"promotedMetadata": null})), None);
    }
}
