//! Text as terms: Latin words and versions, Chinese by jieba words and character bigrams, tags and tickers.
//!
//! One space for both languages, so that a Chinese and an English tweet about the same release share its name. Not a
//! general tokeniser: links and handles are no terms.

use std::sync::OnceLock;

use jieba_rs::Jieba;

use crate::{
    stop::{OWN, is_stop_word, is_stop_word_of, lists_for},
    tokens::{Token, tokens},
};

/// Cuts text into terms. The first Chinese text loads the dictionary (about 0.1 s and 60 MB), so make one a run.
pub struct Words {
    own: Vec<String>,
    jieba: OnceLock<Jieba>,
}

impl Words {
    /// A cutter whose dictionary also holds the report's own words, such as 智能体 or 世界模型.
    pub fn new<'a>(own_words: impl IntoIterator<Item = &'a str>) -> Self {
        let own = own_words.into_iter().filter(|word| is_han(word)).map(str::to_owned).collect();
        Self { own, jieba: OnceLock::new() }
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            let mut jieba = Jieba::new();
            for word in &self.own {
                jieba.add_word(word, Some(100_000), Some("n"));
            }
            jieba
        })
    }

    /// The terms of a text for comparing it with others: lower case, no stop words; Chinese as words of two and more
    /// characters and, for what the dictionary does not know, as character bigrams.
    pub fn terms(&self, text: &str) -> Vec<String> {
        let lowered: Vec<String> = tokens(text).filter_map(word).map(lowered).collect();
        let lists = lists_for(lowered.iter().map(String::as_str));
        let mut lowered = lowered.iter();
        let mut terms = Vec::new();
        for token in tokens(text) {
            match token {
                Token::Word(_) => terms.extend(lowered.next().and_then(|word| latin_term(word, lists))),
                Token::Ticker(ticker) => terms.push(ticker.to_uppercase()),
                Token::Han(run) => self.han_terms(run, &mut terms),
            }
        }
        terms
    }

    /// The words of a text as a reader would see them: casing kept, stop words and bare numbers left out.
    pub fn display_words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut words = Vec::new();
        for token in tokens(text) {
            match token {
                Token::Word(word) if latin_term(&lowered(word), OWN).is_some() => words.push(word),
                Token::Han(run) => words.extend(self.han_words(run)),
                Token::Word(_) | Token::Ticker(_) => {}
            }
        }
        words
    }

    /// The Chinese nouns and names of a text, in its order.
    pub fn nouns<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let tags = self.jieba().tag(text, true).into_iter();
        let nouns = tags.filter(|tag| tag.tag.starts_with('n') || tag.tag == "vn" || tag.tag == "l");
        nouns
            .map(|tag| tag.word)
            .filter(|word| is_han(word) && word.chars().count() > 1 && !is_stop_word(word))
            .collect()
    }

    /// Whether a word says nothing by itself: an article, a pronoun, a filler.
    pub fn is_stop_word(&self, word: &str) -> bool {
        is_stop_word(&word.to_lowercase())
    }

    fn han_words<'t>(&self, run: &'t str) -> Vec<&'t str> {
        let cut = self.jieba().cut(run, true).into_iter().map(|token| token.word);
        cut.filter(|word| word.chars().count() > 1 && !is_stop_word(word)).collect()
    }

    fn han_terms(&self, run: &str, terms: &mut Vec<String>) {
        for token in self.jieba().cut(run, true) {
            let known = self.jieba().has_word(token.word);
            let length = token.word.chars().count();
            if length < 2 || is_stop_word(token.word) {
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

fn bigrams(word: &str) -> impl Iterator<Item = String> {
    word.chars().zip(word.chars().skip(1)).map(|(a, b)| [a, b].iter().collect())
}

/// Whether a text has a Han character.
pub fn is_han(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'))
}

fn word(token: Token<'_>) -> Option<&str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

fn lowered(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

/// The comparing form of a lower-case word in letters: without possessive and plural; `None` for a stop word of these
/// lists, a single letter or a bare number below 100 (those join nothing but counts).
fn latin_term(lower: &str, lists: u32) -> Option<String> {
    if is_stop_word_of(lower, lists) {
        return None;
    }
    let stem = lower.strip_suffix("'s").unwrap_or(lower);
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
