//! The columns of a part: schema version 1, as `SCHEMA.md` tells them to users of other programs.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};

/// The value of [`SCHEMA_KEY`].
pub(crate) const VERSION: &str = "1";
/// The same in the marker and the journal.
pub(crate) const VERSION_NUMBER: u32 = 1;
/// Footer key: the schema version.
pub(crate) const SCHEMA_KEY: &str = "tuibao.schema";
/// Footer key: `<k>/<parts of the day>`.
pub(crate) const PART_KEY: &str = "tuibao.part";
/// Footer key: what the rows take in memory, in bytes; an estimate from which the number of parts is planned.
pub(crate) const MEMORY_KEY: &str = "tuibao.memory";

/// One row is one tweet.
///
/// | columns | type | null when |
/// |---|---|---|
/// | `id` | INT64 | never |
/// | `created_at` | TIMESTAMP(ms, UTC); finer parts are cut off | never |
/// | `handle`, `name` | UTF8 | never |
/// | `followers` | INT64 | the source does not tell |
/// | `text` | UTF8 | never |
/// | `lang` | UTF8 | the source does not tell |
/// | `kind` | UTF8: `original`, `retweet`, `quote`, `reply` | never |
/// | `has_ref` | BOOLEAN: `Tweet::reference` is there, be it empty | never |
/// | `ref_id`, `ref_handle`, `ref_text` | INT64, UTF8, UTF8 | unknown, or `has_ref` is false |
/// | `likes`, `reposts`, `replies`, `quotes`, `bookmarks`, `views` | INT64 | the source does not tell; never 0 for that |
/// | `urls`, `hashtags`, `cashtags`, `mentions`, `media` | LIST of UTF8 | never; may be empty |
/// | `promoted` | BOOLEAN | the source does not tell |
/// | `source_file`, `source_line` | UTF8, INT64 | never |
pub fn schema() -> SchemaRef {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let known = |name: &str, kind: &DataType| Field::new(name, kind.clone(), false);
    let maybe = |name: &str, kind: &DataType| Field::new(name, kind.clone(), true);
    let (number, text, flag) = (&DataType::Int64, &DataType::Utf8, &DataType::Boolean);
    let list = &DataType::List(list_item());
    let mut fields = vec![known("id", number), known("created_at", &time)];
    fields.extend([known("handle", text), known("name", text), maybe("followers", number)]);
    fields.extend([known("text", text), maybe("lang", text), known("kind", text), known("has_ref", flag)]);
    fields.extend([maybe("ref_id", number), maybe("ref_handle", text), maybe("ref_text", text)]);
    fields.extend(
        ["likes", "reposts", "replies", "quotes", "bookmarks", "views"].map(|name| maybe(name, number)),
    );
    fields.extend(["urls", "hashtags", "cashtags", "mentions", "media"].map(|name| known(name, list)));
    fields.extend([maybe("promoted", flag), known("source_file", text), known("source_line", number)]);
    Arc::new(Schema::new(fields))
}

/// Every string in a list is there.
pub(crate) fn list_item() -> FieldRef {
    Arc::new(Field::new("element", DataType::Utf8, false))
}
