//! **rank**: clusters become topics in order of salience; the tweets that say most stand first in each.
//!
//! Salience is a weighted sum of named terms, each kept for the audit. A topic may be one tweet alone, if that says enough;
//! the other singletons are left out and counted. So are tweets that an earlier report told.

mod likeness;
mod memory;
mod order;
mod represent;
mod salience;
mod stories;
mod worth;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use memory::{Earlier, Memory, MemoryDay, MemoryTopic, given_ids, story_ids};
pub use salience::{Salience, Weights};
pub use stories::{ToldOn, stories};
pub use worth::{Worth, WorthWeights};

use self::{
    memory::Recall,
    order::order,
    represent::represent,
    salience::{engagement, measure, total},
    worth::worths,
};
use crate::{Cluster, Lexicon, TweetId, Unique, Window};

/// How topics are ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankSettings {
    /// Weight of each term of the salience.
    pub weights: Weights,
    /// Weight of each term of a tweet's worth.
    pub worth: WorthWeights,
    /// Words of news, such as 发布 and "released".
    pub news: Vec<String>,
    /// A topic needs a tweet of at least this substance (0 to 1): two jokes that share a word are no story.
    pub min_substance: f64,
    /// A tweet alone becomes a topic only with at least this relevance.
    pub single_min_relevance: f64,
    /// From this likeness to an earlier report's topic on (0 to 1), a topic goes on from there.
    pub continuing_min: f64,
    /// At most this many topics; the rest is left out (0 = no limit).
    pub max_topics: usize,
}

/// A topic of the report.
#[derive(Clone, Debug)]
pub struct Topic {
    /// What sets it apart, strongest first.
    pub terms: Vec<(String, f64)>,
    /// Its tweets: first those that represent it best.
    pub tweets: Vec<Unique>,
    /// Why it stands where it stands.
    pub salience: Salience,
    /// Where it was told before, if it goes on from there.
    pub earlier: Option<Earlier>,
}

impl Topic {
    /// All who posted about it, lower case, each once, in the order of the tweets.
    pub fn authors(&self) -> Vec<&str> {
        let mut authors: Vec<&str> = Vec::new();
        for author in self.tweets.iter().flat_map(|unique| &unique.authors) {
            if !authors.contains(&author.as_str()) {
                authors.push(author);
            }
        }
        authors
    }
}

/// The stage's result: in = tweets of topics + left out + told.
#[derive(Debug, Default)]
pub struct Ranked {
    /// Most salient first.
    pub topics: Vec<Topic>,
    /// Tweets that say too little for a topic, and those of topics beyond the limit, in order of time.
    pub left_out: Vec<Unique>,
    /// Tweets that an earlier report told, in order of time.
    pub told: Vec<Unique>,
    /// The worth of each tweet, by id.
    pub worths: BTreeMap<TweetId, Worth>,
}

/// How much the salience of its topic counts for a tweet, beside its own worth.
const SHARE_OF_TOPIC: f64 = 0.1;

impl Ranked {
    /// Every tweet's score, best first: its worth and a share of its topic's salience.
    pub fn scores(&self) -> Vec<(TweetId, f64)> {
        let worth = |unique: &Unique| self.worths.get(&unique.tweet.id).map_or(0.0, |worth| worth.total);
        let in_topics = self.topics.iter().flat_map(|topic| {
            let share = SHARE_OF_TOPIC * topic.salience.total;
            topic.tweets.iter().map(move |unique| (unique, share))
        });
        let others = self.left_out.iter().chain(&self.told).map(|unique| (unique, 0.0));
        let all = in_topics.chain(others);
        let mut scores: Vec<(TweetId, f64)> =
            all.map(|(unique, share)| (unique.tweet.id, worth(unique) + share)).collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }
}

