//! A first, explainable advert score: named rules with weights, each hit kept as evidence.
//!
//! The rules are data (`config/ads.toml`). The text is folded first (full width to half width, spaces between Chinese
//! characters, 薇/威/V for 微), because Chinese adverts are written to escape plain keywords.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Tweet;

/// One rule as written in the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdRule {
    /// Shown as evidence, such as `discount_code`.
    pub name: String,
    /// Added to the score once, however often the pattern is found.
    pub weight: f64,
    /// Regular expression over the folded text; casing is ignored.
    pub pattern: String,
}

/// The name and weight of the signal for the platform's own mark of paid content.
const PROMOTED: (&str, f64) = ("platform_mark", 3.0);

/// The name and weight of the signal for an author who names himself: a brand speaks of its own.
pub(crate) const OWN_NAME: &str = "own_name";
const OWN_NAME_WEIGHT: f64 = 0.8;
/// Shorter words of a display name are too common to tell.
const SHORTEST_OWN_NAME: usize = 4;

/// Compiled rules.
pub struct AdRules {
    rules: Vec<(AdRule, Regex)>,
}

/// How much a tweet looks like an advert, and by which signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AdScore {
    /// The sum of the weights.
    pub score: f64,
    /// The rules that hit, with what they hit.
    pub evidence: Vec<String>,
}

impl AdRules {
    /// Compiles the rules.
    ///
    /// # Errors
    /// Names the first rule whose pattern is no regular expression.
    pub fn new(rules: Vec<AdRule>) -> Result<Self, AdRuleError> {
        let compile = |rule: AdRule| match RegexBuilder::new(&rule.pattern).case_insensitive(true).build() {
            Ok(regex) => Ok((rule, regex)),
            Err(source) => Err(AdRuleError { rule: rule.name, source: Box::new(source) }),
        };
        rules.into_iter().map(compile).collect::<Result<_, _>>().map(|rules| Self { rules })
    }

    /// Scores one tweet.
    pub fn score(&self, tweet: &Tweet) -> AdScore {
        let folded = fold(&tweet.text);
        let mut result = AdScore::default();
        let mut add = |name: &str, weight: f64, what: &str| {
            result.score += weight;
            result.evidence.push(format!("{name} +{weight}: {what}"));
        };
        for (rule, regex) in &self.rules {
            if let Some(hit) = regex.find(&folded) {
                add(&rule.name, rule.weight, hit.as_str());
            }
        }
        if tweet.promoted == Some(true) {
            add(PROMOTED.0, PROMOTED.1, "promoted");
        }
        if let Some(name) = own_name(tweet) {
            add(OWN_NAME, OWN_NAME_WEIGHT, name);
        }
        result
    }
}

/// An advert rule that is not a regular expression.
#[derive(Debug, thiserror::Error)]
#[error("the pattern of advert rule `{rule}` is not a regular expression: {source}")]
pub struct AdRuleError {
    rule: String,
    source: Box<regex::Error>,
}

/// The first word of the author's display name, if the text has it: people rarely name themselves, brands do.
fn own_name(tweet: &Tweet) -> Option<&str> {
    let name = tweet.author.name.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    let telling = name.is_ascii() && name.len() >= SHORTEST_OWN_NAME;
    let mut words = tweet.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '@' | '/' | '.')));
    (telling && words.any(|word| word.eq_ignore_ascii_case(name))).then_some(name)
}

/// Full width to half width, the usual disguises of 微信 undone, and spaces between Chinese characters removed.
fn fold(text: &str) -> String {
    let plain: String = text.nfkc().map(|c| if matches!(c, '薇' | '威' | '徽') { '微' } else { c }).collect();
    let mut folded = String::with_capacity(plain.len());
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        let between =
            folded.chars().next_back().is_some_and(is_han) && chars.peek().is_some_and(|c| is_han(*c));
        if !(matches!(c, ' ' | '.' | '·' | '*' | '_' | '-') && between) {
            folded.push(c);
        }
    }
    folded
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_are_folded() {
        assert_eq!(fold("加 薇 信：ＡＢＣ１２３"), "加微信:ABC123");
        assert_eq!(fold("deep learning is fun"), "deep learning is fun");
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let rule = AdRule { name: "broken".into(), weight: 1.0, pattern: "(".into() };
        assert!(AdRules::new(vec![rule]).err().unwrap().to_string().contains("`broken`"));
    }
}
