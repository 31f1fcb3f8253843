//! The stage as a whole: what is new, what was told, what echoes, what sells.

use super::*;
use crate::{AdScore, Kind, Reference, Tweet};

fn settings() -> RankSettings {
    let json = serde_json::json!({
        "weights": {"authors": 8, "engagement": 1, "novelty": 1, "recency": 0.2, "centrality": 0.5, "relevance": 1,
            "substance": 3, "promotion": 2.5, "echo": 12},
        "worth": {"substance": 1, "engagement": 0.5, "relevance": 0.3, "news": 0.3, "link": 0.1, "chat": 0.4, "promotion": 1},
        "news": ["released"], "min_substance": 0.0, "single_min_relevance": 0.0, "continuing_min": 0.4, "max_topics": 0,
    });
    serde_json::from_value(json).unwrap()
}

fn unique(id: u64, text: &str) -> Unique {
    let handle = format!("a{id}");
    let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
        "created_at": "2026-03-02T01:00:00Z"});
    let tweet: Tweet = serde_json::from_value(json).unwrap();
    Unique {
        engagement: tweet.metrics,
        tweet,
        ad: AdScore::default(),
        suspect: false,
        relevance: 2.0,
        copies: Vec::new(),
        authors: vec![handle],
    }
}

fn group(members: &[usize], terms: &[&str]) -> Cluster {
    Cluster {
        members: members.to_vec(),
        terms: terms.iter().map(|term| ((*term).to_owned(), 1.0)).collect(),
        centrality: vec![0.5; members.len()],
    }
}

fn day() -> Window {
    Window { start: "2026-03-02T00:00:00Z".parse().unwrap(), end: "2026-03-03T00:00:00Z".parse().unwrap() }
}

fn yesterday(terms: &[&str], tweets: &[u64], given: &[u64]) -> Memory {
    let ids = |ids: &[u64]| ids.iter().copied().map(TweetId).collect::<Vec<_>>();
    let terms = terms.iter().map(|term| ((*term).to_owned(), 1.0)).collect();
    let topics = vec![MemoryTopic { terms, tweets: ids(tweets) }];
    Memory { days: vec![MemoryDay { date: "2026-03-01".parse().unwrap(), topics, given: ids(given) }] }
}

fn ids(tweets: &[Unique]) -> Vec<u64> {
    tweets.iter().map(|unique| unique.tweet.id.0).collect()
}

#[test]
fn what_was_given_is_told_no_more_and_what_goes_on_is_known() {
    let mut retweet = unique(3, "Qingwu is out");
    retweet.tweet.kind = Kind::Retweet;
    retweet.tweet.reference = Some(Reference { id: Some(TweetId(1)), ..Reference::default() });
    let tweets = vec![retweet, unique(4, "Qingwu, quantised"), unique(5, "Tessera rose 7%")];
    let clusters = [group(&[0, 1], &["qingwu"]), group(&[2], &["tessera"])];
    let ranked = rank(tweets, &clusters, day(), &yesterday(&["weights"], &[1], &[1]), &settings()).unwrap();
    assert_eq!((ids(&ranked.told), ranked.left_out.len()), (vec![3], 0));
    let told = |topic: &Topic| (ids(&topic.tweets), topic.earlier.is_some());
    let topics: Vec<_> = ranked.topics.iter().map(told).collect();
    assert!(topics.contains(&(vec![4], true)) && topics.contains(&(vec![5], false)), "{topics:?}");
    assert_eq!(ranked.topics[0].tweets[0].tweet.id.0, 5, "the new story before the one that goes on");
}

#[test]
fn a_story_is_known_by_its_terms() {
    let check = |terms: &[&str], known: bool| {
        let clusters = [group(&[0], terms)];
        let memory = yesterday(&["qingwu", "moe", "weights"], &[1], &[1]);
        let ranked = rank(vec![unique(9, "x")], &clusters, day(), &memory, &settings()).unwrap();
        assert_eq!(ranked.topics[0].earlier.is_some(), known, "{terms:?}");
    };
    check(&["qingwu", "moe", "gguf"], true);
    check(&["tessera", "shares", "weights"], false);
}

#[test]
fn an_echo_stands_behind_what_is_new() {
    let tweets = (1..=5).map(|id| unique(id, "some words")).collect();
    let clusters =
        [group(&[0, 1], &["qingwu", "moe"]), group(&[2, 3], &["qingwu", "moe"]), group(&[4], &["tessera"])];
    let ranked = rank(tweets, &clusters, day(), &Memory::default(), &settings()).unwrap();
    let order: Vec<&str> = ranked.topics.iter().map(|topic| topic.terms[0].0.as_str()).collect();
    assert_eq!(order, ["qingwu", "tessera", "qingwu"]);
    assert!(ranked.topics[2].salience.echo > 0.99, "{:?}", ranked.topics[2].salience);
}

#[test]
fn every_tweet_is_somewhere_and_has_a_score() {
    let tweets = (1..=4).map(|id| unique(id, "some words")).collect();
    let clusters = [group(&[0, 1], &["a"]), group(&[2], &["b"]), group(&[3], &["c"])];
    let settings = RankSettings { max_topics: 1, ..settings() };
    let ranked = rank(tweets, &clusters, day(), &yesterday(&["b"], &[], &[3]), &settings).unwrap();
    let mut all: Vec<u64> = ranked.topics.iter().flat_map(|topic| ids(&topic.tweets)).collect();
    all.extend(ids(&ranked.left_out));
    all.extend(ids(&ranked.told));
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3, 4]);
    assert_eq!(ranked.scores().len(), 4);
}