/// Ranks clusters of `unique`, the tweets of a window, after what earlier reports told.
///
/// # Errors
/// When the list of news words cannot be compiled.
pub fn rank(
    unique: Vec<Unique>,
    clusters: &[Cluster],
    window: Window,
    memory: &Memory,
    settings: &RankSettings,
) -> Result<Ranked, crate::LexiconError> {
    let news = Lexicon::new(settings.news.iter().map(|word| (word.clone(), 1.0)))?;
    let worths = worths(&unique, &news, &settings.worth);
    let mut desk =
        Desk { settings, recall: Recall::new(&memory.days), worths, ranked: Ranked::default(), window };
    let mut slots: Vec<Option<Unique>> = unique.into_iter().map(Some).collect();
    for cluster in clusters {
        desk.judge(take(&mut slots, cluster), cluster);
    }
    Ok(desk.finish())
}

type Member = (Unique, f64);

fn take(slots: &mut [Option<Unique>], cluster: &Cluster) -> Vec<Member> {
    let members = cluster.members.iter().zip(&cluster.centrality);
    members.filter_map(|(member, central)| Some((slots.get_mut(*member)?.take()?, *central))).collect()
}

struct Desk<'a> {
    settings: &'a RankSettings,
    recall: Recall<'a>,
    worths: BTreeMap<TweetId, Worth>,
    window: Window,
    ranked: Ranked,
}

impl Desk<'_> {
    /// A cluster's tweets that are new become a topic if they say enough.
    fn judge(&mut self, members: Vec<Member>, cluster: &Cluster) {
        let all: Vec<&Unique> = members.iter().map(|(unique, _)| unique).collect();
        let earlier = self.recall.likest(&cluster.terms, &all);
        let (told, new): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|(unique, _)| self.recall.told(unique));
        self.ranked.told.extend(told.into_iter().map(|(unique, _)| unique));
        if !self.stands(&new) {
            self.ranked.left_out.extend(new.into_iter().map(|(unique, _)| unique));
            return;
        }
        let new = new.into_iter().map(|(unique, central)| {
            let worth = self.worth(&unique);
            (unique, central, worth)
        });
        let tweets = represent(new.collect(), cluster);
        let novelty = 1.0 - earlier.map_or(0.0, |earlier| earlier.likeness.clamp(0.0, 1.0));
        let salience = Salience { novelty, ..measure(&tweets, cluster, &self.worths, self.window) };
        let earlier = earlier.filter(|earlier| earlier.likeness >= self.settings.continuing_min);
        self.ranked.topics.push(Topic { terms: cluster.terms.clone(), tweets, salience, earlier });
    }

    fn worth(&self, unique: &Unique) -> Worth {
        self.worths.get(&unique.tweet.id).copied().unwrap_or_default()
    }

    /// Whether tweets are a topic. One alone must say enough, about the subject, and not sell.
    fn stands(&self, tweets: &[Member]) -> bool {
        let says = |unique: &Unique| self.worth(unique).substance >= self.settings.min_substance;
        match tweets {
            [(alone, _)] => {
                !alone.suspect && says(alone) && alone.relevance >= self.settings.single_min_relevance
            }
            several => several.iter().any(|(unique, _)| says(unique)),
        }
    }

    fn finish(self) -> Ranked {
        let Self { settings, worths, mut ranked, .. } = self;
        let engagement = engagement(&ranked.topics);
        for (topic, engagement) in ranked.topics.iter_mut().zip(engagement) {
            topic.salience.engagement = engagement;
            topic.salience.total = total(&topic.salience, &settings.weights);
        }
        let (topics, beyond) = order(std::mem::take(&mut ranked.topics), settings);
        ranked.left_out.extend(beyond.into_iter().flat_map(|topic| topic.tweets));
        let time = |unique: &Unique| (unique.tweet.created_at, unique.tweet.id);
        ranked.left_out.sort_by_key(time);
        ranked.told.sort_by_key(time);
        Ranked { topics, worths, ..ranked }
    }
}

#[cfg(test)]
mod tests;
