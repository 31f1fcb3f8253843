//! The corpus: what is there, the stores, and how new its newest tweet is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use store::Store;

use super::finding::{Finding, good, note, warning, wrong};
use crate::{
    job::Job,
    period::Period,
    places::{Places, STDIN, places},
    reading::read,
    settings::Settings,
};

/// Bytes of raw files that are read for their newest tweet; of more, the files that changed last.
const READ: u64 = 256 << 20;

/// What there is to report on.
pub(super) fn supply(job: &Job, now: DateTime<Utc>) -> Vec<Finding> {
    let named = job.settings.corpus.paths.join(", ");
    let Places { files, stores } = match places(&job.settings) {
        Ok(found) => found,
        Err(failure) => return vec![wrong(format!("corpus: {}", failure.error))],
    };
    if files.is_empty() && stores.is_empty() {
        return vec![wrong(format!("corpus: no files in {named}; put exports of tweets there"))];
    }
    let also = if stores.is_empty() { String::new() } else { format!(" and {} stores", stores.len()) };
    let mut found = vec![good(format!("corpus: {} files{also} in {named}", files.len()))];
    let mut newest = newest_of_files(&job.settings, &files);
    for folder in &stores {
        match newest_of_store(folder) {
            Ok((line, last)) => {
                found.push(good(line));
                newest = newest.max(last);
            }
            Err(error) => found.push(wrong(format!("store: {error}"))),
        }
    }
    found.push(age(job, newest, now));
    found
}

/// A line on the store, and a time on its last day.
fn newest_of_store(folder: &Path) -> Result<(String, Option<DateTime<Utc>>), store::StoreError> {
    let days = Store::open(folder)?.days()?;
    let tweets: u64 = days.iter().map(|(_, rows)| rows).sum();
    let last = days.last().map(|(day, _)| *day);
    let newest = last.map_or_else(|| "none yet".to_owned(), |day| day.to_string());
    let line = format!(
        "store: `{}` can be read: {tweets} tweets of {} days, the newest {newest}",
        folder.display(),
        days.len()
    );
    // What a day is known by is its beginning; the newest tweet is somewhere in it.
    Ok((line, last.map(|day| day.and_time(NaiveTime::MIN).and_utc())))
}

fn newest_of_files(settings: &Settings, files: &BTreeSet<PathBuf>) -> Option<DateTime<Utc>> {
    let mut newest = None;
    let read = read(&settings.corpus, &last_changed(files), |part| {
        newest = newest.max(part.tweets.iter().map(|tweet| tweet.created_at).max());
    });
    read.ok().and(newest)
}

/// The files that changed last, as many as are read soon; one of them in any case.
fn last_changed(files: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let real = files.iter().filter(|path| path.as_path() != Path::new(STDIN));
    let mut dated: Vec<_> = real
        .filter_map(|path| {
            let about = fs::metadata(path).ok()?;
            Some((about.modified().ok()?, about.len(), path))
        })
        .collect();
    dated.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = 0;
    let few = dated.into_iter().take_while(|(_, size, _)| {
        let before = bytes;
        bytes += size;
        before == 0 || bytes <= READ
    });
    few.map(|(_, _, path)| path.clone()).collect()
}

/// How new the newest tweet is: of tomorrow, a clock is wrong; of before the newest complete day, that day has no report.
fn age(job: &Job, newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Finding {
    let Some(newest) = newest else {
        return warning("newest tweet: none could be read; `tuibao inspect` shows what the files hold");
    };
    let said = format!("newest tweet: {}", newest.format("%Y-%m-%d %H:%M UTC"));
    let date = job.calendar.newest_complete(now);
    let window = job.calendar.window(Period::day(date));
    if newest > now + TimeDelta::days(1) {
        return warning(format!("{said}, which is not yet; the machine's clock or the corpus is wrong"));
    }
    // A store tells days only.
    match window.filter(|window| newest + Days::new(1) <= window.start) {
        Some(_) => {
            note(format!("{said}; none in the newest complete day, {date}: `tuibao run` needs --date"))
        }
        None => good(said),
    }
}
