//! Memory across days: what goes on is marked and told by what is new, and no tweet is cited twice.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use crate::support::{
    Ended, Site,
    audit::{claims, list},
    audit_path, post_path,
};

const DAYS: [&str; 3] = ["2026-03-02", "2026-03-03", "2026-03-04"];

fn tweet(id: u64, handle: &str, at: &str, text: &str) -> Value {
    json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "created_at": at, "text": text})
}

/// Three days: Qingwu on all of them, other news on each. On the second day the first one's tweet is retweeted.
fn corpus() -> String {
    let release =
        "Qingwu-72B 大模型今天开源，MoE 架构总参数 72B，激活 9B，Apache 2.0 协议，权重已在 GitHub 发布";
    let mut retweet = tweet(21, "liwei", "2026-03-03T02:00:00Z", release);
    retweet["kind"] = "retweet".into();
    retweet["reference"] = json!({"id": "11", "handle": "qingwu", "text": release});
    let tweets = [
        tweet(11, "qingwu", "2026-03-02T02:00:00Z", release),
        tweet(
            12,
            "zhao",
            "2026-03-02T03:00:00Z",
            "实测 Qingwu-72B 开源权重：MoE 激活 9B，单卡 H100 跑到 48 tokens/s",
        ),
        tweet(
            13,
            "minabuilds",
            "2026-03-02T04:00:00Z",
            "Loomcode 1.9 ships background agents for VS Code today, $20 a month, 3 agents at a time",
        ),
        retweet,
        tweet(
            22,
            "sun",
            "2026-03-03T05:00:00Z",
            "Qingwu-72B 开源权重的量化版出来了：MoE 激活 9B，41GB，MacBook 上跑 17 tokens/s",
        ),
        tweet(
            23,
            "kaplan",
            "2026-03-03T06:00:00Z",
            "Tessera $TSSR shares rose 7% after hours on strong data center GPU revenue, guidance 2.8 billion",
        ),
        tweet(
            31,
            "wang",
            "2026-03-04T05:00:00Z",
            "Qingwu-72B 开源权重的微调版出来了：MoE 激活 9B，8 张 H100 训练 6 小时",
        ),
        tweet(
            32,
            "ortiz",
            "2026-03-04T06:00:00Z",
            "New paper: HopCache cuts KV cache memory of LLM agents by 61% at 128K context, code on GitHub",
        ),
    ];
    tweets.map(|tweet| tweet.to_string()).join("\n")
}

fn site(config: &str) -> Site {
    let site = Site::quick(config);
    site.write("corpus/days.jsonl", corpus());
    site
}

fn run(site: &Site, day: &str) -> Ended {
    site.run(&["run", "--date", day]).exits(0)
}

fn run_all(site: &Site) {
    for day in DAYS {
        run(site, day);
    }
}

fn cited(audit: &Value) -> BTreeSet<String> {
    let cites = claims(audit).into_iter().flat_map(|(_, claim)| list(&claim["cites"]));
    cites.map(|cite| cite["id"].as_str().unwrap().to_owned()).collect()
}

/// The lines of a post that speak of Qingwu, but for the overview.
fn qingwu(post: &str) -> Vec<&str> {
    let (_, below) = post.split_once("### 核心信息").unwrap();
    below.lines().filter(|line| line.starts_with("- ") && line.contains("Qingwu")).collect()
}

#[test]
fn a_story_that_goes_on_is_marked_and_told_by_what_is_new() {
    let site = site("");
    run_all(&site);
    let marked = |line: &&&str| line.starts_with("- **「持续」");
    let posts = DAYS.map(|day| site.post(day));
    assert_eq!(qingwu(&posts[0]).iter().filter(marked).count(), 0, "{}", posts[0]);
    for post in &posts[1..] {
        let lines = qingwu(post);
        assert!(!lines.is_empty() && lines.iter().all(|line| marked(&line)), "{post}");
    }
    assert!(!posts[1].contains("「持续」Tessera"), "{}", posts[1]);

    let audits = DAYS.map(|day| site.audit(day));
    let [first, second, third] = [&audits[0], &audits[1], &audits[2]].map(cited);
    assert!(first.contains("11") && second.contains("22") && third.contains("31"));
    assert!(first.is_disjoint(&second) && second.is_disjoint(&third), "{first:?} {second:?}");
    // The retweet of a cited tweet is counted, and cited no more.
    assert_eq!((&audits[1]["told"], &audits[1]["counts"]["told"]), (&json!(["21"]), &json!(1)));
    assert!(posts[1].contains("1 条往期报告已引用"), "{}", posts[1]);
    for day in DAYS {
        site.run(&["check", &post_path(day)]).exits(0);
    }
}

#[test]
fn no_memory_of_itself_nor_of_later_days() {
    let site = site("");
    run(&site, DAYS[1]);
    let alone = site.post(DAYS[1]);
    assert!(!alone.contains("「持续」"), "{alone}");
    run(&site, DAYS[2]);
    run(&site, DAYS[1]).says("nothing to do");
    // An earlier report makes a later one stale, which is then made after it.
    run(&site, DAYS[0]).prints(&post_path(DAYS[0]));
    run(&site, DAYS[1]).prints(&post_path(DAYS[1]));
    assert!(site.post(DAYS[1]).contains("「持续」"), "{}", site.post(DAYS[1]));
    run(&site, DAYS[1]).says("nothing to do");
}

#[test]
fn a_back_fill_makes_the_same_bytes_as_day_by_day() {
    let single = site("");
    run_all(&single);
    for jobs in ["1", "3"] {
        let filled = site("");
        let backfill = ["backfill", "--from", DAYS[0], "--to", DAYS[2], "--jobs", jobs];
        filled.run(&backfill).exits(0).says("3 published");
        single.tree().assert_same_bytes(&filled.tree());
        filled.run(&backfill).exits(0).says("3 up to date");
        // A day that is missing is made again as it was; those after it stay.
        fs::remove_file(filled.path(&audit_path(DAYS[0]))).unwrap();
        filled.run(&backfill).exits(0).says("1 published, 2 up to date");
        single.tree().assert_same_bytes(&filled.tree());
    }
}

#[test]
fn an_audit_that_cannot_be_read_is_skipped_with_a_warning() {
    let site = site("");
    run(&site, DAYS[0]);
    site.write(&audit_path(DAYS[0]), "half an aud");
    run(&site, DAYS[1]).says("is not remembered: it is no audit file");
    assert!(!site.post(DAYS[1]).contains("「持续」"));
}

#[test]
fn without_memory_every_report_stands_by_itself() {
    let (without, other) = (site("[memory]\ndays = 0\n"), site("[memory]\ndays = 0\n"));
    run_all(&without);
    run(&other, DAYS[1]);
    assert_eq!(without.post(DAYS[1]), other.post(DAYS[1]));
    assert!(!without.post(DAYS[1]).contains("「持续」"));
}
