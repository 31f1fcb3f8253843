//! Functions of texts alone: they need one column where others need all.

use std::{fmt, hash::Hash, sync::Arc};

use datafusion::{
    arrow::{
        array::{ArrayBuilder, ArrayRef, AsArray as _, Int32Builder, ListBuilder, StringBuilder},
        datatypes::{DataType, Field},
    },
    error::{DataFusionError, Result},
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
    scalar::ScalarValue,
};

use crate::{rules, topics};

/// A function of a text, and of one more that is the same for all.
struct OfText {
    name: &'static str,
    signature: Signature,
    item: DataType,
    make: fn(&mut dyn Iterator<Item = &str>, &str) -> Result<ArrayRef>,
}

/// `text_words`.
pub(super) fn words() -> ScalarUDF {
    of_text("text_words", 1, DataType::Utf8, words_of)
}

/// `text_topics`.
pub(super) fn topics() -> ScalarUDF {
    of_text("text_topics", 2, DataType::Int32, topics_of)
}

fn of_text(
    name: &'static str,
    texts: usize,
    item: DataType,
    make: fn(&mut dyn Iterator<Item = &str>, &str) -> Result<ArrayRef>,
) -> ScalarUDF {
    let signature = Signature::exact(vec![DataType::Utf8; texts], Volatility::Immutable);
    ScalarUDF::from(OfText { name, signature, item, make })
}

#[expect(clippy::unnecessary_wraps, reason = "its sisters can fail")]
fn words_of(texts: &mut dyn Iterator<Item = &str>, _: &str) -> Result<ArrayRef> {
    let words = rules::words();
    Ok(lists(texts, StringBuilder::new(), |text, builder| {
        let mut found: Vec<String> = words.display_words(text).into_iter().map(str::to_lowercase).collect();
        found.sort_unstable();
        found.dedup();
        for word in found {
            builder.append_value(word);
        }
    }))
}

fn topics_of(texts: &mut dyn Iterator<Item = &str>, topics: &str) -> Result<ArrayRef> {
    let topics = topics::shared(topics)?;
    let words = rules::words();
    Ok(lists(texts, Int32Builder::new(), |text, builder| {
        for number in topics.of(&words.terms(text)) {
            builder.append_value(number);
        }
    }))
}

fn lists<B: ArrayBuilder>(
    texts: &mut dyn Iterator<Item = &str>,
    values: B,
    fill: impl Fn(&str, &mut B),
) -> ArrayRef {
    let mut builder = ListBuilder::new(values);
    for text in texts {
        fill(text, builder.values());
        builder.append(true);
    }
    Arc::new(builder.finish())
}

impl fmt::Debug for OfText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for OfText {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OfText {}

impl Hash for OfText {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for OfText {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(Arc::new(Field::new_list_field(self.item.clone(), true))))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut columns = args.args.into_iter();
        let texts =
            columns.next().ok_or_else(|| DataFusionError::Plan(format!("`{}` needs a text", self.name)))?;
        let texts = texts.into_array(args.number_rows)?;
        let beside = match columns.next() {
            Some(ColumnarValue::Scalar(ScalarValue::Utf8(Some(text)))) => text,
            _ => String::new(),
        };
        let mut texts = texts.as_string::<i32>().iter().map(Option::unwrap_or_default);
        Ok(ColumnarValue::Array((self.make)(&mut texts, &beside)?))
    }
}
