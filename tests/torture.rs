//! Killed at random moments, and started twice at once. A short form by default; `just torture` runs the long one.

use std::{
    collections::BTreeSet,
    fs::File,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::{
    BINARY, Site,
    dice::Dice,
    endpoint::{Answer, Endpoint},
    fixture, post_path, strace,
    tree::Tree,
    variable,
};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];

/// Settings of the reports that are there before, and of those that replace them.
const OLD: &str = "[html]\nenabled = true\n[post]\nlinks = 1\n";
const NEW: &str = "[html]\nenabled = true\n";

/// How often, for the long form.
fn times(short: u64) -> u64 {
    variable("TUIBAO_TORTURE_RUNS").map_or(short, |times| times.parse().unwrap())
}

fn start(site: &Site, arguments: &[&str]) -> Child {
    site.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn kill_after(site: &Site, arguments: &[&str], moment: Duration) {
    let mut running = start(site, arguments);
    sleep(moment);
    running.kill().unwrap();
    running.wait().unwrap();
}

/// What a site of three days has before, after, and the time that an undisturbed command takes.
fn undisturbed(arguments: &[&str]) -> (Tree, Tree, Duration) {
    let site = Site::quick(OLD);
    site.backfill(DAYS[0], DAYS[2], &["--quiet"]).exits(0);
    let before = site.tree();
    site.configure(NEW);
    let begin = Instant::now();
    site.run(arguments).exits(0);
    (before, site.tree(), begin.elapsed())
}

/// Every file is whole: that of before or that of after; beside them only what the next run removes.
fn nothing_is_torn(site: &Site, before: &Tree, after: &Tree) -> usize {
    let now = site.tree();
    let passing =
        |path: &str| path.contains("/.tuibao-") && (path.ends_with(".tmp") || path.ends_with(".journal"));
    for path in now.files().into_iter().filter(|path| !passing(path) && *path != "tuibao.toml") {
        // Of SQLite, which rolls it back when the ledger is opened.
        if path == "state/ledger.sqlite-journal" {
            continue;
        }
        let bytes = now.bytes(path);
        let known =
            [before, after].iter().any(|tree| tree.files().contains(path) && tree.bytes(path) == bytes);
        assert!(known, "torn: {path}");
    }
    now.files().into_iter().filter(|path| passing(path)).count()
}

#[test]
fn killed_at_random_moments_a_rerun_makes_what_an_undisturbed_run_makes() {
    let corpus = fixture("ai");
    let backfill =
        ["backfill", "--corpus", &corpus, "--from", DAYS[0], "--to", DAYS[2], "--jobs", "2", "--quiet"];
    let run = ["run", "--corpus", &corpus, "--date", DAYS[1], "--quiet"];
    let mut dice = Dice(20_261_122);
    let (mut killed, mut met) = (0, 0);
    for arguments in [&backfill[..], &run[..]] {
        let (before, after, took) = undisturbed(arguments);
        for _ in 0..times(16).div_ceil(2) {
            let site = Site::quick(OLD);
            site.backfill(DAYS[0], DAYS[2], &["--quiet"]).exits(0);
            site.configure(NEW);
            kill_after(&site, arguments, took.mul_f64(dice.unit()));
            met += usize::from(nothing_is_torn(&site, &before, &after) > 0);
            site.run(arguments).exits(0);
            after.assert_same_bytes(&site.tree());
            let status = site.run(&["status", "--json"]).exits(0).json();
            let open = |run: &serde_json::Value| run["state"] == "running";
            assert!(!status["runs"].as_array().unwrap().iter().any(open), "{status}");
            killed += 1;
        }
    }
    eprintln!("{killed} kills, {met} of them while files were on their way: nothing torn, nothing left");
}

/// A kill by the clock seldom meets the moment of publishing; one by system call does. What was begun is finished by whoever
/// comes next, also when that is a run of another day.
#[test]
fn killed_among_the_renames_any_next_run_finishes_the_report() {
    if strace().is_none() {
        return;
    }
    let corpus = fixture("ai");
    let run = ["run", "--corpus", &corpus, "--date", DAYS[1], "--quiet"];
    let (before, after, _) = undisturbed(&run);
    let mut dice = Dice(7);
    let (mut met, mut finished) = (0, 0);
    for _ in 0..times(16).div_ceil(2) {
        let site = Site::quick(OLD);
        site.backfill(DAYS[0], DAYS[2], &["--quiet"]).exits(0);
        site.configure(NEW);
        let call = *dice.choose(&["/^rename", "/^rename", "/^rename", "fsync"]).unwrap();
        let inject = format!("inject={call}:signal=KILL:when={}", 1 + dice.below(10));
        let mut strace = strace().unwrap();
        strace
            .args(["-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject, BINARY])
            .args(run);
        site.place(&mut strace);
        strace.output().unwrap();
        met += usize::from(nothing_is_torn(&site, &before, &after) > 0);
        let begun = site.tree().files().iter().any(|path| path.ends_with(".journal"));
        site.configure(OLD);
        site.run_day(DAYS[0], &["--quiet"]).exits(0);
        let now = site.tree();
        assert!(now.files().iter().all(|path| !path.contains(".tuibao-")), "nothing is left on its way");
        let whole = |tree: &Tree| {
            now.files().iter().all(|path| {
                *path == "tuibao.toml" || tree.files().contains(path) && tree.bytes(path) == now.bytes(path)
            })
        };
        assert!(whole(&before) || whole(&after), "killed at {inject}: old and new are mixed");
        assert!(!begun || whole(&after), "killed at {inject}: what was begun is not finished");
        finished += usize::from(begun);
        site.configure(NEW);
        site.run(&run).exits(0);
        after.assert_same_bytes(&site.tree());
    }
    eprintln!(
        "{met} kills while files were on their way, {finished} of them among the renames: all finished by a run of another day"
    );
}

#[test]
fn killed_while_a_model_is_asked_no_answer_is_paid_twice() {
    let endpoint = Endpoint::start(|question| {
        sleep(Duration::from_millis(30));
        Answer::Claims(question.honest_claims())
    });
    let site = Site::quick(&format!("{}parallel = 2\n", endpoint.config()));
    let site = site.with("OPENAI_API_KEY", "sk-none");
    let corpus = fixture("ai");
    let backfill = ["backfill", "--corpus", &corpus, "--from", DAYS[0], "--to", DAYS[2], "--quiet"];
    let mut dice = Dice(5);
    let kills = times(16).div_ceil(4);
    for _ in 0..kills {
        kill_after(
            &site,
            &backfill,
            Duration::from_millis(100) + Duration::from_millis(900).mul_f64(dice.unit()),
        );
    }
    site.run(&backfill).exits(0);
    let bodies: Vec<Vec<u8>> = endpoint.requests().into_iter().map(|request| request.body).collect();
    let questions: BTreeSet<&Vec<u8>> = bodies.iter().collect();
    let again = bodies.len() - questions.len();
    eprintln!(
        "{kills} kills: {} calls for {} questions, {again} under way at a kill",
        bodies.len(),
        questions.len()
    );
    // Two are under way at a time; the answer to these cannot have been kept.
    assert!(again as u64 <= kills * 2, "{again} calls again after {kills} kills");
    site.run(&backfill).exits(0);
    assert_eq!(endpoint.requests().len(), bodies.len(), "all answers are kept");
}

#[test]
fn of_two_that_start_at_once_one_makes_the_report() {
    let corpus = fixture("ai");
    let run = ["run", "--corpus", &corpus, "--date", DAYS[2], "--html"];
    let whole = Site::quick("");
    whole.run(&run).exits(0);
    let whole = whole.tree();
    let (mut refused, rounds) = (0, times(16).div_ceil(4));
    for _ in 0..rounds {
        let site = Site::quick("");
        let both = [start(&site, &run), start(&site, &run)];
        let mut codes = both.map(|mut one| one.wait().unwrap().code());
        codes.sort_unstable();
        assert!(codes == [Some(0), Some(75)] || codes == [Some(0), Some(0)], "{codes:?}");
        refused += usize::from(codes[1] == Some(75));
        whole.assert_same_bytes(&site.tree());
        let status = site.run(&["status", "--json"]).exits(0).json();
        let made = |run: &&serde_json::Value| run["state"] == "published";
        assert_eq!(status["runs"].as_array().unwrap().iter().filter(made).count(), 1, "{status}");
    }
    eprintln!("{rounds} times two at once: {refused} times one made it and one was refused");
    assert!(refused * 10 >= rounds as usize * 9, "they hardly ever met: {refused} of {rounds}");
}

#[test]
fn who_waits_comes_after() {
    let corpus = fixture("ai");
    let site = Site::quick("");
    site.run_day(DAYS[2], &[]).exits(0);
    let lock = File::options().write(true).open(site.path("site/.tuibao-twitter_ai.lock")).unwrap();
    lock.try_lock().unwrap();
    let mut waiting = start(&site, &["run", "--corpus", &corpus, "--date", DAYS[1], "--wait"]);
    sleep(Duration::from_millis(500));
    assert!(waiting.try_wait().unwrap().is_none() && !site.path(&post_path(DAYS[1])).exists());
    drop(lock);
    assert!(waiting.wait().unwrap().success() && site.path(&post_path(DAYS[1])).is_file());
    // Another report on the same site need not wait.
    site.write("other.toml", "base = \"twitter_ai\"\n[report]\nname = \"other\"\n");
    let mut one = start(&site, &["run", "--corpus", &corpus, "--date", DAYS[0], "--force"]);
    site.run(&["run", "--corpus", &corpus, "--date", DAYS[0], "--profile", "other.toml"]).exits(0);
    assert!(one.wait().unwrap().success());
    assert_eq!(site.run(&["status", "--json"]).exits(0).json()["days"], 3);
}
