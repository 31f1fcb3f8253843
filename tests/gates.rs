//! What stands between a report and its publication: marks on what rests on little, no point twice, a floor, a source behind
//! every line.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::{claims, list},
    audit_path,
    endpoint::{Answer, Endpoint, Question},
    fixture, post, post_path,
};

const DAY: &str = "2026-03-04";

fn tweet(id: u64, handle: &str, followers: u64, text: &str) -> Value {
    json!({"id": id.to_string(), "author": {"handle": handle, "name": handle, "followers": followers},
        "created_at": format!("2026-03-04T0{}:00:00Z", id % 10), "text": text})
}

/// A site with a corpus of these tweets.
fn site(config: &str, tweets: &[Value]) -> Site {
    let site = Site::quick(config);
    let lines: Vec<String> = tweets.iter().map(Value::to_string).collect();
    site.write("corpus/day.jsonl", lines.join("\n"));
    site
}

/// Three stories: by a small account, by a large one, and by a small one that another account passed on.
fn stories() -> Vec<Value> {
    let loom = "Loomcode 1.9 ships background agents for VS Code today, $20 a month, 3 agents at a time";
    let mut retweet = tweet(4, "passer_by", 30, loom);
    retweet["kind"] = "retweet".into();
    retweet["reference"] = json!({"id": "3", "handle": "minabuilds", "text": loom});
    vec![
        tweet(
            1,
            "tiny_lab",
            120,
            "我们把 Qingwu-72B 大模型微调版开源了，MoE 激活 9B，单卡 H100 跑到 48 tokens/s",
        ),
        tweet(
            2,
            "large_lab",
            800_000,
            "New paper: HopCache cuts KV cache memory of LLM agents by 61% at 128K context",
        ),
        tweet(3, "minabuilds", 90, loom),
        retweet,
    ]
}

/// The lines of a post that cite this account.
fn lines_of<'p>(post: &'p str, handle: &str) -> Vec<&'p str> {
    let link = format!("](https://x.com/{handle}/");
    post.lines().filter(|line| line.trim_start().starts_with("- ") && line.contains(&link)).collect()
}

#[test]
fn what_one_small_account_says_is_marked() {
    let site = site("", &stories());
    site.run(&["run", "--date", DAY]).exits(0);
    let (post, audit) = (site.post(DAY), site.audit(DAY));
    let below = post.split_once("### 核心信息").unwrap().1;
    let tiny = lines_of(below, "tiny_lab");
    assert!(tiny.len() >= 2 && tiny.iter().all(|line| line.contains("（单一来源）（[")), "{post}");
    for handle in ["large_lab", "minabuilds"] {
        let lines = lines_of(below, handle);
        assert!(lines.len() >= 2 && lines.iter().all(|line| !line.contains("单一来源")), "{handle}: {post}");
    }
    let marked = post.lines().filter(|line| line.contains("（单一来源）（[")).count();
    let told = claims(&audit).iter().filter(|(_, claim)| claim["sole_source"] == true).count();
    assert_eq!(marked, told);
    assert!(post.contains(&format!("标有“单一来源”的 {told} 条")) && post.contains("不足 5000 人"), "{post}");

    let path = post_path(DAY);
    site.run(&["check", &path]).exits(0);
    site.run(&["verify", &path]).exits(0);
    site.run(&["audit", &path]).exits(0).prints("extractive  single source");
    let lines = site.run(&["audit", "--json", &path]).exits(0);
    let objects = lines.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(objects.filter(|line| line["sole_source"] == true).count(), told);
}

#[test]
fn how_small_is_the_profiles_word_and_so_is_the_mark() {
    let site = site("", &stories());
    let profile = |small: &str| {
        let text = format!("base = \"twitter_ai\"\n[outline]\nsmall_account = {{ {small} }}\n");
        site.write("config/reports/own.toml", text);
        site.run(&["run", "--date", DAY, "--profile", "own", "--quiet"]).exits(0);
        site.post(DAY)
    };
    assert!(!profile("followers = 120, reactions = 50").contains("单一来源"), "no mark and no word of it");
    assert!(profile("followers = 121, reactions = 50").contains("单一来源"));
    site.run(&["run", "--date", DAY, "--profile", "twitter_ai_en", "--quiet"]).exits(0);
    let english =
        fs::read_to_string(site.path("site/_posts/2026-03-04-twitter_ai_en_20260304_20260304.md")).unwrap();
    assert!(
        english.contains(" (single source) ([") && english.contains("Marked as “single source”"),
        "{english}"
    );
}

