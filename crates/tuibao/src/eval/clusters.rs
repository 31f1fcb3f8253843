//! `tuibao eval cluster`.

use quality::{ClusterFigures, eval_clusters, labelled};

use super::{
    flat,
    usage::{cpu_time, peak_mb, seconds_since},
};
use crate::{
    cli::{Common, EvalClusterArgs},
    console,
    exit::{Code, Failure, OrFail},
    settings,
};

/// Clusters each set under the profile's own settings and compares with its gold groups.
pub(super) fn eval(args: &EvalClusterArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?.cluster;
    for path in &args.files {
        let rows = labelled::read(path).or_fail(Code::Input)?;
        let before = cpu_time();
        let figures = eval_clusters(&rows, &args.gold, settings, None).or_fail(Code::Input)?;
        let seconds = seconds_since(before);
        let name = path.display().to_string();
        console::data(&if common.json {
            flat(&name, &figures, seconds)
        } else {
            line(&name, &figures, seconds)
        });
    }
    Ok(Code::Done)
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
