//! Typography from a draft to the post: what is printed is what was checked, and the audit's and `verify`'s too.

use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::{claims, list},
    endpoint::{Answer, Endpoint, Question},
    post_path,
};

const DAY: &str = "2026-03-05";

/// What the only tweet of the day says.
const TWEET: &str = "Pennant Bio raises $640M to train an AI model, GPT-5.2 style, in 12 months. \"We hire,fast,(really)...\" says the CEO";

fn tweet() -> String {
    let author = json!({"handle": "some_one", "name": "某人"});
    let created_at = format!("{DAY}T03:00:00Z");
    json!({"id": "2029400000000000001", "author": author, "created_at": created_at, "text": TWEET})
        .to_string()
}

/// Chinese without a space, with half-width marks, straight quotes and `...`.
fn carelessly(question: &Question) -> Answer {
    let text =
        "Pennant Bio为训练AI模型融资$640M,为期12个月;其CEO称:\"We hire,fast,(really)...\"(GPT-5.2风格).";
    let claim = |line: &Value| {
        let cites = if line["id"].is_null() { line["cites"].clone() } else { json!([line["id"]]) };
        json!({"group": question.group, "lead": "Pennant Bio融资", "text": text, "cites": cites})
    };
    Answer::Claims(question.lines.iter().map(claim).collect())
}

fn site(endpoint: &Endpoint, profile: &str) -> Site {
    let site = Site::quick(&endpoint.config());
    site.write("tweets.jsonl", tweet());
    site.run(&["run", "--corpus", "tweets.jsonl", "--date", DAY, "--profile", profile]);
    site
}

#[test]
fn a_careless_model_is_printed_well_and_verified_as_printed() {
    let site = site(&Endpoint::start(carelessly), "twitter_ai");
    let audit = site.audit(DAY);
    let printed = "Pennant Bio 为训练 AI 模型融资 $640M（6.4 亿美元），为期 12 个月；其 CEO 称：“We hire,fast,(really)...”（GPT-5.2 风格）。";
    let written: Vec<Value> = claims(&audit)
        .into_iter()
        .map(|(_, claim)| claim)
        .filter(|claim| claim["writer"] == "model")
        .cloned()
        .collect();
    assert!(!written.is_empty(), "{}", audit["brief"]["refused"]);
    for claim in &written {
        assert_eq!((&claim["lead"], &claim["text"]), (&json!("Pennant Bio 融资"), &json!(printed)));
        // The amount in Chinese was looked for in the tweet, like any other figure.
        let facts: Vec<&Value> = list(&claim["evidence"]).iter().map(|one| &one["fact"]["written"]).collect();
        assert!(facts.contains(&&json!("6.4 亿美元")) && facts.contains(&&json!("$640M")), "{facts:?}");
    }
    let post = site.post(DAY);
    let shown = printed.replace('$', "<span>$</span>").replace("...", "&#46;&#46;&#46;");
    assert!(post.contains(&format!("**Pennant Bio 融资**：{shown}（")), "{post}");

    site.run(&["check", &post_path(DAY)]).exits(0);
    site.run(&["verify", &post_path(DAY), "--corpus", "tweets.jsonl"]).exits(0);
    let line = post.lines().position(|line| line.contains(&shown)).unwrap() + 1;
    site.run(&["audit", &post_path(DAY), "--line", &line.to_string()]).exits(0).prints("6.4 亿美元");
}

#[test]
fn what_was_refused_is_kept_as_it_was_written() {
    let endpoint = Endpoint::start(|question| match carelessly(question) {
        Answer::Claims(mut claims) => {
            for claim in &mut claims {
                claim["text"] = json!("Pennant Bio融资$999M,已完成.");
            }
            Answer::Claims(claims)
        }
        other => other,
    });
    let audit = site(&endpoint, "twitter_ai").audit(DAY);
    let refused: Vec<&Value> =
        list(&audit["brief"]["refused"]).iter().map(|one| &one["draft"]["text"]).collect();
    assert!(refused.contains(&&json!("Pennant Bio融资$999M,已完成.")), "{refused:?}");
}

#[test]
fn an_english_report_is_printed_as_it_was_written() {
    let text = "Pennant Bio raises $640M, in 12 months: \"We hire,fast,(really)...\" says the CEO.";
    let endpoint = Endpoint::start(move |question| match carelessly(question) {
        Answer::Claims(mut claims) => {
            for claim in &mut claims {
                claim["lead"] = json!("Pennant Bio");
                claim["text"] = json!(text);
            }
            Answer::Claims(claims)
        }
        other => other,
    });
    let site = site(&endpoint, "twitter_ai_en");
    let names = site
        .tree()
        .files()
        .into_iter()
        .filter(|file| file.ends_with(".audit.json"))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let audit: Value = serde_json::from_slice(&std::fs::read(site.path(&names[0])).unwrap()).unwrap();
    let told: Vec<&Value> = claims(&audit).into_iter().map(|(_, claim)| &claim["text"]).collect();
    assert!(told.contains(&&json!(text)), "{told:?} {}", audit["brief"]["refused"]);
}
