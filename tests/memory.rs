//! Memory depends on the settings, not on the size of the corpus.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Read, Write},
    path::Path,
    process::Stdio,
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::Site;

const MB: u64 = 1 << 20;
/// The program itself, its threads, and `ingest`'s share of 48 MB.
const MOST: u64 = 128 * MB;

/// So many bytes of JSONL, a page and a broken line now and then; how many tweets and rejects there are.
fn write_lines(path: &Path, size: u64) -> (u64, u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut written, mut tweets, mut broken, mut line) = (0, 0, 0, String::new());
    while written < size {
        line.clear();
        let number = 2_015_203_109_400_965_595 + tweets;
        let words = "模型发布，参数 70B，速度提升 40%。 ".repeat(1 + number as usize % 9);
        write!(line, r#"{{"id":"{number}","author":{{"handle":"ann_{}","name":"A"}},"created_at":"2026-01-24T23:20:36Z","text":"{words}{number}","metrics":{{"likes":{tweets}}}}}"#, number % 997).unwrap();
        if tweets % 5000 == 4999 {
            line.push_str("\n{\"id\":");
            broken += 1;
        }
        line.push('\n');
        file.write_all(line.as_bytes()).unwrap();
        (written, tweets) = (written + line.len() as u64, tweets + 1);
    }
    file.flush().unwrap();
    (tweets, broken)
}

/// The most memory that a process had so far, as Linux tells it.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?;
    kilobytes.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

#[test]
fn a_large_file_is_read_in_little_memory() {
    if peak(std::process::id()).is_none() {
        eprintln!("skipped: this system does not tell the memory of a process");
        return;
    }
    let site = Site::new();
    let (tweets, broken) = write_lines(&site.path("large.jsonl"), 150 * MB);
    let mut command = site.command(&["inspect", "large.jsonl", "--json"]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while running.try_wait().unwrap().is_none() {
        most = most.max(peak(running.id()).unwrap_or_default());
        thread::sleep(Duration::from_millis(2));
    }
    let mut printed = String::new();
    running.stdout.unwrap().read_to_string(&mut printed).unwrap();
    let seen: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(seen["totals"]["tweets"], tweets);
    assert_eq!(seen["totals"]["rejected"]["bad_json"], broken);
    println!("{} MB at most", most / MB);
    assert!((MB..MOST).contains(&most), "{} MB", most / MB);
}
