//! `tuibao eval`: how good the stages are, on labelled JSONL.
//!
//! Each measure prints one line a set (or, with `--json`, one object a set), with the CPU time and the peak memory of the
//! process where the system tells them.

pub(crate) mod ads;
mod claims;
mod clusters;
mod rank;
mod relevance;
mod ten;
mod usage;

use serde::Serialize;
use serde_json::{Value, json};
use usage::peak_mb;

use crate::{
    cli::{Common, EvalArgs},
    exit::{Code, Failure},
};

/// Prints the figures asked for.
pub(crate) fn eval(args: &EvalArgs, common: &Common) -> Result<Code, Failure> {
    match args {
        EvalArgs::Ads(args) => ads::eval(args, common),
        EvalArgs::Claims(args) => claims::eval(args, common),
        EvalArgs::Cluster(args) => clusters::eval(args, common),
        EvalArgs::Relevance(args) => relevance::eval(args, common),
        EvalArgs::Rank(args) => rank::eval(args, common),
    }
}

/// One flat object of figures, so that a reader asks for `.nmi` and not for `.figures.nmi`.
fn flat(name: &str, figures: &impl Serialize, seconds: Option<f64>) -> String {
    let mut object = json!({"file": name, "seconds": seconds, "peak_mb": peak_mb()});
    if let (Some(fields), Ok(Value::Object(figures))) =
        (object.as_object_mut(), serde_json::to_value(figures))
    {
        fields.extend(figures);
    }
    object.to_string()
}
