//! A post's head: what its front matter says under which keys, and the same read again.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    front_matter::{Value, unquoted},
    lines::plain,
    post::{Extra, PostInput, PostSettings},
};

/// What may stand behind a key of the front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadField {
    /// The layout's name.
    Layout,
    /// The report's title.
    Title,
    /// The post's first heading, without markup.
    Heading,
    /// The line below the front matter.
    Intro,
    /// The time of the report's newest tweet.
    Time,
    /// The report's name and days.
    Slug,
    /// The address of the word cloud; without one the key is left out.
    Picture,
}

/// The keys with their values, in the order of the settings, `extra` behind them.
pub(crate) fn head(input: &PostInput<'_>) -> Vec<(String, Value)> {
    let text = |text: &str| Value::Text(text.to_owned());
    let value = |field: HeadField| match field {
        HeadField::Layout => Some(Value::Word(input.settings.layout.clone())),
        HeadField::Title => Some(text(&input.headings.title)),
        HeadField::Heading => Some(text(&input.headings.heading)),
        HeadField::Intro => Some(text(&input.headings.intro)),
        HeadField::Time => Some(text(input.time)),
        HeadField::Slug => Some(text(input.slug)),
        HeadField::Picture => input.picture.map(text),
    };
    let keys = input.settings.head.iter();
    let mut values: Vec<_> = keys.filter_map(|(key, field)| Some((key.clone(), value(*field)?))).collect();
    for (key, extra) in &input.settings.extra {
        let value = match extra {
            Extra::Text(one) => text(one),
            Extra::Flag(flag) => Value::Flag(*flag),
            Extra::List(list) => Value::List(list.clone()),
        };
        values.push((key.clone(), value));
    }
    values
}

/// What a published post says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostHead {
    /// Its first heading, as plain text; empty where it has none.
    pub heading: String,
    /// The time in its front matter, when there is one that can be read.
    pub time: Option<DateTime<FixedOffset>>,
    /// The day that a site generator takes from that time.
    pub day: Option<NaiveDate>,
}

impl PostHead {
    /// Of a post that was written with these settings.
    pub fn of(markdown: &str, settings: &PostSettings) -> Self {
        let key = settings.head.iter().find(|(_, field)| *field == HeadField::Time);
        let said = key.and_then(|(key, _)| value(markdown, key)).unwrap_or_default();
        let time = DateTime::parse_from_str(&said, &settings.time_format).ok();
        let day = time.map(|time| time.date_naive());
        Self { heading: heading(markdown), time, day }
    }
}

/// A post's first heading, as plain text; empty where it has none.
pub fn heading(markdown: &str) -> String {
    markdown.lines().find_map(|line| line.strip_prefix("# ")).map(plain).unwrap_or_default()
}

/// The string behind a key of a front matter that [`crate::front_matter`] wrote.
fn value(markdown: &str, key: &str) -> Option<String> {
    let mut lines = markdown.lines().skip(1).take_while(|line| *line != "---");
    lines.find_map(|line| unquoted(line.strip_prefix(key)?.strip_prefix(": ")?))
}
