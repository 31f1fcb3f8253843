//! The first half of the flow: a window's tweets become ranked topics, and every tweet is accounted for.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use corpus::{
    Cluster, Coverage, Deduped, Dropped, Kept, Rejected, Sifted, Topic, Tweet, TweetId, Unique, Window,
    Worth, cluster, dedupe, filter, rank,
};
use report::Counts;
use tracing::{field::Empty, info_span};

use crate::{
    coverage::covered,
    exit::{Code, Failure, OrFail},
    job::Job,
    long::Long,
    memory::{Fresh, memory, remembered},
    observe::{Stage, listed},
    period::Period,
    sources::Corpus,
    vectors,
};

/// A day's tweets, sorted into topics and what was left out.
pub(crate) struct Sorted {
    pub(crate) period: Period,
    pub(crate) window: Window,
    pub(crate) counts: Counts,
    /// Whether the window has gaps, judged by all its tweets.
    pub(crate) coverage: Coverage,
    pub(crate) topics: Vec<Topic>,
    /// Tweets in no topic, in order of time.
    pub(crate) left_out: Vec<Unique>,
    /// Of these, those that an earlier report told.
    pub(crate) told: Vec<TweetId>,
    pub(crate) worths: BTreeMap<TweetId, Worth>,
    pub(crate) dropped: Vec<Dropped>,
    /// Time of the newest tweet that was kept: the report's own time, so that the same input makes the same bytes.
    pub(crate) newest: DateTime<Utc>,
    /// Hash of the window's tweets.
    pub(crate) fingerprint: String,
    /// Hash of the settings that the topics were made with: the job's, unless vectors are missing.
    pub(crate) settings: String,
    /// Why the topics were made without sentence vectors, when these were wanted.
    pub(crate) no_vectors: Option<String>,
    /// Hash of what earlier reports told.
    pub(crate) remembered: String,
    /// The first records that could not be read.
    pub(crate) rejected: Vec<Rejected>,
    /// What a report from the audits of its days has besides.
    pub(crate) long: Option<Long>,
}

/// A day's tweets in groups: all of the sorting that no other day bears on.
pub(crate) struct Grouped<'c> {
    corpus: &'c Corpus,
    period: Period,
    window: Window,
    tweets: &'c [Tweet],
    newest: Option<DateTime<Utc>>,
    dropped: Vec<Dropped>,
    unique: Vec<Unique>,
    clusters: Vec<Cluster>,
    no_vectors: Option<String>,
}

/// The tweets of a window, out of a corpus in order of time.
pub(crate) fn inside(tweets: &[Tweet], window: Window) -> &[Tweet] {
    let start = tweets.partition_point(|tweet| tweet.created_at < window.start);
    let end = tweets.partition_point(|tweet| tweet.created_at < window.end);
    tweets.get(start..end).unwrap_or_default()
}

/// filter → dedupe → cluster → rank, after the earlier reports on the site.
pub(crate) fn sort(job: &Job, corpus: &Corpus, period: Period) -> Result<Sorted, Failure> {
    group(job, corpus, period)?.rank(job, &Fresh::new())
}

/// filter → dedupe → cluster.
pub(crate) fn group<'c>(job: &Job, corpus: &'c Corpus, period: Period) -> Result<Grouped<'c>, Failure> {
    let window = window(job, period)?;
    let tweets = inside(&corpus.tweets, window);
    let sifted = sift(job, tweets, window, &period.span());
    let newest = sifted.kept.iter().map(|kept| kept.tweet.created_at).max();
    let deduped = fold(job, sifted.kept, &period.span());
    let unique = deduped.unique;
    let (clusters, no_vectors) = gather(job, &unique, &period.span())?;
    let dropped = sifted.dropped.into_iter().chain(deduped.folded).collect();
    Ok(Grouped { corpus, period, window, tweets, newest, dropped, unique, clusters, no_vectors })
}

