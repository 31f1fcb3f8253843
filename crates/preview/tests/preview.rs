//! The server from outside: raw requests over a socket, as no browser would send them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail loudly")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use preview::{Server, Site};
use report::Layout;
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

const SLUG: &str = "ai_20260124_20260124";
const HOSTILE: &str = "<script>alert(1)</script>\" onload=1 {{ 7 }}";

struct Running {
    site: TempDir,
    port: u16,
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// A site with one report, its picture and its audit.
fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    write(
        &site,
        &format!("_posts/2026-01-24-{SLUG}.md"),
        "---\ntitle: \"x\"\n---\n\n# AI 报告\n\n- a ![云](wordcloud_x.jpg)\n",
    );
    write(&site, "_posts/wordcloud_x.jpg", "JPG");
    write(&site, &format!("_audit/{SLUG}.audit.json"), &audit());
    write(&site, "_posts/.secret.jpg", "SECRET");
    write(&site, "secret.jpg", "SECRET");
    site
}

fn write(site: &TempDir, path: &str, text: &str) {
    let path = site.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn audit() -> String {
    let claim = serde_json::json!({
        "group": "", "lead": HOSTILE, "text": HOSTILE, "writer": "extractive", "sole_source": true,
        "cites": [{"alias": "t1", "id": "12", "handle": HOSTILE, "url": "javascript:alert(1)"}],
        "evidence": [{"fact": {"kind": "name", "written": HOSTILE}, "tweet": null}],
    });
    let brief = serde_json::json!({
        "overview": [claim], "key_points": [claim], "sections": [], "refused": [], "withheld": [],
    });
    let counts = serde_json::json!({
        "read": 9, "notices": 0, "rejected": {}, "dropped": {}, "kept": 9, "in_topics": 9, "left_out": 0, "topics": 3,
    });
    let hashes = serde_json::json!({"tweets": "", "settings": "", "post": "", "picture": ""});
    serde_json::json!({
        "schema_version": report::AUDIT_SCHEMA_VERSION, "grade": "model_with_gaps", "gaps": 1, "hashes": hashes,
        "counts": counts, "brief": brief, "topics": [],
    })
    .to_string()
}

impl Running {
    fn start(site: TempDir) -> Self {
        let layout = Layout {
            posts: "_posts".into(),
            post_name: "%Y-%m-%d-{slug}.md".into(),
            images: "_posts".into(),
            image_url: String::new(),
            audits: "_audit".into(),
            html: "html".into(),
            link: String::new(),
        };
        let runtime = Runtime::new().unwrap();
        let opened = Site::open(site.path(), layout).unwrap();
        let server = runtime.block_on(Server::bind(opened, 0)).unwrap();
        let address = server.address();
        let port = address.strip_prefix("http://127.0.0.1:").unwrap().trim_end_matches('/').parse().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = runtime.spawn(async move { server.run(async { drop(stopped.await) }).await.unwrap() });
        Self { site, port, runtime, stop, ended }
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path, &format!("Host: 127.0.0.1:{}\r\n", self.port))
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> String {
        let mut socket = self.send(method, path, headers);
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn send(&self, method: &str, path: &str, headers: &str) -> TcpStream {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(socket, "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
        socket
    }

    #[track_caller]
    fn is(&self, path: &str, status: &str, holds: &[&str]) -> String {
        let answer = self.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}\n{answer}");
        for part in holds {
            assert!(answer.contains(part), "{path}: `{part}`\n{answer}");
        }
        answer
    }
}

#[test]
fn a_report_has_its_pages() {
    let running = Running::start(site());
    running.is(
        "/",
        "200",
        &[
            "<h2 lang=\"zh-Hans\"><a href=\"/posts/ai_20260124_20260124\">AI 报告</a>",
            "model with gaps",
            "2 claims",
        ],
    );
    let picture = format!("<img src=\"/pictures/{SLUG}/wordcloud_x.jpg\" alt=\"云\">");
    running.is(&format!("/posts/{SLUG}"), "200", &["<article class=\"post\" lang=\"zh-Hans\">", &picture]);
    running.is(&format!("/pictures/{SLUG}/wordcloud_x.jpg"), "200", &["content-type: image/jpeg", "JPG"]);
    running.is(&format!("/audits/{SLUG}"), "200", &["@", "changed after it was published"]);
    running.is(&format!("/audits/{SLUG}/raw"), "200", &["content-type: application/json", "model_with_gaps"]);
    running.is("/assets/preview.css", "200", &["content-type: text/css"]);
    running.is("/assets/preview.js", "200", &["content-type: text/javascript"]);
    for nothing in
        ["/posts/ai_20260125_20260125", "/posts/x", &format!("/html/{SLUG}"), "/nothing", "/favicon.ico"]
    {
        running.is(nothing, "404", &["There is no such page"]);
    }
}

#[test]
fn every_answer_has_strict_headers() {
    let running = Running::start(site());
    for path in ["/", &format!("/posts/{SLUG}"), &format!("/audits/{SLUG}"), "/nothing", "/assets/preview.js"]
    {
        let answer = running.get(path).to_lowercase();
        let head = answer.split("\r\n\r\n").next().unwrap();
        for header in [
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(header), "{path}: {header}\n{head}");
        }
        assert!(!head.contains("unsafe"), "{head}");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        assert!(
            !body.contains("<script>") && !body.contains(" style=") && !body.contains("<style"),
            "{path}"
        );
    }
}

#[test]
fn only_reading_and_only_under_its_own_name() {
    let running = Running::start(site());
    let (port, own) = (running.port, format!("Host: 127.0.0.1:{}\r\n", running.port));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        let answer = running.ask(method, "/", &own);
        assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("allow: GET, HEAD"), "{answer}");
    }
    let head = running.ask("HEAD", "/", &own);
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{port}.evil.example"),
        format!("localhost.evil.example:{port}"),
        String::new(),
    ] {
        let answer = running.ask("GET", "/", &format!("Host: {host}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 421") || answer.starts_with("HTTP/1.1 400"), "{host}\n{answer}");
    }
    let none = running.ask("GET", "/", "");
    let absolute = running.ask("GET", &format!("http://evil.example:{port}/"), &own);
    let twice = running.ask("GET", "/", &format!("{own}Host: evil.example\r\n"));
    for answer in [none, absolute, twice] {
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(running.ask("GET", "/", &format!("Host: localhost:{port}\r\n")).starts_with("HTTP/1.1 200"));
}

