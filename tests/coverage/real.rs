//! How often the verdict is right on real days: false gaps of whole days and weeks, and holes that are found.
//!
//! `cargo test -p tuibao --test integration coverage::real -- --nocapture` prints the figures of `docs/coverage.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, iter,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use corpus::{CoverageSettings, Gap, Window, coverage};

use crate::support::{dice::Dice, shared_data, stages};

const SETTINGS: CoverageSettings = CoverageSettings { quiet_tweets: 20, gap_hours: 3, night_hours: [0, 9] };
/// Hours of the night.
const NIGHT: i64 = 9;
/// Holes that are cut into each day, one at a time.
const TRIALS: usize = 4;

/// The times of a set's distinct tweets, by day in Shanghai.
type Days = BTreeMap<NaiveDate, Vec<DateTime<Utc>>>;

/// Without days of fewer tweets than the method looks at, which can have no gap.
fn days(files: &[String]) -> Days {
    let tweets = files.iter().flat_map(|file| stages::ingest(file, file).tweets);
    let distinct: BTreeSet<_> = tweets.map(|tweet| (tweet.created_at, tweet.id)).collect();
    let mut days = Days::new();
    for (time, _) in distinct {
        days.entry((time + TimeDelta::hours(8)).date_naive()).or_default().push(time);
    }
    days.retain(|_, times| times.len() >= 24);
    days
}

/// So many days from one on.
fn window(first: NaiveDate, days: i64) -> Window {
    let start = stages::window(&first.to_string()).start;
    Window { start, end: start + TimeDelta::days(days) }
}

fn gaps(times: &[DateTime<Utc>], window: Window, night: i64) -> Vec<Gap> {
    let days = (0..(window.end - window.start).num_days()).map(|day| window.start + TimeDelta::days(day));
    let nights: Vec<Window> =
        days.map(|start| Window { start, end: start + TimeDelta::hours(night) }).collect();
    coverage(times, times.len() as u64, window, &nights, &SETTINGS).gaps
}

/// Days that are called incomplete as they are.
fn wrong_days(days: &Days, night: i64) -> usize {
    days.iter().filter(|(day, times)| !gaps(times, window(**day, 1), night).is_empty()).count()
}

/// Weeks of which every day is there, and how many of them are called incomplete.
fn weeks(days: &Days) -> (usize, usize) {
    let week = |first: &NaiveDate| {
        let times: Option<Vec<_>> = first.iter_days().take(7).map(|day| days.get(&day)).collect();
        Some((*first, times?.into_iter().flatten().copied().collect::<Vec<_>>()))
    };
    let weeks: Vec<_> = days.keys().step_by(7).filter_map(week).collect();
    let wrong = weeks.iter().filter(|(first, times)| !gaps(times, window(*first, 7), NIGHT).is_empty());
    (weeks.len(), wrong.count())
}

/// The share, in percent, of holes of so many hours at random places from an hour on that one gap covers.
fn found(days: &Days, hours: i64, earliest: i64) -> usize {
    let (mut dice, mut found) = (Dice(hours.unsigned_abs()), 0);
    for (day, times) in days.iter().flat_map(|day| iter::repeat_n(day, TRIALS)) {
        let day = window(*day, 1);
        let minutes = usize::try_from((24 - hours - earliest) * 60).unwrap();
        let place = TimeDelta::minutes(i64::try_from(dice.below(minutes + 1)).unwrap());
        let start = day.start + TimeDelta::hours(earliest) + place;
        let hole = Window { start, end: start + TimeDelta::hours(hours) };
        let left: Vec<_> = times.iter().copied().filter(|time| !hole.contains(*time)).collect();
        let covers = |gap: &Gap| gap.start <= hole.start && hole.end <= gap.end;
        found += usize::from(gaps(&left, day, NIGHT).iter().any(covers));
    }
    found * 100 / (days.len() * TRIALS)
}

fn told(name: &str, days: &Days) -> (usize, Vec<usize>) {
    let (weeks, wrong_weeks) = weeks(days);
    let (wrong, sleepless) = (wrong_days(days, NIGHT), wrong_days(days, 0));
    eprintln!("{name}: {wrong} of {} days called incomplete ({sleepless} without a night)", days.len());
    eprintln!("{name}: {wrong_weeks} of {weeks} weeks called incomplete");
    let awake = [3, 4, 6, 8].map(|hours| {
        let (all, awake) = (found(days, hours, 0), found(days, hours, NIGHT));
        eprintln!("{name}: holes of {hours} h: {all} % found, {awake} % of those after the night");
        awake
    });
    (wrong + wrong_weeks, awake.to_vec())
}

#[test]
fn days_have_few_false_gaps_and_holes_are_found() {
    let Some(raw) = shared_data("raw") else { return };
    let files = fs::read_dir(format!("{raw}/x_kit_daily")).unwrap();
    let mut daily: Vec<String> = files.map(|file| file.unwrap().path().display().to_string()).collect();
    daily.sort();
    let (wrong, awake) = told("home timeline", &days(&daily));
    assert!(wrong <= 1 && awake[1] >= 40 && awake[2] >= 65 && awake[3] >= 75, "{wrong} {awake:?}");
    let (wrong, _) = told("user timelines", &days(&[format!("{raw}/x_kit_user_tweets/all.jsonl.zst")]));
    assert!(wrong <= 4, "{wrong}");
}
