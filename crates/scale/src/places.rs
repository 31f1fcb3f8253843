//! Where a plan runs: in this process, on a Ballista of its own, or on a cluster.

use std::str::FromStr;

use ballista::prelude::SessionContextExt as _;
use ballista_core::extension::SessionConfigExt as _;
use datafusion::{error::Result, prelude::SessionContext};

use crate::session;

/// A place, as `--on` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `embedded`: DataFusion in this process.
    Embedded,
    /// `standalone`: a Ballista scheduler and an executor in this process.
    Standalone,
    /// `df://host:port`: the scheduler of a cluster.
    Cluster(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "embedded" => Ok(Self::Embedded),
            "standalone" => Ok(Self::Standalone),
            address if address.starts_with("df://") => Ok(Self::Cluster(address.to_owned())),
            _ => {
                Err("name `embedded`, `standalone` or the address of a scheduler, such as `df://host:50050`"
                    .into())
            }
        }
    }
}

/// How a plan is run.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    /// Partitions that run at the same time, where that is ours to say.
    pub(crate) cores: usize,
    /// Partitions of a shuffle.
    pub(crate) partitions: usize,
    /// Bytes that the process may take; executors of a cluster have a limit of their own.
    pub(crate) memory: Option<usize>,
}

/// Sorting and grouping have this part of the memory; reading, merging and all else that no pool counts have the rest.
const SORTING: usize = 2;

impl Place {
    /// A session there.
    pub(crate) async fn session(&self, means: &Means) -> Result<SessionContext> {
        let config = session::config(means.partitions).with_ballista_standalone_parallelism(means.cores);
        let state = session::state(config, session::runtime(means.memory.map(|bytes| bytes / SORTING))?);
        let context = match self {
            Self::Embedded => SessionContext::new_with_state(state),
            Self::Standalone => SessionContext::standalone_with_state(state).await?,
            Self::Cluster(address) => SessionContext::remote_with_state(address, state).await?,
        };
        // Ballista gives a session its own functions in place of those that it had.
        for function in session::functions() {
            context.register_udf(function.as_ref().clone());
        }
        Ok(context)
    }
}
