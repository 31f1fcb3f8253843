//! A tweet as runs of words that may be shown: what breaks a run are fillers, punctuation and line ends.

use corpus::{Piece, PieceKind, Tweet, is_han};

use super::{WordChoice, casing};

/// The longest word and phrase that a cloud shows, in characters.
const LONGEST: usize = 24;

/// A word or phrase at its place in a tweet.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// What it is compared by.
    pub(super) key: String,
    /// As written here.
    pub(super) form: String,
    /// Whether its casing here tells how it is usually written.
    pub(super) telling: bool,
    /// Whether the profile has it.
    pub(super) known: bool,
    /// The words of a phrase that was found in the tweets; a term of the profile is one word.
    pub(super) parts: Vec<Unit>,
}

/// What one tweet says.
pub(super) struct Speech {
    pub(super) author: String,
    pub(super) class: usize,
    pub(super) runs: Vec<Vec<Unit>>,
}

/// Reads one tweet. Whoever posted copies of it said nothing of their own.
pub(super) fn speech(tweet: &Tweet, class: usize, choice: &WordChoice<'_>) -> Speech {
    let text = tweet.text.as_str();
    let pieces = choice.words.pieces(text);
    let telling = casing::telling(text, &pieces);
    let (mut runs, mut run, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(rest) = pieces.get(at..).filter(|rest| !rest.is_empty()) {
        let length = choice.terms.at_start(rest, |a, b| stand_together(text, a, b));
        let before = at.checked_sub(1).and_then(|before| pieces.get(before)).zip(rest.first());
        if !before.is_some_and(|(before, first)| stand_together(text, before, first)) {
            runs.push(std::mem::take(&mut run));
        }
        let here = rest.get(..length.max(1)).unwrap_or_default();
        let tells = telling.get(at).copied().unwrap_or_default();
        match unit(text, here, tells, choice, length > 0) {
            Some(unit) => run.push(unit),
            None => runs.push(std::mem::take(&mut run)),
        }
        at += length.max(1);
    }
    runs.push(run);
    runs.retain(|run| !run.is_empty());
    Speech { author: tweet.author.handle.to_lowercase(), class, runs }
}

/// Whether nothing but one space stands between two pieces, and none between Chinese ones.
fn stand_together(text: &str, a: &Piece<'_>, b: &Piece<'_>) -> bool {
    match text.get(a.start + a.text.len()..b.start) {
        Some("") => true,
        Some(" ") => !(is_han(a.text) && is_han(b.text)),
        _ => false,
    }
}

fn unit(
    text: &str,
    pieces: &[Piece<'_>],
    telling: bool,
    choice: &WordChoice<'_>,
    known: bool,
) -> Option<Unit> {
    let (first, last) = (pieces.first()?, pieces.last()?);
    let wanted = known || matches!(first.kind, PieceKind::Word | PieceKind::Ticker | PieceKind::Noun);
    let form = text.get(first.start..last.start + last.text.len())?;
    if !wanted || form.chars().count() > LONGEST || !(known || tells_something(form)) {
        return None;
    }
    let keys: Vec<String> = pieces.iter().map(|piece| piece.key.clone()).collect();
    let spelt = choice.terms.form(&keys).filter(|_| known && casing::is_cased(form));
    let form = spelt.unwrap_or(form).to_owned();
    Some(Unit { key: keys.join(" "), form, telling: telling || known, known, parts: Vec::new() })
}

/// Not a number with a unit (`1.7M`, `80-120kg`, `1000th`), nor a single letter or two that are no abbreviation.
fn tells_something(form: &str) -> bool {
    if is_han(form) || form.starts_with('$') {
        return true;
    }
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    let digits = form.chars().filter(char::is_ascii_digit).count();
    let counted = form.starts_with(|c: char| c.is_ascii_digit()) && (letters < 4 || letters <= digits);
    let short = form.chars().count() < 3 && form.chars().any(|c| !c.is_uppercase());
    letters > 0 && !counted && !short
}
