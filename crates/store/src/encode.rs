//! Tweets to columns. Numbers fit into 63 bits here: the importer refuses others.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, ListArray, RecordBatch, StringArray, TimestampMillisecondArray,
    builder::{ListBuilder, StringBuilder},
};
use arrow_schema::ArrowError;
use corpus::{Kind, Metrics, Reference, Tweet};

use crate::columns::{list_item, schema};

/// A row for each tweet, in the order given, with the columns of [`schema`].
///
/// # Errors
///
/// None that tweets can cause which [`fit`](crate::fit) let through.
pub fn batch(tweets: &[Tweet]) -> Result<RecordBatch, ArrowError> {
    let rows = Rows(tweets);
    let reference = |part: fn(&Reference) -> Option<&str>| {
        rows.maybe_text(move |tweet| tweet.reference.as_ref().and_then(part))
    };
    let mut columns = vec![rows.number(|tweet| Some(tweet.id.0)), rows.times()];
    columns.extend([rows.text(|tweet| &tweet.author.handle), rows.text(|tweet| &tweet.author.name)]);
    columns.extend([rows.number(|tweet| tweet.author.followers), rows.text(|tweet| &tweet.text)]);
    columns.extend([rows.maybe_text(|tweet| tweet.lang.as_deref()), rows.text(|tweet| kind(tweet.kind))]);
    columns.push(rows.flag(|tweet| Some(tweet.reference.is_some())));
    columns.push(rows.number(|tweet| tweet.reference.as_ref()?.id.map(|id| id.0)));
    columns.extend([reference(|told| told.handle.as_deref()), reference(|told| told.text.as_deref())]);
    columns.extend((0..6).map(|index| rows.number(|tweet| counts(&tweet.metrics).get(index).copied()?)));
    columns.extend((0..5).map(|index| rows.list(|tweet| lists(tweet).get(index).copied().unwrap_or(&[]))));
    columns.push(rows.flag(|tweet| tweet.promoted));
    columns.extend([rows.text(|tweet| &tweet.source.file), rows.number(|tweet| Some(tweet.source.line))]);
    RecordBatch::try_new(schema(), columns)
}

/// In the order of the columns.
pub(crate) fn counts(metrics: &Metrics) -> [Option<u64>; 6] {
    let &Metrics { likes, reposts, replies, quotes, bookmarks, views } = metrics;
    [likes, reposts, replies, quotes, bookmarks, views]
}

/// In the order of the columns.
pub(crate) fn lists(tweet: &Tweet) -> [&[String]; 5] {
    [&tweet.urls, &tweet.hashtags, &tweet.cashtags, &tweet.mentions, &tweet.media]
}

/// As the column `kind` spells it.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Original => "original",
        Kind::Retweet => "retweet",
        Kind::Quote => "quote",
        Kind::Reply => "reply",
    }
}

/// Makes one column of all rows.
#[derive(Clone, Copy)]
struct Rows<'a>(&'a [Tweet]);

impl<'a> Rows<'a> {
    fn number(self, value: impl Fn(&'a Tweet) -> Option<u64>) -> ArrayRef {
        let signed = |tweet| value(tweet).map(u64::cast_signed);
        Arc::new(self.0.iter().map(signed).collect::<Int64Array>())
    }

    fn times(self) -> ArrayRef {
        let times = self.0.iter().map(|tweet| tweet.created_at.timestamp_millis());
        Arc::new(TimestampMillisecondArray::from_iter_values(times).with_timezone("UTC"))
    }

    fn text(self, value: impl Fn(&'a Tweet) -> &'a str) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(self.0.iter().map(value)))
    }

    fn maybe_text(self, value: impl Fn(&'a Tweet) -> Option<&'a str>) -> ArrayRef {
        Arc::new(self.0.iter().map(value).collect::<StringArray>())
    }

    fn flag(self, value: impl Fn(&'a Tweet) -> Option<bool>) -> ArrayRef {
        Arc::new(self.0.iter().map(value).collect::<BooleanArray>())
    }

    fn list(self, value: impl Fn(&'a Tweet) -> &'a [String]) -> ArrayRef {
        let mut builder = ListBuilder::new(StringBuilder::new()).with_field(list_item());
        for tweet in self.0 {
            for item in value(tweet) {
                builder.values().append_value(item);
            }
            builder.append(true);
        }
        let list: ListArray = builder.finish();
        Arc::new(list)
    }
}
