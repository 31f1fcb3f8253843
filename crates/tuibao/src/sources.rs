//! The corpus of a report: the tweets of its window, out of files and stores, in an order that does not depend on threads.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use corpus::{Ingested, RejectReason, Rejected, Tweet, TweetId, Window};
use store::{Store, StoreError};
use tracing::{field::Empty, info_span};

use crate::{
    exit::{Code, Failure},
    observe::Stage,
    places::{Places, places},
    reading::read,
    settings::Settings,
};

/// What was read for a report, and how much else there was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Corpus {
    /// The tweets of the window asked for, in order of time, then id, then place in the corpus.
    pub(crate) tweets: Vec<Tweet>,
    /// Tweets outside of it.
    pub(crate) outside: u64,
    /// The times of the first and the last tweet of all.
    pub(crate) span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many records were refused, by reason.
    pub(crate) refused: BTreeMap<RejectReason, u64>,
    /// The first of them, each with its place.
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) notices: u64,
}

/// Rejected records that are kept one by one; beyond that they are only counted, or a hostile file fills the memory.
pub(crate) const MOST_REJECTED: usize = 10_000;

impl Corpus {
    fn seen(&mut self, at: DateTime<Utc>) {
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
    }

    fn take(&mut self, part: Ingested, window: Window) {
        self.notices += part.notices;
        for rejected in part.rejected {
            *self.refused.entry(rejected.reason).or_default() += 1;
            if self.rejected.len() < MOST_REJECTED {
                self.rejected.push(rejected);
            }
        }
        for tweet in part.tweets {
            self.seen(tweet.created_at);
            if window.contains(tweet.created_at) {
                self.tweets.push(tweet);
            } else {
                self.outside += 1;
            }
        }
    }

    /// The tweets of a store; what is outside of the window is only counted.
    fn take_store(&mut self, folder: &Path, days: &Days, window: Window) -> Result<(), StoreError> {
        let ends = days.first().into_iter().chain(days.last());
        ends.for_each(|(day, _)| self.seen(day.and_time(NaiveTime::MIN).and_utc()));
        let tweets = Store::open(folder)?.read(window.start, window.end)?;
        let rows: u64 = days.iter().map(|(_, rows)| rows).sum();
        self.outside += rows.saturating_sub(tweets.len() as u64);
        self.tweets.extend(tweets);
        Ok(())
    }

    /// What was read, in the stage's span.
    fn told(&self, stage: &Stage) {
        let records = self.tweets.len() as u64 + self.outside + self.notices + self.refusals();
        stage.record("records", records).record("tweets", self.tweets.len()).record("outside", self.outside);
        stage.record("notices", self.notices).record("rejected", self.refusals());
    }

    /// How many records were refused.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    fn is_empty(&self) -> bool {
        self.tweets.is_empty() && self.outside == 0
    }
}

/// Days of a store with their numbers of tweets.
type Days = Vec<(NaiveDate, u64)>;

/// Where the tweets of a command are, looked up once.
pub(crate) struct Sources {
    files: BTreeSet<PathBuf>,
    stores: BTreeMap<PathBuf, Days>,
}

impl Sources {
    pub(crate) fn of(settings: &Settings) -> Result<Self, Failure> {
        let Places { files, stores } = places(settings)?;
        let days = stores.into_iter().map(|folder| {
            let days = Store::open(&folder).and_then(|store| store.days()).map_err(store_failure)?;
            Ok((folder, days))
        });
        Ok(Self { files, stores: days.collect::<Result<_, Failure>>()? })
    }

    /// Whether a window can be had without reading all others.
    pub(crate) fn by_day(&self) -> bool {
        self.files.is_empty()
    }
}

/// The tweets of a window out of all files and stores; what is outside is counted and let go.
pub(crate) fn load(settings: &Settings, window: Window) -> Result<Corpus, Failure> {
    load_from(&Sources::of(settings)?, settings, window)
}

