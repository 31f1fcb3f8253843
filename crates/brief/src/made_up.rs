//! Topics for tests.

use corpus::{Salience, Topic, Tweet, Unique};

pub(crate) fn unique(id: u64, handle: &str, text: &str) -> Unique {
    let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
        "created_at": "2026-03-02T00:00:00Z"});
    let tweet: Tweet = serde_json::from_value(json).unwrap();
    Unique {
        engagement: tweet.metrics,
        tweet,
        ad: corpus::AdScore::default(),
        suspect: false,
        relevance: 2.0,
        copies: Vec::new(),
        authors: vec![handle.to_owned()],
    }
}

pub(crate) fn topic(tweets: Vec<Unique>) -> Topic {
    Topic { terms: Vec::new(), tweets, salience: Salience::default(), earlier: None }
}
