//! Which section and group each topic belongs to: the one whose words its leading tweets speak most of.

use corpus::Topic;

use crate::outline::{Compass, GroupPlace};

/// Tweets of a topic that decide where it goes.
const LEADING_TWEETS: usize = 4;

/// A place per topic, in the order of the topics. Every topic has exactly one, so that no story is told twice.
pub(crate) fn route(topics: &[Topic], compass: &Compass) -> Vec<GroupPlace> {
    topics.iter().map(|topic| place(topic, compass)).collect()
}

fn place(topic: &Topic, compass: &Compass) -> GroupPlace {
    let text = leading_text(topic);
    let mut best = (compass.default_group, 0.0);
    for (place, words) in &compass.groups {
        let score = words.score(&text);
        if score > best.1 {
            best = (*place, score);
        }
    }
    best.0
}

/// The text of a topic's leading tweets, with their tickers.
pub(crate) fn leading_text(topic: &Topic) -> String {
    let tweets = topic.tweets.iter().take(LEADING_TWEETS).map(|unique| &unique.tweet);
    tweets.map(|tweet| tweet.text.as_str()).collect::<Vec<_>>().join("\n")
}
