//! The profile's terms as sequences of words, to find them in a text.

use std::collections::{BTreeMap, BTreeSet};

use corpus::{Piece, Words};

/// Terms of one or several words, such as `Claude Code` or `AI 编程`.
#[derive(Debug, Default)]
pub struct Terms {
    /// Behind each first word: all of the term's words. Longer terms first.
    known: BTreeMap<String, Vec<Vec<String>>>,
    /// As the profile writes them, by their words.
    forms: BTreeMap<Vec<String>, String>,
}

impl Terms {
    /// Cuts each term as a tweet's text is cut; a term that is no word at all is left out.
    pub fn new<'a>(terms: impl IntoIterator<Item = &'a str>, words: &Words) -> Self {
        let mut all = Self::default();
        let terms: BTreeSet<&str> = terms.into_iter().collect();
        for term in terms {
            let keys: Vec<String> = words.pieces(term).into_iter().map(|piece| piece.key).collect();
            let Some(first) = keys.first() else { continue };
            let others = all.known.entry(first.clone()).or_default();
            if !others.contains(&keys) {
                others.push(keys.clone());
                others.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            }
            all.forms.entry(keys).or_insert_with(|| term.to_owned());
        }
        all
    }

    /// How many of these pieces, from the first on, are the longest term that begins here; 0 for none.
    pub(super) fn at_start(
        &self,
        pieces: &[Piece<'_>],
        joined: impl Fn(&Piece<'_>, &Piece<'_>) -> bool,
    ) -> usize {
        let Some(first) = pieces.first() else { return 0 };
        let matches = |keys: &&Vec<String>| {
            let here = pieces.get(..keys.len()).unwrap_or_default();
            let same =
                here.len() == keys.len() && here.iter().zip(*keys).all(|(piece, key)| piece.key == *key);
            same && here.iter().zip(here.iter().skip(1)).all(|(a, b)| joined(a, b))
        };
        self.known.get(&first.key).and_then(|terms| terms.iter().find(matches)).map_or(0, Vec::len)
    }

    /// The profile's spelling of a term.
    pub(super) fn form(&self, keys: &[String]) -> Option<&str> {
        self.forms.get(keys).map(String::as_str)
    }
}