/// A model that says everything twice, the second time with a word more.
fn repetitive() -> Endpoint {
    Endpoint::start(|question| {
        let told = question.honest_claims();
        let again = told.iter().cloned().map(|mut claim| {
            claim["text"] =
                json!(format!("{}\u{3000}", claim["text"].as_str().unwrap().trim_end_matches('。')));
            claim
        });
        Answer::Claims(told.iter().cloned().chain(again).collect())
    })
}

#[test]
fn nothing_is_told_twice_and_what_repeats_is_in_the_audit() {
    let endpoint = repetitive();
    let site = Site::quick(&endpoint.config());
    site.run_day(DAY, &[]).exits(0);
    let (post, audit) = (site.post(DAY), site.audit(DAY));
    for part in ["## 详细分析部分", "### 核心信息"] {
        let lines: Vec<&str> = post::claims(post.split_once(part).unwrap().1.split("\n---").next().unwrap())
            .into_iter()
            .collect();
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len(), "{lines:#?}");
    }
    let repeats = |one: &&Value| list(&one["problems"]).iter().any(|problem| problem["problem"] == "repeats");
    let refused: Vec<&Value> = list(&audit["brief"]["refused"]).iter().filter(repeats).collect();
    let sections =
        refused.iter().filter(|one| one["section"] != "key_points" && one["section"] != "overview");
    let detail = list(&audit["brief"]["sections"]).iter().map(|section| list(&section["claims"]).len());
    assert!(sections.count() >= detail.sum::<usize>() / 2, "{refused:#?}");
    site.run(&["audit", &post_path(DAY)]).exits(0).prints("repeats: ");
    site.run(&["check", &post_path(DAY)]).exits(0);
}

/// Two numbers for one thing, and a model that tells one of them.
fn disputing(question: &Question) -> Answer {
    let id = |word: &str| {
        let has = |line: &&Value| line["text"].as_str().is_some_and(|text| text.contains(word));
        question.lines.iter().find(has).map(|line| line["id"].clone())
    };
    match (question.section, id("61.8%"), id("55.2%")) {
        (Some(_), Some(one), Some(other)) => Answer::Claims(vec![json!({
            "group": question.group, "lead": "跑分", "text": "Nova-4.1 在 CodeGauntlet 上得分 61.8%。", "cites": [one, other],
        })]),
        _ => Answer::Claims(question.honest_claims()),
    }
}

#[test]
fn sources_that_disagree_are_both_told() {
    let endpoint = Endpoint::start(disputing);
    let tweets = [
        tweet(1, "lab_a", 90_000, "Nova-4.1 single attempt score on the CodeGauntlet benchmark: 61.8%"),
        tweet(
            2,
            "lab_b",
            90_000,
            "Nova-4.1 single attempt score on the CodeGauntlet benchmark: 55.2%, logs are public",
        ),
    ];
    let site = site(&endpoint.config(), &tweets);
    site.run(&["run", "--date", DAY]).exits(0);
    let post = site.post(DAY);
    let marked = "得分 61.8%。（说法不一：&#64;lab\\_a 61.8%、&#64;lab\\_b 55.2%）（[";
    assert!(post.contains(marked) && post.contains("标有“说法不一”的"), "{post}");
    let audit = site.audit(DAY);
    let disputed: Vec<&Value> = claims(&audit)
        .into_iter()
        .map(|(_, claim)| &claim["disputed"])
        .filter(|sides| sides.is_array())
        .collect();
    let sides = json!([{"handle": "lab_a", "tweet": "1", "written": "61.8%"}, {"handle": "lab_b", "tweet": "2", "written": "55.2%"}]);
    assert!(!disputed.is_empty() && disputed.iter().all(|one| **one == sides), "{disputed:#?}");
    let path = post_path(DAY);
    site.run(&["check", &path]).exits(0);
    site.run(&["verify", &path]).exits(0);
    site.run(&["audit", &path]).exits(0).prints("disputed @lab_b");
}

