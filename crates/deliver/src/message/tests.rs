//! Every service, with short, very long and hostile notices: what is sent fits, says all, and calls nobody.

use super::*;
use crate::{Point, Service, Words, preset::Preset};

const SERVICES: [Service; 9] = [
    Service::Feishu,
    Service::Wecom,
    Service::Dingtalk,
    Service::Telegram,
    Service::Slack,
    Service::Discord,
    Service::Ntfy,
    Service::Webhook,
    Service::Email,
];

fn notice(points: usize, text: &str) -> Notice {
    let point = |n: usize| Point { lead: format!("要点{n}"), text: format!("{n}：{text}") };
    Notice {
        slug: "twitter_ai_20260303_20260303".into(),
        from: "2026-03-03".into(),
        to: "2026-03-03".into(),
        title: "日报（2026-03-03）".into(),
        overview: text.into(),
        directions: (1..=3).map(point).collect(),
        key_points: (1..=points).map(point).collect(),
        counts: "读到 100 条".into(),
        link: "https://example.org/2026/03/03/a_b.html?x=1&y=2".into(),
        mark: "：".into(),
        words: Words { key_points: "核心信息".into(), link: "阅读全文".into() },
    }
}

fn parts(service: Service, notice: &Notice) -> Vec<String> {
    let preset = Preset::of(service).unwrap();
    let style =
        Style { template: &preset.text, escape: preset.escape, unit: preset.unit, limit: preset.limit };
    let parts = message(notice, style).unwrap();
    for part in &parts {
        assert!(preset.limit == 0 || preset.unit.size(part) <= preset.limit, "{service}: {part}");
        assert!(!part.trim().is_empty());
    }
    parts
}

#[test]
fn a_short_notice_is_one_part_with_all_that_is_told() {
    for service in SERVICES {
        let parts = parts(service, &notice(10, "某公司发布模型，价格下降 30%。"));
        assert_eq!(parts.len(), 1, "{service}");
        let text = parts[0].replace('\\', "");
        for words in ["核心信息", "要点10", "读到 100 条", "example.org"] {
            assert!(text.contains(words), "{service} lacks {words}: {text}");
        }
    }
}

#[test]
fn a_long_notice_is_several_parts_with_all_that_is_told() {
    let long = "模型的推理速度比上一代快，价格也更低。".repeat(12);
    for service in SERVICES {
        let parts = parts(service, &notice(60, &long));
        let split = Preset::of(service).unwrap().limit > 0;
        assert_eq!(parts.len() > 1, split, "{service}");
        let text = parts.join("\n").replace('\\', "");
        for n in 1..=60 {
            assert!(text.contains(&format!("{n}：{long}")), "{service} lacks point {n}");
        }
        assert!(!split || parts[0].ends_with(&format!("(1/{})", parts.len())), "{service}");
    }
}

#[test]
fn a_field_too_long_for_any_part_is_cut() {
    let flood = "字".repeat(30_000);
    for service in SERVICES {
        let parts = parts(service, &notice(3, &flood));
        let split = Preset::of(service).unwrap().limit > 0;
        assert_eq!(parts.iter().any(|part| part.contains('…')), split, "{service}");
        assert!(parts.last().unwrap().contains("example.org"), "{service}");
    }
}

const HOSTILE: &str = "@all @everyone <@U123> <!channel> <at user_id=\"all\">所有人</at> [点我](https://evil.example/a) \
     **粗** `代码` ~~删~~ ```块``` # 题 \r\nBcc: a@evil.example\r\n\r\n<script>x</script> {{ title }} {% raw %} www.evil.example \
     &lt;b&gt; \u{202e}倒\u{0} \\ \" ' | _斜_ javascript:alert(1) tg://user?id=1 </b></a> )";

#[test]
fn hostile_texts_call_nobody_and_lead_nowhere() {
    for service in SERVICES.into_iter().filter(|service| *service != Service::Webhook) {
        let mut notice = notice(2, HOSTILE);
        notice.title = HOSTILE.into();
        notice.key_points[0].lead = HOSTILE.into();
        let text = parts(service, &notice).join("\n");
        for word in [
            "@all",
            "@everyone",
            "://evil",
            "www.evil",
            "@evil",
            "tg://",
            "点我](",
            "\r",
            "\u{202e}",
            "\u{0}",
        ] {
            assert!(!text.contains(word), "{service} says {word:?}: {text}");
        }
        let tags: &[&str] = match service {
            Service::Ntfy | Service::Email => &[],
            Service::Discord => &["粗**", "<@", "<!", "`", "[点我", "~", "_"],
            Service::Slack => &["<@", "<!", "<at", "<script", "`代码"],
            Service::Telegram => &["<at", "<script", "<@", "</a> )"],
            Service::Feishu => &["<at", "</at"],
            _ => &["<at", "<@", "**粗", "`代码", "[点我", "<script"],
        };
        let bare = if service == Service::Discord { unescaped(&text) } else { text.clone() };
        for tag in tags {
            assert!(!bare.contains(tag), "{service} says {tag:?}: {text}");
        }
        // Templates in a text are text.
        assert!(text.contains("title") && text.contains("raw"), "{service}");
        // A field stays on its line: the lines are those of the template.
        let preset = Preset::of(service).unwrap();
        let style = Style { template: &preset.text, escape: preset.escape, unit: preset.unit, limit: 0 };
        let whole = |notice: &Notice| message(notice, style).unwrap()[0].lines().count();
        assert_eq!(whole(&notice), whole(&self::notice(2, "x")), "{service}");
    }
}

/// Without the characters that a backslash makes plain, and without our own link.
fn unescaped(text: &str) -> String {
    let mut chars = text.chars();
    let mut bare = String::new();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            bare.push(c);
        }
    }
    bare.replace("(<https://example.org/2026/03/03/a_b.html?x=1&y=2>)", "")
}

#[test]
fn the_html_of_a_mail_holds_no_tag_of_others() {
    let html = Preset::of(Service::Email).unwrap().html;
    let mut hostile = notice(1, HOSTILE);
    hostile.title = HOSTILE.into();
    let page = text(&disarmed(&hostile, Escape::Plain), &html, Escape::Html).unwrap();
    assert!(!page.contains("<script") && !page.contains("<at") && !page.contains("](https"), "{page}");
    assert_eq!(page.matches("href=").count(), 1);
    assert!(page.contains("href=\"https://example.org/2026/03/03/a_b.html?x=1&amp;y=2\""));
}

#[test]
fn an_unknown_variable_of_a_template_is_an_error() {
    let style = Style { template: "{{ titel }}", escape: Escape::Plain, unit: Unit::Bytes, limit: 0 };
    let error = message(&notice(1, "x"), style).unwrap_err();
    assert!(error.to_string().contains("titel"), "{error}");
    let style = Style { template: "{{ title }} {% if", ..style };
    assert!(message(&notice(1, "x"), style).is_err());
}

#[test]
fn a_template_of_ones_own_is_escaped_too() {
    let mut hostile = notice(1, "x");
    hostile.title = "<b>".into();
    let style = Style { template: "{{ title }}", escape: Escape::Html, unit: Unit::Bytes, limit: 0 };
    assert_eq!(message(&hostile, style).unwrap(), ["&lt;b&gt;"]);
}
