//! `tuibao eval cluster`.

use quality::{ClusterFigures, eval_clusters, labelled};
use serde_json::json;

use super::usage::{cpu_time, peak_mb};
use crate::{
    cli::{Common, EvalClusterArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    settings,
};

/// Clusters each set under the profile's own settings and compares with its gold groups.
pub(super) fn eval(args: &EvalClusterArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    for path in &args.files {
        let rows = labelled::read(path).or_fail(Code::Input)?;
        let before = cpu_time();
        let figures = eval_clusters(&rows, &args.gold, &job.words, &job.subject, job.settings.cluster)
            .or_fail(Code::Input)?;
        let seconds = before.and_then(|before| Some(cpu_time()?.saturating_sub(before).as_secs_f64()));
        let name = path.display().to_string();
        console::data(&if common.json {
            object(&name, &figures, seconds)
        } else {
            line(&name, &figures, seconds)
        });
    }
    Ok(Code::Done)
}

fn object(name: &str, figures: &ClusterFigures, seconds: Option<f64>) -> String {
    let mut object = json!({"file": name, "figures": figures, "seconds": seconds, "peak_mb": peak_mb()});
    // One flat object, so that a reader asks for `.nmi` and not for `.figures.nmi`.
    if let Some(fields) = object.as_object_mut()
        && let Some(serde_json::Value::Object(inner)) = fields.remove("figures")
    {
        fields.extend(inner);
    }
    object.to_string()
}

fn line(name: &str, figures: &ClusterFigures, seconds: Option<f64>) -> String {
    let scores = &figures.scores;
    let used =
        seconds.zip(peak_mb()).map_or_else(String::new, |(s, mb)| format!("  {s:.2} CPU-s, peak {mb:.0} MB"));
    format!(
        "{name}: {} texts, {} clusters for {} labels\n    NMI {:.3}  ARI {:.3}  AMI {:.3}  ACC {:.3}  B-cubed P {:.3} R {:.3} F1 {:.3}{used}",
        figures.texts,
        scores.clusters,
        scores.labels,
        scores.nmi,
        scores.ari,
        scores.ami,
        scores.acc,
        scores.bcubed_precision,
        scores.bcubed_recall,
        scores.bcubed_f1,
    )
}
