//! The main job: a day of tweets becomes a post, a picture and an audit.

use std::{collections::BTreeSet, fs};

use crate::support::{
    Site,
    audit::{detail, list},
    audit_path, chart_paths, fixture, picture_path, post, post_path, slug, stages,
};

const DAYS: [(&str, &str); 3] = [
    ("2026-03-02", "2026-03-02.json"),
    ("2026-03-03", "2026-03-03.jsonl"),
    ("2026-03-04", "2026-03-04.json"),
];

#[test]
fn a_day_becomes_a_post_a_picture_and_an_audit() {
    let (site, second) = (Site::new(), Site::new());
    for (day, _) in DAYS {
        let made = site.run_day(day, &[]).exits(0);
        let [topics, hours, tickers] = chart_paths(day);
        let wanted = [post_path(day), tickers, hours, topics, picture_path(day), audit_path(day)];
        assert_eq!(made.stdout.lines().collect::<Vec<_>>(), wanted, "the post first{made}");
        assert!(made.stdout.lines().all(|printed| site.path(printed).is_file()), "{made}");
        assert_picture(&fs::read(site.path(&picture_path(day))).unwrap());
        site.run(&["check", &post_path(day)]).exits(0).says("keeps the contract");
    }
    assert_eq!(site.tree().files().len(), 18);
    // The first one: the others look back on it.
    let (day, _) = DAYS[0];
    second.run_day(day, &[]).exits(0);
    assert_eq!(second.tree().files().len(), 6);
    for path in second.tree().files() {
        assert!(
            second.tree().bytes(path) == site.tree().bytes(path),
            "{path} has other bytes on another site"
        );
    }
}

/// A JPEG of 1600 × 900 pixels that holds more than a plain ground.
fn assert_picture(jpeg: &[u8]) {
    assert!(jpeg.starts_with(&[0xFF, 0xD8]) && jpeg.ends_with(&[0xFF, 0xD9]), "a JPEG, whole");
    assert!((40_000..2_000_000).contains(&jpeg.len()), "{} bytes", jpeg.len());
    let frame =
        jpeg.windows(2).position(|two| two == [0xFF, 0xC0] || two == [0xFF, 0xC2]).expect("a frame header");
    let side = |at: usize| usize::from(jpeg[frame + at]) * 256 + usize::from(jpeg[frame + at + 1]);
    assert_eq!((side(7), side(5)), (1600, 900));
}

#[test]
fn the_post_is_laid_out_as_agreed() {
    let site = Site::quick("");
    for (day, _) in DAYS {
        site.run_day(day, &["--quiet"]).exits(0);
        let post = site.post(day);
        let front = post::front_matter(&post);
        let keys: Vec<&str> = front.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["layout", "title", "date", "posttime"]);
        assert_eq!((front[0].1, front[1].1), ("post", format!("\"{}\"", slug(day)).as_str()));
        let (stamp, offset) = (&front[2].1[..11], &front[2].1[21..]);
        assert_eq!((stamp, offset, front[3].1), (format!("\"{day}").as_str(), "+0800\"", front[2].1));

        let headings = [
            "## 简要部分",
            "### 主要话题与行业趋势概述",
            "### 核心信息（10 个信息点概述）",
            "## 详细分析部分",
            "### 重要观点与见解",
            "### 关键事件与发展",
            "### 个股与数字货币分析与市场反应",
            "### 专项分析",
            "## 图表",
            "## 词云分析",
        ];
        assert_eq!(post::headings(&post), headings);
        assert!(post.contains(&format!("\n# Twitter AI 动态综合报告（{day}）\n")));
        let points = post::below(&post, "### 核心信息");
        assert_eq!(points.len(), 10);
        assert!(
            points.iter().all(|point| point.starts_with("- **") && point.contains("**：")),
            "{points:#?}"
        );
        assert!(post.contains("\n说明：") && post.ends_with(&format!("](wordcloud_{}.jpg)\n", slug(day))));
        assert!(
            headings[4..8].iter().all(|heading| !post::below(&post, heading).is_empty()),
            "no section is blank"
        );
    }
}

