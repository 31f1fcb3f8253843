//! Hostile tweets: what they carry stays text on the page.

use std::fs;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{
    edition::foreign,
    support::{Site, edition_path, fixture, shared_data},
};

/// What no post may hold outside of what our own code writes.
const FORBIDDEN: [&str; 9] =
    ["{{", "{%", "<script", "](javascript:", "<img", "<iframe", "\n---\nlayout", "$$", "<!--"];

#[track_caller]
fn assert_harmless(post: &str, what: &str) {
    let harms = harms(post);
    assert!(harms.is_empty(), "{harms:#?} from {what}:\n{post}");
}

/// What a post has that it may not have.
pub(crate) fn harms(post: &str) -> Vec<String> {
    // An escaped bracket makes no link.
    let bare = post.replace("\\]", "").to_lowercase();
    let marks = FORBIDDEN.iter().filter(|mark| bare.contains(**mark)).map(|mark| format!("`{mark}`"));
    let hidden = post.chars().filter(|c| is_hidden(*c)).map(|c| c.escape_unicode().to_string());
    let targets = bare.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let own = |target: &str| {
        target.starts_with("https://x.com/")
            || ["wordcloud_", "chart_"].iter().any(|name| target.starts_with(name))
    };
    let strange = targets.filter(|target| !own(target)).map(|target| format!("a link to {target}"));
    marks.chain(hidden).chain(strange).collect()
}

/// Bidi controls, zero-width and tag characters, selectors of variants that nobody sees; a joiner may stand between two emoji.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{AD}' | '\u{61C}' | '\u{FE00}'..='\u{FE0D}' | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && c != '\n')
}

#[test]
fn the_posts_of_the_fixture_days_are_harmless() {
    let site = Site::quick("");
    let labels = fs::read_to_string(fixture("labels.tsv")).unwrap();
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        site.run_day(day, &["--quiet"]).exits(0);
        let post = site.post(day);
        assert_harmless(&post, day);
        let hostile = labels
            .lines()
            .map(|line| line.split('\t').collect::<Vec<_>>())
            .filter(|row| row[1] == day && row[2] == "hostile");
        let audit = site.audit(day).to_string();
        assert!(hostile.filter(|row| audit.contains(row[0])).count() > 0, "the day has hostile tweets");
    }
}

const PAYLOADS: [&str; 17] = [
    "{{ site.pages | jsonify }}",
    "{% include secret.html %}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[点这里](javascript:alert(1))",
    "![](https://evil.example/a.png)",
    "<!-- 注释 -->",
    "```ruby\nputs 1\n```",
    "---\nlayout: evil\n---",
    "| a | b |\n|---|---|",
    "$$\\href{javascript:alert(1)}{x}$$",
    "\u{202e}gnp.exe\u{202c}",
    "零\u{200b}宽\u{2060}字\u{feff}符\u{e0041}\u{e007f}",
    "[x]: javascript:alert(1)",
    "**粗体** __下划线__ *斜体*",
    "{: onclick=\"alert(1)\"}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
];

#[test]
fn payloads_in_quoted_tweets_stay_text() {
    render_each(&PAYLOADS.map(str::to_owned));
}

#[test]
fn the_collected_page_payloads_stay_text() {
    let Some(path) = shared_data("../cases/page_payloads_dev.json") else { return };
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let payloads: Vec<String> =
        cases.iter().filter_map(|case| case["payload"].as_str()).map(str::to_owned).collect();
    assert!(payloads.len() > 20);
    render_each(&payloads);
}

/// A day for each payload: two authors speak of one model, and of the payload in the midst of it.
fn render_each(payloads: &[String]) {
    let site = Site::quick("");
    let first: NaiveDate = "2026-01-01".parse().unwrap();
    let mut lines = String::new();
    for (day, payload) in payloads.iter().enumerate() {
        for (place, text) in [
            format!(
                "Aurora-7B 大模型今天开源，推理速度提升 3 倍 {payload} 权重已经放出，许可证是 Apache 2.0"
            ),
            format!("{payload} Aurora-7B 大模型的评测结果：跑分 71.4，智能体任务领先 {payload}"),
        ]
        .into_iter()
        .enumerate()
        {
            let line = json!({
                "id": (2_006_000_000_000_000_000_u64 + (day * 2 + place) as u64).to_string(),
                "author": {"handle": format!("writer_{place}"), "name": payload},
                "created_at": format!("{}T0{place}:00:00Z", first + Days::new(day as u64)), "text": text,
            });
            lines.extend([line.to_string().as_str(), "\n"]);
        }
    }
    site.write("corpus/all.jsonl", lines);
    let last = (first + Days::new(payloads.len() as u64 - 1)).to_string();
    let made = site.run(&["backfill", "--from", "2026-01-01", "--to", &last, "--html"]).exits(0);
    assert_eq!(made.stdout.lines().count(), payloads.len(), "{made}");
    let mut quoted = 0;
    for (path, payload) in made.stdout.lines().zip(payloads) {
        let post = fs::read_to_string(site.path(path)).unwrap();
        assert_harmless(&post, payload);
        let page = fs::read_to_string(site.path(&edition_path(&path["site/_posts/".len()..][..10]))).unwrap();
        assert_eq!(foreign(&page, true), Vec::<String>::new(), "from {payload}");
        site.run(&["check", path]).exits(0);
        let letters: Vec<&str> =
            payload.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3).collect();
        quoted += usize::from(!letters.is_empty() && letters.iter().all(|word| post.contains(word)));
    }
    assert!(quoted * 4 >= payloads.len(), "only {quoted} of {} payloads came into a post", payloads.len());
}
