//! A text in pieces for whoever shows words to people: each with its place, what it is compared by and what it is.
//!
//! Unlike the terms, pieces keep what stands between them: only so can one tell whether two words stand together.

use crate::{
    ingest::{Place, places_of_entities},
    stop::{is_stop_word_of, lists_for},
    tokens::{Token, tokens},
    words::{Words, is_han, latin_term, lowered},
};

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A word in letters that says something by itself.
    Word,
    /// `$NVDA`.
    Ticker,
    /// A Chinese noun, name or verb used as one.
    Noun,
    /// Part of a bare address such as `example.org/a`.
    Address,
    /// What says nothing by itself: stop words, single letters, Chinese verbs and particles.
    Filler,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'t> {
    /// As written.
    pub text: &'t str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// What it is compared by: lower case, without possessive and plural.
    pub key: String,
    /// What it is.
    pub kind: PieceKind,
}

impl Words {
    /// The pieces of a text, in its order; links, handles and hashtags are left out.
    pub fn pieces<'t>(&'t self, text: &'t str) -> Vec<Piece<'t>> {
        let places = places_of_entities(text);
        let place_of =
            |at: usize| places.iter().find(|(range, _)| range.contains(&at)).map(|(_, place)| *place);
        let lists = languages(text);
        let mut pieces = Vec::new();
        for token in tokens(text) {
            let written = token.text();
            let start = written.as_ptr() as usize - text.as_ptr() as usize;
            match (place_of(start), token) {
                (Some(Place::NoWord), _) => {}
                (Some(Place::Address), _) => {
                    pieces.push(piece(written, start, lowered(written), PieceKind::Address));
                }
                (None, Token::Han(run)) => self.pieces_of_run(run, start, &mut pieces),
                (None, Token::Ticker(ticker)) => {
                    pieces.push(piece(ticker, start, ticker.to_uppercase(), PieceKind::Ticker));
                }
                (None, Token::Word(word)) => pieces.push(latin(word, start, lists)),
            }
        }
        pieces
    }

    fn pieces_of_run<'t>(&'t self, run: &'t str, start: usize, pieces: &mut Vec<Piece<'t>>) {
        let mut at = start;
        for word in self.jieba().tag(run, true) {
            let noun = word.tag.starts_with('n') || matches!(word.tag, "vn" | "j" | "x");
            let tells = noun && word.word.chars().count() > 1 && !self.is_stop_word(word.word);
            let kind = if tells { PieceKind::Noun } else { PieceKind::Filler };
            pieces.push(piece(word.word, at, word.word.to_owned(), kind));
            at += word.word.len();
        }
    }
}

fn piece(text: &str, start: usize, key: String, kind: PieceKind) -> Piece<'_> {
    Piece { text, start, key, kind }
}

/// The possessive is no part of the word that is shown.
fn latin(word: &str, start: usize, lists: u32) -> Piece<'_> {
    let shown = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    let lower = lowered(word);
    match latin_term(&lower, lists) {
        Some(key) => piece(shown, start, key, PieceKind::Word),
        None if is_stop_word_of(&lower, lists) => piece(shown, start, lower, PieceKind::Filler),
        None => piece(shown, start, lowered(shown), PieceKind::Filler),
    }
}

fn languages(text: &str) -> u32 {
    let words: Vec<String> =
        tokens(text).filter(|token| !is_han(token.text())).map(|token| lowered(token.text())).collect();
    lists_for(words.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, PieceKind)> {
        let words = Words::new(["智能体"]);
        let pieces = words.pieces(text).into_iter();
        pieces.filter(|piece| piece.kind != PieceKind::Filler).map(|piece| (piece.key, piece.kind)).collect()
    }

    #[test]
    fn what_is_no_word_is_left_out() {
        let text = "@someone Claude Code's agents 跑智能体了 $nvda #BuildInPublic https://t.co/x see example.org/a #标签";
        let expected = [
            ("claude", PieceKind::Word),
            ("code", PieceKind::Word),
            ("agent", PieceKind::Word),
            ("智能体", PieceKind::Noun),
            ("$NVDA", PieceKind::Ticker),
            ("example.org", PieceKind::Address),
            ("a", PieceKind::Address),
        ];
        assert_eq!(told(text), expected.map(|(key, kind)| (key.to_owned(), kind)));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let words = Words::new([]);
        let text = "用 Gemini 的数据中心，see NVIDIA’s";
        for piece in words.pieces(text) {
            assert_eq!(text.get(piece.start..piece.start + piece.text.len()), Some(piece.text));
        }
    }
}
