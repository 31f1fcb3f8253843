//! Advert rules as data (`config/ads.toml`): named patterns over the folded text.
//!
//! All patterns run in one pass; only those that hit are run again, for the words to show as evidence.

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};

/// Memory for the compiled patterns, and for the automaton that is built while they run.
const PATTERN_MEMORY: usize = 64 << 20;

/// One rule as written in the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdRule {
    /// Shown as evidence, such as `discount_code`; the model's name for it.
    pub name: String,
    /// Added to the sum of the rules once, however often the pattern is found.
    pub weight: f64,
    /// Whether it is a way of selling; the model counts how many a text has.
    #[serde(default)]
    pub pitch: bool,
    /// Regular expression over the folded text; casing is ignored, `\b` is the edge of a Latin word.
    pub pattern: String,
}

/// Compiled rules.
pub struct AdRules {
    rules: Vec<(AdRule, Regex)>,
    together: RegexSet,
}

/// An advert rule that is not a regular expression.
#[derive(Debug, thiserror::Error)]
#[error("the pattern of advert rule `{rule}` is not a regular expression: {source}")]
pub struct AdRuleError {
    rule: String,
    source: Box<regex::Error>,
}

impl AdRules {
    /// Compiles the rules.
    ///
    /// # Errors
    /// Names the first rule whose pattern is no regular expression.
    pub fn new(rules: Vec<AdRule>) -> Result<Self, AdRuleError> {
        let patterns: Vec<String> = rules.iter().map(|rule| latin_edges(&rule.pattern)).collect();
        let failed = |rule: &str, source| AdRuleError { rule: rule.to_owned(), source: Box::new(source) };
        let mut compiled = Vec::with_capacity(rules.len());
        for (rule, pattern) in rules.into_iter().zip(&patterns) {
            let regex = RegexBuilder::new(pattern).case_insensitive(true).build();
            let regex = regex.map_err(|source| failed(&rule.name, source))?;
            compiled.push((rule, regex));
        }
        let together = RegexSetBuilder::new(&patterns)
            .case_insensitive(true)
            .size_limit(PATTERN_MEMORY)
            .dfa_size_limit(PATTERN_MEMORY)
            .build()
            .map_err(|source| failed("all together", source))?;
        Ok(Self { rules: compiled, together })
    }

    /// The rules, in the order of the configuration.
    pub(super) fn iter(&self) -> impl Iterator<Item = &AdRule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.rules.len()
    }

    /// The places of the rules that hit, ascending.
    pub(super) fn hits(&self, folded: &str) -> Vec<usize> {
        self.together.matches(folded).iter().collect()
    }

    /// What a rule hit.
    pub(super) fn what<'t>(&self, rule: usize, folded: &'t str) -> Option<&'t str> {
        self.rules.get(rule)?.1.find(folded).map(|found| found.as_str())
    }

    /// The sum of the weights of the rules that hit.
    pub(super) fn sum(&self, hits: &[usize]) -> f64 {
        hits.iter().filter_map(|hit| self.rules.get(*hit)).fold(0.0, |sum, (rule, _)| sum + rule.weight)
    }
}

/// The edge of a word as ASCII sees it: right between Latin and Chinese, and the only one that is fast on Chinese text.
fn latin_edges(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_pattern_is_named() {
        let rule = AdRule { name: "broken".into(), weight: 1.0, pitch: false, pattern: "(".into() };
        assert!(AdRules::new(vec![rule]).err().unwrap().to_string().contains("`broken`"));
    }

    #[test]
    fn a_word_ends_where_chinese_begins() {
        let rule = AdRule { name: "qq".into(), weight: 1.0, pitch: false, pattern: r"\bqq\b".into() };
        let rules = AdRules::new(vec![rule]).unwrap();
        assert_eq!(rules.hits("加QQ群"), [0]);
        assert_eq!(rules.what(0, "加QQ群"), Some("QQ"));
        assert!(rules.hits("faqq").is_empty());
    }
}
