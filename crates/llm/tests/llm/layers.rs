//! Layers over a pretended model, with time that only sleeping moves.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::join_all;
use llm::{
    BoxFuture, Capability, Caps, Deadline, Effort, Fallback, Fault, Finish, Form, Format, Lack, Ledger, Left,
    Metered, Model, ModelError, Pace, PaceSettings, Price, Quota, Reply, Request, Room, Slots, Usage,
};
use tokio::time::{Instant, sleep};

use crate::endpoint::{class, request};

type Answer = dyn Fn(&Request, usize) -> Result<Reply, ModelError> + Send + Sync;

/// Answers by a function of the request and of how often it was asked before; notes when it was asked what.
pub(crate) struct Fake {
    answer: Box<Answer>,
    takes: Duration,
    asked: Mutex<Vec<(Instant, Request)>>,
}

impl Fake {
    pub(crate) fn of(
        answer: impl Fn(&Request, usize) -> Result<Reply, ModelError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), takes: Duration::ZERO, asked: Mutex::default() })
    }

    fn slow(takes: Duration) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(|_, _| Ok(reply())), takes, asked: Mutex::default() })
    }

    pub(crate) fn calls(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn times(&self) -> Vec<Instant> {
        self.asked.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    fn requests(&self) -> Vec<Request> {
        self.asked.lock().unwrap().iter().map(|(_, request)| request.clone()).collect()
    }
}

impl Model for Fake {
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(async move {
            let before = {
                let mut asked = self.asked.lock().unwrap();
                asked.push((Instant::now(), request.clone()));
                asked.len() - 1
            };
            sleep(self.takes).await;
            (self.answer)(request, before)
        })
    }
}

pub(crate) fn reply() -> Reply {
    Reply {
        text: "{}".into(),
        model: "m".into(),
        usage: Usage { prompt_tokens: 100, completion_tokens: 20, ..Usage::default() },
        finish: Finish::Stop,
        effort: Effort { attempts: 1, ..Effort::default() },
        quota: Quota::default(),
    }
}

pub(crate) fn fault(status: u16) -> Fault {
    Fault { status: Some(status), detail: "no".into(), attempts: 1, ..Fault::default() }
}

#[tokio::test(start_paused = true)]
async fn slots_bound_the_calls_under_way() {
    let fake = Fake::slow(Duration::from_secs(2));
    let slots = Slots::new(Arc::clone(&fake), 3);
    let (question, begun) = (request(), Instant::now());
    join_all((0..7).map(|_| slots.complete(&question))).await;
    let starts: Vec<u64> = fake.times().iter().map(|at| (*at - begun).as_secs()).collect();
    assert_eq!(starts, [0, 0, 0, 2, 2, 2, 4]);
}

#[tokio::test(start_paused = true)]
async fn no_minute_has_more_requests_than_allowed() {
    let fake = Fake::of(|_, _| Ok(reply()));
    let pace = Pace::new(Arc::clone(&fake), PaceSettings { requests: 60, tokens: 0 });
    let question = request();
    join_all((0..200).map(|_| pace.complete(&question))).await;
    let times = fake.times();
    let most = times.iter().map(|start| {
        times.iter().filter(|at| **at >= *start && **at < *start + Duration::from_secs(60)).count()
    });
    assert_eq!(most.max(), Some(60));
    assert!(times[199] - times[0] < Duration::from_secs(182), "and no slower than that");
}

#[tokio::test(start_paused = true)]
async fn no_minute_has_more_tokens_than_allowed_once_they_are_known() {
    let fake = Fake::of(|_, _| Ok(reply()));
    // Each asks with room for 1,000 and takes 120.
    let pace = Pace::new(Arc::clone(&fake), PaceSettings { requests: 0, tokens: 1500 });
    let question = request();
    for _ in 0..6 {
        pace.complete(&question).await.unwrap();
    }
    let times = fake.times();
    let gaps: Vec<u64> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(gaps, [0, 0, 0, 0, 60]);
}