#[test]
fn below_its_floor_nothing_is_published_and_what_is_there_stays() {
    let quiet = stories();
    let site = site("", &quiet[..1]);
    site.run(&["run", "--date", DAY]).exits(0);
    let before = site.tree();
    site.write("corpus/day.jsonl", format!("{}\n{}", quiet[0], quiet[1]));
    for (floor, words) in [
        ("topics = 3", "topics 2, and at least 3 are asked for"),
        ("key_points = 4", "key points 2, and at least 4 are asked for"),
        ("claims = 5", "claims 2, and at least 5 are asked for"),
    ] {
        site.configure(&format!("[floor]\n{floor}\n"));
        let key = floor.split(' ').next().unwrap();
        for more in [&["--force"][..], &[], &["--dry-run"]] {
            let ended = site.run(&[&["run", "--date", DAY], more].concat()).exits(4).says(words);
            ended
                .says("a report that is there stays")
                .says(&format!("`floor.{key} = 2` lets this one through"));
        }
        site.run(&["backfill", "--from", DAY, "--to", DAY]).exits(4).says(words);
        assert_eq!(site.tree().bytes(&post_path(DAY)), before.bytes(&post_path(DAY)));
        assert_eq!(site.tree().bytes(&audit_path(DAY)), before.bytes(&audit_path(DAY)));
    }
    site.configure("[floor]\ntopics = 2\nkey_points = 2\nclaims = 2\n");
    site.run(&["run", "--date", DAY]).exits(0).prints(&post_path(DAY));
}

/// A day below its floor has no report, so none remembers it, in a back-fill as day by day.
#[test]
fn a_day_below_its_floor_is_remembered_by_none() {
    let on = |day: &str, mut tweet: Value| {
        tweet["created_at"] = json!(format!("{day}T04:00:00Z"));
        tweet
    };
    let days = ["2026-03-02", "2026-03-03"];
    let told = stories();
    let mut again = told[0].clone();
    again["id"] = json!("5");
    let corpus = [on(days[0], told[0].clone()), on(days[1], again), on(days[1], told[1].clone())];
    let [single, filled] = [(); 2].map(|()| site("[floor]\ntopics = 2\n", &corpus));
    let codes = days.map(|day| single.run(&["run", "--quiet", "--date", day]).code);
    assert_eq!(codes, [Some(4), Some(0)]);
    assert!(!single.post(days[1]).contains("持续"), "nothing goes on from a report that was never made");
    let fill = ["backfill", "--from", days[0], "--to", days[1]];
    filled.run(&fill).exits(3);
    single.tree().assert_same_bytes(&filled.tree());
    let again = filled.run(&fill).exits(3);
    assert_eq!(again.stdout, "", "nothing is stale: {again}");
    let every = site("", &corpus);
    every.run(&fill).exits(0);
    assert!(every.post(days[1]).contains("持续"), "without a floor the first day is remembered");
}

#[test]
fn the_note_accounts_for_every_draft() {
    let endpoint = repetitive();
    let (model, extractive) = (Site::quick(&endpoint.config()), Site::quick(""));
    for site in [model, extractive] {
        site.run_day(DAY, &["--quiet"]).exits(0);
        let (post, audit) = (site.post(DAY), site.audit(DAY));
        let refused = list(&audit["brief"]["refused"]);
        let replaced = refused.iter().filter(|one| one["replaced"] == true).count();
        let (used, refused) = (claims(&audit).len(), refused.len());
        let wanted = format!(
            "共核对陈述 {} 条：采用 {used} 条，拒绝 {refused} 条（未能通过核对、与他条重复，或超出篇幅），其中 {replaced} 条由同一话题的其他陈述代替，{} 条删去。",
            used + refused,
            refused - replaced
        );
        assert!(post.contains(&wanted), "{wanted}\n{post}");
    }
}

/// A model that tells more of the brief part than there is room for, in other words; and all that it said.
fn talkative() -> (Endpoint, Arc<Mutex<Vec<String>>>) {
    let said = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&said);
    let endpoint = Endpoint::start(move |question| {
        let mut claims = question.honest_claims();
        if question.section.is_none() {
            let more = claims.clone().into_iter().map(|mut claim| {
                claim["text"] =
                    json!(format!("在这一天的讨论和分享当中，{}", claim["text"].as_str().unwrap()));
                claim["lead"] = json!("");
                claim
            });
            claims.extend(more.collect::<Vec<_>>());
        }
        kept.lock().unwrap().extend(claims.iter().map(|claim| claim["text"].as_str().unwrap().to_owned()));
        Answer::Claims(claims)
    });
    (endpoint, said)
}

