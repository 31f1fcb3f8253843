//! Conversations with a model that answers by a rule.

use std::sync::Mutex;

use llm::{BoxFuture, Effort, Fault, Quota, Usage};

use super::*;
use crate::{
    ask::{AskSettings, Asker},
    made_up::{topic, unique},
    outline::{Outline, tests::outline},
    prompts::Prompts,
    sources::Sources,
};

type Rule = dyn Fn(&Request, usize) -> Result<(String, Finish), ModelError> + Send + Sync;

/// Answers by a rule of the request and of how often it was asked before; keeps what it was asked.
struct Fake {
    rule: Box<Rule>,
    asked: Mutex<Vec<Request>>,
    forgotten: Mutex<usize>,
}

impl Fake {
    fn of(
        rule: impl Fn(&Request, usize) -> Result<(String, Finish), ModelError> + Send + Sync + 'static,
    ) -> Self {
        Self { rule: Box::new(rule), asked: Mutex::default(), forgotten: Mutex::default() }
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

impl Model for Fake {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        let before = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(request.clone());
            asked.len() - 1
        };
        Box::pin(async move {
            let (text, finish) = (self.rule)(request, before)?;
            Ok(Reply {
                text,
                model: "m".into(),
                usage: Usage::default(),
                finish,
                effort: Effort { attempts: 1, ..Effort::default() },
                quota: Quota::default(),
            })
        })
    }

    fn forget(&self, _request: &Request) {
        *self.forgotten.lock().unwrap() += 1;
    }
}

fn fault(status: u16) -> Fault {
    Fault { status: Some(status), attempts: 1, ..Fault::default() }
}

