//! How much a tweet looks like an advert, with evidence: rules (`config/ads.toml`) and a trained linear model
//! (`config/ads_model.toml`) over the rules' hits, the text's shape, the author, the platform's mark and n-grams.
//!
//! Three outcomes, because one label fails: a giveaway must go, a maker who talks of his own tool without news may stay but
//! makes no key point, and a release is news whoever tells it.

mod features;
mod fold;
mod grams;
mod model;
mod rules;
mod train;

use schemars::JsonSchema;
use serde::Serialize;

pub use features::Features;
use features::{Folded, Repeats, features};
use model::AdModel;
pub use model::{AdModelError, AdModelFile};
pub use rules::{AdRule, AdRuleError, AdRules};
pub use train::{Example, Trained, to_file, train};

use crate::Tweet;

/// What becomes of a tweet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdOutcome {
    /// No advert.
    #[default]
    Keep,
    /// Promotion without news: kept, never a key point.
    Suspect,
    /// An advert: left out.
    Drop,
}

/// How much a tweet looks like an advert, and by which signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct AdScore {
    /// What becomes of it.
    pub outcome: AdOutcome,
    /// The model's probability that it is an advert to drop.
    pub score: f64,
    /// The model's probability that it is promotion of any kind.
    pub promotion: f64,
    /// The sum of the weights of the rules alone.
    pub rules: f64,
    /// What pushed the score up the most, heaviest first; empty for what is kept.
    pub evidence: Vec<String>,
    /// Whether the author names himself in it.
    #[serde(skip)]
    pub(crate) own_name: bool,
}

/// Rules and model, ready to judge.
pub struct AdJudge {
    rules: AdRules,
    model: AdModel,
}

/// From which probability on a tweet is dropped, and suspect; 0 leaves it to the model's file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AdThresholds {
    /// For [`AdOutcome::Drop`].
    pub drop: f64,
    /// For [`AdOutcome::Suspect`].
    pub suspect: f64,
}

impl AdJudge {
    /// Joins rules and the model trained on them.
    ///
    /// # Errors
    /// When the model weighs what there is not.
    pub fn new(rules: AdRules, model: &AdModelFile) -> Result<Self, AdModelError> {
        Ok(Self { model: AdModel::new(model, &rules)?, rules })
    }

    /// The rules.
    pub fn rules(&self) -> &AdRules {
        &self.rules
    }

    /// The sums of the rules alone.
    pub fn judge_rules<'t>(&self, tweets: impl Iterator<Item = &'t Tweet>) -> Vec<f64> {
        tweets.map(|tweet| self.rules.sum(&self.rules.hits(&fold::fold(&tweet.text)))).collect()
    }

    /// The probabilities from which on a tweet is dropped, and suspect, as the model's file has them.
    pub fn thresholds(&self) -> [f64; 2] {
        self.model.thresholds()
    }

    /// Judges tweets, each beside the others: what an author posts again and again is an advert.
    pub fn judge(&self, tweets: &[&Tweet], thresholds: AdThresholds) -> Vec<AdScore> {
        let folded: Vec<Folded<'_>> = tweets.iter().map(|tweet| Folded::new(tweet)).collect();
        let repeats = Repeats::new(&folded);
        folded.iter().map(|folded| self.judge_one(folded, &repeats, thresholds)).collect()
    }

    fn judge_one(&self, folded: &Folded<'_>, repeats: &Repeats, thresholds: AdThresholds) -> AdScore {
        let features = features(folded, repeats, &self.rules);
        let [score, promotion] = self.model.score(&features);
        let [of_drop, of_suspect] = self.model.thresholds();
        let reaches = |value: f64, wanted: f64, own: f64| value >= if wanted > 0.0 { wanted } else { own };
        let (outcome, head) = if reaches(score, thresholds.drop, of_drop) {
            (AdOutcome::Drop, Some(0))
        } else if reaches(promotion, thresholds.suspect, of_suspect) {
            (AdOutcome::Suspect, Some(1))
        } else {
            (AdOutcome::Keep, None)
        };
        let evidence = head.map(|head| self.model.explain(head, &features, &folded.text, &self.rules));
        let rules = features.rule_sum;
        AdScore {
            outcome,
            score,
            promotion,
            rules,
            evidence: evidence.unwrap_or_default(),
            own_name: features.own_name,
        }
    }
}

impl AdRules {
    /// The features of tweets, each beside the others; for training and measuring.
    pub fn features(&self, tweets: &[&Tweet]) -> Vec<Features> {
        let folded: Vec<Folded<'_>> = tweets.iter().map(|tweet| Folded::new(tweet)).collect();
        let repeats = Repeats::new(&folded);
        folded.iter().map(|folded| features(folded, &repeats, self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trains on a handful of invented texts.
    fn judge() -> AdJudge {
        let rule = |name: &str, pattern: &str| AdRule {
            name: name.into(),
            weight: 1.0,
            pitch: true,
            pattern: pattern.into(),
        };
        let rules = AdRules::new(vec![rule("giveaway", "giveaway|抽奖"), rule("sale", "% off")]).unwrap();
        let texts = [
            "Big giveaway, join!",
            "50% off, giveaway",
            "转发抽奖",
            "new model out",
            "论文发布了",
            "gm friends",
        ];
        let tweets: Vec<Tweet> = texts.iter().map(|text| tweet(text)).collect();
        let all: Vec<&Tweet> = tweets.iter().collect();
        let examples: Vec<Example> = rules
            .features(&all)
            .into_iter()
            .zip([true, true, true, false, false, false])
            .map(|(features, ad)| Example { features, set: 0, labels: [Some(ad); 2] })
            .collect();
        let trained = [0, 1].map(|head| train(examples.iter(), head, &rules));
        let file = to_file(&trained, Some(0), [0.6, 0.5], &rules);
        AdJudge::new(rules, &file).unwrap()
    }

    fn tweet(text: &str) -> Tweet {
        let line = serde_json::json!({"id": "1", "author": {"handle": "a", "name": "A"},
            "created_at": "2026-03-07T00:00:00Z", "text": text});
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn an_advert_is_dropped_with_evidence_through_a_disguise() {
        let judge = judge();
        let (advert, news) = (tweet("Huge ＧＩＶＥＡＷＡＹ tonight"), tweet("a new paper is out"));
        let judged = judge.judge(&[&advert, &news], AdThresholds::default());
        let outcomes: Vec<AdOutcome> = judged.iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [AdOutcome::Drop, AdOutcome::Keep], "{judged:?}");
        assert!(
            judged[0].evidence.iter().any(|one| one.starts_with("giveaway +")),
            "{:?}",
            judged[0].evidence
        );
        assert!(judged[1].evidence.is_empty());
    }

    #[test]
    fn thresholds_of_the_profile_win() {
        let one = tweet("Huge giveaway tonight");
        let strict = AdThresholds { drop: 1.1, suspect: 1.1 };
        assert_eq!(judge().judge(&[&one], strict)[0].outcome, AdOutcome::Keep);
    }
}