#[test]
fn nothing_outside_of_the_reports_is_served() {
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("out.jpg"), "SECRET").unwrap();
    let site = site();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, site.path().join(name)).unwrap();
    link(&outside.path().join("out.jpg"), "_posts/wordcloud_out.jpg");
    link(outside.path(), "_posts/folder");
    link(&site.path().join("_posts/.secret.jpg"), "_posts/wordcloud_hidden.jpg");
    link(&outside.path().join("out.jpg"), "_audit/ai_20260125_20260125.audit.json");
    fs::create_dir(site.path().join("html")).unwrap();
    link(&outside.path().join("out.jpg"), &format!("html/{SLUG}.html"));
    let running = Running::start(site);
    let picture = |name: &str| format!("/pictures/{SLUG}/{name}");
    for path in [
        picture("wordcloud_out.jpg"),
        picture("wordcloud_hidden.jpg"),
        picture(".secret.jpg"),
        picture("..%2fsecret.jpg"),
        picture("..%2Fsecret.jpg"),
        picture("../secret.jpg"),
        picture("%2e%2e%2fsecret.jpg"),
        picture("..%5csecret.jpg"),
        picture("..%252fsecret.jpg"),
        picture("folder%2fout.jpg"),
        picture("folder/out.jpg"),
        picture("%00.jpg"),
        picture("%ff.jpg"),
        format!("/pictures/..%2f{SLUG}/secret.jpg"),
        "/pictures/../secret.jpg".to_owned(),
        "/../secret.jpg".to_owned(),
        "/secret.jpg".to_owned(),
        "/_posts/.secret.jpg".to_owned(),
        "/audits/ai_20260125_20260125".to_owned(),
        "/audits/ai_20260125_20260125/raw".to_owned(),
        format!("/html/{SLUG}"),
        "/posts/..%2f..%2fx_20260124_20260124".to_owned(),
        "/posts/%2fetc%2fx_20260124_20260124".to_owned(),
    ] {
        let answer = running.get(&path);
        assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("SECRET"), "{path}\n{answer}");
    }
    // A picture is one by its ending.
    running.is(&format!("/pictures/{SLUG}/2026-01-24-{SLUG}.md"), "404", &[]);
}

#[test]
fn hostile_text_is_text_on_every_page() {
    let site = site();
    write(
        &site,
        &format!("_posts/2026-01-24-{SLUG}.md"),
        &format!("# {HOSTILE}\n\n<img src=x onerror=alert(1)>\n"),
    );
    let running = Running::start(site);
    for path in ["/", &format!("/posts/{SLUG}"), &format!("/audits/{SLUG}")] {
        let page = running.is(path, "200", &[]);
        for bad in ["<script>alert", " onerror", "=\"\" onload", "javascript:alert", "src=\"x"] {
            assert!(!page.contains(bad), "{path}: {bad}\n{page}");
        }
    }
}

#[test]
fn an_edition_without_a_policy_of_its_own_runs_nothing() {
    let site = site();
    write(&site, &format!("html/{SLUG}.html"), "<script>1</script>");
    let running = Running::start(site);
    running.is(&format!("/html/{SLUG}"), "200", &["default-src 'none'", "sandbox"]);
    let own = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'sha256-x'\">";
    write(&running.site, &format!("html/{SLUG}.html"), own);
    let answer = running.is(&format!("/html/{SLUG}"), "200", &["connect-src 'none'"]);
    assert!(!answer.contains("default-src"), "{answer}");
    running.is("/", "200", &["HTML edition"]);
}

#[test]
fn a_change_is_told_and_the_end_is_not_held_up() {
    let running = Running::start(site());
    let socket = running.send("GET", "/changes", &format!("Host: 127.0.0.1:{}\r\n", running.port));
    let mut lines = BufReader::new(socket).lines().map(Result::unwrap);
    let mut next = || lines.by_ref().find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let first = next().unwrap();
    let shown = format!("<meta name=\"stamp\" content=\"{first}\">");
    running.is("/", "200", &[&shown]);
    write(&running.site, "_posts/2026-01-25-ai_20260125_20260125.md", "# neu\n");
    let second = next().unwrap();
    assert_ne!(first, second);
    running.is("/", "200", &[&format!("content=\"{second}\""), "ai_20260125_20260125"]);
    let Running { runtime, stop, ended, .. } = running;
    stop.send(()).unwrap();
    let asked = Instant::now();
    // The page that listens is still open.
    assert_eq!(next(), None);
    runtime.block_on(ended).unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5));
}