/// A claim a line of the request.
#[expect(clippy::unnecessary_wraps, reason = "the form of a rule")]
fn honest(request: &Request) -> Result<(String, Finish), ModelError> {
    let lines = request.user.lines().filter_map(|line| line.strip_prefix("{\"id\":\"")?.split_once('"'));
    let claims: Vec<String> = lines
        .map(|(id, _)| {
            format!(r#"{{"group":"models","lead":"","text":"模型 {id} 发布了。","cites":["{id}"]}}"#)
        })
        .collect();
    Ok((format!(r#"{{"claims":[{}]}}"#, claims.join(",")), Finish::Stop))
}

const OUTLINE: &str = r#"
    key_points = 1
    default_group = "events/models"
    language = "zh"
    kinds = []
    mood = { positive = [], negative = [] }
    sections = [{ id = "events", heading = "事件", empty = "无", groups = [{ id = "models", heading = "模型" }] }]
"#;

/// The conversation about so many topics of one tweet each; the n-th says `tweet n`.
async fn about(topics: usize, model: &dyn Model) -> Said {
    checked(topics, model, |_| Vec::new()).await
}

/// The same, and what does not pass is asked for once more.
async fn checked(topics: usize, model: &dyn Model, check: impl Fn(&DraftClaim) -> Vec<Problem>) -> Said {
    let outline: Outline = outline(OUTLINE);
    let topics: Vec<_> = (1..=topics)
        .map(|number| topic(vec![unique(number as u64, "a", &format!("tweet {number} end"))]))
        .collect();
    let sources = Sources::new(&topics, |_| 0, &outline);
    let settings = AskSettings {
        name: "m".into(),
        max_tokens: 1000,
        temperature: 0.0,
        section_tokens: 1_000_000,
        tweet_chars: 100,
    };
    let prompts = Prompts::load(None).unwrap();
    let asker = Asker { settings: &settings, outline: &outline, prompts: &prompts, report_title: "t" };
    let places: Vec<usize> = (0..topics.len()).collect();
    let question = asker.section(&outline.sections[0], &places, &sources);
    let said = converse(model, &question).await;
    repair(model, &question, said, check).await
}

fn rounds(said: &Said) -> Vec<Round> {
    said.calls.iter().map(|call| call.round).collect()
}

#[tokio::test]
async fn a_good_answer_takes_one_call() {
    let model = Fake::of(|request, _| honest(request));
    let said = about(3, &model).await;
    assert_eq!(said.drafts.as_ref().unwrap().len(), 3);
    assert_eq!(rounds(&said), [Round::First]);
    let request = &model.asked()[0];
    let marks: Vec<&str> = request.user.lines().filter(|line| line.starts_with("DATA-")).collect();
    assert!(marks.len() == 2 && marks[0] == marks[1], "{}", request.user);
}

#[tokio::test]
async fn an_answer_of_another_form_is_asked_for_once_more() {
    let bad = || Ok(("好的：{\"points\": []}".to_owned(), Finish::Stop));
    let model = Fake::of(move |request, before| if before == 0 { bad() } else { honest(request) });
    let said = about(3, &model).await;
    assert_eq!((said.drafts.as_ref().unwrap().len(), rounds(&said)), (3, vec![Round::First, Round::Again]));
    let asked = model.asked();
    assert_eq!(asked[0].system, asked[1].system);
    let more = asked[1].user.strip_prefix(&asked[0].user).expect("what is cached stays in front");
    assert!(more.contains("`claims` is missing; there is `points`") && !more.contains("好的"), "{more}");

    let model = Fake::of(move |_, _| bad());
    let said = about(3, &model).await;
    assert!(matches!(said.drafts, Err(AskError::OtherForm(_))));
    assert_eq!((model.asked().len(), *model.forgotten.lock().unwrap()), (2, 2));

    // The claims of a half good answer are not lost to a bad second one.
    let half = r#"{"claims":[{"text":"模型发布了。","cites":["t1"]},{"text":""}]}"#;
    let model =
        Fake::of(move |_, before| if before == 0 { Ok((half.to_owned(), Finish::Stop)) } else { bad() });
    assert_eq!(about(3, &model).await.drafts.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_gets_room_then_fewer_topics() {
    let cut = |request: &Request| (request.user.chars().take(40).collect::<String>(), Finish::Length);
    let model = Fake::of(move |request, _| match request.max_tokens {
        1000 => Ok(cut(request)),
        _ => honest(request),
    });
    let said = about(4, &model).await;
    assert_eq!(
        (said.drafts.as_ref().unwrap().len(), rounds(&said)),
        (4, vec![Round::First, Round::MoreRoom])
    );

    let model = Fake::of(
        move |request, _| if request.user.contains("tweet 4") { Ok(cut(request)) } else { honest(request) },
    );
    let said = about(4, &model).await;
    assert_eq!((said.drafts.as_ref().unwrap().len(), &said.shed[..]), (2, &[2, 3][..]));
    assert_eq!(rounds(&said), [Round::First, Round::MoreRoom, Round::Shorter]);
    let longest = model.asked().iter().map(|request| request.user.len()).max();
    assert_eq!(longest, Some(model.asked()[0].user.len()), "nothing is fed back");

    let model = Fake::of(move |request, _| Ok(cut(request)));
    let said = about(4, &model).await;
    assert!(matches!(said.drafts, Err(AskError::Cut(2000))));
    assert_eq!(said.calls.len(), 3);
}

#[tokio::test]
async fn a_model_without_more_room_gets_fewer_topics() {
    let model = Fake::of(|request, _| match request.max_tokens {
        1000 if request.user.contains("tweet 2") => Ok((String::new(), Finish::Length)),
        1000 => honest(request),
        _ => Err(ModelError::Refused(fault(400))),
    });
    let said = about(2, &model).await;
    assert_eq!((said.drafts.unwrap().len(), said.shed), (1, vec![1]));
}

#[tokio::test]
async fn a_question_that_does_not_fit_is_shortened_by_rank() {
    let model = Fake::of(|request, _| {
        if request.user.contains("tweet 3 ") { Err(ModelError::TooLong(fault(400))) } else { honest(request) }
    });
    let said = about(16, &model).await;
    assert_eq!(said.drafts.as_ref().unwrap().len(), 2);
    assert_eq!((said.calls.len(), said.shed.len()), (4, 14));

    let model = Fake::of(|_, _| Err(ModelError::TooLong(fault(400))));
    let said = about(16, &model).await;
    assert!(matches!(said.drafts, Err(AskError::Model(ModelError::TooLong(_)))));
    assert_eq!(said.calls.len(), 5);
}

#[tokio::test]
async fn the_one_tweet_that_moderation_objects_to_is_found_and_the_others_are_told() {
    for bad in [1, 17, 64] {
        let word = format!("tweet {bad} ");
        let model = Fake::of(move |request, _| {
            if request.user.contains(&word) { Err(ModelError::Filtered(fault(400))) } else { honest(request) }
        });
        let said = about(64, &model).await;
        assert_eq!((said.drafts.as_ref().unwrap().len(), &said.withheld[..]), (63, &[format!("t{bad}")][..]));
        assert!(said.calls.len() <= 14, "{} calls", said.calls.len());
    }
}

#[tokio::test]
async fn an_objection_that_is_taken_back_costs_one_call() {
    let model =
        Fake::of(
            |request, before| {
                if before == 0 { Ok((String::new(), Finish::ContentFilter)) } else { honest(request) }
            },
        );
    let said = about(8, &model).await;
    assert_eq!(
        (said.drafts.as_ref().unwrap().len(), rounds(&said)),
        (8, vec![Round::First, Round::Repeated])
    );
}

#[tokio::test]
async fn moderation_that_objects_to_everything_is_given_up() {
    let all = || Fake::of(|_, _| Err(ModelError::Filtered(fault(400))));
    let (few, many) = (about(4, &all()).await, about(64, &all()).await);
    assert!(matches!(few.drafts, Err(AskError::Objections(4))));
    assert!(matches!(many.drafts, Err(AskError::TooManyCalls)));
    assert_eq!(many.calls.len(), MOST_CALLS);
}

/// Answers late to all but the last tweets.
struct Late(Fake);

impl Model for Late {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            for _ in 0..if request.user.contains("tweet 63 ") { 0 } else { 50 } {
                tokio::task::yield_now().await;
            }
            self.0.complete(request).await
        })
    }
}

/// When the calls are used up, what was found by then is the same whichever answer came first.
#[tokio::test]
async fn what_is_withheld_depends_on_no_answer_s_speed() {
    let all = || Fake::of(|_, _| Err(ModelError::Filtered(fault(400))));
    let (soon, late) = (about(64, &all()).await, about(64, &Late(all())).await);
    assert!(!soon.withheld.is_empty() && soon.withheld.len() < 64);
    assert_eq!((soon.withheld, soon.calls.len()), (late.withheld, late.calls.len()));
}

#[tokio::test]
async fn what_moderation_objected_to_before_is_not_put_to_the_test_again() {
    let kept = Fault { status: Some(400), ..Fault::default() };
    let model = Fake::of(move |request, _| {
        if request.user.contains("tweet 2 ") {
            Err(ModelError::Filtered(kept.clone()))
        } else {
            honest(request)
        }
    });
    let said = about(2, &model).await;
    assert_eq!(rounds(&said), [Round::First, Round::Part, Round::Part]);
    assert_eq!(*model.forgotten.lock().unwrap(), 0);
}

#[tokio::test]
async fn what_passed_is_not_told_twice_when_the_model_repeats_all() {
    let model = Fake::of(|request, _| honest(request));
    let refuse_first = |draft: &DraftClaim| {
        let problem = Problem::NoCitation;
        if draft.cites == ["t1"] { vec![problem] } else { Vec::new() }
    };
    let said = checked(2, &model, refuse_first).await;
    assert_eq!((rounds(&said), said.refused.len()), (vec![Round::First, Round::Repair], 1));
    let texts: Vec<String> = said.drafts.unwrap().into_iter().map(|draft| draft.text).collect();
    assert_eq!(
        texts,
        ["模型 t2 发布了。", "模型 t1 发布了。"],
        "the repeated one is for the caller to check"
    );
}
