//! Words that say nothing by themselves, by language.
//!
//! English and Chinese have lists of our own; the other languages that X is written in have those of stopwords-iso. One
//! list for all would be wrong: `die` and `war` are German articles and verbs, and English news. So a text is read under
//! the list that it has most words of (Grefenstette 1995), beside our own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Languages read beside English and Chinese, as ISO 639-1.
const OTHERS: [&str; 14] =
    ["es", "pt", "it", "fr", "de", "nl", "id", "ms", "tl", "tr", "sv", "pl", "ru", "vi"];
/// The bit of our own lists; bit `n + 1` is that of `OTHERS[n]`.
pub(crate) const OWN: u32 = 1;
/// So many words of another language, and more than English ones, make a text of that language.
const FEW: u32 = 2;

/// Per word: the lists that have it, a bit each.
static LISTS: LazyLock<FxHashMap<&str, u32>> = LazyLock::new(|| {
    let mut lists: FxHashMap<&str, u32> = FxHashMap::default();
    for word in [include_str!("../data/stopwords_en.txt"), include_str!("../data/stopwords_zh.txt")]
        .into_iter()
        .flat_map(str::split_whitespace)
    {
        *lists.entry(word).or_default() |= OWN;
    }
    for (number, language) in OTHERS.iter().enumerate() {
        for word in stop_words::lookup(language).unwrap_or_default() {
            *lists.entry(word).or_default() |= OWN << (number + 1);
        }
    }
    lists
});

/// Whether a lower-case English or Chinese word says nothing by itself.
pub(crate) fn is_stop_word(lower: &str) -> bool {
    is_stop_word_of(lower, OWN)
}

/// Whether a lower-case word is on one of these lists.
pub(crate) fn is_stop_word_of(lower: &str, lists: u32) -> bool {
    LISTS.get(lower).is_some_and(|bits| bits & lists != 0)
}

/// The lists to read a text under, told from its lower-case words.
pub(crate) fn lists_for<'w>(words: impl Iterator<Item = &'w str>) -> u32 {
    let mut own = 0;
    let mut others = [0_u32; OTHERS.len()];
    for bits in words.filter_map(|word| LISTS.get(word)) {
        own += bits & OWN;
        for (number, count) in others.iter_mut().enumerate() {
            *count += (bits >> (number + 1)) & 1;
        }
    }
    let most = others.iter().copied().max().unwrap_or(0);
    let best = others.iter().position(|count| *count == most).filter(|_| most >= FEW && most > own);
    best.map_or(OWN, |number| OWN | OWN << (number + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<&str> {
        let lists = lists_for(text.split(' '));
        text.split(' ').filter(|word| !is_stop_word_of(word, lists)).collect()
    }

    #[test]
    fn a_text_is_read_under_its_own_language() {
        assert_eq!(
            kept("el terremoto de la costa no es de los más fuertes"),
            ["terremoto", "costa", "fuertes"]
        );
        assert_eq!(kept("they die in the war"), ["die", "war"]);
        assert_eq!(kept("openai 发布 gpt"), ["openai", "发布", "gpt"]);
    }

    #[test]
    fn every_other_language_has_a_list() {
        for language in OTHERS {
            assert!(stop_words::lookup(language).is_some_and(|words| words.len() > 50), "{language}");
        }
    }
}
