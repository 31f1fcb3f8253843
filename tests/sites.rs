//! Presets of site generators, and the feed: what the main job leaves on each kind of site.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{Site, post_path, slug, tree::Tree};

const DAY: &str = "2026-03-03";

/// What a preset makes: the post's place with `{}` for the slug, its keys with how their values begin, and the folder that a
/// picture's address starts from.
struct Expected {
    preset: &'static str,
    post: &'static str,
    keys: &'static [(&'static str, &'static str)],
    pictures: &'static str,
}

const EXPECTED: [Expected; 6] = [
    Expected {
        preset: "jekyll",
        post: "_posts/2026-03-03-{}.md",
        keys: &[
            ("date", "2026-03-03 "),
            ("layout", "post"),
            ("posttime", "2026-03-03 "),
            ("title", "twitter_ai_2026"),
        ],
        pictures: "_posts",
    },
    Expected {
        preset: "jekyll_assets",
        post: "_posts/2026-03-03-{}.md",
        keys: &[
            ("date", "2026-03-03 "),
            ("layout", "post"),
            ("posttime", "2026-03-03 "),
            ("title", "twitter_ai_2026"),
        ],
        pictures: "",
    },
    Expected {
        preset: "hugo",
        post: "content/posts/{}/index.md",
        keys: &[
            ("date", "2026-03-03T"),
            ("description", "Twitter Ai 报告"),
            ("draft", "false"),
            ("slug", "twitter_ai_20260303_20260303"),
            ("title", "Twitter AI 动态"),
        ],
        pictures: "content/posts/{}",
    },
    Expected {
        preset: "astro",
        post: "src/content/blog/{}.md",
        keys: &[
            ("description", "Twitter Ai 报告"),
            ("heroImage", "./wordcloud_"),
            ("pubDate", "2026-03-03T"),
            ("title", "Twitter AI 动态"),
        ],
        pictures: "src/content/blog",
    },
    Expected {
        preset: "hexo",
        post: "source/_posts/{}.md",
        keys: &[
            ("date", "2026-03-03T"),
            ("layout", "post"),
            ("title", "Twitter AI 动态"),
            ("updated", "2026-03-03T"),
        ],
        pictures: "source",
    },
    Expected {
        preset: "plain",
        post: "reports/{}.md",
        keys: &[("date", "2026-03-03T"), ("title", "Twitter AI 动态")],
        pictures: "reports",
    },
];

fn made(preset: &str, more: &str) -> Site {
    let site = Site::quick(&format!("[output]\npreset = \"{preset}\"\n{more}"));
    site.run_day(DAY, &[]).exits(0);
    site
}

fn place(pattern: &str) -> PathBuf {
    Path::new("site").join(pattern.replace("{}", &slug(DAY)))
}

fn published(site: &Site) -> Tree {
    Tree::of(&site.path("site"))
}

/// The front matter as another YAML reader has it, each value as text.
fn front_matter(post: &str) -> BTreeMap<String, String> {
    let (head, _) = post.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    let read: BTreeMap<String, serde_json::Value> = serde_saphyr::from_str(head).unwrap();
    let text = |value: serde_json::Value| value.as_str().map_or(value.to_string(), str::to_owned);
    read.into_iter().map(|(key, value)| (key, text(value))).collect()
}

/// The addresses of a post's pictures, as its generator sees them.
fn pictures(post: &str) -> Vec<String> {
    let links =
        post.split("![").skip(1).map(|rest| rest.split_once("](").unwrap().1.split_once(')').unwrap().0);
    // What Jekyll makes of it on a site at the root of its host.
    let liquid = |link: &str| link.split('\'').nth(1).map(str::to_owned).filter(|_| link.starts_with("{{ '"));
    links.map(|link| liquid(link).unwrap_or_else(|| link.to_owned())).collect()
}

