//! That the escape is exact (nothing but the cleaned text is shown) and inert (nothing of it is code).

use proptest::prelude::*;

use super::*;

/// What a browser shows of an escaped field: own spans dropped, backslash escapes and entities resolved.
fn shown(markdown: &str) -> String {
    let text = markdown.replace("<span>", "").replace("</span>", "");
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.extend(rest.next()),
            '&' => match entity(rest.as_str()) {
                Some((decoded, length)) => {
                    out.push(decoded);
                    rest.nth(length - 1);
                }
                None => out.push('&'),
            },
            _ => out.push(c),
        }
    }
    out
}

fn entity(rest: &str) -> Option<(char, usize)> {
    let (name, _) = rest.split_once(';')?;
    let decoded = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((decoded, name.len() + 1))
}

fn check_inert(markdown: &str) {
    let text = markdown.replace("<span>$</span>", "¤").replace("<span>&#92;</span>", "¤");
    assert!(!text.contains(['{', '}', '<', '>', '|', '~', '$', '"', '\'', '@', '\n', '\t']), "{text}");
    for pair in ["--", "..", "://", "www.", "  "] {
        assert!(!text.contains(pair), "`{pair}` in {text}");
    }
    for mark in ['*', '_', '`', '[', ']'] {
        assert_eq!(text.matches(mark).count(), text.matches(&format!("\\{mark}")).count(), "{text}");
    }
    assert!(!markdown.starts_with(['#', '+', '-', '=', ':', '^', ' ']), "{markdown}");
    let after_number = markdown.trim_start_matches(|c: char| c.is_ascii_digit());
    assert!(after_number.len() == markdown.len() || !after_number.starts_with(['.', ')']), "{markdown}");
}

fn check(text: &str) {
    let markdown = escape(text);
    check_inert(&markdown);
    assert_eq!(shown(&markdown), clean(text), "{markdown}");
}

#[test]
fn each_rule_of_the_table() {
    for (text, expected) in [
        ("{{ x }} {% y %}", "&#123;&#123; x &#125;&#125; &#123;% y %&#125;"),
        ("<b> & AT&T &#60; R&", "&lt;b&gt; & AT&amp;T &amp;#60; R&amp;"),
        ("a|b ~~c~~ *d* _e_ `f` [g]", "a&#124;b &#126;&#126;c&#126;&#126; \\*d\\* \\_e\\_ \\`f\\` \\[g\\]"),
        ("$50亿 \\(x", "<span>$</span>50亿 <span>&#92;</span>(x"),
        ("\"a\" 'b' c--d e... f-g h.i", "&quot;a&quot; &#39;b&#39; c&#45;&#45;d e&#46;&#46;&#46; f-g h.i"),
        ("https://a.b 和 WWW.c.d 和 e@f", "https:&#47;/a.b 和 WWW&#46;c.d 和 e&#64;f"),
        (":smile: 12:30 a: b", "&#58;smile: 12:30 a: b"),
        ("# x", "&#35; x"),
        ("+x", "&#43;x"),
        ("-x", "&#45;x"),
        ("=x", "&#61;x"),
        (": x", "&#58; x"),
        ("^", "&#94;"),
        ("2026. 那年 3. x", "2026&#46; 那年 3. x"),
        ("12) x 13) y", "12&#41; x 13) y"),
        ("GPT-5.2 发布，涨 15%", "GPT-5.2 发布，涨 15%"),
    ] {
        assert_eq!(escape(text), expected);
        check(text);
    }
}

