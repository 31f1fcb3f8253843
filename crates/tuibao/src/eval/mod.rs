//! `tuibao eval`: how good the stages are, on labelled JSONL.
//!
//! Each measure prints one line a set (or, with `--json`, one object a set), with the CPU time and the peak memory of the
//! process where the system tells them.

pub(crate) mod ads;
mod clusters;
mod usage;

use crate::{
    cli::{Common, EvalArgs},
    exit::{Code, Failure},
};

/// Prints the figures asked for.
pub(crate) fn eval(args: &EvalArgs, common: &Common) -> Result<Code, Failure> {
    match args {
        EvalArgs::Ads(args) => ads::eval(args, common),
        EvalArgs::Cluster(args) => clusters::eval(args, common),
    }
}
