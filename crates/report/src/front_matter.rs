//! The YAML block at the head of a post.
//!
//! Jekyll drops a page's whole front matter, with exit code 0, when its YAML is wrong; hence one way of quoting for everything,
//! and it cannot go wrong: double quotes, one line, raw UTF-8, no character that YAML calls unprintable.

use crate::escape::clean;

/// What stands after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string, always quoted (also dates and numbers, which YAML would otherwise read in its own way).
    Text(String),
    /// A plain word such as a layout's name: bare where YAML reads that as a string, else quoted.
    Word(String),
    /// A list of strings, on one line.
    List(Vec<String>),
    /// `true` or `false`.
    Flag(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The block with its `---` lines, in the order given; of two equal keys the first counts.
pub fn front_matter<K: AsRef<str>>(pairs: &[(K, Value)]) -> String {
    let mut lines = vec!["---".to_owned()];
    for (index, (key, value)) in pairs.iter().enumerate() {
        if !pairs.iter().take(index).any(|(earlier, _)| earlier.as_ref() == key.as_ref()) {
            lines.push(format!("{}: {}", named(key.as_ref()), written(value)));
        }
    }
    lines.push("---\n".to_owned());
    lines.join("\n")
}

/// Bare where that is surely a string, quoted otherwise.
fn named(name: &str) -> String {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_plain = starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    // YAML 1.1, which Jekyll reads, takes these words for booleans and null.
    let is_word = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        .iter()
        .any(|word| name.eq_ignore_ascii_case(word));
    if is_plain && !is_word { name.to_owned() } else { quoted(name) }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Word(name) => named(name),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Flag(flag) => flag.to_string(),
    }
}

/// A double-quoted scalar. `<>{}` go as well: layouts print titles unescaped.
fn quoted(text: &str) -> String {
    let text = clean(&text.replace(['<', '>', '{', '}'], ""));
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// The text of such a scalar.
pub(crate) fn unquoted(scalar: &str) -> Option<String> {
    let inner = scalar.strip_prefix('"')?.strip_suffix('"')?;
    // A quote behind a backslash is never the end, so that both escapes can be undone from left to right.
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        text.push(if c == '\\' { rest.next()? } else { c });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Read {
        title: String,
        tags: Vec<String>,
        #[serde(flatten)]
        others: BTreeMap<String, bool>,
    }

    fn plain(text: &str) -> String {
        clean(&text.replace(['<', '>', '{', '}'], ""))
    }

    /// Written with two lists and a flag around it, the title comes back, and nothing else does.
    fn check(title: &str) {
        let tags = vec![title.to_owned(), "AI".to_owned()];
        let block = front_matter(&[
            ("title", title.into()),
            ("tags", Value::List(tags)),
            ("render_with_liquid", Value::Flag(false)),
        ]);
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!((lines.len(), lines.first(), lines.last()), (5, Some(&"---"), Some(&"---")), "{block}");
        let read: Read = serde_saphyr::from_str(&lines[1..4].join("\n")).expect(&block);
        assert_eq!(
            (&read.title, &read.tags),
            (&plain(title), &vec![plain(title), "AI".to_owned()]),
            "{block}"
        );
        let scalar = lines[1].strip_prefix("title: ").unwrap();
        assert_eq!(unquoted(scalar), Some(plain(title)), "{block}");
        assert_eq!(read.others, BTreeMap::from([("render_with_liquid".to_owned(), false)]));
    }

    #[test]
    fn nasty_titles_come_back() {
        for title in [
            "他说\"你好\"",
            "AI: 新闻",
            "@openai",
            "%5",
            "C:\\new \\q \\u0041",
            "#AI 话题",
            "no",
            "2026-01-01",
            "x\npermalink: /pwn.html",
            "a\n---\nb",
            "😀 \u{1F469}\u{200D}\u{1F4BB}",
            "a\u{7F}\u{80}\u{0}\u{1B}\u{FFFE}b",
            "a\u{85}b\u{2028}c\u{FEFF}d\u{202E}e",
            "{{ site.source }} <script>x</script>",
            "- a",
            "? b",
            "* c",
            "& d",
            "! e",
            "| f",
            "> g",
            "'h'",
            "`i`",
            "[j]",
            ",k",
            "l # m",
            "n: ",
            "",
            " ",
            "~",
            "null",
        ] {
            check(title);
        }
    }

    #[test]
    fn a_half_scalar_is_none() {
        for half in ["", "a", "\"", "\"a", "\"a\\\""] {
            assert_eq!(unquoted(half), None, "{half}");
        }
    }

    #[test]
    fn the_block_is_that_of_the_examples() {
        let block = front_matter(&[
            ("layout", Value::Word("post".into())),
            ("title", "twitter_ai_20260124_20260124".into()),
            ("title", "later".into()),
            ("tags", Value::List(vec![])),
        ]);
        assert_eq!(block, "---\nlayout: post\ntitle: \"twitter_ai_20260124_20260124\"\ntags: []\n---\n");
    }

    #[test]
    fn a_key_is_a_key() {
        let block = front_matter(&[("a: b\nc", "x".into()), ("no", Value::Word("off".into()))]);
        assert_eq!(block, "---\n\"a: b c\": \"x\"\n\"no\": \"off\"\n---\n");
    }

    /// Any characters, controls and breaks among them, and often those that mean something to YAML.
    fn titles() -> impl Strategy<Value = String> {
        let marks: Vec<char> =
            "\"\\'#:-?*&!|>%@`[]{},~ \t\n\r\0\u{85}\u{2028}\u{feff}\u{202e}0ny中".chars().collect();
        let one = prop_oneof![any::<char>(), prop::sample::select(marks)];
        prop::collection::vec(one, 0..24).prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_title_comes_back(title in titles()) {
            check(&title);
        }
    }
}
