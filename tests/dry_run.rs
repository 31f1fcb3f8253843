//! A dry run: says what would change and cost, touches no file and opens no connection.

use std::fs;

use tempfile::TempDir;

use crate::support::{BINARY, Ended, Site, endpoint, fixture, post_path, strace};

const DAY: &str = "2026-03-03";

fn model_config() -> String {
    let prices =
        "currency = \"CNY\"\n[model.ask]\nname = \"m\"\n[model.prices.m]\ninput = 2.0\noutput = 8.0\n";
    format!("{}{prices}", endpoint::config(&endpoint::closed_port()))
}

#[test]
fn a_new_report_is_shown_with_its_estimate_and_nothing_is_written() {
    let site = Site::quick(&model_config());
    let before = site.tree();
    let shown = site.run_day(DAY, &["--dry-run"]).exits(0);
    let shown = shown.prints(&format!("{}: would be new", post_path(DAY))).prints("+## 简要部分");
    let shown = shown
        .says("6 calls (0 answers are kept); estimated tokens: ")
        .says(" CNY")
        .never_says("estimated cost: 0.0000");
    assert!(shown.stdout.lines().skip(1).all(|line| line.starts_with('+')), "{shown}");
    before.assert_untouched(&site.tree());

    let json = site.run_day(DAY, &["--dry-run", "--json"]).exits(0).json();
    assert_eq!((&json["state"], &json["post"]), (&"would be new".into(), &post_path(DAY).into()));
    let number = |key: &str| json["estimate"][key].as_f64().unwrap();
    let cost = number("prompt_tokens") * 2e-6 + number("completion_tokens") * 8e-6;
    assert!(number("prompt_tokens") > 1000.0 && (number("cost") - cost).abs() < 1e-6, "{json}");
    before.assert_untouched(&site.tree());
}

#[test]
fn states_and_diff_follow_the_site() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let before = site.tree();
    site.run_day(DAY, &["--dry-run"]).exits(0).prints("up to date");
    site.run_day(DAY, &["--dry-run", "--force"]).exits(0).prints("would be the same");
    let spoilt = site.post(DAY).replace("### 专项分析", "### 别的");
    before.assert_untouched(&site.tree());
    site.write(&post_path(DAY), &spoilt);
    let shown = site.run_day(DAY, &["--dry-run"]).exits(0).prints("would change");
    let changes: Vec<&str> = shown.stdout.lines().skip(1).collect();
    assert_eq!(changes, ["-### 别的", "+### 专项分析"]);
    assert_eq!(site.post(DAY), spoilt);
}

#[test]
fn a_back_fill_is_shown_day_by_day() {
    let site = Site::quick(&model_config());
    let before = site.tree();
    let shown = site.backfill("2026-03-03", "2026-03-05", &["--dry-run"]).exits(3);
    assert_eq!(shown.stdout.lines().filter(|line| line.ends_with("would be new")).count(), 2, "{shown}");
    shown.says("1 of 3 would not be made").says("no tweets on 2026-03-05");
    before.assert_untouched(&site.tree());
}

#[test]
fn no_system_call_writes_or_connects() {
    let Some(mut strace) = strace() else { return };
    let site = Site::quick(&model_config()).with("OPENAI_API_KEY", endpoint::CANARY);
    let outside = TempDir::new().unwrap();
    let log = outside.path().join("trace");
    let (corpus, calls) =
        (fixture("ai"), "trace=network,open,openat,creat,/^mkdir,/^rename,/^unlink,/^link,truncate");
    strace.args(["-f", "-qq", "-e", calls, "-o", log.to_str().unwrap(), BINARY]);
    strace.args(["run", "--corpus", &corpus, "--date", DAY, "--dry-run", "--out", "nowhere/site"]);
    site.place(&mut strace);
    let before = site.tree();
    Ended::new("strace tuibao run --dry-run".to_owned(), strace.output().unwrap())
        .exits(0)
        .prints("would be new");
    before.assert_untouched(&site.tree());

    let trace = fs::read_to_string(log).unwrap();
    assert!(trace.contains(&corpus), "the trace saw the corpus being read");
    let forbidden: Vec<&str> = trace.lines().filter(|line| writes_or_connects(line)).collect();
    assert!(forbidden.is_empty(), "{forbidden:#?}");
}

fn writes_or_connects(line: &str) -> bool {
    let call =
        line.split_whitespace().nth(1).and_then(|rest| rest.split_once('(')).map_or("", |(name, _)| name);
    let terminal = line.contains("\"/dev/null\"") || line.contains("\"/dev/tty\"");
    match call {
        // A pair of sockets is a pipe within the process; the runtime waits for signals by one.
        "" | "socketpair" => false,
        "open" | "openat" => {
            ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| line.contains(flag)) && !terminal
        }
        _ => true,
    }
}
