//! Columns back to tweets.

use std::{collections::BTreeSet, sync::Arc};

use arrow_array::{
    Array, BooleanArray, Int64Array, ListArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use chrono::DateTime;
use corpus::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};

/// Names of source files, each held once.
#[derive(Default)]
pub struct Files(BTreeSet<Arc<str>>);

impl Files {
    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

/// The rows of a batch that has the columns of [`schema`](crate::schema), by name; others may stand beside them.
///
/// # Errors
///
/// The reason when a value is none that we write.
pub fn tweets(batch: &RecordBatch, files: &mut Files) -> Result<Vec<Tweet>, String> {
    let columns = Columns::of(batch)?;
    (0..batch.num_rows()).map(|row| columns.tweet(row, files)).collect()
}

struct Columns<'a> {
    created_at: &'a TimestampMillisecondArray,
    numbers: [&'a Int64Array; 10],
    texts: [&'a StringArray; 8],
    flags: [&'a BooleanArray; 2],
    lists: [&'a ListArray; 5],
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, String> {
        Ok(Self {
            created_at: column(batch, "created_at")?,
            numbers: all(
                batch,
                [
                    "id",
                    "followers",
                    "ref_id",
                    "likes",
                    "reposts",
                    "replies",
                    "quotes",
                    "bookmarks",
                    "views",
                    "source_line",
                ],
            )?,
            texts: all(
                batch,
                ["handle", "name", "text", "lang", "kind", "ref_handle", "ref_text", "source_file"],
            )?,
            flags: all(batch, ["has_ref", "promoted"])?,
            lists: all(batch, ["urls", "hashtags", "cashtags", "mentions", "media"])?,
        })
    }

    fn tweet(&self, row: usize, files: &mut Files) -> Result<Tweet, String> {
        let number = |column: &Int64Array| column.is_valid(row).then(|| column.value(row).cast_unsigned());
        let text = |column: &StringArray| column.is_valid(row).then(|| column.value(row).to_owned());
        let flag = |column: &BooleanArray| column.is_valid(row).then(|| column.value(row));
        let [id, followers, ref_id, likes, reposts, replies, quotes, bookmarks, views, line] =
            self.numbers.map(number);
        let [handle, name, words, lang, kind, ref_handle, ref_text, file] = self.texts.map(text);
        let [has_ref, promoted] = self.flags.map(flag);
        let [urls, hashtags, cashtags, mentions, media] = self.lists.map(|list| strings(list, row));
        let millis = self.created_at.value(row);
        let reference = Reference { id: ref_id.map(TweetId), handle: ref_handle, text: ref_text };
        Ok(Tweet {
            id: TweetId(id.unwrap_or_default()),
            author: Author { handle: handle.unwrap_or_default(), name: name.unwrap_or_default(), followers },
            created_at: DateTime::from_timestamp_millis(millis)
                .ok_or_else(|| format!("no time: {millis}"))?,
            text: words.unwrap_or_default(),
            lang,
            kind: self::kind(&kind.unwrap_or_default())?,
            reference: has_ref.unwrap_or_default().then_some(reference),
            metrics: Metrics { likes, reposts, replies, quotes, bookmarks, views },
            urls: urls?,
            hashtags: hashtags?,
            cashtags: cashtags?,
            mentions: mentions?,
            media: media?,
            promoted,
            source: Source { file: files.shared(&file.unwrap_or_default()), line: line.unwrap_or_default() },
        })
    }
}

fn all<'a, A: 'static, const N: usize>(
    batch: &'a RecordBatch,
    names: [&str; N],
) -> Result<[&'a A; N], String> {
    let columns: Result<Vec<&A>, String> = names.iter().map(|name| column(batch, name)).collect();
    columns?.try_into().map_err(|_| "too few columns".to_owned())
}

fn column<'a, A: 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a A, String> {
    let column = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    column.ok_or_else(|| format!("no column `{name}` of the right type"))
}

fn strings(lists: &ListArray, row: usize) -> Result<Vec<String>, String> {
    let values = lists.value(row);
    let values: &StringArray = values.as_any().downcast_ref().ok_or("a list of something else than text")?;
    Ok(values.iter().flatten().map(str::to_owned).collect())
}

fn kind(name: &str) -> Result<Kind, String> {
    [Kind::Original, Kind::Retweet, Kind::Quote, Kind::Reply]
        .into_iter()
        .find(|kind| crate::encode::kind(*kind) == name)
        .ok_or_else(|| format!("`{name}` is no kind of tweet"))
}
