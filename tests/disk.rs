//! A disk that is full, broken, read-only or somebody else's: at each write of a run, by the system calls of the real program.
//!
//! A first run is watched to learn its writes; then there is a run for each of them in which it fails.

use std::{collections::BTreeMap, fs};

use crate::support::{BINARY, Ended, Site, fixture, strace, tree::Tree, variable};

const DAY: &str = "2026-03-04";

/// Calls that change the disk, and what each may fail with.
const FAULTS: [(&str, &[&str]); 11] = [
    ("openat", &["ENOSPC", "EROFS", "EACCES"]),
    ("write", &["ENOSPC", "EIO"]),
    ("pwrite64", &["ENOSPC", "EIO"]),
    ("fsync", &["EIO"]),
    ("fdatasync", &["EIO"]),
    ("rename", &["EXDEV", "EIO"]),
    ("renameat", &["EXDEV", "EIO"]),
    ("renameat2", &["EXDEV", "EIO"]),
    ("mkdir", &["ENOSPC", "EROFS"]),
    ("unlink", &["EIO"]),
    ("fchmod", &["EPERM"]),
];

/// The n-th call of a name.
struct Write {
    call: &'static str,
    number: usize,
    line: String,
}

const OLD: &str = "[html]\nenabled = true\n[post]\nlinks = 1\n";
const NEW: &str = "[html]\nenabled = true\n";

/// A site with a good report, which another is to replace.
fn site() -> Site {
    let site = Site::quick(OLD);
    site.run_day(DAY, &["--quiet"]).exits(0);
    site.configure(NEW);
    site
}

/// The run in question, with only its first thread watched: that is the one that writes.
fn watched(site: &Site, options: &[&str]) -> Option<Ended> {
    let mut strace = strace()?;
    let corpus = fixture("ai");
    strace
        .args(["-qq", "-y"])
        .args(options)
        .args([BINARY, "run", "--corpus", &corpus, "--date", DAY, "--quiet"]);
    site.place(&mut strace);
    Some(Ended::new(options.join(" "), strace.output().unwrap()))
}

/// All calls of an undisturbed run that change something in the site or in the ledger's folder.
fn writes() -> Option<Vec<Write>> {
    let site = site();
    let names: Vec<&str> = FAULTS.iter().map(|(call, _)| *call).collect();
    let trace = format!("trace={}", names.join(","));
    watched(&site, &["-o", "calls.txt", "-e", &trace])?.exits(0);
    let calls = fs::read_to_string(site.path("calls.txt")).unwrap();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut writes = Vec::new();
    for line in calls.lines() {
        let Some(call) = names.iter().find(|call| line.starts_with(&format!("{call}("))) else { continue };
        let number = numbers.entry(call).or_default();
        *number += 1;
        let ours =
            ["site/", "state/", "/site>", "\"site\"", "\"state\""].iter().any(|part| line.contains(part));
        let reads = *call == "openat" && !(line.contains("O_CREAT") || line.contains("O_RDWR"));
        // What is printed names files too.
        let printed = line.starts_with("write(1<") || line.starts_with("write(2<");
        let absent = line.contains("ENOENT") || line.contains("EEXIST");
        if ours && !reads && !absent && !printed {
            writes.push(Write { call, number: *number, line: line.to_owned() });
        }
    }
    Some(writes)
}

/// What came of one fault.
fn suffer(write: &Write, error: &str, (before, after): (&Tree, &Tree)) -> i32 {
    let Write { call, number, line } = write;
    let site = site();
    let inject = format!("inject={call}:error={error}:when={number}");
    let ended = watched(&site, &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]).unwrap();
    let code = ended.code.unwrap_or_else(|| panic!("{inject} {line}{ended}"));
    assert!(code == 0 || code == 6, "{inject} at {line}{ended}");
    let now = site.tree();
    for path in now.files() {
        let known = [before, after]
            .iter()
            .any(|tree| tree.files().contains(path) && tree.bytes(path) == now.bytes(path));
        assert!(
            known || path.contains(".tuibao-") || path.starts_with("state/"),
            "{path} is torn by {inject} at {line}{ended}"
        );
    }
    if code == 6 {
        let named = ["`site", "`state/ledger.sqlite"].iter().any(|path| ended.stderr.contains(path));
        assert!(named && ended.stderr.contains("hint:"), "{inject} at {line}{ended}");
    }
    site.run_day(DAY, &["--quiet"]).exits(0);
    after.assert_same_bytes(&site.tree());
    code
}

#[test]
fn at_each_write_that_fails_the_good_report_stays_and_the_next_run_is_whole() {
    let Some(writes) = writes() else { return };
    let before = site().tree();
    let changed = site();
    changed.run_day(DAY, &["--quiet"]).exits(0);
    let after = changed.tree();
    let faults: Vec<(&Write, &str)> = writes
        .iter()
        .flat_map(|write| {
            let (_, errors) = FAULTS.iter().find(|(call, _)| *call == write.call).unwrap();
            errors.iter().map(move |error| (write, *error))
        })
        .collect();
    // The short form takes every third, which meets every call.
    let step = if variable("TUIBAO_TORTURE_RUNS").is_some() { 1 } else { 3 };
    let mut codes: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    for (write, error) in faults.iter().step_by(step) {
        let code = suffer(write, error, (&before, &after));
        if code == 0 {
            eprintln!("no harm: {error} at {}", write.line);
        }
        *codes.entry((write.call, code)).or_default() += 1;
    }
    let tried: usize = codes.values().sum();
    eprintln!(
        "{} writes, {} faults, {tried} tried; call, exit code, times: {codes:?}",
        writes.len(),
        faults.len()
    );
    assert!(tried >= 40, "{tried} faults");
    assert!(codes.keys().any(|(_, code)| *code == 6));
}