#[test]
fn every_line_ends_with_tweets_of_its_day() {
    let site = Site::quick("");
    for (day, file) in DAYS {
        site.run_day(day, &["--quiet"]).exits(0);
        let (post, audit) = (site.post(day), site.audit(day));
        let window = stages::window(day);
        let read = stages::ingest(&fixture(&format!("ai/{file}")), file);
        let inside = read.tweets.iter().filter(|tweet| window.contains(tweet.created_at));
        let of_the_day: BTreeSet<String> = inside.map(|tweet| tweet.id.to_string()).collect();

        let claims = post::claims(&post);
        assert!(claims.len() > 15, "{claims:#?}");
        for claim in claims {
            let sources = post::sources(claim);
            assert!((1..=3).contains(&sources.len()), "its sources at the end: {claim}");
        }
        let tweets = list(&audit["topics"]).iter().flat_map(|topic| list(&topic["tweets"]));
        let told: BTreeSet<&str> = tweets.map(|tweet| tweet["tweet"]["id"].as_str().unwrap()).collect();
        for linked in post::linked(&post) {
            assert!(of_the_day.contains(linked), "{linked} is no tweet of {day}");
            assert!(told.contains(linked), "{linked} is in no topic of the audit");
        }
    }
}

#[test]
fn every_topic_is_told_and_no_own_draft_is_refused() {
    let site = Site::quick("");
    let others = [("messy", "2026-03-08"), ("walkthrough/01-raw.jsonl", "2026-03-07")];
    let mut faults = Vec::new();
    for (corpus, day) in DAYS.map(|(day, _)| ("ai", day)).into_iter().chain(others) {
        site.run(&["run", "--quiet", "--corpus", &fixture(corpus), "--date", day]).exits(0);
        let audit = site.audit(day);
        // The extractive writer's words are the tweets' own; a refusal is a fault of its making.
        faults.extend(
            list(&audit["brief"]["refused"]).iter().map(|refused| format!("{day} refused: {refused}")),
        );
        let detail = detail(&audit);
        let cited: BTreeSet<&str> = detail
            .iter()
            .flat_map(|(_, claim)| list(&claim["cites"]))
            .filter_map(|cite| cite["id"].as_str())
            .collect();
        for topic in list(&audit["topics"]) {
            let ids: Vec<&str> =
                list(&topic["tweets"]).iter().filter_map(|tweet| tweet["tweet"]["id"].as_str()).collect();
            if !ids.iter().any(|id| cited.contains(id)) {
                faults.push(format!("{day} untold: {ids:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn orders_to_the_program_are_told_as_such_and_not_repeated() {
    let (day, site) = ("2026-03-03", Site::quick(""));
    site.run_day(day, &["--quiet"]).exits(0);
    let post = site.post(day);
    let told = post.lines().find(|line| line.contains("指令")).expect("a line about it");
    assert!(told.contains("不予转述") && told.contains("status/2028678111373033496"), "{told}");
    assert!(!post.contains("强烈建议买入"), "{post}");
}

#[test]
fn a_post_that_was_changed_by_hand_is_told() {
    let (day, site) = ("2026-03-03", Site::quick(""));
    site.run_day(day, &["--quiet"]).exits(0);
    let post = site.post(day);
    site.write(&post_path(day), post.replace("### 专项分析", "### 其他"));
    site.run(&["check", &post_path(day)])
        .exits(3)
        .prints("`### 专项分析` is missing")
        .prints("its hash is not the audit's");
    let unsourced = post
        .lines()
        .map(|line| line.rsplit_once('（').map_or(line, |(before, _)| before))
        .collect::<Vec<_>>();
    site.write(&post_path(day), unsourced.join("\n"));
    site.run(&["check", &post_path(day)]).exits(3).prints("no source");
    fs::remove_file(site.path(&audit_path(day))).unwrap();
    site.run(&["check", &post_path(day)]).exits(3).prints("its audit file is not there");
    site.run(&["check", "nothing.md"]).exits(4).says("cannot read the post `nothing.md`");
}
