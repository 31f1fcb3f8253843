//! Answers as models give them.

use super::*;
use crate::{
    ask::{AskSettings, Asker},
    made_up::{topic, unique},
    outline::{Outline, tests::outline},
    prompts::Prompts,
    sources::Sources,
};

const OUTLINE: &str = r#"
    key_points = 1
    tweets_per_topic = 6
    default_group = "events/models"
    language = "zh"
    kinds = []
    mood = { positive = [], negative = [] }
    [[sections]]
    id = "events"
    heading = "事件"
    empty = "无"
    groups = [{ id = "models", heading = "模型与技术" }, { id = "open", heading = "开源" }]
"#;

/// What a question about one tweet makes of an answer.
fn reading(outline: &Outline, text: &str) -> Reading {
    reading_of(outline, |_| text.to_owned())
}

/// The same of an answer that knows what it was asked.
fn reading_of(outline: &Outline, answer: impl Fn(&Question<'_>) -> String) -> Reading {
    let topics = [topic(vec![unique(1, "a", "GPT-5.2 is out")])];
    let sources = Sources::new(&topics, |_| 0, outline);
    let settings = AskSettings {
        name: "m".into(),
        max_tokens: 100,
        temperature: 0.0,
        section_tokens: 1000,
        tweet_chars: 100,
    };
    let prompts = Prompts::load(None).unwrap();
    let asker = Asker { settings: &settings, outline, prompts: &prompts, report_title: "t" };
    let question = asker.section(&outline.sections[0], &[0], &sources);
    read(&answer(&question), &question)
}

fn claims(text: &str) -> Vec<(String, String, Vec<String>)> {
    let Reading { drafts, problems } = reading(&outline(OUTLINE), text);
    assert_eq!(problems, Vec::<String>::new(), "{text}");
    drafts.into_iter().map(|draft| (draft.group, draft.text, draft.cites)).collect()
}

fn problem(text: &str) -> String {
    let Reading { drafts, problems } = reading(&outline(OUTLINE), text);
    assert!(drafts.is_empty() || problems.len() == 1, "{text}: {drafts:?}");
    problems.join("; ")
}

#[test]
fn what_can_only_be_meant_one_way_is_read() {
    let one = |group: &str| vec![(group.to_owned(), "模型发布了。".to_owned(), vec!["t1".to_owned()])];
    for (text, group) in [
        (r#"{"claims":[{"group":"open","lead":"发布","text":"模型发布了。","cites":["t1"]}]}"#, "open"),
        (r#"{"claims":[{"group":"开源","lead":null,"text":" 模型发布了。","cites":[1]}]}"#, "open"),
        (r#"[{"group":"?","text":"模型发布了。","cites":"T1"}]"#, "models"),
        (r#"{"claims":{"text":"模型发布了。","cites":["[t1]"],"score":1}}"#, "models"),
        (r#"{"text":"模型发布了。","cites":["1"]}"#, "models"),
        (
            "<think>t2?</think>```json\n{“claims”：[{“text”：“模型发布了。”，“cites”：[“@t1”]}]}\n```",
            "models",
        ),
        (
            r#"{"claims":[{"text":"模型发布了。","cites":["t1"]},{"text":"模型发布了。","cites":["t1"]}]}"#,
            "models",
        ),
    ] {
        assert_eq!(claims(text), one(group), "{text}");
    }
    let several = claims(r#"{"claims":[{"text":"甲、乙都发布了。","cites":"t1，t2、3"}]}"#);
    assert_eq!(several[0].2, ["t1", "t2", "t3"]);
}

#[test]
fn the_rest_is_named_for_the_model() {
    for (text, expected) in [
        ("抱歉，我无法协助处理该请求。", "no JSON object"),
        (r#"{"claims":[{"text":"半"#, "cut off"),
        (r#"{"points":[{"content":"a"}]}"#, "`claims` is missing; there is `points`"),
        (r#"{"type":"object","properties":{}}"#, "`claims` is missing"),
        (r#"{"claims":"none"}"#, "`claims` is not a list"),
        (r#"{"claims":[]}"#, "`claims` is empty"),
        (r#"{"claims":[{"cites":["t1"]}]}"#, "claims[0]: `text` is missing"),
        (r#"{"claims":[{"text":"模型发布了。"}]}"#, "claims[0]: `cites` is missing"),
        (r#"{"claims":[{"text":7,"cites":[]}]}"#, "`text` is not a string"),
        (r#"{"claims":["模型发布了。"]}"#, "claims[0]: not an object"),
        (
            r#"{"claims":[{"text":"The model was released.","cites":["t1"]}]}"#,
            "not written in the language `zh`",
        ),
        (
            &format!(r#"{{"claims":[{{"text":"{}","cites":["t1"]}}]}}"#, "重复".repeat(600)),
            "longer than 1000",
        ),
        (r#"{"claims":[{"text":"模型重复重复重复重复重复重复重复重复","cites":["t1"]}]}"#, "over and over"),
        (
            &format!("[{}]", [r#"{"text":"模型发布了。","cites":["t1"]}"#; 9].join(",")),
            "most claims repeat each other",
        ),
    ] {
        assert!(problem(text).contains(expected), "{text}: {}", problem(text));
    }
}

#[test]
fn the_good_claims_of_a_half_good_answer_stay() {
    let half = r#"{"claims":[{"text":"模型发布了。","cites":["t1"]},{"lead":"x"}]}"#;
    let Reading { drafts, problems } = reading(&outline(OUTLINE), half);
    assert_eq!((drafts.len(), problems.len()), (1, 1));
}

#[test]
fn the_language_is_the_report_s() {
    let english = outline(&OUTLINE.replace("language = \"zh\"", "language = \"en\""));
    let told = r#"{"claims":[{"text":"GPT-5.2 was released by OpenAI.","cites":["t1"]}]}"#;
    assert_eq!(reading(&english, told).problems, Vec::<String>::new());
    let chinese = r#"{"claims":[{"text":"OpenAI 发布了新的模型。","cites":["t1"]}]}"#;
    assert_eq!(reading(&english, chinese).drafts, []);
}

#[test]
fn one_claim_in_another_language_does_not_cost_the_rest() {
    let mixed = r#"{"claims":[{"text":"模型发布了。","cites":["t1"]},{"text":"say it was released","cites":["t1"]}]}"#;
    let Reading { drafts, problems } = reading(&outline(OUTLINE), mixed);
    assert_eq!((drafts.len(), problems.len()), (2, 0));
}

#[test]
fn an_answer_that_holds_the_seal_is_not_used() {
    let spelled = |question: &Question<'_>| question.seal().to_lowercase().replace('-', " ");
    let claim = |text: String| format!(r#"{{"claims":[{{"text":"模型发布了。{text}","cites":["t1"]}}]}}"#);
    let first = |question: &Question<'_>| format!("\\u{:04x}", u32::from(question.seal().remove(0)));
    for answer in [
        &(|question: &Question<'_>| claim(question.seal())) as &dyn Fn(&Question<'_>) -> String,
        &|question| claim(spelled(question)),
        &|question| claim(format!("{}{}", first(question), question.seal().split_at(1).1)),
        &|question| format!("{} {}", question.seal(), claim(String::new())),
    ] {
        let Reading { drafts, problems } = reading_of(&outline(OUTLINE), answer);
        assert_eq!(
            (drafts.len(), problems.concat().as_str()),
            (0, "the answer holds the seal of the instructions")
        );
    }
}
