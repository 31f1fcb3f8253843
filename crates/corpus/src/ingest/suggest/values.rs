//! What a column's values say of the field that it may be: 0 contradicts, whatever the name.

use chrono::{DateTime, Utc};
use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::{
    super::{
        fields::{handle_of_page, id, id_of_page, tally, text_in, yes_or_no},
        json::Json,
    },
    columns::Column,
    formats::{Reading, is_of_tweets, readings},
    rules::Shape,
};
use crate::{TweetId, is_han};

/// A column with the ways in which it can be read as dates.
pub(super) struct Known<'a> {
    pub(super) column: Column<'a>,
    pub(super) readings: Vec<Reading>,
}

impl<'a> Known<'a> {
    pub(super) fn of(column: Column<'a>) -> Self {
        let readings = readings(&column);
        Self { column, readings }
    }
}

/// What is settled so far, and helps to judge the rest.
#[derive(Default)]
pub(super) struct Settled<'s, 'a> {
    pub(super) all: &'s [Known<'a>],
    pub(super) page: Option<&'s Column<'a>>,
    pub(super) id: Option<&'s Column<'a>>,
}

impl Settled<'_, '_> {
    /// When a record's tweet was posted, as its id tells.
    pub(super) fn posted(&self, record: usize) -> Option<DateTime<Utc>> {
        let of_page = || id_of_page(self.page?.of(record)?.as_str()?);
        self.id.and_then(|column| long_id(column.of(record)?)).or_else(of_page)?.time()
    }

    /// From 0 to 1.
    pub(super) fn fits(&self, shape: Shape, known: &Known<'_>) -> f64 {
        let column = &known.column;
        match shape {
            Shape::Page => page(column),
            Shape::Id => self.own_id(column),
            Shape::Date => self.date(known),
            Shape::Handle => self.handle(column),
            Shape::OtherHandle => all(column.share_of_texts(is_handle)),
            Shape::Text => text(column),
            Shape::Name => name(column),
            Shape::Count => {
                all(column.share(|value| tally(value).is_some_and(|count| count < 1_000_000_000_000)))
            }
            Shape::Language => all(column.share_of_texts(is_language)),
            Shape::Links => all(column.share(|value| is_list(value, is_link))),
            Shape::Words => all(column.share(|value| is_list(value, |word| word.chars().count() <= 50))),
            Shape::Truth => all(column.share(|value| yes_or_no(value).is_some())),
            Shape::OtherId => all(column.share(|value| other_id(value).is_some())),
        }
    }

    /// Long numbers that differ, and of which a page or a date tells the same.
    fn own_id(&self, column: &Column<'_>) -> f64 {
        if column.share(|value| long_id(value).is_some()) < 0.95 || column.coverage() < 0.5 {
            return 0.0;
        }
        let posted = |record| long_id(column.of(record)?)?.time();
        let dated =
            self.all.iter().flat_map(|known| &known.readings).any(|dates| dates.agrees(posted).is_some());
        let linked = self.page.map(|page| same_id(column, page));
        let base = 0.6 * column.distinct().powi(2);
        let link = linked.map_or(0.0, |same| if same > 0.8 { 0.3 } else { -0.3 });
        let date = if dated { 0.3 } else { 0.0 };
        // JavaScript rounds the numbers, not the texts.
        let exact = 0.05 * column.share(Json::is_str);
        (base + link + date + exact).clamp(0.0, 1.05)
    }

    /// Dates that the ids tell, too; others only where the ids seem to tell none, and under a very good name.
    fn date(&self, known: &Known<'_>) -> f64 {
        let posted = |record| self.posted(record);
        let agrees = known.readings.iter().any(|dates| dates.agrees(posted).is_some());
        let by_itself = known.readings.iter().any(|dates| !dates.is_day && !dates.is_later(posted));
        if agrees {
            1.0
        } else if by_itself {
            0.4
        } else {
            0.0
        }
    }

