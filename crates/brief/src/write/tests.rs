//! Drafts of both writers: what may become a key point, and what a gap.

use corpus::{Salience, Tweet, Unique};

use super::*;

fn unique(id: u64, handle: &str, text: &str, suspect: bool) -> Unique {
    let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
        "created_at": "2026-03-02T00:00:00Z"});
    let tweet: Tweet = serde_json::from_value(json).unwrap();
    Unique {
        engagement: tweet.metrics,
        tweet,
        ad: corpus::AdScore::default(),
        suspect,
        relevance: 2.0,
        copies: Vec::new(),
        authors: vec![handle.to_owned()],
    }
}

fn topic(tweets: Vec<Unique>) -> Topic {
    Topic { terms: Vec::new(), tweets, salience: Salience::default(), earlier: None }
}

#[tokio::test]
async fn a_suspect_tweet_is_told_but_is_never_a_key_point() {
    let outline = crate::outline::tests::outline(
        r#"
        key_points = 10
        tweets_per_topic = 6
        default_group = "events/other"
        language = "zh"
        kinds = [{ id = "other", phrase = "谈及进展" }]
        mood = { positive = [], negative = [] }
        [[sections]]
        id = "events"
        heading = "事件"
        empty = "无"
        groups = [{ id = "other" }]
        "#,
    );
    let topics = [
        topic(vec![
            unique(1, "shop", "Qingwu-72B 限时优惠 99 元", true),
            unique(2, "liwei", "Qingwu-72B 开源了，72B 参数", false),
        ]),
        topic(vec![unique(3, "shop", "AI 课程只要 9 元", true)]),
    ];
    let prompts = Prompts::load(None).unwrap();
    let words = Words::new([]);
    let desk = Desk { outline: &outline, prompts: &prompts, words: &words, title: "t" };
    let brief = write(&topics, &desk, &Pen::Extractive).await.unwrap();
    let ids = |claims: &[Claim]| -> Vec<u64> {
        claims.iter().flat_map(Claim::cites).map(|cite| cite.id.0).collect()
    };
    assert_eq!(ids(&brief.key_points), [2], "{:?}", brief.key_points);
    assert_eq!(ids(&brief.sections[0].claims), [1, 2, 3]);
}