#[test]
fn every_preset_makes_what_its_generator_reads() {
    for Expected { preset, post, keys, pictures: folder } in EXPECTED {
        let site = made(preset, "");
        let markdown = fs::read_to_string(site.path("").join(place(post))).unwrap();
        let head = front_matter(&markdown);
        assert_eq!(head.keys().collect::<Vec<_>>(), keys.iter().map(|(key, _)| *key).collect::<Vec<_>>());
        for (key, begins) in keys {
            assert!(head[*key].starts_with(begins), "{preset}: {key} is {}", head[*key]);
        }
        let shown = pictures(&markdown);
        assert_eq!(shown.len(), 4, "{preset}: three charts and the word cloud");
        for picture in shown {
            let file = site.path("").join(place(folder)).join(picture.trim_start_matches('/'));
            assert!(file.is_file(), "{preset}: {}", file.display());
        }
    }
}

#[test]
fn check_finds_what_belongs_to_a_post_of_any_preset() {
    for Expected { preset, post, .. } in EXPECTED {
        let site = made(preset, "");
        let post = place(post);
        let name = post.to_str().unwrap();
        site.run(&["check", name]).exits(0).says("keeps the contract");
        let whole = fs::read_to_string(site.path(name)).unwrap();
        let time = whole.lines().find(|line| line.contains("ate: \"2026-03-03")).unwrap();
        site.write(name, whole.replacen(&format!("{time}\n"), "", 1));
        let lacks = site.run(&["check", name]).exits(3).prints("changed after it was published");
        lacks.prints(&format!("the front matter lacks `{}`", time.split_once(':').unwrap().0));
    }
}

#[test]
fn the_default_is_the_jekyll_preset() {
    let plain = Site::quick("");
    plain.run_day(DAY, &[]).exits(0);
    published(&plain).assert_same_bytes(&published(&made("jekyll", "")));
}

#[test]
fn a_preset_gives_way_to_what_the_user_says() {
    let site =
        made("hugo", "post_name = \"report.md\"\nimages = \"static/clouds\"\nimage_url = \"/clouds/\"\n");
    let post = place("content/posts/{}/report.md");
    let markdown = fs::read_to_string(site.path("").join(&post)).unwrap();
    assert!(site.path("site/static").join(pictures(&markdown)[0].trim_start_matches('/')).is_file());
    site.run(&["check", post.to_str().unwrap()]).exits(0);
    let unknown = Site::quick("[output]\npreset = \"huggo\"\n");
    unknown.run_day(DAY, &[]).exits(2).says("no site preset `huggo`").says("jekyll_assets, hugo");
    let bad = Site::quick("[post]\ntime_format = \"%Q\"\n");
    bad.run_day(DAY, &[]).exits(2).says("`post.time_format");
    let outside = Site::quick("[output]\npost_name = \"../{slug}.md\"\n");
    outside.run_day(DAY, &[]).exits(2).says("`../{slug}.md`");
}

const FEED: &str = "base_url = \"https://a.example/b/\"\n[feed]\nenabled = true\n";

fn feed(site: &Site, place: &str) -> feed_rs::model::Feed {
    feed_rs::parser::parse(&*fs::read(site.path(place)).unwrap()).unwrap()
}

#[test]
fn a_back_fill_writes_the_feed_that_its_days_would() {
    let site = Site::quick(&format!("[output]\n{FEED}"));
    site.backfill("2026-03-02", "2026-03-04", &[]).exits(0);
    let read = feed(&site, "site/twitter_ai.xml");
    let links: Vec<&str> = read.entries.iter().map(|entry| entry.links[0].href.as_str()).collect();
    let link = |day: &str| format!("https://a.example/b/{}/{}.html", day.replace('-', "/"), slug(day));
    assert_eq!(links, [link("2026-03-04"), link("2026-03-03"), link("2026-03-02")]);
    assert_eq!(read.entries[0].title.as_ref().unwrap().content, "Twitter AI 动态综合报告（2026-03-04）");
    assert_eq!(read.updated, read.entries[0].updated);
    // The time is that of the post, and what it says is in the post.
    let time = front_matter(&site.post("2026-03-04"))["date"].replacen(' ', "T", 1).replace(' ', "");
    let wanted = chrono::DateTime::parse_from_str(&time, "%Y-%m-%dT%H:%M:%S%z").unwrap();
    assert_eq!(read.updated.unwrap(), wanted);
    let summary = &read.entries[0].summary.as_ref().unwrap().content;
    let claims = site.audit("2026-03-04")["brief"]["key_points"].as_array().unwrap().len();
    assert!(summary.matches("<li>").count() >= claims && summary.contains("https://x.com/"), "{summary}");

    let by_day = Site::quick(&format!("[output]\n{FEED}"));
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        by_day.run_day(day, &[]).exits(0);
    }
    published(&site).assert_same_bytes(&published(&by_day));
}

