//! Text as terms: Latin words and versions, Chinese by jieba words and character bigrams, tags and tickers.
//!
//! One space for both languages, so that a Chinese and an English tweet about the same release share its name. Not a
//! general tokeniser: links and handles are no terms.

use std::sync::LazyLock;

use jieba_rs::Jieba;
use regex::Regex;
use rustc_hash::FxHashSet;

#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?P<drop> https?://\S+ | [@＠]\w{1,15} )
        | [\$][A-Za-z]{1,6}(?-u:\b)
        | (?P<latin> [\p{Latin}\p{Nd}] (?: [\p{Latin}\p{Nd}] | ['’.\-+_] [\p{Latin}\p{Nd}] )* \+{0,2} )
        | (?P<han> \p{Han}+ )",
    )
    .expect("the token pattern is valid")
});

static STOP: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    include_str!("../data/stopwords_en.txt")
        .split_whitespace()
        .chain(include_str!("../data/stopwords_zh.txt").split_whitespace())
        .collect()
});

/// Cuts text into terms. Building one loads the dictionary (about 0.1 s), so make one a run.
pub struct Words {
    jieba: Jieba,
}

impl Words {
    /// A cutter whose dictionary also holds the report's own words, such as 智能体 or 世界模型.
    pub fn new<'a>(own_words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut jieba = Jieba::new();
        for word in own_words.into_iter().filter(|word| is_han(word)) {
            jieba.add_word(word, Some(100_000), Some("n"));
        }
        Self { jieba }
    }

    /// The terms of a text for comparing it with others: lower case, no stop words; Chinese as words of two and more
    /// characters and, for what the dictionary does not know, as character bigrams.
    pub fn terms(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        each_token(text, |token| match token {
            Token::Latin(word) => terms.extend(latin_term(word)),
            Token::Ticker(ticker) => terms.push(ticker.to_uppercase()),
            Token::Han(run) => self.han_terms(run, &mut terms),
        });
        terms
    }

    /// The words of a text as a reader would see them: casing kept, stop words and bare numbers left out.
    pub fn display_words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut words = Vec::new();
        each_token(text, |token| match token {
            Token::Latin(word) if latin_term(word).is_some() => words.push(word),
            Token::Han(run) => words.extend(self.han_words(run)),
            Token::Latin(_) | Token::Ticker(_) => {}
        });
        words
    }

    /// The Chinese nouns and names of a text, in its order.
    pub fn nouns<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let tags = self.jieba.tag(text, true).into_iter();
        let nouns = tags.filter(|tag| tag.tag.starts_with('n') || tag.tag == "vn" || tag.tag == "l");
        nouns
            .map(|tag| tag.word)
            .filter(|word| is_han(word) && word.chars().count() > 1 && !STOP.contains(word))
            .collect()
    }

    /// Whether a word says nothing by itself: an article, a pronoun, a filler.
    pub fn is_stop_word(&self, word: &str) -> bool {
        STOP.contains(word.to_lowercase().as_str())
    }

    fn han_words<'t>(&self, run: &'t str) -> Vec<&'t str> {
        let cut = self.jieba.cut(run, true).into_iter().map(|token| token.word);
        cut.filter(|word| word.chars().count() > 1 && !STOP.contains(word)).collect()
    }

    fn han_terms(&self, run: &str, terms: &mut Vec<String>) {
        for token in self.jieba.cut(run, true) {
            let known = self.jieba.has_word(token.word);
            let length = token.word.chars().count();
            if length < 2 || STOP.contains(token.word) {
                continue;
            }
            if known || length == 2 {
                terms.push(token.word.to_owned());
            } else {
                terms.extend(bigrams(token.word));
            }
        }
    }
}

enum Token<'t> {
    Latin(&'t str),
    Ticker(&'t str),
    Han(&'t str),
}

fn each_token<'t>(text: &'t str, mut see: impl FnMut(Token<'t>)) {
    for found in TOKEN.captures_iter(text) {
        if let Some(word) = found.name("latin") {
            see(Token::Latin(word.as_str()));
        } else if let Some(run) = found.name("han") {
            see(Token::Han(run.as_str()));
        } else if let (None, Some(ticker)) = (found.name("drop"), found.get(0)) {
            see(Token::Ticker(ticker.as_str()));
        }
    }
}

fn bigrams(word: &str) -> impl Iterator<Item = String> {
    word.chars().zip(word.chars().skip(1)).map(|(a, b)| [a, b].iter().collect())
}

/// Whether a text has a Han character.
pub fn is_han(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'))
}

/// The comparing form of a Latin word: lower case, without possessive and plural; `None` for a stop word, a single
/// letter or a bare number below 100 (those join nothing but counts).
fn latin_term(word: &str) -> Option<String> {
    let lower = word.to_lowercase().replace('’', "'");
    if STOP.contains(lower.as_str()) {
        return None;
    }
    let stem = lower.strip_suffix("'s").unwrap_or(&lower);
    let digits_only = stem.chars().all(|c| c.is_ascii_digit() || c == '.');
    if stem.chars().count() < 2 || (digits_only && stem.len() < 3) {
        return None;
    }
    Some(singular(stem).to_owned())
}

fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem)
            if word.len() > 4
                && !stem.ends_with(['s', 'u', 'i', 'a'])
                && word.chars().all(char::is_alphabetic) =>
        {
            stem
        }
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_fall_into_one_space() {
        let words = Words::new(["智能体"]);
        let terms = words
            .terms("智谱发布 GLM-4.7-Flash 智能体！$INTC 跌 15%，见 https://t.co/x @someone Agents' tools");
        for term in ["glm-4.7-flash", "智能体", "$INTC", "发布", "agent", "tool"] {
            assert!(terms.iter().any(|found| found == term), "{term} is missing in {terms:?}");
        }
        assert!(!terms.iter().any(|term| term.contains("someone") || term.contains("t.co")), "{terms:?}");
    }

    #[test]
    fn shown_words_keep_their_casing() {
        let words = Words::new([]);
        assert_eq!(
            words.display_words("The Claude Code 发布了 3 个新功能"),
            ["Claude", "Code", "发布", "功能"]
        );
    }
}
