//! Drafts of both writers: what may become a key point, and what a gap.

use corpus::Unique;

use super::*;
use crate::made_up::{topic, unique};

fn suspect(unique: Unique) -> Unique {
    Unique { suspect: true, ..unique }
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
            suspect(unique(1, "shop", "Qingwu-72B 限时优惠 99 元")),
            unique(2, "liwei", "Qingwu-72B 开源了，72B 参数"),
        ]),
        topic(vec![suspect(unique(3, "shop", "AI 课程只要 9 元"))]),
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
