//! The harness: a folder of its own, the real binary in it, and what it leaves there.

pub(crate) mod audit;
pub(crate) mod dice;
pub(crate) mod endpoint;
pub(crate) mod fault_server;
pub(crate) mod openapi;
pub(crate) mod post;
pub(crate) mod stages;
pub(crate) mod tree;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tuibao");

/// A picture that takes no time, for tests that are about something else.
const SMALL_PICTURE: &str = "[cloud]\nwidth = 320\nheight = 180\nwords = 20\n";

/// A file or folder of `fixtures/`.
pub(crate) fn fixture(name: &str) -> String {
    format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Compares with the file of `fixtures/` that holds what was made before, or with `UPDATE_WALKTHROUGH=1` writes it anew.
#[track_caller]
pub(crate) fn is_as_stored(name: &str, now: &str) {
    let path = fixture(name);
    if std::env::var_os("UPDATE_WALKTHROUGH").is_some() {
        fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        return fs::write(path, now).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let difference =
        similar::TextDiff::from_lines(stored.as_str(), now).unified_diff().context_radius(0).to_string();
    assert!(
        stored == now,
        "{name} is no longer what is made; UPDATE_WALKTHROUGH=1 writes it anew\n{difference}"
    );
}

/// A variable that asks for a longer form of a test.
#[allow(clippy::disallowed_methods, reason = "the environment of the test, not of the program")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A file or folder of the data that lies beside the repository; prints a reason when it is not there.
pub(crate) fn shared_data(name: &str) -> Option<String> {
    let path = format!("{}/../../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let there = Path::new(&path).exists();
    if !there {
        eprintln!("skipped: no data at {path}");
    }
    there.then_some(path)
}

/// `strace`, which watches system calls; prints a reason when it is not installed.
pub(crate) fn strace() -> Option<Command> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&folders).map(|folder| folder.join("strace")).find(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: strace is not installed");
    }
    found.map(Command::new)
}

/// A working folder; the program runs in it with an empty environment. Its site is `site/`.
pub(crate) struct Site {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Site {
    /// With no configuration: every default.
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), environment: Vec::new() }
    }

    /// With a small picture, and this `tuibao.toml` besides.
    pub(crate) fn quick(config: &str) -> Self {
        let site = Self::new();
        site.configure(config);
        site
    }

    /// Replaces `tuibao.toml`.
    pub(crate) fn configure(&self, config: &str) {
        self.write("tuibao.toml", format!("{SMALL_PICTURE}{config}"));
    }

    /// Sets a variable of the program's environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(arguments);
        self.place(&mut command);
        command
    }

    /// Sets folder and environment of any command.
    pub(crate) fn place(&self, command: &mut Command) {
        let environment = self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        command.current_dir(self.folder.path()).env_clear().envs(environment);
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().unwrap();
        Ended::new(format!("tuibao {}", arguments.join(" ")), output)
    }

    /// `run` over the fixture days of `ai/`.
    pub(crate) fn run_day(&self, day: &str, more: &[&str]) -> Ended {
        let corpus = fixture("ai");
        self.run(&[&["run", "--corpus", &corpus, "--date", day], more].concat())
    }

    /// `backfill` over the fixture days of `ai/`.
    pub(crate) fn backfill(&self, from: &str, to: &str, more: &[&str]) -> Ended {
        let corpus = fixture("ai");
        self.run(&[&["backfill", "--corpus", &corpus, "--from", from, "--to", to], more].concat())
    }

    pub(crate) fn post(&self, day: &str) -> String {
        fs::read_to_string(self.path(&post_path(day))).unwrap()
    }

    pub(crate) fn audit(&self, day: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(&audit_path(day))).unwrap()).unwrap()
    }

    /// Everything in the folder.
    pub(crate) fn tree(&self) -> tree::Tree {
        tree::Tree::of(self.folder.path())
    }
}

/// `twitter_ai_20260303_20260303`.
pub(crate) fn slug(day: &str) -> String {
    let compact = day.replace('-', "");
    format!("twitter_ai_{compact}_{compact}")
}

pub(crate) fn post_path(day: &str) -> String {
    format!("site/_posts/{day}-{}.md", slug(day))
}

pub(crate) fn picture_path(day: &str) -> String {
    format!("site/_posts/wordcloud_{}.jpg", slug(day))
}

/// The charts of a day that speaks of tickers.
pub(crate) fn chart_paths(day: &str) -> [String; 3] {
    ["topics", "hours", "tickers"].map(|name| format!("site/_posts/chart_{name}_{}.svg", slug(day)))
}

pub(crate) fn edition_path(day: &str) -> String {
    format!("site/html/{}.html", slug(day))
}

pub(crate) fn audit_path(day: &str) -> String {
    format!("site/_audit/{}.audit.json", slug(day))
}

/// How a command ended. The checks panic with all that it printed.
pub(crate) struct Ended {
    command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn new(command: String, output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self { command, code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        self.check(self.code == Some(code), &format!("exit code {code}"));
        self
    }

    /// On stderr.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        self.check(self.stderr.contains(words), &format!("`{words}` on stderr"));
        self
    }

    #[track_caller]
    pub(crate) fn never_says(self, words: &str) -> Self {
        self.check(!self.stderr.contains(words), &format!("no `{words}` on stderr"));
        self
    }

    /// On stdout.
    #[track_caller]
    pub(crate) fn prints(self, words: &str) -> Self {
        self.check(self.stdout.contains(words), &format!("`{words}` on stdout"));
        self
    }

    /// Stdout is one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}{self}"))
    }

    #[track_caller]
    fn check(&self, holds: bool, wanted: &str) {
        assert!(holds, "wanted {wanted}{self}");
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(f, "\n$ {command}\nexit code {code:?}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}
