//! `tuibao eval ads`.

use std::collections::BTreeMap;

use corpus::{Tweet, TweetId};
use quality::{
    ads::{AdFigures, AdSet, Outcomes, cross, eval_ads},
    labelled::{self, Row},
    metrics::Prf,
};
use serde_json::{Value, json};

use super::usage::{cpu_time, peak_mb, seconds_since};
use crate::{
    cli::{AdSetArgs, Common},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    places::places,
    reading,
    settings::{self, Settings},
};

/// Measures the advert filter on each set; the sets are cross-validated together.
pub(super) fn eval(args: &AdSetArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    let sets = read_sets(args, &job.settings)?;
    let crossed = cross(&sets, job.ads.rules());
    for (set, crossed) in sets.iter().zip(&crossed) {
        let before = cpu_time();
        let figures = eval_ads(set, &job.sieve(), crossed);
        let seconds = seconds_since(before);
        console::data(&if common.json {
            object(&set.name, &figures, seconds)
        } else {
            lines(&set.name, &figures, seconds)
        });
    }
    Ok(Code::Done)
}

/// Reads the sets; the tweets of those that name them by id come from the corpus.
pub(crate) fn read_sets(args: &AdSetArgs, settings: &Settings) -> Result<Vec<AdSet>, Failure> {
    let mut read: Vec<(String, Vec<Row>)> = Vec::new();
    for path in &args.files {
        read.push((path.display().to_string(), labelled::read(path).or_fail(Code::Input)?));
    }
    let by_id = read.iter().flat_map(|(_, rows)| rows).any(|row| row.fields.contains_key("ad"));
    let tweets = if by_id { tweets(settings)? } else { BTreeMap::new() };
    let sets: Result<Vec<AdSet>, _> =
        read.into_iter().map(|(name, rows)| AdSet::new(name, &rows, &tweets)).collect();
    let sets = sets.or_fail(Code::Input)?;
    if let Some(set) = sets.iter().find(|set| set.rows.is_empty()) {
        return Err(Failure::say(Code::Input, format!("no text for any row of `{}`", set.name))
            .hint("sets that name tweets by id need `--corpus` with these tweets"));
    }
    Ok(sets)
}

/// All tweets of the corpus' files, the first of each id.
fn tweets(settings: &Settings) -> Result<BTreeMap<TweetId, Tweet>, Failure> {
    let mut tweets = BTreeMap::new();
    reading::read(&settings.corpus, &places(settings)?.files, |part| {
        for tweet in part.tweets {
            tweets.entry(tweet.id).or_insert(tweet);
        }
    })?;
    Ok(tweets)
}

/// One flat object: `precision` is of the filter as shipped, `rules_…` of the rules alone, `cv_…` out of fold.
fn object(name: &str, figures: &AdFigures, seconds: Option<f64>) -> String {
    let AdFigures { texts, adverts, missing, rules, shipped, crossed, best, best_f1, curve, outcomes } =
        figures;
    let mut object = json!({
        "file": name, "texts": texts, "adverts": adverts, "missing": missing,
        "rules_precision": rules.precision, "rules_recall": rules.recall, "rules_f1": rules.f1,
        "precision": shipped.precision, "recall": shipped.recall, "f1": shipped.f1,
        "cv_precision": crossed.precision, "cv_recall": crossed.recall, "cv_f1": crossed.f1,
        "cv_best_threshold": best.threshold, "cv_best_precision": best.precision,
        "cv_best_recall": best.recall, "cv_best_f1": best_f1,
        "curve": curve, "seconds": seconds, "peak_mb": peak_mb(),
    });
    if let (Some(object), Some(outcomes)) = (object.as_object_mut(), outcomes)
        && let Ok(Value::Object(more)) = serde_json::to_value(outcomes)
    {
        object.extend(more);
    }
    object.to_string()
}

fn lines(name: &str, figures: &AdFigures, seconds: Option<f64>) -> String {
    let AdFigures { texts, adverts, missing, rules, shipped, crossed, best, best_f1, curve, outcomes } =
        figures;
    let used =
        seconds.zip(peak_mb()).map_or_else(String::new, |(s, mb)| format!("  {s:.2} CPU-s, peak {mb:.0} MB"));
    let missing = if *missing > 0 { format!(", {missing} not in the corpus") } else { String::new() };
    let mut lines = vec![
        format!("{name}: {texts} texts, {adverts} adverts{missing}"),
        format!("    rules alone         {}", of(rules)),
        format!("    as shipped          {}{used}", of(shipped)),
        format!("    out of fold         {}", of(crossed)),
        format!(
            "      at the best F1    P {:.3}  R {:.3}  F1 {best_f1:.3}  (from {:.3} on)",
            best.precision, best.recall, best.threshold
        ),
    ];
    let points = curve.iter().map(|point| format!("{:.2}/{:.2}", point.precision, point.recall));
    lines.push(format!("      P/R               {}", points.collect::<Vec<_>>().join("  ")));
    lines.extend(outcomes.as_ref().map(three));
    lines.join("\n")
}

fn of(prf: &Prf) -> String {
    format!("P {:.3}  R {:.3}  F1 {:.3}", prf.precision, prf.recall, prf.f1)
}

fn three(outcomes: &Outcomes) -> String {
    format!(
        "    suspects found {:.3} (out of fold {:.3}), suspects right {:.3}\n    non-adverts dropped {:.2} % (out of fold {:.2} %), of those to keep {:.2} % (out of fold {:.2} %)",
        outcomes.suspect_recall,
        outcomes.crossed_suspect_recall,
        outcomes.suspect_precision,
        100.0 * outcomes.non_ads_dropped,
        100.0 * outcomes.crossed_non_ads_dropped,
        100.0 * outcomes.keep_dropped,
        100.0 * outcomes.crossed_keep_dropped,
    )
}
