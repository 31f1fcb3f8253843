//! One run of the whole program against one plan of faults, and what must hold after every run, whatever was played.

use std::{
    collections::BTreeSet,
    io::Read,
    process::{Child, Output, Stdio},
    sync::{Arc, LazyLock, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    catalogue::{Fault, PROSE, WITHDRAWN},
    plan::{Mode, Plan, What},
    wire::honest,
};
use crate::support::{
    Ended, Site,
    audit::detail,
    endpoint::{CANARY, closed_port},
    fault_server::{BlackHole, Call, FaultServer, Play},
    fixture, openapi, post_path,
};

const DAY: &str = "2026-03-03";

/// Every run ends long before.
const DEADLINE: Duration = Duration::from_secs(20);

/// The exit codes that a fault of the model may lead to.
const CODES: [Option<i32>; 3] = [Some(0), Some(3), Some(5)];

/// What an answer has that no reader may see.
const RAW: [&str; 8] = [
    PROSE,
    WITHDRAWN,
    "English only",
    "重复重复",
    "\"cites\"",
    "抱歉，我无法协助",
    "t999999",
    "captive portal",
];

/// What a run against an honest model takes.
pub(crate) static BASELINE: LazyLock<Baseline> = LazyLock::new(Baseline::measure);

/// What a run came to.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    /// Of the report; empty when there is none.
    pub(crate) grade: String,
    /// Claims about tweets that the model wrote.
    pub(crate) by_model: usize,
    pub(crate) bodies: Vec<Vec<u8>>,
    pub(crate) seconds: f64,
    /// The faults that were played, by name.
    pub(crate) played: BTreeSet<String>,
    /// The post; empty when there is none.
    pub(crate) post: String,
    /// What must never be, and was.
    pub(crate) problems: Vec<String>,
}

/// A run without faults.
pub(crate) struct Baseline {
    pub(crate) calls: usize,
    pub(crate) by_model: usize,
    /// The longest question, in bytes.
    pub(crate) longest: usize,
    /// Room for an answer, in tokens.
    pub(crate) max_tokens: u64,
    /// The text of one tweet in the longest question.
    pub(crate) tweet: String,
}

impl Baseline {
    fn measure() -> Self {
        let outcome = run(&Plan::honest());
        assert_eq!((outcome.code, &*outcome.grade), (Some(0), "model"), "{:#?}", outcome.problems);
        let bodies = outcome.bodies.iter().map(|body| serde_json::from_slice(body).unwrap());
        let longest: Value = bodies.max_by_key(|body: &Value| question(body).len()).unwrap();
        let lines = question(&longest).lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let texts: Vec<String> = lines.filter_map(|line| Some(line["text"].as_str()?.to_owned())).collect();
        Self {
            calls: outcome.bodies.len(),
            by_model: outcome.by_model,
            longest: question(&longest).len(),
            max_tokens: room(&longest),
            tweet: serde_json::to_string(&texts[texts.len() / 2]).unwrap(),
        }
    }
}

/// The user's message.
pub(crate) fn question(body: &Value) -> &str {
    let user = |message: &&Value| message["role"] == "user";
    let messages = body["messages"].as_array().unwrap();
    messages.iter().find(user).and_then(|message| message["content"].as_str()).unwrap_or_default()
}

/// Room for an answer, in tokens, under either name.
pub(crate) fn room(body: &Value) -> u64 {
    body["max_tokens"].as_u64().or_else(|| body["max_completion_tokens"].as_u64()).unwrap_or_default()
}

/// Runs the program once, then `check`, and looks everywhere.
pub(crate) fn run(plan: &Plan) -> Outcome {
    let played = Arc::new(Mutex::new(BTreeSet::new()));
    let server = FaultServer::start(player(plan.what.clone(), Arc::clone(&played)));
    let hole = plan.falls_into_a_hole().then(BlackHole::dig);
    let base_url = address(&plan.what, &server, hole.as_ref());
    let site = Site::new().with("OPENAI_API_KEY", CANARY);
    site.write("tuibao.toml", super::config(&base_url, plan.stream));
    let started = Instant::now();
    let ended = run_within(&site, if plan.verbose { &["-vvv"] } else { &[] });
    let seconds = started.elapsed().as_secs_f64();
    let mut outcome = Outcome {
        code: ended.code,
        grade: String::new(),
        by_model: 0,
        bodies: server.bodies(),
        seconds,
        played: played.lock().unwrap().clone(),
        post: String::new(),
        problems: server.problems(),
    };
    outcome.look_at_output(&ended);
    outcome.look_at_files(&site);
    outcome.look_at_requests();
    outcome
}

