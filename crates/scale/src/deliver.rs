//! **dedupe + store** as an operator: rows of one share of one day stand together, in the order of ids; each share is
//! merged with what the store has by `store::deliver` and left in the store's staging folder. What comes out are lines of
//! JSON, a [`Told`] each, of which whoever runs the plan makes the import; so a task that dies, or runs twice, does no harm.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use chrono::NaiveDate;
use corpus::Tweet;
use datafusion::{
    arrow::{
        array::{Array as _, AsArray as _, BooleanArray, RecordBatch, StringArray},
        compute::{SortOptions, filter_record_batch, is_not_null, is_null},
        datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type, Schema, SchemaRef},
    },
    common::tree_node::TreeNodeRecursion,
    error::{DataFusionError, Result},
    execution::{
        SendableRecordBatchStream, TaskContext,
        memory_pool::{MemoryConsumer, MemoryReservation},
    },
    physical_expr::{
        Distribution, EquivalenceProperties, LexRequirement, OrderingRequirements, PhysicalExpr,
        PhysicalSortRequirement, expressions::col,
    },
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties as _,
        InputDistributionRequirements, PlanProperties,
        execution_plan::{Boundedness, EmissionType},
        stream::RecordBatchReceiverStream,
    },
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use store::{Delivered, Files, Share};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use crate::rows::day_of;

/// Where shares go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// The store's folder, which every executor has under this name.
    pub(crate) store: PathBuf,
    /// Into how many shares a day is divided that the store does not have yet.
    pub(crate) shares: u32,
    /// Into how many it is that the store has.
    pub(crate) divisions: BTreeMap<NaiveDate, u32>,
}

impl Delivery {
    /// Into how many shares a day is divided.
    pub(crate) fn of(&self, day: NaiveDate) -> u32 {
        self.divisions.get(&day).copied().unwrap_or(self.shares)
    }
}

/// A line that comes out of the plan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// A share that waits in the staging folder.
    Delivered(Delivered),
    /// Records that are not stored, by reason.
    Left(BTreeMap<String, u64>),
    /// One of them, where they are told one by one.
    Rejected { file: String, line: u64, reason: String, detail: String },
}

#[derive(Debug)]
pub(crate) struct DeliverExec {
    pub(crate) input: Arc<dyn ExecutionPlan>,
    pub(crate) delivery: Arc<Delivery>,
    properties: Arc<PlanProperties>,
}

/// The columns that tell a share, and the order inside of it.
const KEYS: [&str; 3] = ["day", "share", "id"];

/// One column: the lines.
pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("told", DataType::Utf8, false)]))
}

impl DeliverExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, delivery: Arc<Delivery>) -> Self {
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(schema()),
            datafusion::physical_plan::Partitioning::UnknownPartitioning(
                input.output_partitioning().partition_count(),
            ),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { input, delivery, properties }
    }

    fn keys(&self, count: usize) -> Vec<Arc<dyn PhysicalExpr>> {
        KEYS.iter().take(count).filter_map(|name| col(name, &self.input.schema()).ok()).collect()
    }
}

impl DisplayAs for DeliverExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeliverExec: store={}", self.delivery.store.display())
    }
}

impl ExecutionPlan for DeliverExec {
    fn name(&self) -> &'static str {
        "DeliverExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    /// A share in one place; this is the plan's only shuffle.
    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![Distribution::KeyPartitioned(self.keys(2))])
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        let ascending = |expr| PhysicalSortRequirement::new(expr, Some(SortOptions::default()));
        let order = LexRequirement::new(self.keys(3).into_iter().map(ascending));
        vec![order.map(OrderingRequirements::new)]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [input] = <[_; 1]>::try_from(children)
            .map_err(|_| DataFusionError::Internal("DeliverExec has one input".into()))?;
        Ok(Arc::new(Self::new(input, Arc::clone(&self.delivery))))
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let memory = MemoryConsumer::new(format!("DeliverExec[{partition}]")).register(context.memory_pool());
        let mut input = self.input.execute(partition, context)?;
        let mut stream = RecordBatchReceiverStream::builder(schema(), 2);
        let mut courier = Courier {
            delivery: Arc::clone(&self.delivery),
            tell: stream.tx(),
            memory,
            files: Files::default(),
            group: None,
            left: BTreeMap::new(),
        };
        stream.spawn(async move {
            while let Some(batch) = input.next().await {
                courier.take(&batch?).await?;
            }
            courier.end().await
        });
        Ok(stream.build())
    }
}

