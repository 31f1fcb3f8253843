//! The tweets that claims may cite, under short names.
//!
//! A writer sees `t1 … tn` and never an id or a link; only this list turns a short name back into a tweet.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use corpus::{Kind, Reference, Topic, Tweet, TweetId, Unique};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outline::Outline;

/// A tweet as a claim's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    /// The short name that writers use, such as `t17`.
    pub alias: String,
    /// The tweet's id.
    pub id: TweetId,
    /// Handle of the account whose page the link opens.
    pub handle: String,
    /// The tweet's page.
    pub url: String,
}

/// A tweet as it is given to writers and to the checker.
#[derive(Clone, Debug)]
pub(crate) struct SourceTweet {
    pub(crate) citation: Citation,
    pub(crate) speaker: String,
    pub(crate) name: String,
    pub(crate) created_at: DateTime<Utc>,
    /// Everything that the tweet says: its text, what it quotes, its tags and expanded links.
    pub(crate) says: String,
    pub(crate) text: String,
    /// Handles that it names, by the record's own entities, and whom it answers.
    pub(crate) mentions: Vec<String>,
    /// Place of its topic.
    pub(crate) topic: usize,
    /// Whether its topic goes on from an earlier report.
    pub(crate) continuing: bool,
    /// Whether it is half suspected of being an advert.
    pub(crate) suspect: bool,
    /// All who posted it or a copy of it, and whom it quotes; lower case.
    pub(crate) voices: Vec<String>,
    /// Whether its account is known to be small.
    pub(crate) small: bool,
}

/// The tweets of all topics that writers see, by short name.
///
/// Numbered by section in steps (`t1`, `t5`, `t9` … the first of four, `t2`, `t6` … the second), in it by topic and by how
/// well they represent it: so a tweet more in one section renames none in another, and the requests about that one stay as
/// they are.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    tweets: Vec<SourceTweet>,
    by_alias: BTreeMap<String, usize>,
}

impl Sources {
    /// Of topics, each with the place of its section, as the outline has them.
    pub(crate) fn new(topics: &[Topic], section_of: impl Fn(usize) -> usize, outline: &Outline) -> Self {
        let mut sources = Self::default();
        let sections = outline.sections.len();
        let mut counts = vec![0; sections];
        for (topic, tweets) in topics.iter().enumerate() {
            let section = section_of(topic);
            for unique in outline.given().of(&tweets.tweets, |unique| unique.tweet.speaker()) {
                let Some(count) = counts.get_mut(section) else { break };
                let alias = format!("t{}", *count * sections + section + 1);
                *count += 1;
                sources.by_alias.insert(alias.clone(), sources.tweets.len());
                sources.tweets.push(SourceTweet {
                    continuing: tweets.earlier.is_some(),
                    suspect: unique.suspect,
                    voices: voices(unique),
                    small: outline.small_account.is_of(unique),
                    ..source(&unique.tweet, alias, topic)
                });
            }
        }
        sources
    }

    pub(crate) fn get(&self, alias: &str) -> Option<&SourceTweet> {
        self.tweets.get(*self.by_alias.get(alias)?)
    }

    /// The short name of a tweet.
    pub(crate) fn alias(&self, id: TweetId) -> Option<&str> {
        self.tweets.iter().find(|tweet| tweet.citation.id == id).map(|tweet| tweet.citation.alias.as_str())
    }

    /// The tweets of one topic, best representative first.
    pub(crate) fn of_topic(&self, topic: usize) -> impl Iterator<Item = &SourceTweet> {
        self.tweets.iter().filter(move |tweet| tweet.topic == topic)
    }
}

/// Whoever speaks in a tweet. The words of a quoted tweet are part of what it says, so their author is one of these.
fn voices(unique: &Unique) -> Vec<String> {
    let reference = unique.tweet.reference.as_ref();
    let has_words = |reference: &&Reference| unique.tweet.kind == Kind::Quote && reference.text.is_some();
    let quoted = reference.filter(has_words).and_then(|reference| reference.handle.as_ref());
    unique.authors.iter().chain(quoted).map(|handle| handle.to_lowercase()).collect()
}

pub(crate) fn source(tweet: &Tweet, alias: String, topic: usize) -> SourceTweet {
    let quoted = tweet.reference.as_ref().and_then(|reference| reference.text.clone()).unwrap_or_default();
    let referred =
        tweet.reference.as_ref().and_then(|reference| reference.handle.clone()).unwrap_or_default();
    let tickers = tweet.cashtags.iter().map(|tag| format!("${tag}")).collect::<Vec<_>>().join(" ");
    let says = [
        &tweet.text,
        &quoted,
        &tickers,
        &tweet.hashtags.join(" "),
        &tweet.mentions.join(" "),
        &referred.clone(),
        &tweet.urls.join(" "),
    ];
    let citation = Citation { alias, id: tweet.id, handle: tweet.author.handle.clone(), url: tweet.url() };
    SourceTweet {
        citation,
        speaker: tweet.speaker().to_owned(),
        name: tweet.author.name.clone(),
        created_at: tweet.created_at,
        says: says.map(String::as_str).join("\n"),
        text: tweet.text.clone(),
        mentions: tweet
            .mentions
            .iter()
            .cloned()
            .chain(Some(referred))
            .filter(|handle| !handle.is_empty())
            .collect(),
        topic,
        continuing: false,
        suspect: false,
        voices: Vec::new(),
        small: false,
    }
}
