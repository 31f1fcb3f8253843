//! Reads single values as exports write them: ids and counts as numbers or strings, dates in a dozen spellings.

use std::{borrow::Cow, sync::LazyLock};

use chrono::{
    DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc,
    format::{self, Item, Parsed, StrftimeItems},
};
use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::{
    RejectReason,
    index::Fields,
    json::{Json, shown},
};
use crate::TweetId;

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
    pub(super) fn of(reason: RejectReason, place: &str, found: Option<&Json>) -> Self {
        let found = found.map_or_else(|| "nothing".into(), shown);
        Self::new(reason, format!("`{}` holds {found}", place.trim_start_matches('/')))
    }
}

/// The value at a JSON pointer (RFC 6901).
pub(super) fn pointer<'a>(record: impl Fields<'a>, path: &str) -> Option<&'a Json> {
    let mut path = path.strip_prefix('/')?;
    let mut found: Option<&'a Json> = None;
    loop {
        let end = path.bytes().position(|byte| byte == b'/');
        let key = end.and_then(|end| path.get(..end)).unwrap_or(path);
        found = Some(match found {
            None => step(record, key)?,
            Some(value) => step(value, key)?,
        });
        let Some(end) = end else { return found };
        path = path.get(end + 1..)?;
    }
}

fn step<'a>(value: impl Fields<'a>, key: &str) -> Option<&'a Json> {
    if key.bytes().any(|byte| byte == b'~') {
        return value.field(&key.replace("~1", "/").replace("~0", "~"));
    }
    value.field(key)
}

/// The value at the first of these pointers that has one other than `null`.
pub(super) fn first<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<&'a Json> {
    paths.iter().find_map(|path| pointer(record, path).filter(|value| !value.is_null()))
}

/// The value at the first of these pointers that has more than `null` or an empty text; failing that, the empty text.
pub(super) fn told<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<&'a Json> {
    let is_told = |value: &&Json| !value.is_null() && value.as_str() != Some("");
    let told = paths.iter().find_map(|path| pointer(record, path).filter(is_told));
    told.or_else(|| first(record, paths))
}

/// The object at the first of these pointers that has one with anything in it (some exports write `{}` for "none").
pub(super) fn object<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<&'a Json> {
    let is_object = |value: &&Json| value.as_object().is_some_and(|object| !object.is_empty());
    paths.iter().find_map(|path| pointer(record, path).filter(is_object))
}

/// The text at a JSON pointer; `None` for an empty one.
pub(super) fn text<'a>(record: impl Fields<'a>, path: &str) -> Option<&'a str> {
    pointer(record, path)?.as_str().filter(|text| !text.is_empty())
}

/// The text at the first of these pointers that has one.
pub(super) fn text_at<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<&'a str> {
    paths.iter().find_map(|path| text(record, path))
}

/// The text that an element of a list is, or holds at one of these pointers.
pub(super) fn text_in<'a>(item: &'a Json, paths: &[&str]) -> Option<&'a str> {
    item.as_str().or_else(|| text_at(item, paths))
}

/// The elements at a JSON pointer; nothing where there is no list (some exports write `null` or `{}`).
pub(super) fn list<'a>(record: impl Fields<'a>, path: &str) -> &'a [Json] {
    pointer(record, path).and_then(Json::as_array).map_or(&[], |array| array.as_slice())
}

/// The count at the first of these pointers that has one: a number, or a string of digits.
pub(super) fn count<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<u64> {
    paths.iter().find_map(|path| tally(pointer(record, path)?))
}

/// A count also as tables write it: `1,234`, and `12.0` where other rows of the column are empty.
pub(super) fn tally(value: &Json) -> Option<u64> {
    let whole = |number: f64| (number >= 0.0 && number.fract() == 0.0).then_some(number as u64);
    let written = |text: &str| {
        let text = text.trim();
        unsigned(text.strip_suffix(".0").unwrap_or(text)).or_else(|| grouped(text))
    };
    value.as_u64().or_else(|| value.as_f64().and_then(whole)).or_else(|| written(value.as_str()?))
}