/// The same of a command that loads several windows.
pub(crate) fn load_from(sources: &Sources, settings: &Settings, window: Window) -> Result<Corpus, Failure> {
    let Sources { files, stores } = sources;
    let stage = Stage::begin(info_span!(
        "ingest",
        files = files.len(),
        stores = stores.len(),
        records = Empty,
        tweets = Empty,
        outside = Empty,
        notices = Empty,
        rejected = Empty
    ));
    let mut corpus = Corpus::default();
    read(&settings.corpus, files, |part| corpus.take(part, window))?;
    for (folder, days) in stores {
        corpus.take_store(folder, days, window).map_err(store_failure)?;
    }
    corpus.tweets.sort_by_key(|tweet| (tweet.created_at, tweet.id));
    corpus.told(&stage);
    stage.end();
    if !corpus.refused.is_empty() {
        tracing::warn!(reasons = ?corpus.refused, "records could not be read; `tuibao inspect` shows each");
    }
    if corpus.is_empty() {
        let stores = if stores.is_empty() { String::new() } else { format!(", {} stores", stores.len()) };
        let message = format!(
            "no tweets in {} ({} files{stores}, {} records rejected)",
            settings.corpus.paths.join(", "),
            files.len(),
            corpus.refusals()
        );
        return Err(
            Failure::say(Code::Input, message).hint("`tuibao inspect PATH` shows what each file holds")
        );
    }
    Ok(corpus)
}

/// Tweets by id, each in every form in which the corpus has it: a corpus may hold a short and a whole text of one tweet.
pub(crate) type ById = BTreeMap<TweetId, Vec<Tweet>>;

/// The wanted ones of all tweets of the corpus, which goes by piecemeal.
pub(crate) fn find(settings: &Settings, wanted: &BTreeSet<TweetId>) -> Result<ById, Failure> {
    let Places { files, stores } = places(settings)?;
    let mut found = ById::new();
    read(&settings.corpus, &files, |part| keep(part.tweets, wanted, &mut found))?;
    let (from, to) = posted(wanted);
    for folder in &stores {
        let store = Store::open(folder).map_err(store_failure)?;
        let all = store.for_each_batch(from, to, |tweets| {
            keep(tweets, wanted, &mut found);
            ControlFlow::Continue(())
        });
        all.map_err(store_failure)?;
    }
    Ok(found)
}

fn keep(tweets: Vec<Tweet>, wanted: &BTreeSet<TweetId>, found: &mut ById) {
    for tweet in tweets.into_iter().filter(|tweet| wanted.contains(&tweet.id)) {
        let forms = found.entry(tweet.id).or_default();
        let says = |one: &Tweet| (one.text.clone(), one.reference.clone(), one.author.clone());
        if !forms.iter().any(|known| says(known) == says(&tweet)) {
            forms.push(tweet);
        }
    }
}

/// The time in which tweets were posted, by their ids, with a day to spare; all time when an id tells none.
fn posted(wanted: &BTreeSet<TweetId>) -> (DateTime<Utc>, DateTime<Utc>) {
    let time = |id: Option<&TweetId>| id.and_then(|id| id.time());
    match (time(wanted.first()), time(wanted.last())) {
        (Some(first), Some(last)) => (first - TimeDelta::days(1), last + TimeDelta::days(1)),
        _ => (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC),
    }
}

/// A fault of a store, as the exit code tells it.
pub(crate) fn store_failure(error: StoreError) -> Failure {
    let code = match &error {
        StoreError::Busy(_) => Code::Busy,
        StoreError::Incomplete(_) => Code::Output,
        StoreError::Io { action, .. } if *action != "read" => Code::Output,
        StoreError::NotAStore(_)
        | StoreError::Schema { .. }
        | StoreError::Damaged { .. }
        | StoreError::Io { .. } => Code::Input,
    };
    let hint = error.hint();
    Failure::new(code, error).hint(hint)
}
