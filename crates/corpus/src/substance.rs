//! How much a tweet says: names, versions, figures and length, as opposed to mood and small talk.

use std::sync::LazyLock;

use regex::Regex;

use crate::{Tweet, words::is_han_char};

/// A name: a capitalised Latin word inside a sentence, or a word with an inner capital or a digit (`OpenAI`, `GPT-5.2`).
#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Z][a-z]+[A-Z]\w*|[A-Za-z]+-?\d[\w.\-]*|[A-Z]{2,}[a-z]*(?-u:\b)|[a-z0-9,，、：:\p{Han}] ?([A-Z][a-z]{2,})")
        .expect("the name pattern is valid")
});

/// A figure: a number with a unit or of two digits and more.
#[expect(clippy::expect_used, reason = "a literal pattern, compiled in a test")]
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[$€£¥]\s?\d|\d[\d,.]*\s?(%|％|x(?-u:\b)|倍|万|亿|美元|元|[BMKTbmkt](?-u:\b)|billion|million|GB|tokens?|参数|ms|天|小时|分钟)|\d{2,}")
        .expect("the figure pattern is valid")
});

/// Marks of small talk.
const CHATTER: [&str; 14] =
    ["🤣", "😂", "😅", "🤡", "😆", "🥲", "😝", "😎", "😜", "哈哈", "呵呵", "lol", "lmao", "haha"];
/// What small talk costs.
const CHATTER_COST: f64 = 0.3;

/// From 0 (nothing) to 1 (several names and figures in a text of some length).
pub(crate) fn substance(tweet: &Tweet) -> f64 {
    let text = without_links(&tweet.text);
    let names = distinct(&NAME, &text).min(4) as f64 / 4.0;
    let figures = distinct(&FIGURE, &text).min(3) as f64 / 3.0;
    let columns: usize = text.chars().map(|c| if is_han_char(c) { 2 } else { 1 }).sum();
    let length = (columns as f64 / 200.0).min(1.0);
    let lower = text.to_lowercase();
    let chatter = if CHATTER.iter().any(|mark| lower.contains(mark)) { CHATTER_COST } else { 0.0 };
    (0.4 * names + 0.25 * figures + 0.35 * length - chatter).max(0.0)
}

fn without_links(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.starts_with("http") && !word.starts_with('@'));
    words.collect::<Vec<_>>().join(" ")
}

fn distinct(pattern: &Regex, text: &str) -> usize {
    let mut found: Vec<&str> = pattern.find_iter(text).map(|hit| hit.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> f64 {
        let mut json = serde_json::json!({"id": "1", "author": {"handle": "a", "name": "a"}, "text": text});
        json["created_at"] = "2026-03-02T00:00:00Z".into();
        substance(&serde_json::from_value(json).unwrap())
    }

    #[test]
    fn news_says_more_than_small_talk() {
        let news = of(
            "OpenAI 发布 GPT-5.2 Pro，FrontierMath Tier 4 得分 31%，此前最高 19%，API 价格为每百万 tokens 21 美元",
        );
        assert!(news > 0.7, "{news}");
        let chat = of("生物钟乱掉了，天亮了更精神");
        assert!(chat < 0.2, "{chat}");
    }
}