#[test]
fn hidden_characters_go_and_lines_are_joined() {
    for (text, cleaned) in [
        (" a\u{200B}b\u{202E}c\u{E0041}\u{0}d\u{FEFF}\u{FFFE}\u{1FFFF} ", "abcd"),
        ("行一  \r\n\t行二\u{2028}\u{85}三", "行一 行二 三"),
        ("👩\u{200D}💻 a\u{200D}b 👩\u{200D}", "👩\u{200D}💻 ab 👩"),
        ("❤\u{FE0F}\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
        ("\u{200D}\u{200B} \n", ""),
    ] {
        assert_eq!(clean(text), cleaned);
    }
}

/// Payloads that took over a page when they were not escaped; the file lies beside the repository, if at all.
#[test]
fn known_payloads_are_inert() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/page_payloads_dev.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        return eprintln!("skipped: no page_payloads_dev.json beside the repository");
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 50);
    for case in cases {
        let payload = case["payload"].as_str().unwrap();
        payload.split("@@SPLIT@@").chain([payload]).for_each(check);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_shown_as_it_is(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_mixture_of_marks_is_shown_as_it_is(text in r#"([-{}<>&#|~*_`\[\]\\$"'.:/@w=+^()%! \n1a中]|www\.|://|&lt;|:a:){0,24}"#) {
        check(&text);
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in any::<String>()) {
        prop_assert_eq!(clean(&clean(&text)), clean(&text));
    }

    #[test]
    fn a_lead_is_all_bold(text in any::<String>()) {
        let lead = lead(&text, "：");
        let inner = lead.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
        let inner = inner.or_else(|| lead.strip_prefix("<strong>")?.strip_suffix("</strong>"));
        prop_assert!(lead.is_empty() || inner.is_some(), "{}", lead);
        check_inert(inner.unwrap_or(""));
    }

    #[test]
    fn a_link_goes_to_one_place(label in any::<String>(), handle in any::<String>(), id in any::<u64>()) {
        let link = link(&label, &handle, TweetId(id));
        let (shown, url) = link.rsplit_once("](https://x.com/").unwrap();
        check_inert(shown.strip_prefix('[').unwrap());
        let (handle, rest) = url.split_once("/status/").unwrap();
        prop_assert!(handle.len() <= 15 && handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        prop_assert_eq!(rest, format!("{id})"));
    }
}

#[test]
fn a_lead_works_next_to_chinese_punctuation() {
    for (text, expected) in [
        ("要点：", "**要点**"),
        ("“AI员工”概念兴起", "**“AI员工”概念兴起**"),
        ("《报告》。", "**《报告》**"),
        ("$50亿", "**<span>$</span>50亿**"),
        ("C*", "<strong>C\\*</strong>"),
        ("  ：", ""),
    ] {
        assert_eq!(lead(text, "："), expected);
    }
}

/// Every pair of stars in the measured cases, written by `bold` instead: stars only where CommonMark reads them.
#[test]
fn bold_keeps_the_flanking_rule() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/cjk_emphasis.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        return eprintln!("skipped: no cjk_emphasis.json beside the repository");
    };
    let cases: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    let stars: Vec<&str> = cases
        .iter()
        .filter_map(|(name, line)| {
            let [before, inner, after] = line.splitn(3, "**").collect::<Vec<_>>().try_into().ok()?;
            let bold = bold(inner, before.chars().next_back(), after.chars().next());
            bold.starts_with("**").then_some(name.as_str())
        })
        .collect();
    assert_eq!(stars, ["colon_out", "latin", "list_quote", "nested", "space_ok"]);
}

#[test]
fn a_handle_that_cannot_be_one_is_left_out() {
    assert_eq!(tweet_url("karpathy", TweetId(12)), "https://x.com/karpathy/status/12");
    assert_eq!(tweet_url("a/../b", TweetId(12)), "https://x.com/i/status/12");
    let labelled = |label| link(label, "some_user", TweetId(7));
    assert_eq!(labelled("@some_user"), "[&#64;some\\_user](https://x.com/some_user/status/7)");
    assert_eq!(labelled(" "), "[…](https://x.com/some_user/status/7)");
}

#[test]
fn a_picture_s_description_is_words_alone() {
    assert_eq!(alt("词云图（2026-01-24）"), "词云图（2026-01-24）");
    assert_eq!(alt("a](x){{ 7 }}<b>|`$1` {% x %}\n[^1]\u{202e}"), "ax 7 b1 x 1");
}
