//! Our table and our operators on their way between client, scheduler and executors; all else goes to Ballista's codecs.

use std::{any::Any, sync::Arc};

use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::TableProvider,
    common::TableReference,
    datasource::file_format::FileFormatFactory,
    error::{DataFusionError, Result},
    execution::TaskContext,
    logical_expr::{Extension, LogicalPlan},
    physical_plan::ExecutionPlan,
};
use datafusion_proto::{
    logical_plan::LogicalExtensionCodec,
    physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    deliver::{DeliverExec, Delivery},
    pieces::{self, Pieces},
    plan::Step,
    read::{ReadExec, Reading},
};

/// What stands before our own messages, so that they are told from Ballista's.
const OURS: &[u8] = b"tuibao\0";

/// An operator.
#[derive(Serialize, Deserialize)]
pub(crate) enum Operator {
    Read(Reading),
    Deliver(Delivery),
}

fn write(value: &impl Serialize, into: &mut Vec<u8>) -> Result<()> {
    into.extend_from_slice(OURS);
    serde_json::to_writer(into, value).map_err(|error| DataFusionError::External(error.into()))
}

/// The message, if it is one of ours.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<Result<T>> {
    let ours = bytes.strip_prefix(OURS)?;
    Some(serde_json::from_slice(ours).map_err(|error| DataFusionError::External(error.into())))
}

fn only<T: Clone>(inputs: &[T]) -> Result<T> {
    let [input] = inputs else {
        return Err(DataFusionError::Internal("each of our operators has one input".into()));
    };
    Ok(input.clone())
}

/// For plans as they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Logical(BallistaLogicalExtensionCodec);

impl LogicalExtensionCodec for Logical {
    fn try_decode(&self, buf: &[u8], inputs: &[LogicalPlan], ctx: &TaskContext) -> Result<Extension> {
        match read(buf) {
            Some(operator) => Ok(Extension { node: Arc::new(Step::new(operator?, only(inputs)?)?) }),
            None => self.0.try_decode(buf, inputs, ctx),
        }
    }

    fn try_encode(&self, node: &Extension, buf: &mut Vec<u8>) -> Result<()> {
        match node.node.as_any().downcast_ref::<Step>() {
            Some(step) => write(&step.operator(), buf),
            None => self.0.try_encode(node, buf),
        }
    }

    fn try_decode_table_provider(
        &self,
        buf: &[u8],
        table_ref: &TableReference,
        schema: SchemaRef,
        ctx: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        match read::<Pieces>(buf) {
            Some(pieces) => Ok(Arc::new(pieces?)),
            None => self.0.try_decode_table_provider(buf, table_ref, schema, ctx),
        }
    }

    fn try_encode_table_provider(
        &self,
        table_ref: &TableReference,
        node: Arc<dyn TableProvider>,
        buf: &mut Vec<u8>,
    ) -> Result<()> {
        match pieces::of_provider(node.as_ref()) {
            Some(pieces) => write(pieces, buf),
            None => self.0.try_encode_table_provider(table_ref, node, buf),
        }
    }

    fn try_decode_file_format(&self, buf: &[u8], ctx: &TaskContext) -> Result<Arc<dyn FileFormatFactory>> {
        self.0.try_decode_file_format(buf, ctx)
    }

    fn try_encode_file_format(&self, buf: &mut Vec<u8>, node: Arc<dyn FileFormatFactory>) -> Result<()> {
        self.0.try_encode_file_format(buf, node)
    }
}

/// For plans as they are run.
#[derive(Debug, Default)]
pub(crate) struct Physical(BallistaPhysicalExtensionCodec);

impl PhysicalExtensionCodec for Physical {
    fn try_decode(
        &self,
        buf: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        ctx: &TaskContext,
        proto_converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match read(buf) {
            Some(Ok(Operator::Read(reading))) => Ok(Arc::new(ReadExec::new(only(inputs)?, reading))),
            Some(Ok(Operator::Deliver(delivery))) => {
                Ok(Arc::new(DeliverExec::new(only(inputs)?, Arc::new(delivery))))
            }
            Some(Err(error)) => Err(error),
            None => self.0.try_decode(buf, inputs, ctx, proto_converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        buf: &mut Vec<u8>,
        proto_converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let any: &dyn Any = node.as_ref();
        if let Some(step) = any.downcast_ref::<ReadExec>() {
            return write(&Operator::Read(step.reading), buf);
        }
        if let Some(step) = any.downcast_ref::<DeliverExec>() {
            return write(&Operator::Deliver(step.delivery.as_ref().clone()), buf);
        }
        self.0.try_encode(node, buf, proto_converter)
    }
}
