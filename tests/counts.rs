//! Nothing is lost without a reason: read = rejected + dropped + kept, kept = in topics + left out.

use std::collections::BTreeMap;

use corpus::{Tweet, TweetId};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::support::{
    Ended, Site, fixture,
    stages::{self, STAGES, window},
};

fn sum(of: &Value) -> u64 {
    of.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
}

/// Both sums in the audit, and the same numbers on stderr.
#[track_caller]
fn assert_balanced(site: &Site, day: &str, made: Ended) -> Value {
    let counts = site.audit(day)["counts"].clone();
    let number = |key: &str| counts[key].as_u64().unwrap();
    let (rejected, dropped) = (sum(&counts["rejected"]), sum(&counts["dropped"]));
    let (read, kept, in_topics, left_out) =
        (number("read"), number("kept"), number("in_topics"), number("left_out"));
    assert_eq!(read, rejected + dropped + kept, "{counts}");
    assert_eq!(kept, in_topics + left_out, "{counts}");
    let made = made.says(&format!("read {read} = rejected {rejected} + dropped {dropped} + kept {kept}\n"));
    made.says(&format!("kept {kept} = in topics {in_topics} + left out {left_out}\n"));
    counts
}

#[test]
fn the_counts_of_a_report_add_up() {
    let days = [("ai", "2026-03-02", 194, 0), ("ai", "2026-03-03", 194, 0), ("ai", "2026-03-04", 194, 0)];
    for (corpus, day, read, rejected) in days
        .into_iter()
        .chain([("messy", "2026-03-08", 60, 18), ("walkthrough/01-raw.jsonl", "2026-03-07", 12, 0)])
    {
        let site = Site::quick("");
        let made = site.run(&["run", "--corpus", &fixture(corpus), "--date", day]).exits(0);
        let counts = assert_balanced(&site, day, made);
        assert_eq!((&counts["read"], sum(&counts["rejected"])), (&json!(read), rejected), "{corpus} {day}");

        let audit = site.audit(day);
        let list = |of: &Value| of.as_array().unwrap().len() as u64;
        let in_topics: u64 =
            audit["topics"].as_array().unwrap().iter().map(|topic| list(&topic["tweets"])).sum();
        let outside = counts["dropped"]["out_of_window"].as_u64().unwrap_or(0);
        assert_eq!(json!(in_topics), counts["in_topics"], "what the audit counts is listed in it");
        assert_eq!(json!(list(&audit["left_out"])), counts["left_out"]);
        assert_eq!(list(&audit["dropped"]) + outside, sum(&counts["dropped"]));
        assert_eq!(list(&audit["rejected"]), sum(&counts["rejected"]));
    }
}

#[test]
fn the_counts_of_a_range_and_in_json_add_up() {
    let site = Site::quick("");
    let range = ["run", "--corpus", &fixture("ai"), "--from", "2026-03-02", "--to", "2026-03-04", "--json"];
    let counts = site.run(&range).exits(0).json()["counts"].clone();
    let number = |key: &str| counts[key].as_u64().unwrap();
    assert_eq!(number("read"), 194);
    assert_eq!(number("read"), sum(&counts["rejected"]) + sum(&counts["dropped"]) + number("kept"));
    assert_eq!(number("kept"), number("in_topics") + number("left_out"));
    assert_eq!(counts["dropped"].get("out_of_window"), None, "the range covers the whole corpus");
}

/// A line of a random corpus.
#[derive(Clone, Debug)]
enum Line {
    Tweet {
        author: u8,
        minute: i64,
        words: Vec<usize>,
    },
    /// An earlier line again, as it is.
    Twice(prop::sample::Index),
    /// An earlier tweet's words by another author.
    Copy(prop::sample::Index, u8),
    Retweet(prop::sample::Index, u8),
    Broken(usize),
}

const WORDS: [&str; 28] = [
    "大模型",
    "智能体",
    "发布",
    "开源",
    "推理",
    "OpenAI",
    "GPT-5.2",
    "Qwen",
    "benchmark",
    "released",
    "71.4%",
    "1.5 million",
    "$NVDA",
    "股价",
    "上涨",
    "面包",
    "天气",
    "很好",
    "weekend",
    "recipe",
    "抽奖 转发 送 10 位",
    "use code SAVE20",
    "加微信 vx:abc123",
    "https://example.org/a?b=1",
    "#AI",
    "@someone",
    "\u{202e}逆序\u{200b}",
    "{{ liquid }}",
];
const BROKEN: [&str; 8] = [
    "",
    "{",
    "null",
    "[]",
    "{\"id\":\"1\"}",
    "{\"delete\":{\"status\":{\"id\":1}}}",
    "not json",
    "{\"id\":0,\"author\":{\"handle\":\"a\"},\"text\":\"x\"}",
];

