//! Dates as a mapping describes them; the usual ways stand in `fields`.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Utc};
use sonic_rs::JsonValueTrait;

use super::{
    fields::{date, date_of, has_usual_year},
    json::Json,
};

/// How a shape writes its dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dates<'p> {
    /// In chrono's letters, where it is none of the usual ways.
    pub(crate) format: Option<&'p str>,
    /// The zone of dates that name none; `None` is UTC.
    pub(crate) offset: Option<FixedOffset>,
}

impl Dates<'_> {
    /// The usual ways, in UTC.
    pub(super) const USUAL: Self = Self { format: None, offset: None };

    pub(super) fn read(self, value: &Json) -> Option<DateTime<Utc>> {
        match (self.format, self.offset, value.as_str()) {
            (Some(format), _, Some(text)) => self.formatted(text.trim(), format).filter(has_usual_year),
            // A date that has a zone of its own is none any more with a second one behind it.
            (None, Some(offset), Some(text)) => {
                date(&format!("{}{offset}", text.trim())).or_else(|| date_of(value))
            }
            _ => date_of(value),
        }
    }

    /// A day without a time is its beginning.
    fn formatted(self, text: &str, format: &str) -> Option<DateTime<Utc>> {
        if let Ok(zoned) = DateTime::parse_from_str(text, format) {
            return Some(zoned.to_utc());
        }
        let day = || NaiveDate::parse_from_str(text, format).map(|day| day.and_time(NaiveTime::MIN));
        let bare = NaiveDateTime::parse_from_str(text, format).or_else(|_| day()).ok()?;
        let offset = self.offset.unwrap_or_else(|| Utc.fix());
        bare.and_local_timezone(offset).single().map(|date| date.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: &str, offset: &str, text: &str, expected: Option<&str>) {
        let dates = Dates { format: Some(format).filter(|f| !f.is_empty()), offset: offset.parse().ok() };
        let found = dates.read(&Json::from(text)).map(|date| date.format("%F %T").to_string());
        assert_eq!(found.as_deref(), expected, "{text} by `{format}` {offset}");
    }

    #[test]
    fn a_format_may_have_a_zone_or_not() {
        let minute = Some("2026-03-08 21:05:00");
        check("%d/%m/%Y %H:%M", "", "08/03/2026 21:05", minute);
        check("%d/%m/%Y %H:%M", "+08:00", " 09/03/2026 05:05", minute);
        check("%d/%m/%Y %H:%M %z", "", "09/03/2026 05:05 +0800", minute);
        check("%d/%m/%Y %H:%M %z", "+01:00", "09/03/2026 05:05 +0800", minute);
        check("%Y年%m月%d日", "", "2026年3月8日", Some("2026-03-08 00:00:00"));
        check("%d/%m/%Y %H:%M", "", "2026-03-08 21:05", None);
    }

    #[test]
    fn a_year_has_four_digits() {
        check("%Y/%m/%d", "", "+12024/01/01", None);
        check("%Y/%m/%d", "+08:00", "0/01/01", None);
        check("%Y/%m/%d", "-08:00", "+262142/12/31", None);
    }

    #[test]
    fn an_offset_is_for_dates_without_a_zone() {
        check("", "+08:00", "2026-03-09 05:05", Some("2026-03-08 21:05:00"));
        check("", "+08:00", "2026-03-08T21:05:00Z", Some("2026-03-08 21:05:00"));
        check("", "+08:00", "1773003900", Some("2026-03-08 21:05:00"));
    }
}
