//! The way back from a post to plain text: its lines, as a reader sees them, each with the tweets that it links to.
//!
//! Reads Markdown of any hand, not only our own: what it does not understand stays text, so that no fact is lost from sight.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use corpus::TweetId;
use regex::{Captures, Regex};

/// A paragraph, a list item, a row of a table, or a heading with sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostLine {
    /// Where it begins in the file, counted from 1.
    pub line: usize,
    /// What it says: no markup, no link targets, and no link texts that only name a source.
    pub text: String,
    /// The tweets that it links to, in order, each once.
    pub tweets: Vec<TweetId>,
}

#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)])\s+"));
static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ {0,3}#{1,6}(?:\s+|$)"));
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\s>]*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+\s*|[|:\s-]*\|[|:\s-]*)$")
});
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ {0,3}\[([^\[\]]+)\]:\s*(.*)$"));
static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<!--.*?-->"));
static IMAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"!\[(?:\\.|[^\\\[\]])*\]\([^()]*\)"));
static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)<a\s[^<>]*?href\s*=\s*["']?([^"'\s<>]+)["']?[^<>]*>([^<]*)</a\s*>"#));
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[((?:\\.|[^\\\[\]])*)\](?:\[((?:\\.|[^\\\[\]])*)\]|(\())?"));
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\[((?:\\.|[^\\\[\]])*)\]\(\s*<?([^()\s<>]*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"#)
});
/// Addresses, also without `https://` where they are of a tweet's site; Chinese punctuation ends them.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)<?(?-u:\b)(?:https?://|(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com/)[a-z0-9_\-./?%&=#~:+,;@!$*]+>?",
    )
});
static TWEET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^<?(?:https?://)?(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com/(?:i/web|[a-z0-9_]{1,20})/status(?:es)?/(\d{1,20})(?:\D|$)",
    )
});
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?[A-Za-z][^<>]*>"));
/// A link text that only names its source: a handle, a number, or a word for "source".
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s@＠#\d.:：…\[\]]*$|^\s*[@＠]\w{1,20}\s*$|^\s*(?:sources?|links?|tweets?|posts?|threads?|via|x|twitter|here)\s*$",
    )
});
/// The place of a source that was taken out, with a word that only leads to it.
static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:(?-u:\b)(?:sources?|links?|tweets?|via|see|from)(?-u:\b)[\s:：]*)?\x00")
});

/// A bracket that held nothing but sources.
static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)[（(\[](?:[\s、，,;；:：·|\x00]|来源|sources?|via|links?)*\x00[\s、，,;；·|\x00]*[）)\]]")
});

/// Where a source stood. No text of a post holds it: it is taken out first.
const TAKEN: &str = "\0";

/// The lines of a post that say something: its front matter, rules and plain headings are left out.
pub fn post_lines(markdown: &str) -> Vec<PostLine> {
    let known = definitions(markdown);
    let lines =
        blocks(markdown).into_iter().map(|block| (read(block.line, &block.text, &known), block.heading));
    let says = |line: &PostLine| line.text.chars().any(char::is_alphanumeric) || !line.tweets.is_empty();
    let kept = lines.filter(|(line, heading)| says(line) && !(*heading && line.tweets.is_empty()));
    kept.map(|(line, _)| line).collect()
}

/// `[label]: …` with an address in it.
fn definitions(markdown: &str) -> BTreeMap<String, String> {
    let found = markdown.lines().filter_map(|line| {
        let hit = DEFINITION.captures(line)?;
        let address = ADDRESS.find(hit.get(2)?.as_str())?;
        Some((hit.get(1)?.as_str().to_lowercase(), address.as_str().trim_matches(['<', '>']).to_owned()))
    });
    found.collect()
}

struct Block {
    line: usize,
    text: String,
    heading: bool,
    quoted: bool,
    /// Whether the next line may go on with it.
    open: bool,
}