fn player(what: What, played: Arc<Mutex<BTreeSet<String>>>) -> impl Fn(&Call) -> Play + Send + Sync {
    move |call| {
        let Some(fault) = what.of(call) else { return honest(call) };
        played.lock().unwrap().insert(fault.id.clone());
        fault.play(call)
    }
}

fn address(what: &What, server: &FaultServer, hole: Option<&BlackHole>) -> String {
    let base = match what {
        What::Alone(Fault { net: Some(net), .. }, Mode::Always) => match (net.as_str(), hole) {
            ("refuse", _) => return closed_port(),
            ("dns", _) => "http://no-such-host.invalid".to_owned(),
            ("tls_bad_cert", _) => server.address("https"),
            ("blackhole", Some(hole)) => hole.address(),
            _ => server.address("http"),
        },
        _ => server.address("http"),
    };
    format!("{base}/v1")
}

/// Runs the day; a run that takes too long is ended, without an exit code then.
fn run_within(site: &Site, more: &[&str]) -> Ended {
    let corpus = fixture("ai");
    let arguments = [&["run", "--corpus", &corpus, "--date", DAY], more].concat();
    let mut command = site.command(&arguments);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (stdout, stderr) = (thread::spawn(|| gathered(stdout)), thread::spawn(|| gathered(stderr)));
    let status = wait(&mut child);
    let output = Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() };
    Ended::new(format!("tuibao {}", arguments.join(" ")), output)
}

fn gathered(mut from: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    bytes
}

fn wait(child: &mut Child) -> std::process::ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > DEADLINE {
            child.kill().unwrap();
            return child.wait().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    }
}

impl Outcome {
    fn must(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.problems.push(problem());
        }
    }

    fn look_at_output(&mut self, ended: &Ended) {
        let said = format!("{}{}", ended.stdout, ended.stderr);
        let seconds = self.seconds;
        self.must(CODES.contains(&ended.code), || format!("{:?} after {seconds:.1} s{ended}", ended.code));
        self.must(!said.contains("panicked") && !said.contains("backtrace"), || format!("a panic{ended}"));
        self.must(!said.contains("CANARY"), || format!("the key was printed{ended}"));
    }

    fn look_at_files(&mut self, site: &Site) {
        let tree = site.tree();
        for path in tree.files() {
            let leaks = tree.bytes(path).windows(6).any(|six| six == b"CANARY");
            self.must(!leaks, || format!("the key is in {path}"));
        }
        let published = matches!(self.code, Some(0 | 3));
        if published && tree.files().contains(post_path(DAY).as_str()) {
            self.look_at_post(site);
        } else {
            let (code, files) = (self.code, tree.files());
            self.must(!published && files.len() == 1, || format!("exit code {code:?}, {files:?}"));
        }
    }

    fn look_at_post(&mut self, site: &Site) {
        let checked = site.run(&["check", &post_path(DAY)]);
        self.must(checked.code == Some(0), || format!("the post breaks the contract{checked}"));
        self.post = site.post(DAY);
        for raw in RAW {
            self.must(!self.post.contains(raw), || format!("`{raw}` was published"));
        }
        let audit = site.audit(DAY);
        audit["grade"].as_str().unwrap_or("?").clone_into(&mut self.grade);
        self.by_model = detail(&audit).iter().filter(|(_, claim)| claim["writer"] == "model").count();
    }

    fn look_at_requests(&mut self) {
        let bodies: BTreeSet<Vec<u8>> = self.bodies.iter().cloned().collect();
        for body in bodies {
            let text = String::from_utf8_lossy(&body);
            for raw in ["CANARY", PROSE, WITHDRAWN] {
                self.must(!text.contains(raw), || format!("`{raw}` was sent: {text}"));
            }
            let violations = serde_json::from_slice(&body).map(|body| openapi::request_violations(&body));
            self.problems.extend(violations.unwrap_or_default());
        }
    }
}
