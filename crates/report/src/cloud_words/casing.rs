//! How a word is usually written: a capital at the beginning of a sentence, in a headline or in shouting tells nothing.

use std::collections::BTreeMap;

use corpus::{Piece, is_han};

/// In a sentence of at least so many Latin words …
const HEADLINE_WORDS: usize = 4;
/// … of which more than this share has a capital, capitals tell nothing.
const HEADLINE_SHARE: f64 = 0.6;

/// For each piece: whether its casing is the writer's choice.
pub(super) fn telling(text: &str, pieces: &[Piece<'_>]) -> Vec<bool> {
    let mut telling = Vec::with_capacity(pieces.len());
    let mut rest = pieces;
    while !rest.is_empty() {
        let sentence = rest.len().min(
            1 + rest.iter().zip(rest.iter().skip(1)).take_while(|(a, b)| !ends_between(text, a, b)).count(),
        );
        let (here, after) = rest.split_at(sentence);
        let loud = is_headline(here);
        // Chinese has no capitals at the beginning of a sentence: who writes one there means it.
        let chinese = here.iter().any(|piece| is_han(piece.text));
        telling.extend(
            here.iter()
                .enumerate()
                .map(|(number, piece)| has_inner_capital(piece.text) || !loud && (chinese || number > 0)),
        );
        rest = after;
    }
    telling
}

fn ends_between(text: &str, a: &Piece<'_>, b: &Piece<'_>) -> bool {
    let between = text.get(a.start + a.text.len()..b.start).unwrap_or_default();
    between.contains(['.', '!', '?', ':', '\n', '。', '！', '？', '：', '•', '|'])
}

fn is_headline(sentence: &[Piece<'_>]) -> bool {
    let latin =
        || sentence.iter().filter(|piece| piece.text.starts_with(char::is_alphabetic) && !is_han(piece.text));
    let capitals = latin().filter(|piece| piece.text.starts_with(char::is_uppercase)).count();
    let words = latin().count();
    words >= HEADLINE_WORDS && capitals as f64 > words as f64 * HEADLINE_SHARE
}

/// `OpenAI`, `iPhone`, `xAI`: nobody writes these by accident, in contrast to `OPENAI`.
fn has_inner_capital(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

/// Whether it has letters of which there are large and small ones.
pub(super) fn is_cased(form: &str) -> bool {
    form.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// Whether it is written as a name or abbreviation: with a capital or a digit.
pub(super) fn is_name(form: &str) -> bool {
    form.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// The forms of one word and how often each was seen, where its casing tells something and where not.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms {
    telling: BTreeMap<String, usize>,
    other: BTreeMap<String, usize>,
}

impl Forms {
    pub(super) fn add(&mut self, form: &str, telling: bool) {
        let forms = if telling { &mut self.telling } else { &mut self.other };
        *forms.entry(form.to_owned()).or_default() += 1;
    }

    /// The usual form, and whether its casing is known to be meant.
    pub(super) fn usual(&self) -> Option<(&str, bool)> {
        let most = |forms: &'_ BTreeMap<String, usize>| {
            forms.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(form, _)| form.clone())
        };
        let known = most(&self.telling).is_some();
        let form = most(&self.telling).or_else(|| most(&self.other))?;
        let all = if known { &self.telling } else { &self.other };
        all.get_key_value(&form).map(|(form, _)| (form.as_str(), known))
    }
}
