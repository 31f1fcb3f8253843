//! The report's outline as data: its sections and groups, the words that route topics to them, and the phrases of the
//! extractive writer. It is part of the report profile; another report is another outline, not other code.

use std::{collections::BTreeMap, iter};

use corpus::LexiconError;
use serde::{Deserialize, Serialize};

use crate::{
    backing::SmallAccount,
    entities::EntityKind,
    phrases::{PhraseError, Phrases},
};

/// What the brief shall hold, as written in the profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// How many key points the brief part has (fewer only when there are fewer topics).
    pub key_points: usize,
    /// Tweets of a topic that a writer sees, best representatives first; a later report tells none of them again.
    pub tweets_per_topic: usize,
    /// Of these, tweets of one author: so that nobody fills a topic alone.
    #[serde(default = "tweets_per_author")]
    pub tweets_per_author: usize,
    /// Whose word alone is marked.
    #[serde(default)]
    pub small_account: SmallAccount,
    /// `section/group` of topics that no group's words speak for.
    pub default_group: String,
    /// Folder of prompts by language, such as `zh`.
    pub language: String,
    /// The script that the report is written in.
    pub script: Script,
    /// The detailed sections, in the order of the post.
    pub sections: Vec<Section>,
    /// Kinds of thing that groups may ask for; of two that know the same place of a text the first has it.
    #[serde(default)]
    pub entities: Vec<EntityKind>,
    /// Kinds of event, for the extractive writer's sentences; the first is the fallback.
    pub kinds: Vec<Kind>,
    /// Words that show mood, for the overview.
    pub mood: Mood,
    /// How the extractive writer puts it.
    pub phrases: Phrases,
    /// Latin words that need no source, such as `AI`: the report's own vocabulary.
    #[serde(default)]
    pub common_words: Vec<String>,
    /// Long forms of acronyms that need no source, such as `HPC = ["高性能计算"]`.
    #[serde(default)]
    pub glossary: BTreeMap<String, Vec<String>>,
    /// What no claim of a model may say.
    #[serde(default)]
    pub gate: GateWords,
    /// What a tweet says to the program that reads it, as regular expressions in any casing: the extractive writer quotes no
    /// such tweet.
    #[serde(default)]
    pub orders: Vec<String>,
    /// Other names of one thing, such as `智谱 = ["Zhipu", "Z.ai"]`: a claim may use any of them.
    #[serde(default)]
    pub aliases: BTreeMap<String, Vec<String>>,
}

fn tweets_per_author() -> usize {
    2
}

/// Wording that no claim of a model may have, as regular expressions in any casing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GateWords {
    /// The language of adverts and of fraud.
    pub adverts: Vec<String>,
    /// What the report does not say by itself: praise, questions, commands, words to the reader. It passes outside of
    /// quotation marks only where the claim names who says it, or rests on two accounts.
    pub voiced: Vec<String>,
    /// What a model says of itself or of its task.
    pub remarks: Vec<String>,
    /// Words that every sentence in the report's language has some of; a long text without them is in another one.
    pub ordinary: Vec<String>,
}

/// Which tweets of a topic are given to writers.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// At most so many of a topic.
    pub of_topic: usize,
    /// And of one author.
    pub of_author: usize,
}

impl Given {
    /// Of a topic's tweets, best first, those that writers are given.
    pub fn of<'t, T>(
        self,
        tweets: &'t [T],
        author: impl Fn(&T) -> &str + 't,
    ) -> impl Iterator<Item = &'t T> + 't {
        let mut voices: BTreeMap<String, usize> = BTreeMap::new();
        let has_room = move |tweet: &&T| {
            let count = voices.entry(author(tweet).to_lowercase()).or_default();
            *count += 1;
            *count <= self.of_author
        };
        tweets.iter().filter(has_room).take(self.of_topic)
    }
}

/// The script that a report is written in: it tells which words of it are names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// Every Latin word is a name, and needs a source. Titles may be Chinese words.
    Han,
    /// A word with a capital or a digit is a name. Titles and figures are Latin.
    Latin,
}