/// Digits in groups of three.
fn grouped(text: &str) -> Option<u64> {
    let (first, rest) = text.split_once(',')?;
    let groups = (1..=3).contains(&first.len()) && rest.split(',').all(|group| group.len() == 3);
    groups.then(|| unsigned(&text.replace(',', ""))).flatten()
}

/// `parse` alone would take `+5`.
fn unsigned(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Yes or no at the first of these pointers that has it.
pub(super) fn truth<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<bool> {
    paths.iter().find_map(|path| yes_or_no(pointer(record, path)?))
}

/// A boolean, or as CSV writes one.
pub(super) fn yes_or_no(value: &Json) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    })
}

/// An id, from a string of digits or an integer. A float is an id that was rounded, and 0 is a placeholder.
pub(super) fn id(value: &Json) -> Option<TweetId> {
    value.as_u64().or_else(|| unsigned(value.as_str()?)).and_then(valid_id)
}

/// Ids are positive numbers of 63 bits.
fn valid_id(number: u64) -> Option<TweetId> {
    (1..=i64::MAX.cast_unsigned()).contains(&number).then_some(TweetId(number))
}

/// The id of another tweet, at the first of these pointers that has one; also as a link to its page.
pub(super) fn other_id<'a>(record: impl Fields<'a>, paths: &[&str]) -> Option<TweetId> {
    paths.iter().find_map(|path| {
        let value = pointer(record, path)?;
        id(value).or_else(|| id_of_page(value.as_str()?))
    })
}

/// The id of a record of X's own API. `id_str` goes before `id`: what JavaScript has touched is rounded.
pub(super) fn own_id<'a>(record: impl Fields<'a>) -> Result<TweetId, Refusal> {
    let written = text(record, "/id_str").and_then(|_| record.field("id_str")).or_else(|| record.field("id"));
    written.and_then(id).ok_or_else(|| Refusal::of(RejectReason::BadId, "id", written))
}

/// The number behind `/status/` in a link to a tweet (`/statuses/` in old ones); of Gnip's
/// `tag:search.twitter.com,2005:20` the last part.
pub(super) fn id_of_page(link: &str) -> Option<TweetId> {
    let rest = page(link).or_else(|| link.strip_prefix("tag:")?.rsplit_once(':'))?.1;
    unsigned(rest.split(['/', '?', '#']).next()?).and_then(valid_id)
}

/// The handle in a link to a tweet: `https://x.com/mei/status/20`.
pub(super) fn handle_of_page(link: &str) -> Option<&str> {
    let (before, _) = page(link)?;
    before.rsplit_once('/').and_then(|(_, name)| handle(name)).filter(|name| *name != "i" && *name != "web")
}

fn page(link: &str) -> Option<(&str, &str)> {
    link.rsplit_once("/status/").or_else(|| link.rsplit_once("/statuses/"))
}

/// Whether a link goes to a tweet on X itself, under any of its names.
pub(super) fn is_page(link: &str) -> bool {
    const HOSTS: [&str; 4] = ["twitter.com", "x.com", "www.twitter.com", "mobile.twitter.com"];
    let host = link.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    host.is_some_and(|host| HOSTS.contains(&host)) && id_of_page(link).is_some()
}

/// When a tweet was posted: the field if it can be read, else what the id tells.
pub(super) fn posted<'a>(
    record: impl Fields<'a>,
    field: &str,
    id: TweetId,
) -> Result<DateTime<Utc>, Refusal> {
    let written = record.field(field);
    written
        .and_then(|written| date(written.as_str()?))
        .or_else(|| id.time())
        .ok_or_else(|| Refusal::of(RejectReason::BadDate, field, written))
}

/// A date as text, or as seconds or milliseconds since 1970.
pub(super) fn date_of(value: &Json) -> Option<DateTime<Utc>> {
    let text = value.as_str();
    let number = value.as_u64().or_else(|| value.as_f64().map(|seconds| seconds as u64));
    number.or_else(|| unsigned(text?)).map_or_else(|| date(text?), since_1970)
}

