//! One `tuibao run` as a child process.

use std::{
    collections::VecDeque,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use super::{Shop, decide::Exit};
use crate::{error::JobsError, lanes::Report, mask::mask};

/// What a child says last is kept, so many lines of it.
const LINES: usize = 8;
const LINE_CHARS: usize = 400;
/// Where the child finds the gateway's token. A name that ends so is no key of its settings.
const TOKEN: &str = "TUIBAO_GATEWAY_API_KEY";

/// Where children come from.
#[derive(Clone, Debug)]
pub(super) struct Program {
    path: PathBuf,
    folder: PathBuf,
    more: Vec<String>,
    env: Vec<(&'static str, OsString)>,
    secrets: Vec<String>,
    longest: Duration,
}

impl Program {
    pub(super) fn new(path: PathBuf, folder: PathBuf, more: Vec<String>, longest: Duration) -> Self {
        Self { path, folder, more, env: Vec::new(), secrets: Vec::new(), longest }
    }

    /// All questions go to the gateway, which has the key, the limits and the patience: a question may wait there for its turn
    /// as long as a job may take, and no fallback goes past it.
    pub(super) fn through(mut self, gateway: &str, token: Option<String>) -> Self {
        let minutes = self.longest.as_secs().div_ceil(60).to_string();
        let seconds = self.longest.as_secs().to_string();
        let plain = [
            ("TUIBAO_MODEL__BASE_URL", format!("{gateway:?}")),
            ("TUIBAO_MODEL__FALLBACK", "[]".to_owned()),
            ("TUIBAO_MODEL__STREAM", "false".to_owned()),
            ("TUIBAO_MODEL__API_KEY_ENV", TOKEN.to_owned()),
            ("TUIBAO_MODEL__API_KEY_FILE", "\"\"".to_owned()),
            ("TUIBAO_MODEL__REQUESTS_PER_MINUTE", "0".to_owned()),
            ("TUIBAO_MODEL__TOKENS_PER_MINUTE", "0".to_owned()),
            ("TUIBAO_MODEL__TIMEOUT_SECONDS", seconds.clone()),
            ("TUIBAO_MODEL__IDLE_SECONDS", seconds),
            // A gateway that is started anew is waited for some minutes.
            ("TUIBAO_MODEL__MAX_RETRIES", "10".to_owned()),
            ("TUIBAO_MODEL__MAX_WAIT_SECONDS", "600".to_owned()),
            ("TUIBAO_MODEL__CALL_MINUTES", minutes.clone()),
            ("TUIBAO_MODEL__REPORT_MINUTES", minutes),
        ];
        self.env.extend(plain.map(|(name, value)| (name, OsString::from(value))));
        self.env.push((TOKEN, OsString::from(token.clone().unwrap_or_default())));
        self.secrets.extend(token);
        self
    }

    /// Whether it is there and can be run.
    pub(super) async fn check(&self) -> Result<(), JobsError> {
        let missing = |source| JobsError::Program { program: self.path.display().to_string(), source };
        let found = self.command().arg("--version").stdout(Stdio::null()).status().await.map_err(missing)?;
        if found.success() {
            return Ok(());
        }
        Err(missing(std::io::Error::other(format!("`--version` ended with {found}"))))
    }

    /// A command in the working folder, which knows nothing of PostgreSQL, and is not stopped by what stops its worker from a
    /// terminal: the worker lets it end.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(&self.folder).env_remove("DATABASE_URL").envs(self.env.iter().cloned());
        command.stdin(Stdio::null()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command
    }

    /// Flags that each call gets.
    pub(super) fn more(&self) -> &[String] {
        &self.more
    }

    fn run(&self, report: &Report, site: &Path) -> Command {
        let mut command = self.command();
        command.arg("run").args(["--profile", &report.profile]);
        let (first, last) = (report.first_day.to_string(), report.last_day.to_string());
        if first == last {
            command.args(["--date", &first]);
        } else {
            command.args(["--from", &first, "--to", &last]);
        }
        // An orphan of a worker that was killed may still hold the site.
        command.arg("--wait").arg("--out").arg(site).args(&self.more);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end; returns also the last lines that it said, without secrets.
    pub(super) async fn make(&self, report: &Report, site: &Path) -> (Exit, String) {
        let mut child = match self.run(report, site).spawn() {
            Ok(child) => child,
            Err(error) => {
                return (Exit::Broken(format!("`{}`: {error}", self.path.display())), String::new());
            }
        };
        let said = child.stderr.take();
        let told = tokio::spawn(last_lines(said));
        let exit = self.wait(&mut child).await;
        let told = told.await.unwrap_or_default();
        (exit, mask(&told, &self.secrets))
    }

    async fn wait(&self, child: &mut Child) -> Exit {
        match tokio::time::timeout(self.longest, child.wait()).await {
            Ok(Ok(status)) => {
                status.code().map_or_else(|| Exit::Broken(format!("ended by {status}")), Exit::Code)
            }
            Ok(Err(error)) => Exit::Broken(error.to_string()),
            Err(_) => {
                if let Err(error) = child.kill().await {
                    tracing::warn!(%error, "a run that takes too long cannot be ended");
                }
                Exit::TimedOut
            }
        }
    }
}

async fn last_lines(said: Option<ChildStderr>) -> String {
    let Some(said) = said else { return String::new() };
    let (mut lines, mut last) = (BufReader::new(said).split(b'\n'), VecDeque::new());
    while let Ok(Some(line)) = lines.next_segment().await {
        if last.len() == LINES {
            last.pop_front();
        }
        last.push_back(String::from_utf8_lossy(&line).trim().chars().take(LINE_CHARS).collect::<String>());
    }
    Vec::from(last).join("; ")
}

/// The program: as named, else beside our own, else by the search path.
pub(super) fn find(named: Option<&Path>) -> PathBuf {
    if let Some(path) = named {
        // The child's working folder is another.
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    let beside = std::env::current_exe().ok().map(|own| own.with_file_name("tuibao"));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from("tuibao"))
}

impl Shop {
    /// Where a folder of all workers is, seen from the working folder.
    pub(super) fn folder(&self, place: &str) -> PathBuf {
        self.program.folder.join(place)
    }
}
