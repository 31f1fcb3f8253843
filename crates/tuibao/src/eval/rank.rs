//! `tuibao eval rank`: ten points of synthetic days, and the tweets that digests cited.

use std::{collections::BTreeMap, path::Path};

use corpus::{Memory, RankSettings, TweetId, cluster, dedupe, filter, rank};
use quality::{
    labelled::{self, Row},
    rank::{
        days::{Cut, cut},
        digests::{self, Digest, DigestDay, DigestFigures, eval_digest},
        points::{self, Bench, PointFigures, eval_points},
    },
};
use serde_json::json;

use super::ten;
use crate::{
    cli::{Common, EvalRankArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    period::Period,
    settings,
    sorting::{inside, window},
    sources::{self, Corpus},
};

/// Prints our figures beside the baselines'.
pub(super) fn eval(args: &EvalRankArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    if let Some(path) = &args.reports {
        return reports(&job, path, common);
    }
    if let Some(path) = &args.labels {
        return ten::eval(&job, path, common);
    }
    for path in &args.files {
        let rows = labelled::read(path).or_fail(Code::Input)?;
        sets(&job, &rows, &path.display().to_string(), args, common)?;
    }
    Ok(Code::Done)
}

fn sets(job: &Job, rows: &[Row], name: &str, args: &EvalRankArgs, common: &Common) -> Result<(), Failure> {
    let gold =
        rows.iter().map(|row| row.field(&args.gold)).collect::<Result<Vec<_>, _>>().or_fail(Code::Input)?;
    let gold: Vec<&str> = gold.iter().map(String::as_str).collect();
    let days = cut(&gold, Cut { days: args.days, groups: args.groups, largest: args.largest });
    let settings = &job.settings;
    let bench =
        Bench { words: &job.words, subject: &job.subject, cluster: settings.cluster, rank: &settings.rank };
    let figures = eval_points(rows, &gold, &days, &bench).or_fail(Code::Usage)?;
    let texts: usize = days.iter().map(Vec::len).sum();
    if common.json {
        let methods: BTreeMap<&str, &PointFigures> = points::METHODS.into_iter().zip(&figures).collect();
        console::data(
            &json!({"file": name, "gold": args.gold, "days": days.len(), "texts": texts, "methods": methods})
                .to_string(),
        );
        return Ok(());
    }
    console::data(&format!("{name} by {}: {} days, {texts} texts", args.gold, days.len()));
    console::data(&format!("    {:<16}coverage  distinct  top-10 recall  purity", ""));
    for (method, PointFigures { coverage, distinct, top_recall, purity }) in
        points::METHODS.iter().zip(&figures)
    {
        let purity = purity.map_or_else(|| "-".to_owned(), |purity| format!("{purity:.3}"));
        console::data(&format!(
            "    {method:<16}{coverage:>8.3}  {distinct:>8.3}  {top_recall:>13.3}  {purity:>6}"
        ));
    }
    Ok(())
}

/// A digest's day: the calendar day in which most of the tweets were posted that it cites.
fn reports(job: &Job, path: &Path, common: &Common) -> Result<Code, Failure> {
    let bytes = std::fs::read(path).or_fail(Code::Input)?;
    let digests: Vec<Digest> = serde_json::from_slice(&bytes).or_fail(Code::Input)?;
    let all = corpus::Window {
        start: chrono::DateTime::<chrono::Utc>::MIN_UTC,
        end: chrono::DateTime::<chrono::Utc>::MAX_UTC,
    };
    let corpus = sources::load(&job.settings, all)?;
    let (mut whole, mut telling) = (Vec::new(), Vec::new());
    for digest in &digests {
        let Some(day) = day(job, &corpus, digest)? else {
            console::say(&format!("{}: none of its tweets is in the corpus", digest.report));
            continue;
        };
        let figures = eval_digest(&day, &job.words);
        show_day(digest, &day, &figures, common);
        // A day of which everything is cited tells no order from another.
        if day.cited.len() < day.tweets.len() {
            telling.push(figures.clone());
        }
        whole.push(figures);
    }
    show("all days", &whole, common);
    show("days with tweets that are not cited", &telling, common);
    Ok(Code::Done)
}

fn day<'c>(job: &Job, corpus: &'c Corpus, digest: &Digest) -> Result<Option<DigestDay<'c>>, Failure> {
    let mut days: BTreeMap<chrono::NaiveDate, u64> = BTreeMap::new();
    for tweet in corpus.tweets.iter().filter(|tweet| digest.cited_tweet_ids.contains(&tweet.id)) {
        *days.entry(job.calendar.date(tweet.created_at)).or_default() += 1;
    }
    let most = days.into_iter().max_by_key(|(date, count)| (*count, std::cmp::Reverse(*date)));
    let Some((date, _)) = most else { return Ok(None) };
    let window = window(job, Period::day(date))?;
    let mut tweets: Vec<&corpus::Tweet> = inside(&corpus.tweets, window).iter().collect();
    tweets.dedup_by_key(|tweet| tweet.id);
    let there = tweets.iter().map(|tweet| tweet.id);
    let cited = there.filter(|id| digest.cited_tweet_ids.contains(id)).collect();
    let ours = scores(job, inside(&corpus.tweets, window), window)?;
    Ok(Some(DigestDay { tweets, cited, ours }))
}