#[tokio::test(start_paused = true)]
async fn everybody_waits_when_the_endpoint_says_so() {
    let told =
        Quota { requests: Left { count: Some(0), reset: Some(Duration::from_secs(5)) }, ..Quota::default() };
    let fake = Fake::of(move |_, before| match before {
        0 => Ok(Reply { quota: told, ..reply() }),
        1 => Err(ModelError::Unreachable(Fault { retry_after: Some(Duration::from_secs(7)), ..fault(429) })),
        2 => Err(ModelError::Unreachable(Fault {
            retry_after: Some(Duration::from_secs(1_209_600)),
            ..fault(429)
        })),
        _ => Ok(reply()),
    });
    let pace = Pace::new(Arc::clone(&fake), PaceSettings::default());
    let question = request();
    for _ in 0..4 {
        let _ = pace.complete(&question).await;
    }
    let gaps: Vec<u64> = fake.times().windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(gaps, [5, 7, 0], "two weeks are not waited for");
}

#[tokio::test]
async fn what_an_endpoint_lacks_is_learned_once_and_remembered_on_the_disk() {
    let picky = || {
        Fake::of(|request, _| match request.form {
            Form { format: Format::JsonSchema, .. } => Err(ModelError::Lacking(Lack::Format, fault(400))),
            Form { room: Room::MaxTokens, .. } => Err(ModelError::Lacking(Lack::MaxTokens, fault(400))),
            Form { temperature_fixed: false, .. } => Err(ModelError::Lacking(Lack::Temperature, fault(400))),
            _ => Ok(reply()),
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let fake = picky();
    let capability =
        Capability::new(Arc::clone(&fake), Form::default()).remembering(folder.path(), "http://a m");
    let first = capability.complete(&request()).await.unwrap();
    assert_eq!((fake.calls(), first.effort.attempts), (4, 4));
    capability.complete(&request()).await.unwrap();
    assert_eq!(fake.calls(), 5);

    let later = picky();
    let remembering =
        Capability::new(Arc::clone(&later), Form::default()).remembering(folder.path(), "http://a m");
    remembering.complete(&request()).await.unwrap();
    assert_eq!(later.calls(), 1, "a later run knows");
    assert_eq!(remembering.form(), capability.form());
    let other = Form { stream: true, ..Form::default() };
    let anew = Capability::new(picky(), other).remembering(folder.path(), "http://a m");
    assert_eq!(anew.form(), other, "with other settings all is learned anew");
    let elsewhere = Capability::new(picky(), Form::default()).remembering(folder.path(), "http://b m");
    assert_eq!(elsewhere.form(), Form::default());
}

#[tokio::test]
async fn an_endpoint_that_lacks_everything_refuses() {
    let fake = Fake::of(|_, _| Err(ModelError::Lacking(Lack::Format, fault(400))));
    let capability = Capability::new(Arc::clone(&fake), Form::default());
    let error = capability.complete(&request()).await.unwrap_err();
    assert_eq!((class(&error), fake.calls()), ("refused", 3));
}

fn choices(fakes: &[&Arc<Fake>]) -> Fallback {
    let named = fakes
        .iter()
        .enumerate()
        .map(|(place, fake)| (format!("m{place}"), Box::new(Arc::clone(fake)) as Box<dyn Model>));
    Fallback::new(named.collect())
}

#[tokio::test(start_paused = true)]
async fn the_first_that_can_answer_does() {
    let down = Fake::of(|_, _| Err(ModelError::Unreachable(fault(503))));
    let up = Fake::of(|_, _| Ok(reply()));
    let fallback = choices(&[&down, &up]);
    let answered = fallback.complete(&request()).await.unwrap();
    assert_eq!(answered.effort.attempts, 2);
    assert_eq!((down.requests()[0].model.as_str(), up.requests()[0].model.as_str()), ("m0", "m1"));
    fallback.complete(&request()).await.unwrap();
    assert_eq!((down.calls(), up.calls()), (1, 2), "who was down rests");
    sleep(Duration::from_secs(61)).await;
    fallback.complete(&request()).await.unwrap();
    assert_eq!((down.calls(), up.calls()), (2, 3), "and is asked again later");
}

#[tokio::test]
async fn who_refused_for_good_is_not_asked_again() {
    let refusing = Fake::of(|_, _| Err(ModelError::Refused(fault(401))));
    let fallback = choices(&[&refusing]);
    for _ in 0..3 {
        assert_eq!(class(&fallback.complete(&request()).await.unwrap_err()), "refused");
    }
    assert_eq!(refusing.calls(), 1);
    let picky =
        Fake::of(|_, before| if before == 0 { Err(ModelError::Refused(fault(400))) } else { Ok(reply()) });
    let fallback = choices(&[&picky]);
    assert_eq!(class(&fallback.complete(&request()).await.unwrap_err()), "refused");
    fallback.complete(&request()).await.unwrap();
}

#[tokio::test]
async fn when_all_fail_the_failure_is_the_one_that_helps_most() {
    let filtered = Fake::of(|_, _| Err(ModelError::Filtered(fault(400))));
    let refused = Fake::of(|_, _| Err(ModelError::Refused(fault(401))));
    let down = Fake::of(|_, _| Err(ModelError::Unreachable(fault(503))));
    let error = choices(&[&refused, &filtered, &down]).complete(&request()).await.unwrap_err();
    assert_eq!((class(&error), error.fault().attempts), ("filtered", 3));
    let error = choices(&[&refused, &down]).complete(&request()).await.unwrap_err();
    assert_eq!(class(&error), "unreachable");
}

#[tokio::test(start_paused = true)]
async fn a_report_s_time_ends_all_its_calls() {
    let fake = Fake::slow(Duration::from_secs(4));
    let deadline = Deadline::new(Arc::clone(&fake), Instant::now() + Duration::from_secs(6));
    deadline.complete(&request()).await.unwrap();
    let cut = deadline.complete(&request()).await.unwrap_err();
    assert_eq!((class(&cut), fake.calls()), ("unreachable", 2));
    deadline.complete(&request()).await.unwrap_err();
    assert_eq!(fake.calls(), 2, "what cannot end in time is not begun");
}

const PRICE: Price = Price { input: 10.0, cached: None, output: 100.0 };

fn metered(fake: &Arc<Fake>, caps: Caps) -> Metered<Arc<Fake>> {
    Metered::new(Arc::clone(fake), Some(PRICE), Arc::new(Ledger::new(caps, None)))
}

#[tokio::test]
async fn nothing_is_sent_that_could_exceed_the_budget() {
    let fake = Fake::of(|_, _| Ok(reply()));
    // 100 tokens asked and 20 answered cost .003; with room for 1,000 a call could cost about .1.
    let bounded = metered(&fake, Caps { run_money: 0.11, ..Caps::default() });
    let mut answered = 0;
    let refused = loop {
        match bounded.complete(&request()).await {
            Ok(reply) => {
                answered += 1;
                assert!((reply.effort.cost - 0.003).abs() < 1e-9);
            }
            Err(error) => break error,
        }
    };
    assert_eq!((class(&refused), answered, fake.calls()), ("spent", 4, 4));
    assert!(refused.to_string().contains("`model.budget.run_money`"), "{refused}");
}

#[tokio::test]
async fn calls_side_by_side_keep_within_the_budget_too() {
    let fake = Fake::slow(Duration::from_millis(5));
    let bounded = metered(&fake, Caps { run_tokens: 3500, ..Caps::default() });
    let question = request();
    let results = join_all((0..9).map(|_| bounded.complete(&question))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(fake.calls(), 3);
}

#[tokio::test]
async fn failures_cost_what_they_cost() {
    let status = |status| move |_: &Request, _| Err(ModelError::Unusable(fault(status)));
    let paid = metered(&Fake::of(status(200)), Caps::default()).complete(&request()).await.unwrap_err();
    assert!(paid.fault().cost > 0.0, "an answer came, and was of no use");
    let free = Fake::of(|_, _| Err(ModelError::Unreachable(fault(503))));
    let free = metered(&free, Caps::default()).complete(&request()).await.unwrap_err();
    assert!(free.fault().cost == 0.0);
}
