//! The plan: the corpus half of tuibao, the same on one machine and on many.
//!
//! ```text
//! pieces ─▶ read ─▶ what is not wanted, and each tweet's share ─▶ (shuffle, sort) ─▶ deliver
//! ```

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use datafusion::{
    arrow::datatypes::DataType,
    common::{DFSchema, DFSchemaRef, TableReference},
    datasource::provider_as_source,
    error::{DataFusionError, Result},
    logical_expr::{
        Expr, Extension, LogicalPlan, LogicalPlanBuilder, ScalarUDF, UserDefinedLogicalNodeCore, cast, col,
        lit, when,
    },
    physical_plan::ExecutionPlan,
    scalar::ScalarValue,
};

use crate::{
    codec::Operator,
    deliver::{self, DeliverExec, Delivery},
    pieces::Pieces,
    read::{ReadExec, Reading},
    rows, udfs,
};

/// What of the tweets goes into the store; as usual all, for a report's own filter sees more than one tweet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) to: Option<DateTime<Utc>>,
    /// Whether adverts stay out.
    pub(crate) without_ads: bool,
    /// The words of a subject, and the least relevance by them.
    pub(crate) subject: Option<(String, f64)>,
}

/// The plan of an import.
pub(crate) fn import(
    pieces: Pieces,
    reading: Reading,
    wanted: &Wanted,
    delivery: Delivery,
) -> Result<LogicalPlan> {
    let table = provider_as_source(Arc::new(pieces));
    let scan = LogicalPlanBuilder::scan(TableReference::bare("pieces"), table, None)?.build()?;
    let read = Step::new(Operator::Read(reading), scan)?.plan();
    let divisions =
        serde_json::to_string(&delivery).map_err(|error| DataFusionError::External(error.into()))?;
    let sorted_out = LogicalPlanBuilder::from(read).project(columns(wanted, &divisions)?)?.build()?;
    Ok(Step::new(Operator::Deliver(delivery), sorted_out)?.plan())
}

/// All columns; `why` with the reasons of what is not wanted, and the share.
fn columns(wanted: &Wanted, divisions: &str) -> Result<Vec<Expr>> {
    let schema = rows::schema();
    let names = schema.fields().iter().map(|field| field.name().as_str());
    let mut columns = Vec::new();
    for name in names {
        columns.push(if name == "why" { why(wanted)?.alias("why") } else { col(name) });
    }
    let share = udfs::share().call(vec![col("id"), col("day"), lit(divisions)]);
    columns.push(share.alias("share"));
    Ok(columns)
}

/// In the order of the filter's reasons.
fn why(wanted: &Wanted) -> Result<Expr> {
    let mut reasons = when(col("why").is_not_null(), col("why"));
    let time = |at: DateTime<Utc>| {
        lit(ScalarValue::TimestampMillisecond(Some(at.timestamp_millis()), Some("UTC".into())))
    };
    if let Some(from) = wanted.from {
        reasons = reasons.when(col("created_at").lt(time(from)), lit("out_of_window"));
    }
    if let Some(to) = wanted.to {
        reasons = reasons.when(col("created_at").gt_eq(time(to)), lit("out_of_window"));
    }
    if wanted.without_ads {
        reasons = reasons.when(of_row("tweet_advert", Vec::new())?.eq(lit("drop")), lit("ad"));
    }
    if let Some((subject, least)) = &wanted.subject {
        let relevance = of_row("tweet_relevance", vec![lit(subject.as_str())])?;
        reasons = reasons.when(relevance.lt(lit(*least)), lit("off_topic"));
    }
    reasons.otherwise(cast(lit(ScalarValue::Null), DataType::Utf8))
}

/// One of our functions of whole tweets.
fn of_row(name: &str, mut before: Vec<Expr>) -> Result<Expr> {
    let function = udfs::all().into_iter().find(|function| function.name() == name);
    let function: Arc<ScalarUDF> =
        function.ok_or_else(|| DataFusionError::Plan(format!("no function `{name}`")))?;
    before.extend(store::schema().fields().iter().map(|field| col(field.name())));
    Ok(function.call(before))
}

/// One of our operators in a plan that is not run yet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Hash)]
pub(crate) enum Step {
    Read { input: LogicalPlan, reading: Reading, schema: Columns },
    Deliver { input: LogicalPlan, delivery: Delivery, schema: Columns },
}

/// A schema that is no part of what a step is compared by.
#[derive(Clone, Debug)]
pub(crate) struct Columns(DFSchemaRef);

impl PartialEq for Columns {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Columns {}

impl PartialOrd for Columns {
    fn partial_cmp(&self, _: &Self) -> Option<std::cmp::Ordering> {
        Some(std::cmp::Ordering::Equal)
    }
}

impl std::hash::Hash for Columns {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl Step {
    pub(crate) fn new(operator: Operator, input: LogicalPlan) -> Result<Self> {
        let columns = |schema: datafusion::arrow::datatypes::SchemaRef| {
            Ok::<_, DataFusionError>(Columns(Arc::new(DFSchema::try_from(schema)?)))
        };
        Ok(match operator {
            Operator::Read(reading) => Self::Read { input, reading, schema: columns(rows::schema())? },
            Operator::Deliver(delivery) => {
                Self::Deliver { input, delivery, schema: columns(deliver::schema())? }
            }
        })
    }

    /// What it does, without what it does it to.
    pub(crate) fn operator(&self) -> Operator {
        match self {
            Self::Read { reading, .. } => Operator::Read(*reading),
            Self::Deliver { delivery, .. } => Operator::Deliver(delivery.clone()),
        }
    }

    /// The operator that runs.
    pub(crate) fn physical(&self, input: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
        match self {
            Self::Read { reading, .. } => Arc::new(ReadExec::new(input, *reading)),
            Self::Deliver { delivery, .. } => Arc::new(DeliverExec::new(input, Arc::new(delivery.clone()))),
        }
    }

    fn plan(self) -> LogicalPlan {
        LogicalPlan::Extension(Extension { node: Arc::new(self) })
    }

    fn input(&self) -> &LogicalPlan {
        match self {
            Self::Read { input, .. } | Self::Deliver { input, .. } => input,
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        UserDefinedLogicalNodeCore::fmt_for_explain(self, f)
    }
}

impl UserDefinedLogicalNodeCore for Step {
    fn name(&self) -> &'static str {
        match self {
            Self::Read { .. } => "Read",
            Self::Deliver { .. } => "Deliver",
        }
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![self.input()]
    }

    fn schema(&self) -> &DFSchemaRef {
        match self {
            Self::Read { schema, .. } | Self::Deliver { schema, .. } => &schema.0,
        }
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UserDefinedLogicalNodeCore::name(self))
    }

    /// Both need all that they are given.
    fn necessary_children_exprs(&self, _: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(vec![(0..self.input().schema().fields().len()).collect()])
    }

    fn with_exprs_and_inputs(&self, _: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let [input] = <[_; 1]>::try_from(inputs)
            .map_err(|_| DataFusionError::Internal("each of our steps has one input".into()))?;
        Self::new(self.operator(), input)
    }
}
