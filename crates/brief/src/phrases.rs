//! The extractive writer's phrases: templates in the outline, each with a few variables.
//!
//! They are read once, and a variable that a phrase does not have is an error then; so filling one in cannot fail. There are
//! no conditions in them: what depends on a count is a phrase of its own.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// The phrases as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// In front of the quotation when one account has one tweet: `by`, `phrase` (of the topic's [`crate::Kind`]).
    pub one: String,
    /// The same when one account has several: `by`, `posts`, `phrase`.
    pub thread: String,
    /// The same when several accounts speak, of whom `by` is quoted: `accounts`, `posts`, `phrase`, `by`.
    pub many: String,
    /// `many` in a key point.
    pub many_briefly: String,
    /// The quotation: `quote`.
    pub quote: String,
    /// A second voice's: `by`, `quote`.
    pub second: String,
    /// Figures that the quotations do not show: `figures`.
    pub figures: String,
    /// In place of a quotation, where a topic is nothing but orders to the program.
    pub orders: String,
    /// The end of such a sentence.
    pub end: String,
    /// Between the names of a title, between titles and between figures.
    pub and: String,
    /// The title of nothing.
    pub untitled: String,
    /// The overview's paragraph: `tweets`, `topics`, `shared`, `most`, `positive`, `negative`, `mood`.
    pub overview: String,
    /// Its `most`: `titles`.
    pub most: String,
    /// A direction of the overview: `titles`, `topics`, `tweets`.
    pub direction: String,
    /// The same with more topics than titles.
    pub direction_more: String,
    /// A `mood`, without words of either.
    pub calm: String,
    /// At least twice as many tweets of hope.
    pub hopeful: String,
    /// At least twice as many tweets of worry.
    pub worried: String,
    /// Neither.
    pub divided: String,
}

/// A phrase that cannot be filled in.
#[derive(Debug, thiserror::Error)]
#[error("the phrase `outline.phrases.{phrase}` has `{found}`; what can be filled in is {known}")]
pub struct PhraseError {
    phrase: &'static str,
    found: String,
    known: String,
}

/// The phrases, read.
#[derive(Debug)]
pub(crate) struct Phrasebook {
    pub(crate) one: Phrase,
    pub(crate) thread: Phrase,
    pub(crate) many: Phrase,
    pub(crate) many_briefly: Phrase,
    pub(crate) quote: Phrase,
    pub(crate) second: Phrase,
    pub(crate) figures: Phrase,
    pub(crate) overview: Phrase,
    pub(crate) most: Phrase,
    pub(crate) direction: Phrase,
    pub(crate) direction_more: Phrase,
}

/// One phrase: texts, each with the variable behind it.
#[derive(Debug)]
pub(crate) struct Phrase {
    pieces: Vec<(String, String)>,
    end: String,
}

impl Phrasebook {
    pub(crate) fn new(written: &Phrases) -> Result<Self, PhraseError> {
        const MANY: [&str; 4] = ["accounts", "posts", "phrase", "by"];
        const DIRECTION: [&str; 3] = ["titles", "topics", "tweets"];
        const OVERVIEW: [&str; 7] = ["tweets", "topics", "shared", "most", "positive", "negative", "mood"];
        Ok(Self {
            one: read("one", &written.one, &["by", "phrase"])?,
            thread: read("thread", &written.thread, &["by", "posts", "phrase"])?,
            many: read("many", &written.many, &MANY)?,
            many_briefly: read("many_briefly", &written.many_briefly, &MANY)?,
            quote: read("quote", &written.quote, &["quote"])?,
            second: read("second", &written.second, &["by", "quote"])?,
            figures: read("figures", &written.figures, &["figures"])?,
            overview: read("overview", &written.overview, &OVERVIEW)?,
            most: read("most", &written.most, &["titles"])?,
            direction: read("direction", &written.direction, &DIRECTION)?,
            direction_more: read("direction_more", &written.direction_more, &DIRECTION)?,
        })
    }
}

impl Phrases {
    /// What all phrases say by themselves, without what is filled in.
    pub(crate) fn own_texts(&self) -> impl Iterator<Item = String> {
        // Without `..`, so that a new phrase cannot be left out.
        let Self {
            one,
            thread,
            many,
            many_briefly,
            quote,
            second,
            figures,
            orders,
            end,
            and,
            untitled,
            overview,
            most,
            direction,
            direction_more,
            calm,
            hopeful,
            worried,
            divided,
        } = self;
        let filled = [one, thread, many, many_briefly, quote, second, figures, overview, most];
        let plain = [direction, direction_more, orders, end, and, untitled, calm, hopeful, worried, divided];
        filled.into_iter().chain(plain).flat_map(|text| {
            let pieces = text.split("{{").enumerate();
            pieces.map(|(place, piece)| {
                let behind = if place == 0 { None } else { piece.split_once("}}") };
                behind.map_or(piece, |(_, text)| text).to_owned()
            })
        })
    }
}

impl Phrase {
    /// The phrase with its variables filled in; one without a value becomes nothing.
    pub(crate) fn fill(&self, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        for (text, variable) in &self.pieces {
            filled.push_str(text);
            let value = values.iter().find(|(name, _)| name == variable);
            filled.extend(value.map(|(_, value)| value.to_string()));
        }
        filled + &self.end
    }
}

fn read(phrase: &'static str, text: &str, variables: &[&str]) -> Result<Phrase, PhraseError> {
    let wrong = |found: &str| {
        let known = variables.iter().map(|name| format!("`{{{{ {name} }}}}`")).collect::<Vec<_>>();
        PhraseError { phrase, found: found.to_owned(), known: known.join(", ") }
    };
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let (variable, behind) = after.split_once("}}").ok_or_else(|| wrong("{{"))?;
        if !variables.contains(&variable.trim()) {
            return Err(wrong(&format!("{{{{{variable}}}}}")));
        }
        pieces.push((before.to_owned(), variable.trim().to_owned()));
        rest = behind;
    }
    let stray = ["{%", "{#", "}}"].into_iter().find(|mark| {
        rest.contains(mark) || pieces.iter().any(|(text, _): &(String, String)| text.contains(mark))
    });
    match stray {
        Some(mark) => Err(wrong(mark)),
        None => Ok(Phrase { pieces, end: rest.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_never_read_as_a_phrase() {
        let phrase = read("second", "；@{{ by }} 写道：“{{quote}}”", &["by", "quote"]).unwrap();
        assert_eq!(phrase.fill(&[("quote", &"{{ by }}"), ("by", &"a")]), "；@a 写道：“{{ by }}”");
    }

    #[test]
    fn a_variable_that_a_phrase_does_not_have_is_an_error() {
        for text in ["{{ bye }}", "{{ by", "{% if by %}x{% endif %}", "by }}"] {
            let error = read("one", text, &["by"]).unwrap_err().to_string();
            assert!(error.contains("outline.phrases.one") && error.contains("`{{ by }}`"), "{text}: {error}");
        }
    }
}
