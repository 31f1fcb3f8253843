//! Hostile tweets: what they carry stays text on the page.

use crate::support::{Site, post_path, shared_data};

/// What no post may hold outside of what our own code writes.
const FORBIDDEN: [&str; 9] = ["{{", "{%", "<script", "](javascript:", "<img", "<iframe", "\n---\nlayout", "$$", "<!--"];

#[track_caller]
fn assert_harmless(post: &str, what: &str) {
    for mark in FORBIDDEN {
        assert!(!post.to_lowercase().contains(mark), "`{mark}` from {what}:\n{post}");
    }
    let hidden: Vec<String> = post.chars().filter(|c| is_hidden(*c)).map(|c| c.escape_unicode().to_string()).collect();
    assert!(hidden.is_empty(), "hidden characters {hidden:?} from {what}");
    let targets = post.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    for target in targets {
        assert!(target.starts_with("https://x.com/") || target.starts_with("wordcloud_"), "a link to {target} from {what}");
    }
}

/// Bidi controls, zero-width and tag characters; a joiner may stand between two emoji.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{AD}' | '\u{61C}' | '\u{E0000}'..='\u{E007F}')
        || (c.is_control() && c != '\n')
}

#[test]
fn the_posts_of_the_fixture_days_are_harmless() {
    let site = Site::quick("");
    let labels = std::fs::read_to_string(crate::support::fixture("labels.tsv")).unwrap();
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        site.run_day(day, &["--quiet"]).exits(0);
        let post = site.post(day);
        assert_harmless(&post, day);
        let hostile = labels.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[1] == day && row[2] == "hostile");
        let audit = site.audit(day).to_string();
        assert!(hostile.filter(|row| audit.contains(row[0])).count() > 0, "the day has hostile tweets");
    }
}

/// Each payload inside a topic of its own that two authors speak of, so that it is quoted.
#[test]
fn payloads_in_quoted_tweets_stay_text() {
    let payloads = [
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
    render_each(&payloads.map(str::to_owned));
}

#[test]
fn the_collected_page_payloads_stay_text() {
    let Some(path) = shared_data("../cases/page_payloads_dev.json") else { return };
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let payloads: Vec<String> = cases.iter().filter_map(|case| case["payload"].as_str()).map(str::to_owned).collect();
    assert!(payloads.len() > 20);
    render_each(&payloads);
}

fn render_each(payloads: &[String]) {
    // Words that make each payload a topic: a model's name that only its own tweets share.
    let names = ["Aurora", "Basalt", "Cobalt", "Dorado", "Ember", "Fathom", "Garnet", "Harrier"];
    let mut seen = 0;
    for chunk in payloads.chunks(names.len()) {
        let site = Site::quick("");
        let mut lines = String::new();
        for (place, (payload, name)) in chunk.iter().zip(names).enumerate() {
            for (author, (before, after)) in [("发布了", "开源权重，推理速度提升 3 倍"), ("的评测结果", "大模型基准跑分 71.4，超过上一代")].into_iter().enumerate() {
                let text = format!("{name} 大模型{before} {payload} {name} 智能体{after} {name}-7B LLM");
                let line = serde_json::json!({
                    "id": (2_028_600_000_000_000_000_u64 + (place * 2 + author) as u64 * 1_000_000_000).to_string(),
                    "author": {"handle": format!("writer_{place}_{author}"), "name": payload},
                    "created_at": format!("2026-03-03T0{author}:{:02}:00Z", place + 10), "text": text,
                });
                lines.push_str(&format!("{line}\n"));
            }
        }
        site.write("corpus/day.jsonl", lines);
        site.run(&["run", "--date", "2026-03-03"]).exits(0);
        let post = site.post("2026-03-03");
        assert_harmless(&post, &format!("{chunk:?}"));
        site.run(&["check", &post_path("2026-03-03")]).exits(0);
        seen += names.iter().filter(|name| post.contains(*name)).count();
    }
    assert!(seen * 2 >= payloads.len(), "only {seen} of {} payloads came near the post", payloads.len());
}