#[test]
fn no_draft_of_a_model_is_lost() {
    let (endpoint, said) = talkative();
    let site = Site::quick(&endpoint.config());
    site.run_day(DAY, &["--quiet"]).exits(0);
    let audit = site.audit(DAY);
    let refused = list(&audit["brief"]["refused"]);
    let told =
        claims(&audit).into_iter().map(|(_, claim)| claim).chain(refused.iter().map(|one| &one["draft"]));
    let told: BTreeSet<&str> = told.filter_map(|one| one["text"].as_str()).collect();
    for text in said.lock().unwrap().iter() {
        assert!(told.contains(text.as_str()), "{text} is neither used nor refused: {told:#?}");
    }
    let surplus = |part: &str| {
        let mut of_part = refused.iter().filter(|one| one["section"] == part);
        of_part.any(|one| list(&one["problems"]).iter().any(|problem| problem["problem"] == "surplus"))
    };
    assert!(surplus("overview") && surplus("key_points"), "{refused:#?}");
    assert_eq!(list(&audit["brief"]["key_points"]).len(), 10, "never more than the outline's");
    site.run(&["audit", &post_path(DAY)]).exits(0).prints("holds, but the part is full");
}

/// Every bullet that is no group's name, and every paragraph of the overview.
fn told(post: &str) -> Vec<&str> {
    let is_group =
        |line: &&str| line.ends_with("**") || line.contains("**：本期") || line.contains("**: No ");
    let bullets = post.lines().filter(|line| line.trim_start().starts_with("- "));
    let (overview, rest) = post.split_once("\n### ").unwrap().1.split_once("\n### ").unwrap();
    let paragraphs = overview.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with("- "));
    assert!(rest.contains("\n## "));
    bullets.filter(|line| !is_group(line)).chain(paragraphs).collect()
}

/// The ids that a line's closing bracket links to.
fn linked(line: &str) -> BTreeSet<&str> {
    let sources = line.strip_suffix(")）").or(line.strip_suffix("))")).map_or("", |_| line);
    let links = sources.split("](https://x.com/").skip(1).filter_map(|rest| rest.split_once(')'));
    links.filter_map(|(target, _)| target.split_once("/status/")).map(|(_, id)| id).collect()
}

#[test]
fn every_line_of_every_post_has_a_source() {
    let endpoint = Endpoint::honest();
    let corpora = ["2026-03-02", "2026-03-03", "2026-03-04"].map(|day| ("ai", day)).into_iter();
    let corpora = corpora.chain([("walkthrough/01-raw.jsonl", "2026-03-07"), ("messy", "2026-03-08")]);
    let configs = [String::new(), endpoint.config()];
    let mut lines = 0;
    for ((corpus, day), profile) in
        corpora.flat_map(|one| ["twitter_ai", "twitter_ai_en"].map(|name| (one, name)))
    {
        for config in &configs {
            let site = Site::quick(config);
            let run = ["run", "--quiet", "--corpus", &fixture(corpus), "--date", day, "--profile", profile];
            let made = site.run(&run).exits(0);
            let post = fs::read_to_string(site.path(made.stdout.lines().next().unwrap())).unwrap();
            let slug = format!("{profile}_{0}_{0}", day.replace('-', ""));
            let audit = fs::read(site.path(&format!("site/_audit/{slug}.audit.json"))).unwrap();
            let audit: Value = serde_json::from_slice(&audit).unwrap();
            let tweets = list(&audit["topics"]).iter().flat_map(|topic| list(&topic["tweets"]));
            let known: BTreeSet<&str> = tweets.filter_map(|one| one["tweet"]["id"].as_str()).collect();
            let told = told(&post);
            assert_eq!(told.len(), claims(&audit).len(), "{profile} {day}: a line a claim\n{post}");
            for line in &told {
                let linked = linked(line);
                assert!(!linked.is_empty() && linked.is_subset(&known), "{profile} {day}: {line}");
            }
            lines += told.len();
        }
    }
    assert!(lines > 400, "{lines}");
}