#[test]
fn a_feed_comes_back_and_is_written_once() {
    let site = made("hugo", FEED);
    let path = site.path("site/static/twitter_ai.xml");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    fs::remove_file(&path).unwrap();
    site.run_day(DAY, &[]).exits(0);
    let read = feed(&site, "site/static/twitter_ai.xml");
    assert_eq!(read.entries[0].links[0].href, format!("https://a.example/b/posts/{}/", slug(DAY)));
    assert_eq!(read.links[0].href, "https://a.example/b/twitter_ai.xml");
}

#[test]
fn a_feed_without_an_address_is_refused_before_any_work() {
    let site = Site::quick("[feed]\nenabled = true\n");
    site.run_day(DAY, &[]).exits(2).says("`output.base_url = \"\"` is no address");
    assert!(!site.path(&post_path(DAY)).exists());
    for post in ["time_format = \"%Y-%m-%d\"", "head = [[\"title\", \"title\"]]"] {
        let site = Site::quick(&format!("[post]\n{post}\n[output]\n{FEED}"));
        site.run_day(DAY, &[]).exits(2).says("a feed needs the time of each post");
    }
}

/// A generator, its layout's place and text, its configuration, and what builds the site `site` into `built`.
type Generator = (&'static str, [(&'static str, &'static str); 2], &'static [&'static str]);

const GENERATORS: [(Generator, &str); 2] = [
    (
        (
            "jekyll_assets",
            [
                ("_layouts/post.html", "{{ content }}"),
                ("_config.yml", "baseurl: /b\ntimezone: Asia/Shanghai\n"),
            ],
            &["jekyll", "build", "-q", "-s", "site", "-d", "built"],
        ),
        "/b",
    ),
    (
        (
            "hugo",
            [
                ("layouts/_default/single.html", "{{ .Content }}"),
                (
                    "config.toml",
                    "baseURL = \"https://a.example/b/\"\ndisableKinds = [\"home\", \"section\", \"taxonomy\", \"term\"]\n",
                ),
            ],
            &["hugo", "--quiet", "--buildFuture", "-s", "site", "-d", "../built"],
        ),
        "",
    ),
];

#[test]
fn real_generators_publish_post_picture_and_feed() {
    for ((preset, files, build), base) in GENERATORS {
        let site = made(preset, FEED);
        for (path, text) in files {
            site.write(&format!("site/{path}"), text);
        }
        let mut command = Command::new(build[0]);
        match command.args(&build[1..]).current_dir(site.path("")).status() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                eprintln!("skipped: {} is not installed", build[0]);
                continue;
            }
            ended => assert!(ended.unwrap().success(), "{preset}"),
        }
        let link = feed(&site, "built/twitter_ai.xml").entries[0].links[0].href.clone();
        let page = site.path("built").join(link.strip_prefix("https://a.example/b/").unwrap());
        let page = if link.ends_with('/') { page.join("index.html") } else { page };
        let html = fs::read_to_string(&page).unwrap();
        let picture =
            html.split("<img").nth(1).unwrap().split("src=\"").nth(1).unwrap().split('"').next().unwrap();
        let file = match picture.strip_prefix(&format!("{base}/")).filter(|_| !base.is_empty()) {
            Some(below) => site.path("built").join(below),
            None => page.with_file_name(picture),
        };
        assert!(file.is_file(), "{preset}: {picture} of {}", page.display());
    }
}
