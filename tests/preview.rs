//! `preview`: the real program over a site that it made itself. What it refuses is tested beside the server.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::support::{Site, slug};

const DAY: &str = "2026-03-03";

/// Ends with the test, also when a check fails.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

fn get(address: &str, path: &str) -> String {
    let host = address.strip_prefix("http://").unwrap().trim_end_matches('/');
    let mut socket = TcpStream::connect(host).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_site_of_any_preset_is_shown_until_it_is_interrupted() {
    for preset in ["jekyll_assets", "hugo"] {
        let site = Site::quick(&format!("[output]\npreset = \"{preset}\"\n"));
        site.run_day(DAY, &[]).exits(0);
        let mut command = site.command(&["preview", "--port", "0"]);
        let mut serving = Serving(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let mut address = String::new();
        BufReader::new(serving.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim();

        let (slug, claims) = (slug(DAY), crate::support::post::claims(&site_post(&site, preset)).len());
        let index = get(address, "/");
        assert!(index.contains("Twitter AI 动态综合报告（2026-03-03）"), "{index}");
        assert!(index.contains(&format!("/audits/{slug}")) && index.contains(" claims, "), "{index}");
        let post = get(address, &format!("/posts/{slug}"));
        assert!(post.matches("<li>").count() >= claims, "{post}");
        let pictures: Vec<&str> =
            post.split("<img src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        for (picture, kind) in pictures.iter().zip(["svg+xml", "svg+xml", "svg+xml", "jpeg"]) {
            assert!(get(address, picture).contains(&format!("content-type: image/{kind}")), "{picture}");
        }
        assert_eq!(pictures.len(), 4, "three charts and the word cloud");
        let audit = get(address, &format!("/audits/{slug}"));
        assert!(audit.contains("class=\"found\"") && !audit.contains("changed after"), "{audit}");
        assert!(audit.matches("<p class=\"claim\"").count() >= claims, "{audit}");

        let interrupt = Command::new("kill").args(["-INT", &serving.0.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        assert_eq!(serving.0.wait().unwrap().code(), Some(0));
    }
}

/// The post of the one report, wherever the preset has it.
fn site_post(site: &Site, preset: &str) -> String {
    let slug = slug(DAY);
    let path = match preset {
        "hugo" => format!("site/content/posts/{slug}/index.md"),
        _ => format!("site/_posts/{DAY}-{slug}.md"),
    };
    std::fs::read_to_string(site.path(&path)).unwrap()
}

#[test]
fn a_preview_of_nothing_says_so() {
    let site = Site::new();
    site.run(&["preview", "nowhere", "--port", "0"]).exits(4).says("cannot open the site `nowhere`");
}

#[test]
fn a_taken_port_is_named() {
    let site = Site::new();
    std::fs::create_dir(site.path("site")).unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = site.run(&["preview", "--port", &port]).exits(2);
    ended.says(&format!("cannot listen at 127.0.0.1:{port}")).says("--port 0");
}