fn blocks(markdown: &str) -> Vec<Block> {
    // A comment may go over lines; these keep their numbers.
    let bare =
        COMMENT.replace_all(markdown, |hit: &Captures<'_>| "\n".repeat(whole(hit).matches('\n').count()));
    let mut blocks: Vec<Block> = Vec::new();
    for (line, text) in (1..).zip(bare.lines()).skip(front_matter(&bare)) {
        let before = blocks.last_mut().filter(|block| block.open);
        if is_blank(text) {
            if let Some(block) = before {
                block.open = false;
            }
        } else if let Some(block) = before.filter(|block| goes_on(block, text)) {
            block.text.extend(["\n", unquoted(text)]);
        } else {
            blocks.push(begin(line, text));
        }
    }
    blocks
}

fn begin(line: usize, text: &str) -> Block {
    let (heading, row) = (HEADING.is_match(text), is_row(text));
    let mark = ITEM.find(text).or_else(|| HEADING.find(text)).map_or(0, |mark| mark.end());
    let content = unquoted(text.get(mark..).unwrap_or(text));
    let content = if row { content.trim_matches(['|', ' ']) } else { content };
    Block { line, text: content.to_owned(), heading, quoted: is_quoted(text), open: !heading && !row }
}

/// Whether a line is of the same paragraph or item as the lines before it.
fn goes_on(block: &Block, text: &str) -> bool {
    let begins = ITEM.is_match(text) || HEADING.is_match(text) || is_row(text);
    !begins && (block.quoted || !is_quoted(text))
}

/// Nothing, a rule, or the address of links elsewhere.
fn is_blank(text: &str) -> bool {
    let address = |hit: Captures<'_>| hit.get(2).is_some_and(|rest| ADDRESS.is_match(rest.as_str()));
    unquoted(text).is_empty() || RULE.is_match(text) || DEFINITION.captures(text).is_some_and(address)
}

fn is_row(text: &str) -> bool {
    text.trim_start().starts_with('|')
}

fn is_quoted(text: &str) -> bool {
    text.trim_start().starts_with('>')
}

fn unquoted(text: &str) -> &str {
    text.trim_start_matches(['>', ' ', '\t']).trim_end()
}

/// How many lines the front matter has, with its marks.
fn front_matter(markdown: &str) -> usize {
    let first = markdown.lines().next().unwrap_or_default().trim_end();
    if !matches!(first, "---" | "+++") {
        return 0;
    }
    let end = markdown.lines().skip(1).position(|line| line.trim_end() == first);
    end.map_or(0, |end| end + 2)
}

fn read(line: usize, block: &str, known: &BTreeMap<String, String>) -> PostLine {
    let mut tweets = Vec::new();
    let block = block.replace(TAKEN, "");
    let inline = IMAGE.replace_all(&block, " ");
    let inline = ANCHOR.replace_all(&inline, "[$2]($1)");
    let inline = REFERENCE.replace_all(&inline, |hit: &Captures<'_>| resolved(hit, known));
    let taken = LINK.replace_all(&inline, |hit: &Captures<'_>| link(hit, &mut tweets));
    let taken = ADDRESS.replace_all(&taken, |hit: &Captures<'_>| address(whole(hit), &mut tweets));
    let said = EMPTY.replace_all(&taken, "");
    let said = SOURCE.replace_all(&said, " ");
    let mut seen = Vec::new();
    tweets.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    PostLine { line, text: plain(&said), tweets }
}

fn whole<'h>(hit: &Captures<'h>) -> &'h str {
    hit.get(0).map_or("", |found| found.as_str())
}

/// `[text][label]` and `[label]` as inline links, where the label is known.
fn resolved(hit: &Captures<'_>, known: &BTreeMap<String, String>) -> String {
    let text = hit.get(1).map_or("", |text| text.as_str());
    let label = hit.get(2).map(|label| label.as_str()).filter(|label| !label.is_empty()).unwrap_or(text);
    match known.get(&label.to_lowercase()).filter(|_| hit.get(3).is_none()) {
        Some(address) => format!("[{}]({address})", text.trim_start_matches('^')),
        None => whole(hit).to_owned(),
    }
}

/// A link becomes its text, or nothing when it is a tweet's and its text only names the source.
fn link(hit: &Captures<'_>, tweets: &mut Vec<TweetId>) -> String {
    let text = hit.get(1).map_or("", |text| text.as_str());
    let Some(id) = hit.get(2).and_then(|target| tweet(target.as_str())) else { return text.to_owned() };
    tweets.push(id);
    if LABEL.is_match(&plain(text)) { TAKEN.to_owned() } else { format!("{text}{TAKEN}") }
}

fn address(found: &str, tweets: &mut Vec<TweetId>) -> &'static str {
    let id = tweet(found);
    tweets.extend(id);
    if id.is_some() { TAKEN } else { " " }
}

fn tweet(address: &str) -> Option<TweetId> {
    TWEET.captures(address)?.get(1)?.as_str().parse().ok()
}

/// Text without tags and emphasis, its escapes undone.
pub(crate) fn plain(markdown: &str) -> String {
    let untagged: Cow<'_, str> = TAG.replace_all(markdown, "");
    let mut text = String::with_capacity(untagged.len());
    let bare = untagged.replace("**", "").replace("~~", "");
    let mut chars = bare.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => text.extend(chars.next()),
            '*' => text.push(' '),
            '`' => {}
            _ => text.push(c),
        }
    }
    html_escape::decode_html_entities(&text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::{escape, lead, link};

    fn read(markdown: &str) -> Vec<(usize, String, Vec<u64>)> {
        let lines = post_lines(markdown).into_iter();
        lines
            .map(|PostLine { line, text, tweets }| (line, text, tweets.iter().map(|id| id.0).collect()))
            .collect()
    }

    #[test]
    fn our_own_escape_is_undone() {
        for text in [
            "@some_one 称：“a*b_c [d] <e> {{ f }} | $G ~~h~~ 5.2–6, 'i' & &amp; \\n”",
            "1. 不是列表，# 不是标题",
            "见 x.com 和 www.example.org，C:\\dir",
        ] {
            let markdown = format!(
                "- {}：{}（{}）",
                lead("题目 5*", "："),
                escape(text),
                link("@some_one", "some_one", TweetId(7))
            );
            assert_eq!(read(&markdown), [(1, format!("题目 5*：{text}"), vec![7])]);
        }
    }

    #[test]
    fn links_to_tweets_in_any_form_are_sources() {
        for markdown in [
            "得分 31% [@a](https://x.com/a/status/7)",
            "得分 31%（来源：[1](http://twitter.com/a/status/7?s=20 \"t\")）",
            "得分 31% https://mobile.twitter.com/i/web/status/7/photo/1。",
            "得分 31% <https://x.com/a/status/7>",
            "得分 31% x.com/a/status/7",
            "得分 31%，见https://x.com/a/status/7。来源twitter.com/a/status/7，",
            "得分 31% <a class=\"b\" href='https://x.com/a/status/7'>tweet</a>",
            "得分 31% [source][t]\n\n[t]: https://x.com/a/status/7",
            "得分 31%[^1]\n\n[^1]: 见 https://x.com/a/status/7",
            "得分 31%\nvia https://x.com/a/status/7",
        ] {
            let lines = read(markdown);
            let [(1, text, tweets)] = lines.as_slice() else { panic!("{markdown}: {lines:?}") };
            assert_eq!(tweets, &[7], "{markdown}");
            let kept: String =
                text.chars().filter(|c| !c.is_whitespace() && !"（）：，。见来源".contains(*c)).collect();
            assert_eq!(kept, "得分31%", "{markdown}");
        }
    }

    #[test]
    fn other_links_are_no_sources() {
        for markdown in [
            "得分 [31%](https://example.org/x.com/a/status/7)",
            "得分 31% https://example.org/?u=https://x.com/a/status/7",
            "得分 31% notx.com/a/status/7",
            "得分 31% [a](https://x.com/a)",
            "得分 31% https://x.com/a/status/99999999999999999999",
        ] {
            let lines = read(markdown);
            assert!(
                matches!(lines.as_slice(), [(1, text, tweets)] if tweets.is_empty() && text.contains("31%")),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_link_text_that_says_something_stays() {
        let lines =
            read("- [OpenAI 融资 60 亿美元](https://x.com/a/status/7)，[@b](https://x.com/b/status/8)\n");
        assert_eq!(lines, [(1, "OpenAI 融资 60 亿美元 ，".to_owned(), vec![7, 8])]);
    }

    #[test]
    fn lines_are_paragraphs_items_rows_and_headings_with_sources() {
        let markdown = "---\ntitle: GPT-9\n---\n# 标题 1\n一\n二\n\n- 三\n  四\n  - 五\n> 六\n\n1. 七\n***\n| 八 | 九 |\n|---|---|\n\
                        ### 十 [@a](https://x.com/a/status/7)\n<!-- 十一\n-->\n![十二](a.png)\n十三\n";
        let lines: Vec<(usize, String)> =
            read(markdown).into_iter().map(|(line, text, _)| (line, text)).collect();
        let wanted = [
            (5, "一\n二"),
            (8, "三\n四"),
            (10, "五"),
            (11, "六"),
            (13, "七"),
            (15, "八 | 九"),
            (17, "十"),
            (20, "十三"),
        ];
        assert_eq!(lines, wanted.map(|(line, text)| (line, text.to_owned())));
    }
}