fn line() -> impl Strategy<Value = Line> {
    let words = vec(0..WORDS.len(), 0..9);
    prop_oneof![
        6 => (0_u8..6, -400_i64..1800, words).prop_map(|(author, minute, words)| Line::Tweet { author, minute, words }),
        1 => any::<prop::sample::Index>().prop_map(Line::Twice),
        1 => (any::<prop::sample::Index>(), 0_u8..6).prop_map(|(of, author)| Line::Copy(of, author)),
        1 => (any::<prop::sample::Index>(), 0_u8..6).prop_map(|(of, author)| Line::Retweet(of, author)),
        1 => (0..BROKEN.len()).prop_map(Line::Broken),
    ]
}

/// The corpus as JSONL of our own format.
fn jsonl(lines: &[Line]) -> String {
    let mut records: Vec<Value> = Vec::new();
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        let id = (2_028_500_000_000_000_000 + place as u64).to_string();
        let author = |author: &u8| json!({"handle": format!("user{author}"), "name": "用户"});
        let earlier = |of: &prop::sample::Index| (!records.is_empty()).then(|| of.get(&records).clone());
        let record = match line {
            Line::Tweet { author: by, minute, words } => {
                let at = window(DAY).start + chrono::TimeDelta::minutes(*minute);
                let words: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
                json!({"id": id, "author": author(by), "created_at": at, "text": words.join(" ")})
            }
            Line::Twice(of) => earlier(of).unwrap_or(json!(7)),
            Line::Copy(of, by) => earlier(of).map_or(json!("x"), |first| {
                json!({"id": id, "author": author(by), "created_at": first["created_at"], "text": first["text"]})
            }),
            Line::Retweet(of, by) => earlier(of).map_or(json!({}), |first| {
                let reference = json!({"id": first["id"], "handle": first["author"]["handle"], "text": first["text"]});
                json!({"id": id, "author": author(by), "created_at": first["created_at"], "text": first["text"], "kind": "retweet", "reference": reference})
            }),
            Line::Broken(which) => {
                text.push_str(BROKEN[*which]);
                text.push('\n');
                continue;
            }
        };
        text.extend([record.to_string().as_str(), "\n"]);
        if record.get("author").is_some() {
            records.push(record);
        }
    }
    text
}

const DAY: &str = "2026-03-03";

type Places = BTreeMap<(TweetId, u64), usize>;

/// How often each record occurs, by id and line.
fn places<'a>(tweets: impl Iterator<Item = (TweetId, &'a corpus::Source)>) -> Places {
    let mut places = Places::new();
    for (id, source) in tweets {
        *places.entry((id, source.line)).or_default() += 1;
    }
    places
}

fn of(tweet: &Tweet) -> (TweetId, &corpus::Source) {
    (tweet.id, &tweet.source)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    /// Not only the numbers: every single record is on exactly one side of every stage.
    #[test]
    fn every_record_of_a_random_corpus_is_accounted_for(lines in vec(line(), 0..60)) {
        let text = jsonl(&lines);
        let read = stages::ingest_text("day.jsonl", &text);
        let blank = lines.iter().filter(|line| matches!(line, Line::Broken(0))).count();
        let empty_arrays = lines.iter().filter(|line| matches!(line, Line::Broken(3))).count();
        let seen = read.tweets.len() + read.rejected.len() + read.notices as usize;
        prop_assert_eq!(seen + blank + empty_arrays, lines.len(), "{:?}\n{}", read, text);

        let window = window(DAY);
        let sifted = STAGES.filter(&read.tweets, window);
        let kept = sifted.kept.iter().map(|kept| of(&kept.tweet));
        prop_assert_eq!(places(kept.chain(sifted.dropped.iter().map(|one| (one.id, &one.source)))), places(read.tweets.iter().map(of)));
        prop_assert!(sifted.kept.iter().all(|kept| window.contains(kept.tweet.created_at)));

        let before = places(sifted.kept.iter().map(|kept| of(&kept.tweet)));
        let deduped = STAGES.dedupe(sifted.kept);
        let unique = deduped.unique.iter().map(|unique| of(&unique.tweet));
        let sides = unique.chain(deduped.folded.iter().map(|one| (one.id, &one.source)));
        prop_assert_eq!(sides.clone().count(), before.values().sum::<usize>());
        prop_assert_eq!(places(sides), before);

        let clusters = STAGES.cluster(&deduped.unique);
        let mut members: Vec<usize> = clusters.iter().flat_map(|cluster| cluster.members.clone()).collect();
        members.sort_unstable();
        prop_assert_eq!(members, (0..deduped.unique.len()).collect::<Vec<_>>());

        let before = places(deduped.unique.iter().map(|unique| of(&unique.tweet)));
        let ranked = STAGES.rank(deduped.unique, &clusters, window);
        let after = ranked.topics.iter().flat_map(|topic| &topic.tweets).chain(&ranked.left_out);
        prop_assert_eq!(places(after.map(|unique| of(&unique.tweet))), before);
    }
}
