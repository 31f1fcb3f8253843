//! What is let through, and what is not.

use super::*;

fn topics() -> Vec<corpus::Topic> {
    let tweet = |id: u64, handle: &str, text: &str| {
        let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": "Some One"},
            "text": text, "created_at": "2026-01-24T03:00:00Z", "cashtags": ["INTC"]});
        let tweet: corpus::Tweet = serde_json::from_value(json).unwrap();
        let engagement = tweet.metrics;
        let ad = corpus::AdScore::default();
        let authors = vec![handle.to_owned()];
        corpus::Unique { tweet, ad, suspect: false, relevance: 2.0, copies: Vec::new(), authors, engagement }
    };
    let topic = |tweets| corpus::Topic {
        terms: Vec::new(),
        tweets,
        salience: corpus::Salience::default(),
        earlier: None,
    };
    vec![
        topic(vec![tweet(
            11,
            "fkysly",
            "GPT-5.2 Pro 得分 31%，CALM 训练计算量降低 44%，估值 $50B，“不是泡沫”",
        )]),
        topic(vec![tweet(12, "other", "Kimi K3 released on Feb 3 with 1.5 million users")]),
    ]
}

const OUTLINE: &str = r#"
        key_points = 1
        tweets_per_topic = 6
        default_group = "a/b"
        language = "zh"
        sections = [
            { id = "a", heading = "", empty = "", groups = [] },
            { id = "b", heading = "", empty = "", groups = [] },
        ]
        kinds = []
        mood = { positive = [], negative = [] }
        common_words = ["AI"]
        aliases = { "月之暗面" = ["Kimi"] }
    "#;

fn problems(text: &str, cites: &[&str]) -> Vec<Problem> {
    problems_by(OUTLINE, text, cites)
}

fn problems_by(outline: &str, text: &str, cites: &[&str]) -> Vec<Problem> {
    let topics = topics();
    let outline = crate::outline::tests::outline(outline);
    let sources = Sources::new(&topics, |topic| topic, &outline);
    let draft = DraftClaim {
        group: String::new(),
        lead: String::new(),
        text: text.to_owned(),
        cites: cites.iter().map(|alias| (*alias).to_owned()).collect(),
        derived: vec!["38".to_owned()],
        writer: Writer::Model,
    };
    verify(&draft, |tweet| tweet.topic < 2, &sources, &Checker::new(&outline)).err().unwrap_or_default()
}

#[test]
fn what_the_cited_tweets_say_is_let_through() {
    for (text, cite) in [
        ("@fkysly 称 GPT-5.2 Pro 得分 31%", "t1"),
        ("AI 公司估值 500 亿美元，$INTC 被提到", "t1"),
        ("他认为“不是泡沫”，训练计算量降低 44%", "t1"),
        ("Kimi 有 150 万用户，2月3日发布", "t2"),
        ("1月24日，共 38 条推文谈到 GPT-5.2 Pro", "t1"),
    ] {
        assert_eq!(problems(text, &[cite]), [], "{text}");
    }
}

#[test]
fn what_they_do_not_say_is_refused() {
    for (text, cite) in [
        ("得分 32%", "t1"),
        ("得分 31 分，另有 31 个模型", "t2"),
        ("GPT-5.3 Pro 发布", "t1"),
        ("GPT-5 发布", "t1"),
        ("GPT-5.2 发布", "t1"),
        ("CALM（Constrained Autoregressive Language Model）训练计算量降低 44%", "t1"),
        ("估值 500 亿元人民币", "t1"),
        ("@someone_else 这样说", "t1"),
        ("$NVDA 被提到", "t1"),
        ("他认为“就是泡沫”", "t1"),
        ("2月4日发布", "t2"),
        ("得分 31%", "t2"),
        ("他说“得分 1%”", "t1"),
        ("融资 150 万美元", "t2"),
        ("提升 5.2 倍", "t1"),
        ("增长９９％", "t1"),
        ("@fky 这样说", "t1"),
    ] {
        let found = problems(text, &[cite]);
        assert!(found.iter().any(|problem| matches!(problem, Problem::NotFound { .. })), "{text}: {found:?}");
    }
}

/// In Latin script most words are no names; those that are, numbers in words among them, need a source as ever.
#[test]
fn an_english_claim_is_checked_by_its_names_and_figures() {
    let english = format!("script = \"latin\"\n{OUTLINE}");
    for text in [
        "@other says that Kimi K3 has been released and has 1.5 million users",
        "released on February 3 with 1,500,000 users, an AI model",
    ] {
        assert_eq!(problems_by(&english, text, &["t2"]), [], "{text}");
    }
    for text in [
        "Zorblattix released it",
        "kimi k4 was released",
        "two models were released",
        "twenty-one models were released",
        "released on February 4",
    ] {
        let found = problems_by(&english, text, &["t2"]);
        assert!(matches!(found.as_slice(), [Problem::NotFound { .. }]), "{text}: {found:?}");
    }
}

#[test]
fn sources_and_shape_are_checked() {
    assert_eq!(problems("各家看法不一", &[]), [Problem::NoCitation]);
    assert_eq!(problems("各家看法不一", &["t9"]), [Problem::UnknownCitation { alias: "t9".to_owned() }]);
    assert!(
        problems("见 https://evil.example", &["t1"])
            .contains(&Problem::Markup { found: "https://".to_owned() })
    );
    assert!(problems("  ", &["t1"]).contains(&Problem::Empty));
}
