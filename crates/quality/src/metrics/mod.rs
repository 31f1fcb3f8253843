//! Measures: of a partition against another, of a yes/no decision, of an order.

mod binary;
pub use binary::{Point, Prf, at_precision, best_f1, curve, prf};

mod partition;
pub use partition::{Partition, PartitionScores};
