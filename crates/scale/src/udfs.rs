//! Functions of `corpus` and `store` under the names by which plans and SQL call them.
//!
//! | function | of | gives |
//! |---|---|---|
//! | `tweet_share(id, day, divisions)` | `store::Share::number` | which share of its day a tweet belongs to |
//! | `tweet_advert(row…)` | `corpus::AdJudge`, each tweet by itself | `keep`, `suspect` or `drop` |
//! | `tweet_relevance(subject, row…)` | `corpus::relevance_alone` | how strongly it speaks of a subject |
//! | `text_words(text)` | `Words::display_words` | its words as readers see them, in lower case, each once |
//! | `text_topics(text, topics)` | `Words::terms` | the numbers of the topics that it speaks of, see [`topics::Topics`](crate::topics::Topics) |
//!
//! `row…` are all columns of the store, in their order.

use std::{fmt, hash::Hash, sync::Arc};

use corpus::{AdJudge, AdOutcome, AdThresholds, Tweet, TweetId};
use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray as _, Float64Array, Int32Array, RecordBatch, StringArray},
        datatypes::{DataType, Date32Type, Int64Type},
    },
    error::{DataFusionError, Result},
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
    scalar::ScalarValue,
};

use crate::{deliver::Delivery, rows::day_of, rules};

mod of_text;

/// All of them.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let of_tweet = |name, before: &[DataType], gives, make| {
        let row = store::schema();
        let kinds =
            before.iter().chain(row.fields().iter().map(|field| field.data_type())).cloned().collect();
        let signature = Signature::exact(kinds, Volatility::Immutable);
        ScalarUDF::from(OfTweet { name, gives, make, signature })
    };
    let advert = of_tweet("tweet_advert", &[], DataType::Utf8, adverts);
    let relevance = of_tweet("tweet_relevance", &[DataType::Utf8], DataType::Float64, relevances);
    [share(), advert, relevance, of_text::words(), of_text::topics()].into_iter().map(Arc::new).collect()
}

/// `tweet_share`.
pub(crate) fn share() -> ScalarUDF {
    ScalarUDF::from(OfShare(Signature::exact(
        vec![DataType::Int64, DataType::Date32, DataType::Utf8],
        Volatility::Immutable,
    )))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OfShare(Signature);

impl ScalarUDFImpl for OfShare {
    fn name(&self) -> &'static str {
        "tweet_share"
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [id, day, delivery] = <[ColumnarValue; 3]>::try_from(args.args)
            .map_err(|_| DataFusionError::Plan("`tweet_share` has three arguments".into()))?;
        let (id, day) = (id.into_array(args.number_rows)?, day.into_array(args.number_rows)?);
        let ColumnarValue::Scalar(ScalarValue::Utf8(Some(delivery))) = delivery else {
            return Err(DataFusionError::Plan("the divisions of days are no text".into()));
        };
        let delivery: Delivery =
            serde_json::from_str(&delivery).map_err(|error| DataFusionError::External(error.into()))?;
        let (id, day) = (id.as_primitive::<Int64Type>(), day.as_primitive::<Date32Type>());
        let number = |(id, day): (Option<i64>, Option<i32>)| {
            let of = delivery.of(day_of(day?)?);
            Some(store::Share::number(TweetId(id?.cast_unsigned()), of).cast_signed())
        };
        let shares: Int32Array = id.iter().zip(day.iter()).map(number).collect();
        Ok(ColumnarValue::Array(Arc::new(shares)))
    }
}

/// A function of whole tweets, and of a text that may stand before them.
struct OfTweet {
    name: &'static str,
    gives: DataType,
    make: fn(&[Tweet], &str) -> Result<ArrayRef>,
    signature: Signature,
}

impl fmt::Debug for OfTweet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for OfTweet {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OfTweet {}

impl Hash for OfTweet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for OfTweet {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.gives.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (mut columns, row_schema) = (args.args, store::schema());
        let row = columns.split_off(columns.len().saturating_sub(row_schema.fields().len()));
        let before = match columns.first() {
            Some(ColumnarValue::Scalar(ScalarValue::Utf8(Some(text)))) => text.as_str(),
            _ => "",
        };
        let named = row_schema.fields().iter().zip(row);
        let named = named.map(|(field, column)| Ok((field.name(), column.into_array(args.number_rows)?)));
        let batch = RecordBatch::try_from_iter(named.collect::<Result<Vec<_>>>()?)?;
        let tweets =
            store::from_rows(&batch, &mut store::Files::default()).map_err(DataFusionError::Execution)?;
        Ok(ColumnarValue::Array((self.make)(&tweets, before)?))
    }
}

/// Each by itself: what stands beside a tweet is chance in a plan, and an answer must not be.
fn adverts(tweets: &[Tweet], _: &str) -> Result<ArrayRef> {
    let judge: &AdJudge = rules::judge()?;
    let outcome = |tweet: &Tweet| {
        let scores = judge.judge(&[tweet], AdThresholds::default());
        match scores.first().map(|score| score.outcome) {
            Some(AdOutcome::Drop) => "drop",
            Some(AdOutcome::Suspect) => "suspect",
            Some(AdOutcome::Keep) | None => "keep",
        }
    };
    Ok(Arc::new(StringArray::from_iter_values(tweets.iter().map(outcome))))
}

/// Each by itself, for the same reason.
fn relevances(tweets: &[Tweet], subject: &str) -> Result<ArrayRef> {
    let subject = rules::subject(subject)?;
    let scores = tweets.iter().map(|tweet| corpus::relevance_alone(tweet, &subject));
    Ok(Arc::new(Float64Array::from_iter_values(scores)))
}
