//! Real pages, in their own order.

use std::{collections::BTreeMap, fs, path::Path};

use fetch::XSettings;
use serde_json::Value;
use wiremock::ResponseTemplate;

use crate::feed::{Bench, Feed};

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/raw/api_v2/pages.jsonl");

#[tokio::test]
async fn recorded_pages_come_out_as_they_went_in() {
    if !Path::new(PAGES).is_file() {
        eprintln!("skipped: the data folder is not beside the checkout");
        return;
    }
    let text = fs::read_to_string(PAGES).unwrap();
    let answer = |line: &str| ResponseTemplate::new(200).set_body_raw(line, "application/json");
    let instead: BTreeMap<usize, _> =
        text.lines().map(answer).enumerate().map(|(at, answer)| (at + 1, answer)).collect();
    let bench = Bench::with(Feed { instead, ..Feed::default() }).await;
    let keys = XSettings { max_pages: 100, ..bench.user() };
    let keys = XSettings { user: Some("1470919930564460549".into()), ..keys };

    let pulled = bench.pull(&keys).await.unwrap();
    assert_eq!((pulled.pages as usize, pulled.stopped), (text.lines().count(), None));
    assert_eq!(fs::read_to_string(&pulled.files[0]).unwrap(), text);
    assert!(pulled.files[0].ends_with("2026-03-04-1551758828378550272.jsonl"));

    let parsed: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (page, asked) in parsed.iter().zip(bench.asked().iter().skip(1)) {
        assert!(
            asked.ends_with(&format!("pagination_token={}", page["meta"]["next_token"].as_str().unwrap()))
        );
    }
    let tweets: u64 = parsed.iter().map(|page| page["data"].as_array().unwrap().len() as u64).sum();
    assert_eq!(pulled.tweets, tweets);
    let ids = bench.ids(&keys);
    assert!(ids.len() as u64 >= tweets, "{} of {tweets}", ids.len());
    assert_eq!(bench.state(&keys)["newest_id"], 1_551_758_828_378_550_272_u64);
}