fn sift(job: &Job, tweets: &[Tweet], window: Window, period: &str) -> Sifted {
    let stage =
        Stage::begin(info_span!("filter", period, tweets = tweets.len(), kept = Empty, dropped = Empty));
    let sifted = filter(tweets, window, &job.sieve());
    stage.record("kept", sifted.kept.len()).record("dropped", listed(reasons(&sifted.dropped)));
    stage.end();
    sifted
}

fn fold(job: &Job, kept: Vec<Kept>, period: &str) -> Deduped {
    let stage =
        Stage::begin(info_span!("dedupe", period, tweets = kept.len(), unique = Empty, folded = Empty));
    let deduped = dedupe(kept, &job.words);
    stage.record("unique", deduped.unique.len()).record("folded", deduped.folded.len());
    stage.end();
    deduped
}

/// The clusters, and why they were made without vectors when these were wanted.
fn gather(job: &Job, unique: &[Unique], period: &str) -> Result<(Vec<Cluster>, Option<String>), Failure> {
    let stage =
        Stage::begin(info_span!("cluster", period, tweets = unique.len(), clusters = Empty, vectors = Empty));
    let texts: Vec<&str> = unique.iter().map(|unique| unique.tweet.text.as_str()).collect();
    let (dense, no_vectors) = stage.span().in_scope(|| vectors::blend(job.vectors.as_ref(), &texts))?;
    let clusters = cluster(&texts, &job.words, &job.subject, job.settings.cluster, dense.as_ref());
    stage.record("clusters", clusters.len()).record("vectors", dense.is_some());
    stage.end();
    Ok((clusters, no_vectors))
}

/// Tweets by the reason why they were dropped.
fn reasons(dropped: &[Dropped]) -> BTreeMap<&'static str, u64> {
    let mut by_reason = BTreeMap::new();
    for one in dropped {
        *by_reason.entry(one.why.name()).or_default() += 1;
    }
    by_reason
}

impl Grouped<'_> {
    /// Ranks after the earlier reports: those of this run, else those on the site.
    pub(crate) fn rank(self, job: &Job, fresh: &Fresh) -> Result<Sorted, Failure> {
        let Self { corpus, period, window, tweets, newest, dropped, unique, clusters, no_vectors } = self;
        let (memory, kept) = (memory(job, period, fresh), unique.len());
        let stage = Stage::begin(info_span!(
            "rank",
            period = period.span(),
            tweets = kept,
            topics = Empty,
            in_topics = Empty,
            left_out = Empty,
            told = Empty
        ));
        let ranked = rank(unique, &clusters, window, &memory, &job.settings.rank).or_fail(Code::Usage)?;
        let told = ranked.told.iter().map(|unique| unique.tweet.id).collect();
        let counts = count(corpus, tweets.len(), &dropped, kept, &ranked);
        if !counts.balanced() {
            return Err(Failure::say(Code::Internal, format!("the counts do not add up: {counts:?}")));
        }
        stage.record("topics", counts.topics).record("in_topics", counts.in_topics);
        stage.record("left_out", counts.left_out).record("told", counts.told);
        stage.end();
        job.tally.sorted(&counts);
        let newest = newest
            .filter(|_| !ranked.topics.is_empty())
            .ok_or_else(|| nothing(corpus, period, window, &counts))?;
        let (fingerprint, remembered) = (fingerprint(tweets)?, remembered(&memory)?);
        let (topics, worths) = (ranked.topics, ranked.worths);
        let mut left_out = [ranked.left_out, ranked.told].concat();
        left_out.sort_by_key(|unique| (unique.tweet.created_at, unique.tweet.id));
        Ok(Sorted {
            period,
            window,
            coverage: covered(job, tweets, window, counts.kept),
            counts,
            topics,
            left_out,
            told,
            worths,
            dropped,
            newest,
            fingerprint,
            remembered,
            rejected: corpus.rejected.clone(),
            long: None,
            settings: made_with(job, no_vectors.is_some()),
            no_vectors,
        })
    }
}

