//! A weighted list of terms and how strongly a text speaks of them.
//!
//! Used for relevance to the report's subject, for routing topics to sections and for recognising kinds of event. A Latin
//! term matches as a whole word in any casing, a Chinese one anywhere.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use crate::tokens::{Token, tokens};

/// A compiled list of terms with weights.
#[derive(Debug)]
pub struct Lexicon {
    automaton: AhoCorasick,
    terms: Vec<(String, f64)>,
    /// Weight of any ticker.
    ticker: f64,
}

/// The term that stands for every ticker with its sign, such as `$NVDA`.
const ANY_TICKER: &str = "$TICKER";
/// A Latin term of so many letters is found with a number glued to it too: `GPT5`, `sora2`, `wan2.6`.
const SHORTEST_NUMBERED: usize = 3;

/// A lexicon that could not be compiled (far too many or too long terms).
#[derive(Debug, thiserror::Error)]
#[error("the lexicon of {terms} terms cannot be compiled: {source}")]
pub struct LexiconError {
    terms: usize,
    source: Box<aho_corasick::BuildError>,
}

impl Lexicon {
    /// Compiles `(term, weight)` pairs; of overlapping terms the longest counts. The term `$TICKER` is any ticker.
    ///
    /// # Errors
    /// When the list is beyond the automaton's size.
    pub fn new(terms: impl IntoIterator<Item = (String, f64)>) -> Result<Self, LexiconError> {
        let (tickers, terms): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(term, _)| term == ANY_TICKER);
        let ticker = tickers.first().map_or(0.0, |(_, weight)| *weight);
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(terms.iter().map(|(term, _)| term.as_str()))
            .map_err(|source| LexiconError { terms: terms.len(), source: Box::new(source) })?;
        Ok(Self { automaton, terms, ticker })
    }

    /// The sum over the terms found of weight × (1 + ln times found): saying a thing thrice is not three things.
    pub fn score(&self, text: &str) -> f64 {
        let mut times = vec![0_u32; self.terms.len()];
        for place in self.hits(text) {
            if let Some(times) = times.get_mut(place) {
                *times += 1;
            }
        }
        let scored = self.terms.iter().zip(times).filter(|(_, times)| *times > 0);
        let words: f64 = scored.map(|((_, weight), times)| weight * (1.0 + f64::from(times).ln())).sum();
        words + self.tickers(text)
    }

    fn tickers(&self, text: &str) -> f64 {
        if self.ticker == 0.0 {
            return 0.0;
        }
        let count = tokens(text).filter(|token| matches!(token, Token::Ticker(_))).count();
        if count == 0 { 0.0 } else { self.ticker * (1.0 + (count as f64).ln()) }
    }

    /// The place of each term found, in the order of the text.
    fn hits<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let hits = self.automaton.find_iter(text).filter(|hit| stands_alone(text, hit.start(), hit.end()));
        hits.map(|hit| hit.pattern().as_usize())
    }
}

/// A match that begins or ends with a Latin letter or digit must not go on as one: `AI` is not in `said`. A handle is who
/// is spoken to, not what is spoken of.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return false;
    };
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let open_left = word(inside.chars().next()) && word(before.chars().next_back());
    let numbered = inside.len() >= SHORTEST_NUMBERED && inside.bytes().all(|b| b.is_ascii_alphabetic());
    let after = if numbered { after.trim_start_matches(|c: char| c.is_ascii_digit()) } else { after };
    let plural = after.strip_prefix('s').unwrap_or(after);
    let open_right = word(inside.chars().next_back()) && word(plural.chars().next());
    let handle = before.ends_with(['@', '＠']);
    !open_left && !open_right && !handle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_terms_are_whole_words_and_chinese_ones_are_not() {
        let lexicon = Lexicon::new(
            [("AI", 1.0), ("AI agent", 2.0), ("大模型", 3.0), ("GPT", 4.0), ("$TICKER", 0.5)]
                .map(|(term, weight)| (term.to_owned(), weight)),
        )
        .unwrap();
        let cases = [
            ("he said so", 0.0),
            ("@ai hello", 0.0),
            ("用AI写代码", 1.0),
            ("AI agents are here", 2.0),
            ("国产大模型 and AI", 4.0),
            ("ai AI Ai", 1.0 + 3_f64.ln()),
            ("gpt5.2 and GPT4", 4.0 * (1.0 + 2_f64.ln())),
            ("ai2 gptx", 0.0),
            ("$NVDA up, $intc down, 5$ bills", 0.5 * (1.0 + 2_f64.ln())),
        ];
        for (text, score) in cases {
            assert!((lexicon.score(text) - score).abs() < 1e-9, "{text}: {}", lexicon.score(text));
        }
    }
}
