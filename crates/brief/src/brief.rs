//! The verified content of a report: what `write` makes and `report` renders.

use corpus::TweetId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calls::{Call, Spending},
    verify::{Claim, Refused, Writer},
};

/// The verified content of a report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Brief {
    /// A paragraph (without lead), then the main directions.
    pub overview: Vec<Claim>,
    /// One claim a topic, most important first.
    pub key_points: Vec<Claim>,
    /// In the order of the outline.
    pub sections: Vec<WrittenSection>,
    /// Drafts that were not let through.
    pub refused: Vec<Refused>,
    /// Calls that gave nothing usable, by section or part, with the reason.
    pub gaps: Vec<Gap>,
    /// Calls to the model, with what they took.
    pub calls: Vec<Call>,
    /// Tweets that the model's moderation objects to.
    pub withheld: Vec<Withheld>,
    /// Topics about which the model was not asked.
    pub shed: Vec<Shed>,
}

/// A detailed section.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenSection {
    /// The section's id in the outline.
    pub id: String,
    /// Its claims, in the order of the outline's groups.
    pub claims: Vec<Claim>,
}

/// A call that gave nothing usable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// A section's id, `overview` or `key_points`.
    pub part: String,
    /// What happened.
    pub reason: String,
}

/// A tweet that the model's moderation objects to, so that it was not asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Withheld {
    /// The part in which it was found out.
    pub part: String,
    /// The tweet.
    pub id: TweetId,
}

/// Topics about which the model was not asked for want of room, or that its answer left out although they were most of what
/// it was asked about; the extractive writer tells them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shed {
    /// The part.
    pub part: String,
    /// Places of the topics in the report's list.
    pub topics: Vec<usize>,
}

impl Brief {
    pub(crate) fn empty() -> Self {
        Self {
            overview: Vec::new(),
            key_points: Vec::new(),
            sections: Vec::new(),
            refused: Vec::new(),
            gaps: Vec::new(),
            calls: Vec::new(),
            withheld: Vec::new(),
            shed: Vec::new(),
        }
    }

    /// All claims, in the order of the post.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.overview
            .iter()
            .chain(&self.key_points)
            .chain(self.sections.iter().flat_map(|section| &section.claims))
    }

    /// What all calls took.
    pub fn spending(&self) -> Spending {
        Spending::of(&self.calls)
    }

    /// How good the brief is in the order of preference: by a model throughout, in part, or without one. A report is
    /// never replaced by one of a lower grade.
    pub fn grade(&self) -> Grade {
        let model = self.claims().filter(|claim| claim.writer() == Writer::Model).count();
        match (model, self.gaps.is_empty()) {
            (0, true) if self.calls.is_empty() => Grade::Extractive,
            (0, _) => Grade::Fallback,
            (_, false) => Grade::ModelWithGaps,
            (_, true) => Grade::Model,
        }
    }
}

/// How a report was written, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// A model was asked and gave nothing.
    Fallback,
    /// No model was asked.
    Extractive,
    /// A model wrote some sections.
    ModelWithGaps,
    /// A model wrote all sections.
    Model,
}