/// Our score of each tweet, by the stages of a report; every topic counts, however little it says, and what the filter
/// drops has none. A folded tweet has the score of the one that stands for it.
fn scores(
    job: &Job,
    tweets: &[corpus::Tweet],
    window: corpus::Window,
) -> Result<BTreeMap<TweetId, f64>, Failure> {
    let unique = dedupe(filter(tweets, window, &job.sieve()).kept, &job.words).unique;
    let texts: Vec<&str> = unique.iter().map(|unique| unique.tweet.text.as_str()).collect();
    let clusters = cluster(&texts, &job.words, &job.subject, job.settings.cluster, None);
    let copies: Vec<(TweetId, TweetId)> =
        unique.iter().flat_map(|unique| unique.copies.iter().map(|copy| (*copy, unique.tweet.id))).collect();
    let settings = RankSettings {
        min_substance: 0.0,
        single_min_relevance: 0.0,
        max_topics: 0,
        ..job.settings.rank.clone()
    };
    let ranked = rank(unique, &clusters, window, &Memory::default(), &settings).or_fail(Code::Usage)?;
    let mut scores: BTreeMap<TweetId, f64> = ranked.scores().into_iter().collect();
    for (copy, of) in copies {
        if let Some(score) = scores.get(&of).copied() {
            scores.entry(copy).or_insert(score);
        }
    }
    Ok(scores)
}

fn show_day(digest: &Digest, day: &DigestDay<'_>, figures: &[DigestFigures], common: &Common) {
    let (all, cited) = (day.tweets.len(), day.cited.len());
    if common.json {
        let methods: BTreeMap<&str, &DigestFigures> = digests::METHODS.into_iter().zip(figures).collect();
        let line = json!({"report": digest.report, "date": digest.date, "tweets": all, "cited": cited, "methods": methods});
        console::data(&line.to_string());
    } else if common.verbose > 0 {
        console::data(&format!("{}: {cited} of {all} tweets cited", digest.report));
        table(figures);
    }
}

fn show(name: &str, days: &[Vec<DigestFigures>], common: &Common) {
    let mean = digests::mean(days);
    if common.json {
        let methods: BTreeMap<&str, &DigestFigures> = digests::METHODS.into_iter().zip(&mean).collect();
        console::data(&json!({"mean": name, "days": days.len(), "methods": methods}).to_string());
    } else {
        console::data(&format!("{name}: {}", days.len()));
        table(&mean);
    }
}

fn table(figures: &[DigestFigures]) {
    console::data(&format!("    {:<16}recall@50%   nDCG", ""));
    for (method, figures) in digests::METHODS.iter().zip(figures) {
        console::data(&format!("    {method:<16}{:>10.3}  {:.3}", figures.recall_half, figures.ndcg));
    }
}
