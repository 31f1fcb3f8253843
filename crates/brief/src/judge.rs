//! The checker by itself: a claim and the tweets that it cites, without a report around them.

use corpus::{Salience, Topic, Tweet, Unique};

use crate::{
    checker::Checker,
    outline::Outline,
    sources::Sources,
    verify::{DraftClaim, Problem, Writer, verify},
};

/// The checker of one kind of report.
#[derive(Debug)]
pub struct Judge<'o> {
    outline: &'o Outline,
    checker: Checker,
}

impl<'o> Judge<'o> {
    /// Of the reports that this outline describes.
    pub fn new(outline: &'o Outline) -> Self {
        Self { outline, checker: Checker::new(outline) }
    }

    /// All that the checker objects to in a model's claim that cites these tweets; empty when it would let it through.
    pub fn problems(&self, lead: &str, text: &str, tweets: &[Tweet]) -> Vec<Problem> {
        let topic = Topic {
            terms: Vec::new(),
            tweets: tweets.iter().cloned().map(unique).collect(),
            salience: Salience::default(),
            earlier: None,
        };
        let sources = Sources::new(&[topic], |_| 0, self.outline);
        let draft = DraftClaim {
            group: String::new(),
            lead: lead.to_owned(),
            text: text.to_owned(),
            cites: sources.of_topic(0).map(|tweet| tweet.citation.alias.clone()).collect(),
            derived: Vec::new(),
            writer: Writer::Model,
        };
        verify(&draft, |_| true, &sources, &self.checker).err().unwrap_or_default()
    }
}

fn unique(tweet: Tweet) -> Unique {
    Unique {
        ad: corpus::AdScore::default(),
        suspect: false,
        relevance: 0.0,
        copies: Vec::new(),
        authors: vec![tweet.author.handle.clone()],
        engagement: tweet.metrics,
        tweet,
    }
}
