//! The rules that functions of a plan need, as they are built into tuibao: the same files, read once a process.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context as _;
use corpus::{AdJudge, AdModelFile, AdRule, AdRules, Lexicon, Words};
use datafusion::error::{DataFusionError, Result};
use serde::Deserialize;

const ADS: &str = include_str!("../../../config/ads.toml");
const AD_MODEL: &str = include_str!("../../../config/ads_model.toml");

#[derive(Deserialize)]
struct AdFile {
    rule: Vec<AdRule>,
}

/// What makes a tweet an advert.
pub(crate) fn judge() -> Result<&'static AdJudge> {
    static JUDGE: LazyLock<Result<AdJudge, String>> = LazyLock::new(|| {
        let file: AdFile = toml::from_str(ADS).map_err(|error| error.to_string())?;
        let model: AdModelFile = toml::from_str(AD_MODEL).map_err(|error| error.to_string())?;
        let rules = AdRules::new(file.rule).map_err(|error| error.to_string())?;
        AdJudge::new(rules, &model).map_err(|error| error.to_string())
    });
    JUDGE.as_ref().map_err(|error| DataFusionError::Execution(error.clone()))
}

/// The dictionary.
pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new([]));
    &WORDS
}

/// The words of a subject, given as JSON pairs of word and weight. All batches of a plan ask for the same one.
pub(crate) fn subject(pairs: &str) -> Result<Arc<Lexicon>> {
    static LAST: Mutex<Option<(String, Arc<Lexicon>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, lexicon)) = last.as_ref().filter(|(known, _)| known == pairs) {
        return Ok(Arc::clone(lexicon));
    }
    let read: Vec<(String, f64)> =
        serde_json::from_str(pairs).map_err(|error| DataFusionError::External(error.into()))?;
    let lexicon = Arc::new(Lexicon::new(read).map_err(|error| DataFusionError::External(error.into()))?);
    *last = Some((pairs.to_owned(), Arc::clone(&lexicon)));
    Ok(lexicon)
}

#[derive(Deserialize)]
struct Profile {
    subject: std::collections::BTreeMap<String, f64>,
    filter: Filter,
}

#[derive(Deserialize)]
struct Filter {
    relevance_min: f64,
}

/// The words of a profile's subject, as [`subject`] reads them, and its least relevance.
pub(crate) fn profile(path: &std::path::Path) -> anyhow::Result<(String, f64)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let profile: Profile =
        toml::from_str(&text).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok((serde_json::to_string(&profile.subject.iter().collect::<Vec<_>>())?, profile.filter.relevance_min))
}