    fn handle(&self, column: &Column<'_>) -> f64 {
        if column.share_of_texts(is_handle) < 0.95 || column.share_of_texts(is_language) > 0.9 {
            return 0.0;
        }
        let linked = self.page.map(|page| {
            let same = |(record, value): &&(usize, &Json)| {
                let told = page.of(*record).and_then(|link| handle_of_page(link.as_str()?));
                told.is_some_and(|told| {
                    value.as_str().is_some_and(|name| bare(name).eq_ignore_ascii_case(told))
                })
            };
            column.values.iter().filter(same).count() * 10 > column.values.len() * 8
        });
        match linked {
            Some(true) => 1.0,
            Some(false) => 0.3,
            None => 0.7,
        }
    }
}

/// Nearly all of them do.
fn all(share: f64) -> f64 {
    if share >= 0.95 { share } else { 0.0 }
}

/// An id of the time since ids tell the time (15 to 19 digits).
pub(super) fn long_id(value: &Json) -> Option<TweetId> {
    id(value).filter(|id| id.0 >= 100_000_000_000_000 && id.time().is_some_and(|time| is_of_tweets(&time)))
}

/// The id of another tweet, or the link to it.
fn other_id(value: &Json) -> Option<TweetId> {
    long_id(value).or_else(|| id_of_page(value.as_str()?))
}

fn page(column: &Column<'_>) -> f64 {
    let share = column.share_of_texts(|link| id_of_page(link).is_some());
    if share < 0.9 || column.coverage() < 0.5 { 0.0 } else { share * column.distinct().powi(2) }
}

/// How often an id is the one of the record's page.
fn same_id(column: &Column<'_>, page: &Column<'_>) -> f64 {
    let same = |(record, value): &&(usize, &Json)| {
        let told = page.of(*record).and_then(|link| id_of_page(link.as_str()?));
        told.is_some() && told == id(value)
    };
    column.values.iter().filter(same).count() as f64 / column.values.len().max(1) as f64
}

/// Long, different, with spaces or Chinese; neither links nor dates nor numbers.
fn text(column: &Column<'_>) -> f64 {
    let is_prose = |text: &str| {
        let words = text.trim().contains(char::is_whitespace) || is_han(text);
        words && (!is_link(text) || text.contains(char::is_whitespace))
    };
    let prose = column.share_of_texts(is_prose);
    if column.share(Json::is_str) < 1.0 || prose < 0.5 {
        return 0.0;
    }
    let size: usize =
        column.values.iter().filter_map(|(_, value)| Some(value.as_str()?.chars().count())).sum();
    let mean = size as f64 / column.values.len().max(1) as f64;
    // Chinese says in one character what takes English three.
    let han = column.share_of_texts(is_han);
    let length = (mean * (1.0 + 2.0 * han) / 90.0).min(1.0);
    let marks = column.share_of_texts(|text| text.contains(['@', '#', '$']) || text.contains("http"));
    prose * column.distinct() * (0.2 + 0.6 * length + 0.2 * marks)
}

/// Short, and a few of them again and again.
fn name(column: &Column<'_>) -> f64 {
    all(column
        .share_of_texts(|text| text.chars().count() <= 60 && !is_link(text) && text.parse::<u64>().is_err()))
}

/// With letters: a number may be a handle, but is an id in most files.
fn is_handle(text: &str) -> bool {
    let name = bare(text);
    let fits = (1..=15).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits && name.bytes().any(|b| !b.is_ascii_digit()) && name != "true" && name != "false"
}

fn bare(name: &str) -> &str {
    name.trim().trim_start_matches(['@', '＠'])
}

fn is_language(text: &str) -> bool {
    let (main, region) = text.split_once(['-', '_']).unwrap_or((text, "XX"));
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    (2..=3).contains(&main.len()) && letters(main) && (2..=4).contains(&region.len()) && letters(region)
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A list of texts, or of objects that have one where a mapping looks for it.
fn is_list(value: &Json, is_one: impl Fn(&str) -> bool) -> bool {
    const ITEMS: [&str; 8] = [
        "/expanded_url",
        "/media_url_https",
        "/url",
        "/fullUrl",
        "/text",
        "/tag",
        "/screen_name",
        "/username",
    ];
    value.as_array().is_some_and(|items| items.iter().all(|item| text_in(item, &ITEMS).is_some_and(&is_one)))
}
