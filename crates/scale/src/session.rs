//! Sessions: settings, functions and planner that client, scheduler and executors share.

use std::sync::Arc;

use async_trait::async_trait;
use ballista_core::extension::SessionConfigExt as _;
use datafusion::{
    catalog::Session,
    error::Result,
    execution::{
        SessionState, SessionStateBuilder,
        context::QueryPlanner,
        memory_pool::FairSpillPool,
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
    logical_expr::{LogicalPlan, UserDefinedLogicalNode, physical_planning_context::PhysicalPlanningContext},
    physical_plan::ExecutionPlan,
    physical_planner::{DefaultPhysicalPlanner, ExtensionPlanner, PhysicalPlanner},
    prelude::SessionConfig,
};

use crate::{
    codec::{Logical, Physical},
    plan::Step,
    udfs,
};

/// Rows that go from operator to operator at once. Tweets are wide: the usual 8,192 take 10 MB.
const BATCH_ROWS: usize = 2048;

/// Largest message between the processes of a cluster, in bytes: a plan names all files that are to be read.
pub(crate) const MESSAGE: u32 = 256 << 20;

/// Settings of a session whose plans shuffle into as many partitions.
pub(crate) fn config(partitions: usize) -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_target_partitions(partitions)
        .with_batch_size(BATCH_ROWS)
        .with_ballista_logical_extension_codec(Arc::new(Logical::default()))
        .with_ballista_physical_extension_codec(Arc::new(Physical::default()))
        .with_ballista_grpc_client_max_message_size(MESSAGE as usize)
        // What is shuffled where must not depend on how fast it came.
        .with_ballista_adaptive_query_planner(false)
        .with_round_robin_repartition(false)
}

/// Memory that sorting may take before it goes to the disk; all that there is without a limit.
pub(crate) fn runtime(memory: Option<usize>) -> Result<Arc<RuntimeEnv>> {
    let builder = RuntimeEnvBuilder::new();
    match memory {
        Some(bytes) => builder.with_memory_pool(Arc::new(FairSpillPool::new(bytes))).build_arc(),
        None => builder.build_arc(),
    }
}

/// A session that knows our operators and functions.
pub(crate) fn state(config: SessionConfig, runtime: Arc<RuntimeEnv>) -> SessionState {
    SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_query_planner(Arc::new(Planner))
        .with_scalar_functions(functions())
        .build()
}

/// Those of DataFusion and ours.
pub(crate) fn functions() -> Vec<Arc<datafusion::logical_expr::ScalarUDF>> {
    ballista_core::extension::ballista_scalar_functions().into_iter().chain(udfs::all()).collect()
}

/// DataFusion's planner, and ours for our steps.
#[derive(Debug)]
struct Planner;

#[async_trait]
impl QueryPlanner for Planner {
    async fn create_physical_plan(
        &self,
        plan: &LogicalPlan,
        session: &dyn Session,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let planner = DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(Steps)]);
        planner.create_physical_plan(plan, session).await
    }
}

struct Steps;

#[async_trait]
impl ExtensionPlanner for Steps {
    async fn plan_extension(
        &self,
        _: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _: &[&LogicalPlan],
        inputs: &[Arc<dyn ExecutionPlan>],
        _: &dyn Session,
        _: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let step = node.as_any().downcast_ref::<Step>();
        Ok(step.zip(inputs.first()).map(|(step, input)| step.physical(Arc::clone(input))))
    }
}
