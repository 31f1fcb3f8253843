//! What was read, as rows: a tweet with its day, or something that is no tweet with the reason.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use corpus::{Ingested, Tweet};
use datafusion::{
    arrow::{
        array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, new_null_array},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    error::Result,
};
use store::Refused;

/// Columns beside those of the store.
///
/// | column | null when |
/// |---|---|
/// | `day`: the tweet's day (UTC) | the row is no tweet |
/// | `why`: why the row is not to be stored | it is |
/// | `detail` | nothing is to be said |
/// | `weight`: how many records the row stands for | never |
const BESIDE: [(&str, DataType); 4] = [
    ("day", DataType::Date32),
    ("why", DataType::Utf8),
    ("detail", DataType::Utf8),
    ("weight", DataType::Int64),
];

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let store = store::schema();
    let stored = store.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    let beside = BESIDE.map(|(name, kind)| Field::new(name, kind, true));
    Arc::new(Schema::new(stored.chain(beside).collect::<Vec<_>>()))
});

/// The columns of the store, none required, and those beside them.
pub(crate) fn schema() -> SchemaRef {
    Arc::clone(&SCHEMA)
}

/// The rows of a part of a file. Without `rejects`, refused records are only counted.
pub(crate) fn rows(part: Ingested, rejects: bool) -> Result<Vec<RecordBatch>> {
    let (mut tweets, mut days, mut refused) = (Vec::new(), Vec::new(), Refused::default());
    for mut tweet in part.tweets {
        if let Some(day) = store::fit(&mut tweet, &mut refused) {
            tweets.push(tweet);
            days.push(day);
        }
    }
    let mut others = Others::default();
    for rejected in part.rejected {
        let why = rejected.reason.name();
        let place = (&*rejected.source.file, rejected.source.line);
        let (detail, place) = (Some(&*rejected.detail), Some(place));
        others.push(why, detail.filter(|_| rejects), 1, place.filter(|_| rejects));
    }
    others.count("notice", part.notices);
    others.count("refused_id", refused.ids);
    others.count("refused_count", refused.counts);
    others.count("refused_date", refused.dates);
    Ok([of_tweets(&tweets, &days)?, others.batch()?]
        .into_iter()
        .filter(|batch| batch.num_rows() > 0)
        .collect())
}

fn of_tweets(tweets: &[Tweet], days: &[NaiveDate]) -> Result<RecordBatch> {
    let rows = tweets.len();
    let mut columns = store::to_rows(tweets)?.columns().to_vec();
    columns.push(Arc::new(Date32Array::from_iter_values(days.iter().copied().map(days_since_epoch))));
    columns.extend([new_null_array(&DataType::Utf8, rows), new_null_array(&DataType::Utf8, rows)]);
    columns.push(Arc::new(Int64Array::from_value(1, rows)));
    Ok(RecordBatch::try_new(schema(), columns)?)
}

fn days_since_epoch(day: NaiveDate) -> i32 {
    (day - NaiveDate::default()).num_days() as i32
}

/// The day of a value of the column `day`.
pub(crate) fn day_of(value: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(value.into()))
}

/// Rows that are no tweets.
#[derive(Default)]
struct Others {
    why: Vec<String>,
    detail: Vec<Option<String>>,
    weight: Vec<i64>,
    file: Vec<Option<String>>,
    line: Vec<Option<i64>>,
}

impl Others {
    fn push(&mut self, why: &str, detail: Option<&str>, weight: i64, place: Option<(&str, u64)>) {
        self.why.push(why.to_owned());
        self.detail.push(detail.map(str::to_owned));
        self.weight.push(weight);
        self.file.push(place.map(|(file, _)| file.to_owned()));
        self.line.push(place.map(|(_, line)| line.cast_signed()));
    }

    fn count(&mut self, why: &str, count: u64) {
        if count > 0 {
            self.push(why, None, count.cast_signed(), None);
        }
    }

    fn batch(self) -> Result<RecordBatch> {
        let rows = self.why.len();
        let (file, line) = (StringArray::from(self.file), Int64Array::from(self.line));
        let why = StringArray::from(self.why);
        let (detail, weight) = (StringArray::from(self.detail), Int64Array::from(self.weight));
        let mut named: [(&str, ArrayRef); 5] = [
            ("source_file", Arc::new(file)),
            ("source_line", Arc::new(line)),
            ("why", Arc::new(why)),
            ("detail", Arc::new(detail)),
            ("weight", Arc::new(weight)),
        ];
        let column = |field: &Arc<Field>| {
            let known = named.iter_mut().find(|(name, _)| name == field.name());
            known.map_or_else(|| new_null_array(field.data_type(), rows), |(_, array)| Arc::clone(array))
        };
        Ok(RecordBatch::try_new(schema(), schema().fields().iter().map(column).collect())?)
    }
}
