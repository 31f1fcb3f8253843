//! Lists of names: what a text counts by naming it, so that `三家公司` is found again in `Unitree, Apptronik and Hexa Motion`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Fact, Unit};
use crate::pattern::pattern;

const ITEM: &str = r"[A-Z$@][A-Za-z0-9_.+'-]*(?:\ [A-Z0-9][A-Za-z0-9_.+'-]*){0,3}";
const LAST: &str = r"(?:\ and\ |\ ?&\ ?|\ ?(?:以及|和|与|及)\ ?)";

static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"{ITEM}(?:(?:\ ?[,，、]\ ?{ITEM})*[,，]?{LAST}{ITEM}|(?:\ ?[,，、]\ ?{ITEM}){{2,}})"))
});
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"\ ?[,，、]\ ?|{LAST}")));

/// `上海、合肥`: what stands around the list does not change its length.
static CHINESE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\p{Han}{2,6}(?:、\p{Han}{2,6})+(?:(?:以及|和|与|及)\p{Han}{2})?"));
static LAST_CHINESE: LazyLock<Regex> = LazyLock::new(|| pattern("、|以及|和|与|及"));

/// The largest count that readers make out of a list.
const LONGEST: f64 = 9.0;

/// How many names each list of a text has.
pub(crate) fn list_lengths(text: &str) -> Vec<f64> {
    let length =
        |list: regex::Match<'_>| BETWEEN.split(list.as_str()).filter(|item| !item.is_empty()).count() as f64;
    let chinese = CHINESE.find_iter(text).map(|list| LAST_CHINESE.split(list.as_str()).count() as f64);
    LIST.find_iter(text).map(length).chain(chinese).collect()
}

/// Whether a figure counts things in words or with a measure word, and few of them.
pub(crate) fn is_small_count(fact: &Fact) -> bool {
    let Fact::Figure { written, value, unit, .. } = fact else { return false };
    *unit == Unit::Plain && *value <= LONGEST && written.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_row_are_counted() {
        for (text, lengths) in [
            ("Unitree, Apptronik and Hexa Motion all demoed it", [3.0].as_slice()),
            ("放出 Galaxy-Coder-14B 和 Galaxy-Coder-14B-Long", &[2.0]),
            ("$MSFT, $META, and $TSLA report", &[3.0]),
            ("先在上海、合肥试点", &[2.0]),
            ("SWE-bench Verified 80.9, Terminal-Bench 59.3, ARC-AGI-2 37.6.", &[3.0]),
            ("it was here and There", &[]),
        ] {
            assert_eq!(list_lengths(text), lengths, "{text}");
        }
    }
}
