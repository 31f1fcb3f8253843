//! Measures: of a partition against another, of a yes/no decision, of an order.

mod partition;
pub use partition::{Partition, PartitionScores};
