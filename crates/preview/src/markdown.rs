//! A post as HTML: CommonMark with GitHub's extensions, and of raw HTML only what posts of ours are made of.

use std::sync::LazyLock;

use ammonia::Builder;
use comrak::{Arena, Options, format_html, nodes::NodeValue, parse_document};
use regex::Regex;

/// What a post may be made of. No `style`, no `class`, no handler of events: none is an attribute that passes.
const TAGS: [&str; 27] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static LIQUID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{ '([A-Za-z0-9_./%-]*)' \| relative_url \}\}").expect("the pattern is valid")
});

/// The HTML of a post's body; `picture` says where a picture of this file name is.
pub(crate) fn html(markdown: &str, picture: impl Fn(&str) -> Option<String>) -> String {
    let markdown = LIQUID.replace_all(markdown, "$1");
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, &markdown, &options);
    for node in root.descendants() {
        if let NodeValue::Image(link) = &mut node.data.borrow_mut().value {
            let name = link.url.rsplit('/').next().unwrap_or_default();
            // What is not there stays a broken picture, as it would be on the site.
            link.url = picture(name).unwrap_or_else(|| "/pictures/missing".to_owned());
        }
    }
    let mut html = String::new();
    // Writing to a string does not fail.
    let _ = format_html(root, &options, &mut html);
    cleaned(&html)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.extension.table = true;
    options.extension.strikethrough = true;
    // Raw HTML is let through here, because `cleaned` decides what of it stays.
    options.render.r#unsafe = true;
    options
}

fn cleaned(html: &str) -> String {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into())
        .tag_attributes([("a", ["href"].into()), ("img", ["src", "alt"].into())].into())
        .url_schemes(["http", "https"].into())
        .clean_content_tags(["script", "style"].into())
        // Pictures are the report's own, by the address that they were given above.
        .attribute_filter(|tag, name, value| {
            (tag != "img" || name != "src" || value.starts_with("/pictures/")).then_some(value.into())
        })
        .link_rel(Some("noopener noreferrer"));
    builder.clean(html).to_string()
}

/// The language of a text as HTML names it, by whether it has Chinese characters.
pub(crate) fn language(text: &str) -> &'static str {
    let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    if chinese { "zh-Hans" } else { "en" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> String {
        html(markdown, |name| (name == "a.jpg").then(|| "/pictures/x/a.jpg".to_owned()))
    }

    #[test]
    fn a_post_is_shown_with_its_own_html_and_pictures() {
        let post = "---\ntitle: \"x\"\n---\n\n# 标题\n\n- **a**：<strong>“b”</strong> <span>$</span>（[@a](https://x.com/a/status/1)）\n\n![词云图]({{ '/assets/a.jpg' | relative_url }}) ![b](b.jpg)\n";
        let html = shown(post);
        for part in [
            "<h1>标题</h1>",
            "<strong>a</strong>",
            "<strong>“b”</strong> <span>$</span>",
            "<a href=\"https://x.com/a/status/1\" rel=\"noopener noreferrer\">@a</a>",
            "<img src=\"/pictures/x/a.jpg\" alt=\"词云图\">",
            "<img src=\"/pictures/missing\" alt=\"b\">",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
        assert!(!html.contains("title"), "{html}");
    }

    #[test]
    fn nothing_else_passes() {
        let hostile = "<script>1</script><img src=x onerror=1><svg onload=1></svg>\n\n[a](javascript:1)\n\n\
            <a href=\"data:text/html,1\" style=\"x\" class=\"y\" id=\"z\">b</a>\n\n<iframe src=\"/\"></iframe>\n\n\
            <base href=\"//e\"><form action=\"/\"><input autofocus onfocus=1></form>\n\n![c](javascript:1)\n\n<style>*{}</style>\n\n\
            <p onclick=\"1\">d</p><math><mi//xlink:href=\"data:x\"></math>";
        let html = shown(hostile).to_lowercase();
        for bad in [
            "script", "onerror", "onload", "onclick", "svg", "data:", "style", "class", "id=", "iframe",
            "base", "form", "input", "math",
        ] {
            assert!(!html.contains(bad), "{bad}\n{html}");
        }
    }

    #[test]
    fn the_language_is_told_by_the_characters() {
        assert_eq!((language("AI 报告"), language("AI report")), ("zh-Hans", "en"));
    }
}
