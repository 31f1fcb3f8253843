//! A ledger on a real disk.

use std::{collections::BTreeMap, fs};

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minute)
}

fn key(day: u32) -> Key {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    Key { site: "site".into(), report: "ai".into(), first: day, last: day }
}

fn started(key: &Key, minute: i64) -> Started<'_> {
    Started { key, command: "run", writer: "extractive", at: at(minute) }
}

fn ended(state: State, cost: f64, minute: i64) -> Ended {
    let spent = Spent { calls: u64::from(cost > 0.0), cost, currency: "USD".into(), ..Spent::default() };
    Ended { state, exit: 0, error: None, counts: None, spent, at: at(minute) }
}

fn cents(spent: &[Spent]) -> u64 {
    spent.iter().map(|spent| (spent.cost * 100.0).round() as u64).sum()
}

fn ledger() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("state/ledger.sqlite")).unwrap();
    (folder, ledger)
}

#[test]
fn runs_come_back_newest_first_and_money_adds_up() {
    let (_folder, ledger) = ledger();
    for (day, cost) in [(1, 0.5), (2, 0.25), (3, 0.0)] {
        let id = ledger.begin(&started(&key(day), i64::from(day))).unwrap();
        ledger.end(id, &ended(State::Published, cost, i64::from(day) + 1)).unwrap();
    }
    let runs = ledger.runs("site", "ai", 2).unwrap();
    assert_eq!(runs.iter().map(|run| run.key.clone()).collect::<Vec<_>>(), [key(3), key(2)]);
    assert_eq!((runs[0].started, runs[0].ended, runs[0].state), (at(3), Some(at(4)), State::Published));
    assert!(ledger.runs("site", "other", 9).unwrap().is_empty());
    let month = ledger.spent(at(0)).unwrap();
    assert_eq!((month.len(), month[0].calls, cents(&month)), (1, 2, 75));
    assert_eq!(cents(&ledger.spent(at(2)).unwrap()), 25);
    assert_eq!(ledger.last(&key(2)).unwrap().unwrap(), runs[1]);
}

#[test]
fn a_run_that_never_ended_died_and_that_of_another_report_did_not() {
    let (_folder, ledger) = ledger();
    let other = Key { report: "crypto".into(), ..key(1) };
    ledger.begin(&started(&key(1), 0)).unwrap();
    ledger.begin(&started(&other, 0)).unwrap();
    assert_eq!(ledger.bury("site", "ai").unwrap(), 1);
    assert_eq!(ledger.last(&key(1)).unwrap().unwrap().state, State::Died);
    assert_eq!(ledger.last(&other).unwrap().unwrap().state, State::Running);
}

#[test]
fn what_a_report_was_made_from_is_known_until_it_is_made_anew() {
    let (folder, ledger) = ledger();
    let files = BTreeMap::from([("_posts/a.md".to_owned(), "1".to_owned())]);
    let text = || "x".to_owned();
    let made = Made {
        settings: text(),
        corpus: text(),
        tweets: text(),
        memory: text(),
        tells: text(),
        files,
        makeshift: false,
    };
    ledger.note(&key(1), &made).unwrap();
    let newer = Made { settings: "y".into(), ..made };
    ledger.note(&key(1), &newer).unwrap();
    drop(ledger);
    let ledger = Ledger::look(&folder.path().join("state/ledger.sqlite")).unwrap().unwrap();
    assert_eq!(ledger.made(&key(1)).unwrap(), Some(newer));
    assert_eq!(ledger.made(&key(2)).unwrap(), None);
}

#[test]
fn a_damaged_ledger_is_put_aside_and_one_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    fs::write(&path, "this is no database, however long one looks at it".repeat(100)).unwrap();
    assert!(Ledger::look(&path).is_err());
    let ledger = Ledger::open(&path).unwrap();
    assert!(fs::read(folder.path().join("ledger.sqlite.damaged")).unwrap().starts_with(b"this is no"));
    ledger.with(|connection| connection.pragma_update(None, "user_version", 99)).unwrap();
    drop(ledger);
    let before = fs::read(&path).unwrap();
    assert!(Ledger::open(&path).unwrap_err().to_string().contains("ledger.sqlite"));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(Ledger::look(&folder.path().join("none")).unwrap().is_none());
}

#[test]
fn a_change_in_which_a_writer_died_is_undone_by_a_look() {
    let (folder, ledger) = ledger();
    let id = ledger.begin(&started(&key(1), 0)).unwrap();
    ledger.end(id, &ended(State::Published, 0.0, 1)).unwrap();
    let (path, copy) = (folder.path().join("state/ledger.sqlite"), folder.path().join("copy.sqlite"));
    let half_a_change = "PRAGMA cache_size = 1; BEGIN; UPDATE runs SET state = 'failed';
        WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 3000)
        INSERT INTO reports SELECT 'site', 'ai', n, n, hex(randomblob(200)) FROM many;";
    ledger.with(|connection| connection.execute_batch(half_a_change)).unwrap();
    for (from, to) in
        [("state/ledger.sqlite-journal", "copy.sqlite-journal"), ("state/ledger.sqlite", "copy.sqlite")]
    {
        fs::copy(folder.path().join(from), folder.path().join(to)).unwrap();
    }
    assert!(fs::metadata(&copy).unwrap().len() > 100_000 && path.exists(), "half of it is in the file");
    let seen = Ledger::look(&copy).unwrap().unwrap();
    assert_eq!(seen.last(&key(1)).unwrap().unwrap().state, State::Published);
    assert!(!folder.path().join("copy.sqlite-journal").exists());
}

#[test]
fn it_stays_small_and_alone() {
    let (folder, ledger) = ledger();
    let one = key(1);
    // As fast as the memory: what is tested is the size.
    ledger.with(|connection| connection.pragma_update(None, "synchronous", "OFF")).unwrap();
    let size = || fs::metadata(folder.path().join("state/ledger.sqlite")).unwrap().len();
    let mut sizes = Vec::new();
    for round in 0..3 {
        for minute in 0..5000 {
            let id = ledger.begin(&started(&one, round * 5000 + minute)).unwrap();
            ledger.end(id, &ended(State::UpToDate, 0.0, minute)).unwrap();
        }
        sizes.push(size());
    }
    assert!(sizes[2] <= sizes[1] + 65_536, "{sizes:?}");
    assert_eq!(ledger.runs("site", "ai", 100_000).unwrap().len(), 5000);
    assert_eq!(fs::read_dir(folder.path().join("state")).unwrap().count(), 1, "no other file beside it");
}

#[test]
fn several_processes_write_into_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    std::thread::scope(|scope| {
        for day in 1..=4 {
            let path = &path;
            scope.spawn(move || {
                let (ledger, one) = (Ledger::open(path).unwrap(), key(day));
                for minute in 0..25 {
                    let id = ledger.begin(&started(&one, minute)).unwrap();
                    ledger.end(id, &ended(State::Published, 1.0, minute)).unwrap();
                }
            });
        }
    });
    assert_eq!(cents(&Ledger::open(&path).unwrap().spent(at(0)).unwrap()), 10_000);
}
