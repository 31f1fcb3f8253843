//! A short quotation from a tweet: its most telling sentence, whole where it fits.

use std::sync::LazyLock;

use corpus::is_han_char;
use regex::Regex;

use super::title::{width, without_links};
use crate::pattern::pattern;

static TELLING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[$€£¥]?\d[\d,.]*\s?(?:%|％|倍|万|亿|x(?-u:\b)|[BMK](?-u:\b)|billion|million)?|[A-Z][A-Za-z]*\d[\w.\-]*|[a-z]+[A-Z]\w*|[A-Z]{2,}|[A-Z][a-z]{2,}",
    )
});

/// The most telling sentence of a text, at most `widest` columns; cut at a word with `…` where it is longer.
pub(super) fn quote(text: &str, widest: usize) -> String {
    let plain = without_links(text);
    let lines: Vec<String> = text.lines().flat_map(between_links).collect();
    let sentences: Vec<&str> = lines.iter().flat_map(|line| sentences(line)).collect();
    let best = sentences
        .iter()
        .enumerate()
        .max_by(|(i, a), (j, b)| worth(a, *i).total_cmp(&worth(b, *j)).then(j.cmp(i)));
    let sentence = best.map_or(plain.as_str(), |(_, sentence)| sentence);
    shorten(&unmarked(sentence), widest)
}

/// The stretches of a line between its links: a quotation across a link would not be found again.
fn between_links(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let pieces = words.split(|word| word.contains("://")).map(|piece| without_links(&piece.join(" ")));
    pieces.map(|piece| piece.trim_start_matches([')', '）', ',', '，']).trim_start().to_owned()).collect()
}

fn sentences(text: &str) -> Vec<&str> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some(end) = sentence_end(rest) {
        let (sentence, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        found.push(sentence.trim());
        rest = after;
    }
    found.push(rest.trim());
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

/// Byte place behind the first end of a sentence: a full stop between two digits or without a blank behind it is none.
fn sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = matches!(c, '。' | '！' | '？' | '；')
            || (matches!(c, '.' | '!' | '?') && next.is_some_and(char::is_whitespace));
        if ends {
            return Some(at + c.len_utf8());
        }
    }
    None
}

/// Names and figures speak for a sentence, symbols against it; of equals the earlier.
fn worth(sentence: &str, place: usize) -> f64 {
    let telling = TELLING.find_iter(sentence).count().min(6) as f64;
    let symbols = sentence
        .chars()
        .filter(|c| matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '|' | '\\' | '`' | '*' | '='))
        .count() as f64;
    let length = (width(sentence) as f64 / 40.0).min(1.5);
    let setting = if is_setting(sentence) { 6.0 } else { 0.0 };
    telling + 2.0 * length - 2.0 * symbols - setting - 0.3 * place as f64
}

/// `layout: redirect` or `url:`, a line of some file and nothing said.
fn is_setting(sentence: &str) -> bool {
    sentence.split_once(':').is_some_and(|(key, value)| {
        !key.is_empty()
            && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            && !value.trim().contains(char::is_whitespace)
    })
}

/// Without a bracketed tag or an item's number in front and the marks at its edges that would read badly inside quotation marks, and with inner quotation marks made ‘’.
fn unmarked(sentence: &str) -> String {
    let tag_cut = sentence
        .trim_start()
        .strip_prefix('【')
        .and_then(|rest| rest.split_once('】'))
        .map_or(sentence, |(_, rest)| rest);
    let item = tag_cut
        .split_once(' ')
        .filter(|(number, _)| is_item_number(number))
        .map_or(tag_cut, |(_, rest)| rest);
    let inner = item.trim_matches(|c: char| {
        !c.is_alphanumeric()
            && !matches!(c, '$' | '%' | '）' | ')' | '“' | '”' | '@' | '#' | '+' | '《' | '》' | '「' | '」')
    });
    inner
        .chars()
        .map(|c| match c {
            '“' | '「' | '『' => '‘',
            '”' | '」' | '』' => '’',
            c => c,
        })
        .collect()
}

/// `1.`, `2)`, `3、` or `1/3` in front of a list item or a thread's part; `3.2` is a figure.
fn is_item_number(word: &str) -> bool {
    let digits = word.trim_end_matches(['.', ')', '）', '、', '/']);
    let threaded = digits.split_once('/').is_some_and(|(a, b)| is_digits(a) && is_digits(b));
    threaded || (digits.len() < word.len() && is_digits(digits))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn shorten(text: &str, widest: usize) -> String {
    if width(text) <= widest {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += if is_han_char(c) { 2 } else { 1 };
        if used > widest {
            break;
        }
        kept.push(c);
    }
    // Inside a Latin word: back to its beginning, so that no half name or half figure is quoted.
    let cut_inside = kept.chars().next_back().is_some_and(|c| !is_han_char(c) && c.is_alphanumeric());
    if cut_inside {
        let whole = kept.trim_end_matches(|c: char| !c.is_whitespace() && c.is_ascii());
        kept.truncate(if whole.trim().is_empty() { kept.len() } else { whole.len() });
    }
    format!(
        "{}…",
        kept.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | ')' | '）' | '」'))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_file_is_no_quotation() {
        let text =
            "layout: redirect\nH100 rent is 1.62 dollars an hour now\npermalink: /x\nto: https://a.example";
        assert_eq!(quote(text, 100), "H100 rent is 1.62 dollars an hour now");
    }

    #[test]
    fn the_telling_sentence_is_quoted() {
        let text =
            "Wow, what a day. GPT-5.2 Pro scored 31% on FrontierMath, up from 19%. See you! https://x.com/a";
        assert_eq!(quote(text, 100), "GPT-5.2 Pro scored 31% on FrontierMath, up from 19%");
    }

    #[test]
    fn a_quotation_does_not_reach_across_a_link() {
        let text = "GPT-5.2 Pro scored 31% https://x.com/a on FrontierMath";
        assert_eq!(quote(text, 100), "GPT-5.2 Pro scored 31%");
    }

    #[test]
    fn a_figure_in_front_is_no_item_number() {
        assert_eq!(quote("3.2 万 P 满载大概 210 MW", 60), "3.2 万 P 满载大概 210 MW");
        assert_eq!(quote("2. 智谱发布了新的模型 GLM-5", 60), "智谱发布了新的模型 GLM-5");
    }

    #[test]
    fn a_cut_never_halves_a_latin_word() {
        assert_eq!(
            quote("The Anthropic release of Claude Opus is impressive", 25),
            "The Anthropic release of…"
        );
        assert_eq!(quote("智谱发布了新的开源模型并公布评测", 11), "智谱发布了…");
    }
}