/// From the first of these periods to the end of the last.
pub(crate) fn hull(job: &Job, periods: &[Period]) -> Result<Window, Failure> {
    let windows = periods.iter().map(|period| window(job, *period)).collect::<Result<Vec<_>, _>>()?;
    let start = windows.iter().map(|window| window.start).min().unwrap_or_default();
    let end = windows.iter().map(|window| window.end).max().unwrap_or_default();
    Ok(Window { start, end })
}

pub(crate) fn window(job: &Job, period: Period) -> Result<Window, Failure> {
    job.calendar
        .window(period)
        .ok_or_else(|| Failure::say(Code::Usage, format!("{} is beyond the calendar", period.span())))
}

fn count(
    corpus: &Corpus,
    inside: usize,
    dropped: &[Dropped],
    kept: usize,
    ranked: &corpus::Ranked,
) -> Counts {
    let mut by_reason: BTreeMap<String, u64> =
        reasons(dropped).into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    let outside = corpus.outside + (corpus.tweets.len() - inside) as u64;
    if outside > 0 {
        by_reason.insert("out_of_window".to_owned(), outside);
    }
    let rejected = corpus.refused.iter().map(|(reason, count)| (reason.name().to_owned(), *count)).collect();
    Counts {
        read: corpus.outside + corpus.tweets.len() as u64 + corpus.refusals(),
        notices: corpus.notices,
        rejected,
        dropped: by_reason,
        kept: kept as u64,
        in_topics: ranked.topics.iter().map(|topic| topic.tweets.len() as u64).sum(),
        left_out: (ranked.left_out.len() + ranked.told.len()) as u64,
        told: ranked.told.len() as u64,
        topics: ranked.topics.len() as u64,
    }
}

/// The settings' hash. One of its own without vectors, so that the report is made anew once there are some.
fn made_with(job: &Job, without_vectors: bool) -> String {
    if !without_vectors {
        return job.fingerprint.clone();
    }
    blake3::hash(format!("{} without vectors", job.fingerprint).as_bytes()).to_hex().to_string()
}

/// Hash of all that tweets say; not of where they were read, so that a corpus may move.
fn fingerprint(tweets: &[Tweet]) -> Result<String, Failure> {
    let mut hasher = blake3::Hasher::new();
    for tweet in tweets {
        let mut value = serde_json::to_value(tweet).or_fail(Code::Internal)?;
        value.as_object_mut().map(|fields| fields.remove("source"));
        hasher.update(value.to_string().as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Why a window gives no report.
fn nothing(corpus: &Corpus, period: Period, window: Window, counts: &Counts) -> Failure {
    let inside = inside(&corpus.tweets, window);
    if inside.is_empty() {
        let day = |at: DateTime<Utc>| at.date_naive().to_string();
        let covers =
            corpus.span.map_or_else(String::new, |(first, last)| format!("{} to {}", day(first), day(last)));
        let message = format!("no tweets on {} ({} to {})", period.span(), window.start, window.end);
        return Failure::say(Code::Input, message).hint(format!("the corpus covers {covers} (UTC)"));
    }
    let reasons = counts.dropped.iter().filter(|(reason, _)| reason.as_str() != "out_of_window");
    let mut reasons: Vec<String> = reasons.map(|(reason, count)| format!("{reason} {count}")).collect();
    if counts.left_out > counts.told {
        reasons.push(format!("too little said {}", counts.left_out - counts.told));
    }
    if counts.told > 0 {
        reasons.push(format!("told by an earlier report {}", counts.told));
    }
    let message =
        format!("nothing to report on {}: none of its {} tweets makes a topic", period.span(), inside.len());
    let hint = format!(
        "left out: {}; thresholds stand under [filter] and [rank] of the profile",
        reasons.join(", ")
    );
    Failure::say(Code::Input, message).hint(hint)
}
