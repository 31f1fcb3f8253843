//! Words that the checker knows in both languages: what figures measure, and what excludes one another.
//!
//! A list, not a dictionary: it is as long as the words of markets and technology are common. What is not in it is not judged.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use self::lists::{ATTRIBUTES, CLASSES, DEEDS, FREE, MARKS, MEASURES, ROLES};
use crate::pattern::{word_set, words};

mod lists;

/// A bit for each.
const _: () = assert!(MEASURES.len() + MARKS.len() <= 64);

static MEASURE_SET: LazyLock<RegexSet> = LazyLock::new(|| word_set(MEASURES.iter().chain(MARKS).copied()));
static CLASS_SET: LazyLock<RegexSet> =
    LazyLock::new(|| word_set(CLASSES.iter().flat_map(|class| class.iter().copied())));

/// Which of the known measures a stretch of text names, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measures(u64);

impl Measures {
    pub(crate) fn of(text: &str) -> Self {
        Self(MEASURE_SET.matches(text).iter().fold(0, |bits, place| bits | 1 << place))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn share(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those that hold for the figure right beside them and for no other.
    pub(crate) fn marks(self) -> Self {
        Self(self.0 >> MEASURES.len() << MEASURES.len())
    }
}

/// An attribute that a name may have: a class, and which of it.
pub(crate) type Attribute = (usize, usize);

static ATTRIBUTE_SET: LazyLock<RegexSet> =
    LazyLock::new(|| word_set(ATTRIBUTES.iter().flat_map(|class| class.iter().copied())));

/// The attributes that a stretch of text has.
pub(crate) fn attributes(text: &str) -> Vec<Attribute> {
    let places = ATTRIBUTES
        .iter()
        .enumerate()
        .flat_map(|(class, all)| (0..all.len()).map(move |place| (class, place)));
    let found = ATTRIBUTE_SET.matches(text);
    places.enumerate().filter(|(place, _)| found.matched(*place)).map(|(_, attribute)| attribute).collect()
}

static ROLE_SET: LazyLock<RegexSet> = LazyLock::new(|| word_set(ROLES.iter().copied()));

/// The kinds of people that a stretch of text lets speak.
pub(crate) fn roles(text: &str) -> Vec<usize> {
    ROLE_SET.matches(text).into_iter().collect()
}

static DEED_SET: LazyLock<RegexSet> = LazyLock::new(|| word_set(DEEDS.iter().copied()));
static DEED_LIST: LazyLock<Vec<Regex>> = LazyLock::new(|| DEEDS.iter().map(|deed| words(deed)).collect());
/// A negation in front of a deed, not further away than in the same phrase.
static NOT_DONE: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"(?:[不没未无否][^，。；、！？\n]{0,16}|(?:(?-u:\b)(?:not|never|no|none|without|nor|den(?:y|ies|ied))(?-u:\b)|n['’]t(?-u:\b))[^,.;:!?\n]{0,30})$",
    )
});
/// So much of a text in front of a deed is looked at, in bytes.
const IN_FRONT: usize = 60;

/// A deed that the tweets only tell as not done and the claim only as done, or the other way round.
pub(crate) fn undone(claim: &str, tweets: &str) -> Option<String> {
    let (told, held) = (DEED_SET.matches(claim), DEED_SET.matches(tweets));
    let is_done = |text: &str, hit: regex::Match<'_>| {
        let mut start = hit.start().saturating_sub(IN_FRONT);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        !text.get(start..hit.start()).is_some_and(|before| NOT_DONE.is_match(before))
    };
    let both = DEED_LIST.iter().enumerate().filter(|(place, _)| told.matched(*place) && held.matched(*place));
    both.map(|(_, deed)| deed).find_map(|deed| {
        let all = |text: &str| -> Vec<bool> { deed.find_iter(text).map(|hit| is_done(text, hit)).collect() };
        let (told, held) = (all(claim), all(tweets));
        let is_turned = |one: &[bool], other: &[bool]| one.iter().all(|done| *done) && !other.contains(&true);
        let hit = deed.find(claim)?;
        (is_turned(&told, &held) || is_turned(&held, &told)).then(|| hit.as_str().to_owned())
    })
}

/// What a claim tells of a class of which the tweets tell only something else, as the claim has it.
pub(crate) fn excluded(claim: &str, tweets: &str) -> Option<String> {
    let (told, held) = (CLASS_SET.matches(claim), CLASS_SET.matches(tweets));
    if !told.matched_any() || !held.matched_any() {
        return None;
    }
    let mut start = 0;
    for class in CLASSES {
        let places = start..start + class.len();
        start = places.end;
        let is_told_elsewhere = places.clone().any(|place| held.matched(place));
        let other = places.clone().find(|place| told.matched(*place) && !held.matched(*place));
        if let Some(pattern) =
            other.filter(|_| is_told_elsewhere).and_then(|place| CLASS_SET.patterns().get(place))
            && !pattern.starts_with(FREE)
        {
            return first_of(pattern, claim);
        }
    }
    None
}

fn first_of(pattern: &str, text: &str) -> Option<String> {
    words(pattern).find(text).map(|hit| hit.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_class_only_what_the_tweets_tell_is_told() {
        for (claim, tweet, found) in [
            ("今年冬天投运", "goes live this summer", Some("冬天")),
            ("每分钟耗电 3%", "Battery hit: 3%/hr", Some("每分钟")),
            ("盘前公布财报", "after the close", Some("盘前")),
            ("CTO 表示", "said the CFO", Some("CTO")),
            ("苹果在周五", "$AAPL Thursday", Some("周五")),
            ("今年夏天", "this summer", None),
            ("CEO 表示", "a good day", None),
            ("今年增长", "up from last year", None),
        ] {
            assert_eq!(excluded(claim, tweet).as_deref(), found, "{claim} | {tweet}");
        }
    }

    #[test]
    fn what_is_not_done_is_not_told_as_done() {
        for (claim, tweet, found) in [
            ("厂商将发布权重", "Vendor will not release the weights", Some("发布")),
            ("厂商不会发布权重", "Vendor will not release the weights", None),
            ("没有裁员", "laid off 200 people", Some("裁员")),
            ("他推荐这个工具", "Not recommending it yet", Some("推荐")),
            ("发布权重", "weights released. Not for sale", None),
        ] {
            assert_eq!(undone(claim, tweet).as_deref(), found, "{claim} | {tweet}");
        }
    }

    #[test]
    fn measures_are_one_in_both_languages() {
        assert!(Measures::of("毛利率 62%").share(Measures::of("Gross margin 62%")));
        assert!(!Measures::of("毛利率 62%").share(Measures::of("revenue $3B")));
        assert!(!Measures::of("此前 11 秒").marks().is_empty() && Measures::of("毛利率").marks().is_empty());
    }
}
