//! The words of the edition that are not from tweets, as the profile has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The words of the HTML edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionWords {
    /// Language of the page, such as `zh-CN`.
    pub lang: String,
    /// The link over the navigation.
    pub skip: String,
    /// Heading of the table of contents.
    pub contents: String,
    /// Name of the filter's box.
    pub filter: String,
    /// Label of the search.
    pub search: String,
    /// What can be searched for.
    pub search_hint: String,
    /// Label of the choice of sections.
    pub section: String,
    /// Label of the choice of verdicts.
    pub verdict: String,
    /// Every section, every verdict.
    pub all: String,
    /// Button that shows all again.
    pub reset: String,
    /// In front of how many claims are shown.
    pub shown: String,
    /// When no claim is.
    pub none: String,
    /// Button that opens all sources.
    pub open_all: String,
    /// Button that closes them.
    pub close_all: String,
    /// In front of a claim's sources.
    pub sources: String,
    /// In front of the facts that were found in them.
    pub facts: String,
    /// Behind a figure that the program counted.
    pub counted: String,
    /// Mark of a claim whose every fact was found.
    pub verified: String,
    /// Mark of a claim that has no fact to look for.
    pub no_facts: String,
    /// Mark of what one small account says.
    pub single: String,
    /// Mark of sources that disagree.
    pub disputed: String,
    /// Mark of a story that goes on.
    pub continuing: String,
    /// In front of the text that a tweet quotes.
    pub quoted: String,
    /// Instead of a tweet that is not in the report's topics.
    pub unknown: String,
    /// The link to a tweet.
    pub open: String,
    /// In front of the zone of all times.
    pub zone: String,
    /// Names of the counts: `followers`, `likes`, `reposts`, `replies`, `quotes`, `bookmarks`, `views`.
    pub counts: BTreeMap<String, String>,
    /// Heading of the topic map.
    pub map: String,
    /// How to read it.
    pub map_note: String,
    /// Behind how many tweets a topic has.
    pub tweets: String,
    /// Behind a topic that no claim is about.
    pub untold: String,
    /// Heading of what was left out.
    pub appendix: String,
    /// Heading of the drafts that were refused.
    pub refused: String,
    /// A refused draft in whose place another claim stands.
    pub replaced: String,
    /// One that nothing replaces.
    pub omitted: String,
    /// Instead of a draft that no page should show.
    pub concealed: String,
    /// Why drafts are refused, by the audit's names of the reasons.
    pub problems: BTreeMap<String, String>,
    /// Heading of what a model gave no usable answer for.
    pub gaps: String,
    /// In front of how many tweets the model's moderation objects to.
    pub withheld: String,
    /// When nothing was refused, or nothing is missing.
    pub nothing: String,
}
