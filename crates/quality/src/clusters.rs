//! How near the clusters come to the gold ones.

use corpus::{ClusterSettings, Dense, Lexicon, Words, cluster};
use serde::Serialize;

use crate::{
    labelled::{LabelledError, Row},
    metrics::{Partition, PartitionScores},
};

/// What the clusters of one set are worth.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ClusterFigures {
    /// Texts.
    pub texts: usize,
    /// Against the gold groups.
    #[serde(flatten)]
    pub scores: PartitionScores,
}

/// Groups the rows' texts and compares with the gold groups in `gold`, a field of each row. No word counts less for being
/// of a report's subject: the sets have none.
///
/// # Errors
/// When a row has no such field.
pub fn eval_clusters(
    rows: Vec<Row>,
    gold: &str,
    settings: ClusterSettings,
    dense: Option<&Dense>,
) -> Result<ClusterFigures, LabelledError> {
    let labels = rows.iter().map(|row| row.field(gold)).collect::<Result<Vec<_>, _>>()?;
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    // The rows' other fields go here: a large set is measured for its memory too.
    let texts: Vec<String> = rows.into_iter().map(|row| row.clean_text()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut found = vec![0; texts.len()];
    let (words, subject) = (Words::new([]), Lexicon::new([])?);
    for (name, group) in cluster(&texts, &words, &subject, settings, dense).iter().enumerate() {
        for member in &group.members {
            if let Some(place) = found.get_mut(*member) {
                *place = name;
            }
        }
    }
    Ok(ClusterFigures { texts: texts.len(), scores: Partition::new(&found, &labels).scores() })
}
