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

    pub(crate) fn jieba(&self) -> &Jieba {
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

    /// What is likely a Chinese name: places, people and firms of the dictionary, and runs of characters that it does not know
    /// as words.
    pub fn names<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let mut names = Vec::new();
        for token in tokens(text) {
            if let Token::Han(run) = token {
                self.names_of_run(run, &mut names);
            }
        }
        names
    }

    fn names_of_run<'t>(&'t self, run: &'t str, names: &mut Vec<&'t str>) {
        let (mut start, mut end) = (0, 0);
        let loose = |start: usize, end: usize, behind: &str| {
            let least = if is_kind_of_firm(behind) { 2 } else { 3 };
            run.get(start..end).filter(|name| name.chars().count() >= least)
        };
        for word in self.jieba().tag(run, false) {
            let begin = end;
            end += word.word.len();
            let mut chars = word.word.chars();
            if matches!((chars.next(), chars.next()), (Some(c), None) if !is_function(c)) {
                continue;
            }
            names.extend(loose(start, begin, word.word));
            start = end;
            let length = word.word.chars().count();
            let is_place = matches!(word.tag, "ns" | "nt") && length > 1 && !GENERAL.contains(&word.word);
            if is_place || word.tag == "nr" && length == 3 {
                names.push(word.word);
            }
        }
        names.extend(loose(start, end, ""));
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

/// What the dictionary takes for places, and is none in particular.
const GENERAL: [&str; 12] =
    ["上市", "海外", "境内", "境外", "内地", "本地", "当地", "东部", "西部", "南部", "北部", "中部"];

/// What stands behind the name of a firm and says what it does.
fn is_kind_of_firm(word: &str) -> bool {
    const KINDS: [&str; 16] = [
        "科技",
        "证券",
        "半导体",
        "影像",
        "通信",
        "汽车",
        "智能",
        "资本",
        "基金",
        "集团",
        "银行",
        "大学",
        "云",
        "机器人",
        "电子",
        "生物",
    ];
    KINDS.contains(&word)
}

/// Characters that are mostly words by themselves: particles, measures, numerals, short verbs and adverbs.
fn is_function(c: char) -> bool {
    const FUNCTION: &str = "的了在是与和及或但也都就还又再已将把被让给从到向对为以于由按据经自其该此这那个每各某本全并而且则若如因故所之者着过们得地上下\
        中内外前后里间时年月日号天周季度件台家款名位人元万亿千百十一二三四五六七八九零两多少超近约达比较更最很太不没无未非可能会要想需应须做说称表示\
        来去出入起开关看见等类种次倍成率价额量有只才刚曾正仅共总累逾破升降涨跌增减至均仍却即便既虽尽管跟随同另别他她它我你您谁何哪怎几些么吗呢吧啊\
        股股市企业部项条张颗枚支套笔轮所国城州步页行层批组代片辆架票场座只篇道题例岁集级处点分秒克米吨瓦字节用花买卖付收发推送写读讲谈问答像似\
        好坏新旧大小高低快慢强弱长短宽窄轻重难易早晚先再来自含带具备属占列排居第首末次半双单复盘句话某些";
    FUNCTION.contains(c)
}

fn bigrams(word: &str) -> impl Iterator<Item = String> {
    word.chars().zip(word.chars().skip(1)).map(|(a, b)| [a, b].iter().collect())
}

/// Whether a text has a Han character.
pub fn is_han(text: &str) -> bool {
    text.chars().any(is_han_char)
}

/// Whether a character is a Han character.
pub fn is_han_char(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn word(token: Token<'_>) -> Option<&str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

pub(crate) fn lowered(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

/// The comparing form of a lower-case word in letters: without possessive and plural; `None` for a stop word of these
/// lists, a single letter or a bare number below 100 (those join nothing but counts).
pub(crate) fn latin_term(lower: &str, lists: u32) -> Option<String> {
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
    fn names_are_places_people_and_what_no_dictionary_knows() {
        let words = Words::new([]);
        assert_eq!(words.names("制作人顾南乔道歉，演讲在里斯本举行"), ["顾南乔", "里斯本"]);
        assert_eq!(words.names("今年营收同比增长三成，团队打算融资"), [""; 0]);
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
