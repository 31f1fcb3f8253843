//! Regular expressions that are part of the program.

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// A pattern in the syntax of `regex`. Each stands in a `LazyLock` that a test uses, so that a wrong one is found there.
#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

/// The same for a pattern of words, in any casing.
#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
pub(crate) fn words(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("the pattern is valid")
}

/// Many patterns of words at once, in any casing.
#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
pub(crate) fn word_set<'p>(patterns: impl Iterator<Item = &'p str>) -> RegexSet {
    RegexSetBuilder::new(patterns).case_insensitive(true).build().expect("the patterns are valid")
}