/// Seconds up to the year 5138, else milliseconds.
fn since_1970(number: u64) -> Option<DateTime<Utc>> {
    let number = i64::try_from(number).ok()?;
    let date = if number < 100_000_000_000 {
        Utc.timestamp_opt(number, 0)
    } else {
        Utc.timestamp_millis_opt(number)
    };
    date.single().filter(is_of_twitter)
}

/// Before its first tweet there were none: such a date is a fault (seconds read as milliseconds, Go's year 1).
pub(super) fn is_of_twitter(date: &DateTime<Utc>) -> bool {
    const TWITTER_BEGAN: i64 = 1_142_974_200;
    date.timestamp() >= TWITTER_BEGAN
}

/// `Wed Jul 08 21:59:10 +0000 2026`, RFC 2822, or ISO 8601 with `T` or a space, with or without seconds and zone (then
/// UTC).
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    const ZONED: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    const BARE: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.as_bytes().get(4) != Some(&b'-') {
        return twitter_date(text)
            .or_else(|| DateTime::parse_from_rfc2822(text).ok())
            .map(|date| date.to_utc());
    }
    // `2019-11-07 16:59:59 UTC` and, as Go and Python write it, ` +0000`.
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let iso = if text.contains(' ') {
        Cow::Owned(text.replacen(' ', "T", 1).replace(' ', ""))
    } else {
        text.into()
    };
    let zoned = || ZONED.iter().find_map(|format| DateTime::parse_from_str(&iso, format).ok());
    let bare = || BARE.iter().find_map(|format| NaiveDateTime::parse_from_str(&iso, format).ok());
    zoned().map(|date| date.to_utc()).or_else(|| bare().map(|date| date.and_utc()))
}

/// Twitter's own way; the pattern is read once, for millions of dates.
fn twitter_date(text: &str) -> Option<DateTime<FixedOffset>> {
    static PATTERN: LazyLock<Vec<Item<'_>>> =
        LazyLock::new(|| StrftimeItems::new("%a %b %d %H:%M:%S %z %Y").collect());
    let mut parsed = Parsed::new();
    format::parse(&mut parsed, text, PATTERN.iter()).ok()?;
    parsed.to_datetime().ok()
}

/// A handle without `@`. Handles go into links, so nothing but letters, digits and `_` is one.
pub(super) fn handle(text: &str) -> Option<&str> {
    let name = text.trim().trim_start_matches(['@', '＠']);
    let fits = (1..=50).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then_some(name)
}

/// The platform's own mark of paid content, where the record has such a field.
pub(super) fn promoted<'a>(record: impl Fields<'a>) -> Option<bool> {
    let metadata = first(record, &["/promotedMetadata", "/promoted_metadata"]).map(|_| true);
    metadata.or_else(|| truth(record, &["/paid_partnership", "/promoted", "/is_promoted"]))
}

/// The video file with the highest rate among `variants`; streams (m3u8) are no link to show.
pub(super) fn best_variant(variants: &[Json]) -> Option<&str> {
    let rate = |variant: &&Json| count(*variant, &["/bitrate", "/bit_rate"]);
    let best = variants.iter().filter(|variant| rate(variant).is_some()).max_by_key(rate)?;
    text(best, "/url")
}

#[cfg(test)]
mod tests {
    use sonic_rs::json;

    use super::*;

    #[test]
    fn ids_are_exact_or_refused() {
        #[track_caller]
        fn check(record: &Json, expected: Option<u64>) {
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
        let tables = json!(["1,234", "12.0", 12.0, "1,234,567", "1,23", "1.5", 1.5, "1.2K", "12,345.6"]);
        let counts = (0..9).map(|place| count(&tables, &[&format!("/{place}")])).collect::<Vec<_>>();
        let expected = [Some(1234), Some(12), Some(12), Some(1_234_567), None, None, None, None, None];
        assert_eq!(counts, expected);
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
