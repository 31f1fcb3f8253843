//! Topics that audits name, and which of them a text speaks of.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use chrono::NaiveDate;
use datafusion::error::{DataFusionError, Result};
use serde::Deserialize;

/// A topic is looked for by so many of its terms, the heaviest ones.
const TERMS: usize = 4;
/// A text speaks of it when it has so many of them, or all where there are fewer.
const ENOUGH: usize = 2;

/// A topic and the terms by which it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) topic: String,
    pub(crate) terms: Vec<String>,
}

#[derive(Deserialize)]
struct Audit {
    window: Window,
    #[serde(default)]
    topics: Vec<Topic>,
}

#[derive(Deserialize)]
struct Window {
    start: chrono::DateTime<chrono::Utc>,
    end: chrono::DateTime<chrono::Utc>,
}

#[derive(Deserialize)]
struct Topic {
    terms: Vec<(String, f64)>,
}

/// The topics of the daily audits below a site whose windows touch the days, each set of terms once, in the order of the
/// audits' days and of their own.
pub(crate) fn of_site(site: &Path, from: NaiveDate, to: NaiveDate) -> anyhow::Result<Vec<Named>> {
    let mut audits = Vec::new();
    below(site, &mut audits).with_context(|| format!("cannot read the site `{}`", site.display()))?;
    audits.retain(|(start, end, _, _)| *end > from && *start <= to && (*end - *start).num_days() <= 1);
    audits.sort_by(|one, other| (one.0, &one.2).cmp(&(other.0, &other.2)));
    let mut seen = BTreeSet::new();
    let mut named = Vec::new();
    for topic in audits.into_iter().flat_map(|(_, _, _, topics)| topics) {
        let terms: Vec<String> = topic.terms.into_iter().take(TERMS).map(|(term, _)| term).collect();
        if !terms.is_empty() && seen.insert(terms.clone()) {
            named.push(Named { topic: terms.join(" "), terms });
        }
    }
    Ok(named)
}

type Found = Vec<(NaiveDate, NaiveDate, String, Vec<Topic>)>;

/// Audits are `….audit.json`; what else is JSON on a site is none of ours.
fn below(folder: &Path, found: &mut Found) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, found)?;
        } else if path.to_string_lossy().ends_with(".audit.json") {
            let text = fs::read_to_string(&path)?;
            let audit: Audit =
                serde_json::from_str(&text).with_context(|| format!("`{}` is no audit", path.display()))?;
            let (start, end) = (audit.window.start.date_naive(), audit.window.end.date_naive());
            found.push((start, end, path.display().to_string(), audit.topics));
        }
    }
    Ok(())
}

/// Topics by their terms.
#[derive(Debug)]
pub(crate) struct Topics {
    enough: Vec<usize>,
    by_term: BTreeMap<String, Vec<i32>>,
}

impl Topics {
    fn new(terms: &[Vec<String>]) -> Self {
        let mut by_term: BTreeMap<String, Vec<i32>> = BTreeMap::new();
        for (number, terms) in (0_i32..).zip(terms) {
            for term in terms {
                by_term.entry(term.clone()).or_default().push(number);
            }
        }
        Self { enough: terms.iter().map(|terms| terms.len().min(ENOUGH)).collect(), by_term }
    }

    /// The topics that a text with these terms speaks of, in order.
    pub(crate) fn of(&self, terms: &[String]) -> Vec<i32> {
        let mut hits: BTreeMap<i32, usize> = BTreeMap::new();
        let terms: BTreeSet<&String> = terms.iter().collect();
        for number in terms.into_iter().filter_map(|term| self.by_term.get(term)).flatten() {
            *hits.entry(*number).or_default() += 1;
        }
        let enough = |number: i32| self.enough.get(number as usize).copied().unwrap_or(usize::MAX);
        hits.into_iter()
            .filter(|(number, count)| *count >= enough(*number))
            .map(|(number, _)| number)
            .collect()
    }
}

/// Topics given as JSON lists of terms. All batches of a plan ask for the same ones.
pub(crate) fn shared(terms: &str) -> Result<Arc<Topics>> {
    static LAST: Mutex<Option<(String, Arc<Topics>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, topics)) = last.as_ref().filter(|(known, _)| known == terms) {
        return Ok(Arc::clone(topics));
    }
    let read: Vec<Vec<String>> =
        serde_json::from_str(terms).map_err(|error| DataFusionError::External(error.into()))?;
    let topics = Arc::new(Topics::new(&read));
    *last = Some((terms.to_owned(), Arc::clone(&topics)));
    Ok(topics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_speaks_of_a_topic_with_two_of_its_terms() {
        let list = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>();
        let topics =
            Topics::new(&[list(&["nova", "price", "chip"]), list(&["rain"]), list(&["chip", "nova"])]);
        assert_eq!(topics.of(&list(&["nova", "price"])), [0]);
        assert_eq!(topics.of(&list(&["chip", "rain", "nova"])), [0, 1, 2]);
        assert_eq!(topics.of(&list(&["nova", "nova"])), [0; 0]);
    }
}
