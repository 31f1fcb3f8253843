//! `tuibao eval relevance`.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use corpus::{Tweet, TweetId, Window};
use quality::{
    RelevanceFigures, eval_relevance,
    labelled::{self, Row},
    metrics::Prf,
};
use serde_json::json;

use super::flat;
use crate::{
    cli::{Common, EvalLabelledArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    settings, sources,
};

/// Compares the relevance that a run would see with the labels; `-v` names each tweet decided otherwise.
pub(super) fn eval(args: &EvalLabelledArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    for path in &args.files {
        let rows = labelled::read(path).or_fail(Code::Input)?;
        let corpus = sources::load(&job.settings, covering(&rows)?)?;
        let days = by_day(&job, &corpus.tweets);
        let scale = (&job.subject, &job.words, job.settings.filter.relevance_min);
        let figures = eval_relevance(&rows, &days, scale).or_fail(Code::Input)?;
        let name = path.display().to_string();
        console::data(&if common.json { flat(&name, &figures, None) } else { lines(&name, &figures) });
        if common.verbose > 0 {
            show_wrong(&figures, &corpus.tweets);
        }
    }
    Ok(Code::Done)
}

/// From a day before the first labelled tweet to a day after the last.
pub(super) fn covering(rows: &[Row]) -> Result<Window, Failure> {
    let time = |row: &Row| row.name().parse::<TweetId>().ok()?.time();
    let times: Vec<DateTime<Utc>> = rows.iter().filter_map(time).collect();
    let (first, last) = times.iter().min().zip(times.iter().max()).ok_or_else(|| {
        Failure::say(Code::Input, "no row's `id` is a tweet's").hint("the texts come from --corpus by id")
    })?;
    Ok(Window { start: *first - TimeDelta::days(1), end: *last + TimeDelta::days(1) })
}

/// The tweets of each day of the report's zone, as a run would have them.
fn by_day<'t>(job: &Job, tweets: &'t [Tweet]) -> Vec<Vec<&'t Tweet>> {
    let mut days: BTreeMap<_, Vec<&Tweet>> = BTreeMap::new();
    for tweet in tweets {
        days.entry(job.calendar.day_of(tweet.created_at)).or_default().push(tweet);
    }
    days.into_values().collect()
}

fn lines(name: &str, figures: &RelevanceFigures) -> String {
    let shown = |prf: &Prf| format!("P {:.3}  R {:.3}  F1 {:.3}", prf.precision, prf.recall, prf.f1);
    format!(
        "{name}: {} tweets, {} relevant ({} unsure not counted, {} not in the corpus)\n    tuibao         {}\n    keyword match  {}",
        figures.tweets,
        figures.relevant,
        figures.unsure,
        figures.missing,
        shown(&figures.ours),
        shown(&figures.keyword),
    )
}

fn show_wrong(figures: &RelevanceFigures, tweets: &[Tweet]) {
    for (id, score) in &figures.wrong {
        let Some(tweet) = tweets.iter().find(|tweet| tweet.id == *id) else { continue };
        let text: String =
            tweet.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
        let line = json!({"id": id, "score": score, "handle": tweet.author.handle, "text": text});
        console::data(&line.to_string());
    }
}
