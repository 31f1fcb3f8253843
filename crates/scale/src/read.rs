//! **ingest + normalise** as an operator: for each piece the rows of what `corpus::ingest` reads in it, a batch at a time.

use std::{fmt, sync::Arc};

use corpus::{IngestSettings as Settings, Ingested, Input, ingest};
use datafusion::{
    arrow::array::{Array as _, AsArray as _, RecordBatch},
    common::tree_node::TreeNodeRecursion,
    error::{DataFusionError, Result},
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{EquivalenceProperties, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties as _, PlanProperties,
        execution_plan::{Boundedness, EmissionType},
        stream::RecordBatchReceiverStream,
    },
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Sender;

use crate::{
    objects,
    pieces::{Piece, Slice},
    rows,
};

/// Batches that may wait for whoever reads them.
const AHEAD: usize = 2;
/// Bytes that reading may have under way in one partition.
const MEMORY: u64 = 8 << 20;

/// How pieces are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// Whether refused records are told one by one; else they are counted.
    pub(crate) rejects: bool,
}

#[derive(Debug)]
pub(crate) struct ReadExec {
    pub(crate) input: Arc<dyn ExecutionPlan>,
    pub(crate) reading: Reading,
    properties: Arc<PlanProperties>,
}

impl ReadExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, reading: Reading) -> Self {
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(rows::schema()),
            input.output_partitioning().clone(),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { input, reading, properties }
    }
}

impl DisplayAs for ReadExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadExec")
    }
}

impl ExecutionPlan for ReadExec {
    fn name(&self) -> &'static str {
        "ReadExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    /// The pieces are dealt out already.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [input] = <[_; 1]>::try_from(children)
            .map_err(|_| DataFusionError::Internal("ReadExec has one input".into()))?;
        Ok(Arc::new(Self::new(input, self.reading)))
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let mut pieces = self.input.execute(partition, context)?;
        let mut stream = RecordBatchReceiverStream::builder(rows::schema(), AHEAD);
        let (tell, reading) = (stream.tx(), self.reading);
        stream.spawn(async move {
            while let Some(batch) = pieces.next().await {
                for piece in pieces_of(&batch?)? {
                    let tell = tell.clone();
                    let read = tokio::task::spawn_blocking(move || read(&piece, reading, &tell));
                    read.await.map_err(|error| DataFusionError::External(error.into()))??;
                }
            }
            Ok(())
        });
        Ok(stream.build())
    }
}

fn pieces_of(batch: &RecordBatch) -> Result<Vec<Piece>> {
    let texts = batch.column(0).as_string::<i32>();
    let piece = |text| serde_json::from_str(text).map_err(|error| DataFusionError::External(Box::new(error)));
    (0..texts.len()).map(|row| piece(texts.value(row))).collect()
}

/// Reads a piece on a thread that may block.
fn read(piece: &Piece, reading: Reading, tell: &Sender<Result<RecordBatch>>) -> Result<()> {
    let settings = Settings { threads: 1, memory: MEMORY, ..Settings::default() };
    let shift =
        piece.slices.first().and_then(|slice| slice.stretch).map_or(0, |stretch| stretch.first_line - 1);
    let inputs: Vec<Input> = piece.slices.iter().cloned().map(input).collect();
    let mut fault = None;
    let read = ingest(&inputs, &settings, |part| {
        if fault.is_none() {
            fault = hand_on(shifted(part, shift), reading, tell).err();
        }
    });
    read.map_err(|error| DataFusionError::External(Box::new(error)))?;
    fault.map_or(Ok(()), Err)
}

fn input(slice: Slice) -> Input {
    let name = slice.name.clone();
    Input { name, open: Box::new(move || objects::open(&slice)), mapping: None, owner: None }
}

/// Lines of a stretch, as they are counted in the whole file.
fn shifted(mut part: Ingested, by: u64) -> Ingested {
    part.tweets.iter_mut().for_each(|tweet| tweet.source.line += by);
    part.rejected.iter_mut().for_each(|rejected| rejected.source.line += by);
    part
}

fn hand_on(part: Ingested, reading: Reading, tell: &Sender<Result<RecordBatch>>) -> Result<()> {
    for batch in rows::rows(part, reading.rejects)? {
        let gone = |_| DataFusionError::Execution("nobody reads the rows any more".into());
        tell.blocking_send(Ok(batch)).map_err(gone)?;
    }
    Ok(())
}