/// A detailed section.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Short name, also that of its prompt file.
    pub id: String,
    /// Heading in the post.
    pub heading: String,
    /// Printed when no topic belongs here.
    pub empty: String,
    /// Its groups; at least one.
    pub groups: Vec<Group>,
}

/// A group of claims inside a section.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Short name, unique in the section.
    pub id: String,
    /// Printed in front of its claims; empty for a section that is one plain list.
    #[serde(default)]
    pub heading: String,
    /// A heading that several groups share, printed once above the first of them.
    #[serde(default)]
    pub under: Option<String>,
    /// Printed when the section has claims but this group has none; a group without it is then left out.
    #[serde(default)]
    pub empty: Option<String>,
    /// Words that route a topic here, with weights.
    #[serde(default)]
    pub words: BTreeMap<String, f64>,
    /// Ids of [`Outline::entities`] that route a topic here.
    #[serde(default)]
    pub entities: Vec<String>,
}

/// A kind of event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Short name.
    pub id: String,
    /// The `phrase` in [`Phrases`], such as 介绍了新发布或更新.
    pub phrase: String,
    /// Words that show this kind, with weights.
    #[serde(default)]
    pub words: BTreeMap<String, f64>,
}

/// Words of good and bad mood.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mood {
    /// Words of hope or praise.
    pub positive: Vec<String>,
    /// Words of worry or blame.
    pub negative: Vec<String>,
}

/// What is wrong with an outline.
#[derive(Debug, thiserror::Error)]
pub enum OutlineError {
    /// A reference to a group that is not there.
    #[error("`default_group = \"{0}\"` names no group of the outline; write it as `section/group`")]
    NoDefaultGroup(String),
    /// No kinds.
    #[error("the outline has no `kinds`; the first one is the fallback, so one is needed")]
    NoKinds,
    /// A reference to a kind of entity that is not there.
    #[error("the group `{group}` asks for `{entity}`, which is none of the outline's `entities`")]
    NoEntity {
        /// The group.
        group: String,
        /// What it asks for.
        entity: String,
    },
    /// A pattern that does not compile.
    #[error("a pattern of the outline's `entities`, `gate` or `orders` is wrong: {0}")]
    Pattern(#[from] regex::Error),
    /// A phrase that cannot be filled in.
    #[error(transparent)]
    Phrase(#[from] PhraseError),
    /// A list of words that does not compile.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
}

impl Outline {
    /// How many tweets of a topic writers see.
    pub fn given(&self) -> Given {
        Given { of_topic: self.tweets_per_topic, of_author: self.tweets_per_author }
    }

    /// What the profile knows as names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().flat_map(|(name, others)| iter::once(name).chain(others));
        let entities = self.entities.iter().flat_map(|kind| &kind.words);
        aliases.chain(entities).map(String::as_str)
    }

    /// What the report says by itself, whatever the tweets: headings and phrases.
    pub(crate) fn own_texts(&self) -> impl Iterator<Item = String> {
        let groups = self.sections.iter().flat_map(|section| &section.groups);
        let headings = self.sections.iter().map(|section| &section.heading);
        let headings = headings.chain(groups.map(|group| &group.heading));
        let kinds = self.kinds.iter().map(|kind| &kind.phrase);
        headings.chain(kinds).cloned().chain(self.phrases.own_texts())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    #[test]
    fn nobody_fills_a_topic_alone() {
        let given = Given { of_topic: 4, of_author: 2 };
        let told =
            |authors: &[&str]| given.of(authors, |author| author).copied().collect::<Vec<_>>().concat();
        assert_eq!(told(&["a", "a", "A", "b", "a", "c", "d"]), "aabc");
        assert_eq!(told(&["a", "a", "a"]), "aa");
    }

    /// An outline for a test, with script, phrases and tweets a topic of the built-in profile where `text` has none.
    pub(crate) fn outline(text: &str) -> Outline {
        let built_in: toml::Table =
            toml::from_str(include_str!("../../../config/reports/twitter_ai.toml")).unwrap();
        let mut table: toml::Table = toml::from_str(text).unwrap();
        for key in ["script", "phrases", "tweets_per_topic", "gate", "orders"] {
            table.entry(key).or_insert_with(|| built_in["outline"][key].clone());
        }
        table.try_into().unwrap()
    }
}
