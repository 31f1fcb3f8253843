//! A text in parts that a service takes: cut between lines, and a field that is too long for any line cut with `…`.

use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::escape::Escape;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Bytes of the text within a JSON string.
    JsonBytes,
    /// Units of UTF-16: never fewer than characters.
    Utf16,
}

impl Unit {
    /// The size of a text. That of two texts together is the sum.
    pub(crate) fn size(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::JsonBytes => serde_json::to_string(text).map_or(usize::MAX, |json| json.len() - 2),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }
}

/// The number behind a part: `(99/99)` and an empty line, in any unit.
const NUMBER_ROOM: usize = 13;
/// More would be a flood.
const MAX_PARTS: usize = 20;

/// The most that a line may have.
pub(crate) fn line_room(limit: usize) -> usize {
    if limit == 0 { usize::MAX } else { limit.saturating_sub(NUMBER_ROOM) }
}

/// The text in parts of at most `limit`, numbered when there are several; `None` when a line is longer than that, or there
/// would be too many.
pub(crate) fn parts(text: &str, unit: Unit, limit: usize) -> Option<Vec<String>> {
    if limit == 0 || unit.size(text) <= limit {
        return Some(vec![text.to_owned()]);
    }
    let room = line_room(limit);
    let mut parts: Vec<Part> = Vec::new();
    for line in text.lines() {
        let size = unit.size(line);
        if size > room {
            return None;
        }
        match parts.last_mut() {
            Some(part) if part.size + unit.size("\n") + size <= room => part.push(line, unit),
            _ => parts.push(Part { lines: vec![line], size }),
        }
    }
    let texts: Vec<String> = parts.iter().map(Part::text).filter(|text| !text.is_empty()).collect();
    let all = texts.len();
    let numbered = |(place, text)| format!("{text}\n\n({place}/{all})");
    (all <= MAX_PARTS).then(|| (1..).zip(texts).map(numbered).collect())
}

struct Part<'a> {
    lines: Vec<&'a str>,
    size: usize,
}

impl<'a> Part<'a> {
    fn push(&mut self, line: &'a str, unit: Unit) {
        self.size += unit.size("\n") + unit.size(line);
        self.lines.push(line);
    }

    /// Without the empty lines at its ends.
    fn text(&self) -> String {
        self.lines.join("\n").trim_matches('\n').to_owned()
    }
}

/// The field, or its beginning with `…` when it has more than `room` as escaped; cut between characters as people see them.
pub(crate) fn cut(text: &str, escape: Escape, unit: Unit, room: usize) -> String {
    let fits = |text: &str| unit.size(&escape.apply(text)) <= room;
    if fits(text) {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.grapheme_indices(true).map(|(place, _)| place).collect();
    let beginning = |end: usize| format!("{}…", text.get(..end).unwrap_or_default().trim_end());
    let fitting = ends.partition_point(|end| fits(&beginning(*end)));
    ends.get(fitting.saturating_sub(1)).map_or_else(String::new, |end| beginning(*end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const UNITS: [Unit; 3] = [Unit::Bytes, Unit::JsonBytes, Unit::Utf16];

    fn said(parts: &[String]) -> Vec<String> {
        let lines = parts.iter().flat_map(|part| {
            let part = if parts.len() > 1 { part.rsplit_once("\n\n(").unwrap().0 } else { part };
            part.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        });
        lines.collect()
    }

    proptest! {
        #[test]
        fn all_lines_in_order_and_no_part_too_long(
            lines in prop::collection::vec("[a-z<>&\"\\\\中文，😀]{0,40}", 0..60), limit in 180_usize..600
        ) {
            let text = lines.join("\n");
            for unit in UNITS {
                let parts = parts(&text, unit, limit);
                let Some(parts) = parts else {
                    let long = lines.iter().any(|line| unit.size(line) > line_room(limit));
                    // Or there would be more than twenty parts.
                    prop_assert!(long || unit.size(&text) > 10 * (limit - NUMBER_ROOM));
                    continue;
                };
                prop_assert!(parts.iter().all(|part| unit.size(part) <= limit), "{parts:?}");
                let wanted: Vec<_> = lines.iter().filter(|line| !line.is_empty()).cloned().collect();
                prop_assert_eq!(said(&parts), wanted);
            }
        }

        #[test]
        fn a_cut_field_is_a_beginning_that_fits(text in "[a-z<>&\"*_中文😀👩‍💻é]{0,80}", room in 10_usize..80) {
            for escape in [Escape::Plain, Escape::Html, Escape::Slack, Escape::Discord, Escape::Markdown] {
                for unit in UNITS {
                    let short = cut(&text, escape, unit, room);
                    prop_assert!(unit.size(&escape.apply(&short)) <= room);
                    if short != text {
                        let beginning = short.strip_suffix('…').unwrap();
                        prop_assert!(text.starts_with(beginning));
                        prop_assert!(unit.size(&escape.apply(&text)) > room);
                    }
                }
            }
        }
    }

    #[test]
    fn a_cut_is_as_late_as_it_can_be() {
        assert_eq!(cut("中文中文", Escape::Plain, Unit::Bytes, 9), "中文…");
        assert_eq!(cut("中文中文", Escape::Plain, Unit::Bytes, 12), "中文中文");
        assert_eq!(cut("a<b<c", Escape::Html, Unit::Utf16, 7), "a<b…");
        assert_eq!(cut("👩‍💻👩‍💻", Escape::Plain, Unit::Utf16, 8), "👩‍💻…");
    }

    #[test]
    fn a_text_that_fits_has_no_number() {
        assert_eq!(parts("a\n\nb", Unit::Bytes, 4).unwrap(), ["a\n\nb"]);
        let long = format!("{}\n{}", "a".repeat(30), "b".repeat(30));
        let expected = [format!("{}\n\n(1/2)", "a".repeat(30)), format!("{}\n\n(2/2)", "b".repeat(30))];
        assert_eq!(parts(&long, Unit::Bytes, 45).unwrap(), expected);
        assert_eq!(parts(&long, Unit::Bytes, 42), None);
    }
}
