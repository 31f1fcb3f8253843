//! A tweet behind a claim: who, when, its whole text with the facts marked, its counts where they are known.

use brief::{Citation, Fact, marked};
use corpus::{Metrics, Tweet};
use serde::Serialize;

use super::EditionInput;
use crate::escape::{clean, tweet_url, visible};

/// A tweet as the template shows it.
#[derive(Serialize)]
pub(super) struct TweetView {
    handle: String,
    url: String,
    /// `None` when the report's topics do not have it.
    known: Option<Known>,
}

#[derive(Serialize)]
struct Known {
    name: String,
    /// For people, and as ISO 8601.
    time: String,
    stamp: String,
    lang: Option<String>,
    text: Vec<Piece>,
    quoted: Option<Quoted>,
    counts: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Quoted {
    handle: Option<String>,
    text: Vec<Piece>,
}

/// A stretch of text, and whether a fact stands in it.
#[derive(Serialize, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    marked: bool,
}

pub(super) fn view(
    input: &EditionInput<'_>,
    cite: &Citation,
    tweet: Option<&Tweet>,
    facts: &[&Fact],
) -> TweetView {
    TweetView {
        handle: clean(&cite.handle),
        url: tweet_url(&cite.handle, cite.id),
        known: tweet.map(|tweet| known(input, tweet, facts)),
    }
}

fn known(input: &EditionInput<'_>, tweet: &Tweet, facts: &[&Fact]) -> Known {
    let pieces = |text: &str| pieces(text, &marked(facts.iter().copied(), text, input.outline));
    let local = tweet.created_at.with_timezone(&input.zone);
    let quoted = tweet.reference.as_ref().and_then(|other| {
        let text = other.text.as_deref().filter(|text| !text.is_empty() && *text != tweet.text)?;
        Some(Quoted { handle: other.handle.as_deref().map(clean), text: pieces(text) })
    });
    Known {
        name: clean(&tweet.author.name),
        time: local.format("%Y-%m-%d %H:%M").to_string(),
        stamp: local.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        lang: tweet.lang.clone().filter(|lang| is_tag(lang)),
        text: pieces(&tweet.text),
        quoted,
        counts: counts(input, tweet),
    }
}

/// A text cut at the edges of its marked spans.
fn pieces(text: &str, spans: &[std::ops::Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |part: Option<&str>, marked| {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            pieces.push(Piece { text: visible(part), marked });
        }
    };
    let mut at = 0;
    for span in spans {
        push(text.get(at..span.start), false);
        push(text.get(span.clone()), true);
        at = span.end;
    }
    push(text.get(at..), false);
    pieces
}

/// The counts that are known, under the profile's names of them.
fn counts(input: &EditionInput<'_>, tweet: &Tweet) -> Vec<(String, String)> {
    let Metrics { likes, reposts, replies, quotes, bookmarks, views } = tweet.metrics;
    let all = [
        ("likes", likes),
        ("reposts", reposts),
        ("replies", replies),
        ("quotes", quotes),
        ("bookmarks", bookmarks),
        ("views", views),
        ("followers", tweet.author.followers),
    ];
    let names = &input.words.counts;
    all.into_iter().filter_map(|(name, count)| Some((names.get(name)?.clone(), thousands(count?)))).collect()
}

/// `12,345`.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whether a language is told in a way that a page may repeat.
fn is_tag(lang: &str) -> bool {
    let part =
        |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    lang.len() <= 20 && lang.split('-').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_marks_and_whole() {
        let text = "涨 44% 了\n好";
        let cut = pieces(text, std::slice::from_ref(&(4..7)));
        let piece = |text: &str, marked| Piece { text: text.to_owned(), marked };
        assert_eq!(cut, [piece("涨 ", false), piece("44%", true), piece(" 了\n好", false)]);
        assert_eq!(pieces("", &[]), []);
    }

    #[test]
    fn counts_are_grouped_by_three() {
        for (count, wanted) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(count), wanted);
        }
    }

    #[test]
    fn only_a_language_tag_is_repeated() {
        for (lang, is) in
            [("zh", true), ("zh-Hans-CN", true), ("x\" onload=\"", false), ("", false), ("中文", false)]
        {
            assert_eq!(is_tag(lang), is, "{lang}");
        }
    }
}
