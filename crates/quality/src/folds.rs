//! Folds for cross-validation: rows of one author, and rows that say nearly the same, never part.
//!
//! Near-copies are found by min-wise hashes over shingles of three words (Broder 1997), 24 hashes in four bands of six: a pair
//! that shares nine in ten shingles meets in nearly every case, one that shares half in one of sixteen.

use std::collections::BTreeMap;

use corpus::is_han_char;

/// How many folds.
pub(crate) const FOLDS: usize = 5;
const BANDS: usize = 4;
const ROWS: usize = 6;
/// Texts of fewer words are alike only by chance; of fewer shingles the hashes tell little.
const FEW_WORDS: usize = 6;

/// A row as the folds see it.
pub(crate) struct Item<'t> {
    /// Its text.
    pub(crate) text: &'t str,
    /// Its author, in any casing; empty when unknown.
    pub(crate) author: &'t str,
}

/// The fold of each item. Groups go into the emptiest fold, the largest first.
pub(crate) fn folds(items: &[Item<'_>]) -> Vec<usize> {
    let mut groups = Groups((0..items.len()).collect());
    let mut seen: BTreeMap<(u8, u64), usize> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for key in keys(item) {
            groups.join(at, *seen.entry(key).or_insert(at));
        }
    }
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    let roots: Vec<usize> = (0..items.len()).map(|at| groups.root(at)).collect();
    for root in &roots {
        *sizes.entry(*root).or_default() += 1;
    }
    let fold_of = spread(sizes);
    roots.iter().map(|root| fold_of.get(root).copied().unwrap_or_default()).collect()
}

fn spread(sizes: BTreeMap<usize, usize>) -> BTreeMap<usize, usize> {
    let mut order: Vec<(usize, usize)> = sizes.into_iter().collect();
    order.sort_by_key(|(root, size)| (usize::MAX - size, *root));
    let mut load = [0; FOLDS];
    let mut fold_of = BTreeMap::new();
    for (root, size) in order {
        let Some((fold, rows)) = load.iter_mut().enumerate().min_by_key(|(fold, rows)| (**rows, *fold))
        else {
            continue;
        };
        *rows += size;
        fold_of.insert(root, fold);
    }
    fold_of
}

/// What an item shares with those that it must stay with.
fn keys(item: &Item<'_>) -> Vec<(u8, u64)> {
    let words = words(item.text);
    let mut keys = Vec::new();
    if !item.author.is_empty() {
        keys.push((b'@', hash(0, &item.author.to_lowercase())));
    }
    if words.len() >= FEW_WORDS || item.author.is_empty() {
        keys.push((b'=', hash(0, &words.join(" "))));
    }
    let shingles: Vec<u64> = words.windows(3).map(|three| hash(0, &three.join(" "))).collect();
    if shingles.len() >= FEW_WORDS {
        keys.extend((0..BANDS).map(|band| (band as u8, band_of(&shingles, band))));
    }
    keys
}

fn band_of(shingles: &[u64], band: usize) -> u64 {
    let least = |seed: usize| shingles.iter().map(|shingle| mix(*shingle ^ mix(seed as u64 + 1))).min();
    (0..ROWS).filter_map(|row| least(band * ROWS + row)).fold(0, |sum, least| mix(sum ^ least))
}

/// Lower-case words with digits as 0, and single Chinese characters.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let han = is_han_char(c);
        let c = if c.is_ascii_digit() { '0' } else { c };
        match words.last_mut() {
            Some(word) if open && c.is_alphanumeric() && !han => word.push(c),
            _ if c.is_alphanumeric() => words.push(c.to_string()),
            _ => {}
        }
        open = c.is_alphanumeric() && !han;
    }
    words
}

fn hash(seed: u64, text: &str) -> u64 {
    text.bytes().fold(mix(seed), |sum, byte| mix(sum ^ u64::from(byte)))
}

/// The finaliser of `SplitMix64`.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, mut at: usize) -> usize {
        while let Some(above) = self.0.get(at).copied().filter(|above| *above != at) {
            let higher = self.0.get(above).copied().unwrap_or(above);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = higher;
            }
            at = higher;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a) {
            *slot = b;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_authors_stay_together() {
        let long = "Get 40% off all plans this week only, join the smartest traders of the town today";
        let near = "Get 50% off all plans this week only, join the smartest traders of the town today";
        let texts =
            [(long, "a"), (near, "b"), ("gm", "c"), ("gm", "d"), ("what a day", "C"), ("x", "e"), ("y", "f")];
        let items: Vec<Item<'_>> = texts.iter().map(|(text, author)| Item { text, author }).collect();
        let folds = folds(&items);
        assert_eq!(folds[0], folds[1], "near-copies");
        assert_eq!(folds[2], folds[4], "one author");
        assert_ne!(folds[2], folds[3], "a short text may be anybody's");
        assert!((0..FOLDS).all(|fold| folds.contains(&fold)), "{folds:?}");
    }
}