/// The tweets of one share.
struct Group {
    day: NaiveDate,
    number: u32,
    tweets: Vec<Tweet>,
}

/// Collects one share after the other.
struct Courier {
    delivery: Arc<Delivery>,
    tell: Sender<Result<RecordBatch>>,
    memory: MemoryReservation,
    files: Files,
    group: Option<Group>,
    left: BTreeMap<String, u64>,
}

impl Courier {
    async fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let why = column(batch, "why")?;
        self.leave(&filter_record_batch(batch, &is_not_null(why)?)?).await?;
        let stored: BooleanArray = is_null(why)?;
        let batch = filter_record_batch(batch, &stored)?;
        let tweets = store::from_rows(&batch, &mut self.files).map_err(DataFusionError::Execution)?;
        let (days, shares) = (column(&batch, "day")?, column(&batch, "share")?);
        let (days, shares) = (days.as_primitive::<Date32Type>(), shares.as_primitive::<Int32Type>());
        for (row, tweet) in tweets.into_iter().enumerate() {
            let day = day_of(days.value(row)).unwrap_or_default();
            let number = shares.value(row).cast_unsigned();
            if self.group.as_ref().is_none_or(|group| (group.day, group.number) != (day, number)) {
                self.flush().await?;
            }
            self.memory.try_grow(store::memory_of(&tweet) as usize)?;
            self.group.get_or_insert_with(|| Group { day, number, tweets: Vec::new() }).tweets.push(tweet);
        }
        Ok(())
    }

    /// Counts what is not stored, and tells it one by one where the rows do.
    async fn leave(&mut self, batch: &RecordBatch) -> Result<()> {
        let (whys, details) =
            (column(batch, "why")?.as_string::<i32>(), column(batch, "detail")?.as_string::<i32>());
        let (files, lines) =
            (column(batch, "source_file")?.as_string::<i32>(), column(batch, "source_line")?);
        let (lines, weights) = (lines.as_primitive::<Int64Type>(), column(batch, "weight")?);
        let weights = weights.as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let why = whys.value(row);
            *self.left.entry(why.to_owned()).or_default() += weights.value(row).cast_unsigned();
            if details.is_valid(row) {
                let (file, line) = (files.value(row).to_owned(), lines.value(row).cast_unsigned());
                let (reason, detail) = (why.to_owned(), details.value(row).to_owned());
                self.say(&Told::Rejected { file, line, reason, detail }).await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let Some(Group { day, number, tweets }) = self.group.take() else { return Ok(()) };
        let share = Share { number, of: self.delivery.of(day) };
        let delivery = Arc::clone(&self.delivery);
        let name = format!("{}.parquet", Uuid::new_v4());
        let deliver = move || store::deliver(&delivery.store, day, share, tweets, &name);
        let delivered = tokio::task::spawn_blocking(deliver).await.map_err(external)?.map_err(external)?;
        self.memory.free();
        self.files = Files::default();
        self.say(&Told::Delivered(delivered)).await
    }

    async fn end(mut self) -> Result<()> {
        self.flush().await?;
        let left = std::mem::take(&mut self.left);
        if left.is_empty() { Ok(()) } else { self.say(&Told::Left(left)).await }
    }

    async fn say(&self, told: &Told) -> Result<()> {
        let line = serde_json::to_string(told).map_err(external)?;
        let batch = RecordBatch::try_new(schema(), vec![Arc::new(StringArray::from(vec![line]))])?;
        let gone = |_| DataFusionError::Execution("nobody waits for the import any more".into());
        self.tell.send(Ok(batch)).await.map_err(gone)
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn datafusion::arrow::array::Array> {
    let column = batch.column_by_name(name).map(AsRef::as_ref);
    column.ok_or_else(|| DataFusionError::Internal(format!("no column `{name}`")))
}
