//! Token counts and prices.

use std::time::{Duration, Instant};

use llm::{Price, Usage, estimate_tokens};

#[test]
fn counts_are_those_of_the_vocabulary() {
    for (text, tokens) in [("", 0), ("hello world", 2), ("<|endoftext|>", 7)] {
        assert_eq!(estimate_tokens(text), tokens, "{text}");
    }
    let chinese = estimate_tokens("今天发布了新的大语言模型。");
    assert!((4..=13).contains(&chinese), "{chinese}");
}

#[test]
fn hostile_texts_are_counted_in_time() {
    for text in [" ".repeat(300_000), "啊".repeat(300_000), "a".repeat(300_000), "\u{301}".repeat(300_000)] {
        let start = Instant::now();
        assert!(estimate_tokens(&text) > 0);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", text.chars().next());
    }
}

#[test]
fn cost_is_by_the_million() {
    let price = Price { input: 2.0, cached: Some(0.5), output: 8.0 };
    let usage = Usage { prompt_tokens: 1_500_000, completion_tokens: 250_000, ..Usage::default() };
    assert!((price.cost(&usage) - 5.0).abs() < 1e-9);
    let cached = Usage { cached_tokens: Some(1_000_000), ..usage };
    assert!((price.cost(&cached) - 3.5).abs() < 1e-9);
    let unknown = Price { cached: None, ..price };
    assert!((unknown.cost(&cached) - 5.0).abs() < 1e-9, "in full where it is not known");
}
