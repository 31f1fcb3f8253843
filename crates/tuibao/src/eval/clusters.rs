//! `tuibao eval cluster`.

use corpus::Dense;
use quality::{
    ClusterFigures, eval_clusters,
    labelled::{self, Row},
};

use super::{
    flat,
    usage::{cpu_time, peak_mb, seconds_since},
};
use crate::{
    cli::{Common, EvalClusterArgs},
    console,
    exit::{Code, Failure, OrFail},
    settings,
    vectors::{self, Vectors},
};

/// Clusters each set under the profile's own settings, with sentence vectors where `[embeddings]` names them, and compares
/// with its gold groups. The seconds are the clusters'; vectors are made before.
pub(super) fn eval(args: &EvalClusterArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let vectors = Vectors::new(&settings, true)?;
    for path in &args.files {
        let rows = labelled::read(path).or_fail(Code::Input)?;
        let dense = vectors.as_ref().map(|vectors| embed(vectors, &rows)).transpose()?;
        let before = cpu_time();
        let figures =
            eval_clusters(rows, &args.gold, settings.cluster, dense.as_ref()).or_fail(Code::Input)?;
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

/// Without vectors the figures would be those of something else, so there are none.
fn embed(vectors: &Vectors, rows: &[Row]) -> Result<Dense, Failure> {
    let texts: Vec<String> = rows.iter().map(Row::clean_text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    vectors.of(&texts).map_err(vectors::failure)
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
