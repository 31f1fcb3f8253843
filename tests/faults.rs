//! The fault matrix: the whole program against every fault of the catalogue, each alone and in mixes by seeds.
//!
//! After each run it must hold that the post is whole or not there, that nothing raw and no key got out, and that the exit
//! code is a documented one ([`trial`]); what a fault alone comes to stands in [`expected`].

mod catalogue;
mod expected;
mod plan;
mod table;
mod trial;
mod wire;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use catalogue::{ELSEWHERE, Fault, WITHDRAWN, answer};
use plan::{Mix, Mode, Plan, What};
use table::Table;
use trial::{Outcome, run};

use crate::support::{
    Site,
    fault_server::{Call, FaultServer, Play},
    variable,
};

/// Runs of the matrix, unless the environment tells another number: `TUIBAO_FAULT_RUNS`.
const RUNS: usize = 240;

/// Runs at a time.
const THREADS: usize = 2;

/// A configuration that asks the model at `base_url`, with the patience of a test.
pub(crate) fn config(base_url: &str, stream: bool) -> String {
    format!(
        "[writer]\nmode = \"model\"\n[cloud]\nenabled = false\n[model]\nbase_url = \"{base_url}\"\n\
         timeout_seconds = 3\nidle_seconds = 1\nmax_retries = 2\nbackoff_seconds = 0.002\n\
         max_wait_seconds = 2\nstream = {stream}\nparallel = 8\n[model.cache]\nfolder = \"\"\n"
    )
}

#[test]
fn whatever_the_model_does_the_post_is_whole_or_not_there() {
    let Some(faults) = catalogue::all() else { return };
    let plans = plans(&faults, runs());
    let mut table = Table::new(&faults);
    for (plan, outcome) in plans.iter().zip(run_all(&plans)) {
        table.add(plan, &outcome);
    }
    let told = table.to_string();
    println!("{told}");
    assert_eq!(ELSEWHERE.connections(), 0, "a redirect to another host was followed");
    assert!(table.failures().is_empty(), "{told}\n{}", table.failures().join("\n"));
}

fn runs() -> usize {
    variable("TUIBAO_FAULT_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number of runs"))
}

/// Every fault alone, once as a stream and once not if there are runs enough, then mixes; one in three with the whole log.
fn plans(faults: &[Fault], runs: usize) -> Vec<Plan> {
    let alone: Vec<What> = faults
        .iter()
        .flat_map(|fault| Mode::of(fault).into_iter().map(|mode| What::Alone(fault.clone(), mode)))
        .collect();
    let rounds = if runs < 2 * alone.len() { 1 } else { 2 };
    let count = runs.max(alone.len());
    // The modes of a fault take turns in being streamed, and so do faults.
    let streams = |place: usize| (place / 2 + place).is_multiple_of(2);
    let singly = (0..rounds).flat_map(|round| {
        let form = move |place| streams(place) != (round == 1);
        alone.iter().enumerate().map(move |(place, what)| (form(place), what.clone()))
    });
    let mixed = (1..).map(|seed| (seed % 2 == 0, What::Mixed(Mix::new(seed, faults))));
    let all = singly.chain(mixed).take(count).enumerate();
    all.map(|(place, (stream, what))| Plan { what, stream, verbose: place % 3 == 0 }).collect()
}

/// Some at a time, and their outcomes in the order of the plans.
fn run_all(plans: &[Plan]) -> Vec<Outcome> {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((place, plan)) = plans.iter().enumerate().nth(next.fetch_add(1, Ordering::SeqCst)) {
            let outcome = run(plan);
            outcomes.lock().unwrap().push((place, outcome));
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let mut outcomes = outcomes.into_inner().unwrap();
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

#[test]
fn equal_input_makes_equal_requests_and_equal_seeds_equal_posts() {
    let sorted = |plan: &Plan| {
        let mut outcome = run(plan);
        outcome.bodies.sort();
        (outcome.bodies, outcome.post)
    };
    for stream in [false, true] {
        let honest = Plan { stream, ..Plan::honest() };
        assert!(sorted(&honest) == sorted(&honest), "the same bytes are asked and told");
    }
    let Some(mut faults) = catalogue::all() else { return };
    // Which call is the first to be refused for good is the one thing that may differ.
    faults.retain(|fault| fault.act != "fatal_run");
    for seed in 1..=4 {
        let mixed =
            Plan { what: What::Mixed(Mix::new(seed, &faults)), stream: seed % 2 == 0, ..Plan::honest() };
        assert!(sorted(&mixed).1 == sorted(&mixed).1, "seed {seed}: another post");
    }
}

#[test]
fn a_streamed_answer_is_a_whole_answer_in_pieces() {
    let outcome = run(&Plan::honest());
    let mut asked = Call { number: 0, attempt: 0, question: 0, body: Value::Null };
    for body in &outcome.bodies {
        asked.body = serde_json::from_slice(body).unwrap();
        let said = answer(&wire::honest_claims(&asked));
        asked.body["stream"] = json!(true);
        let streamed = String::from_utf8(wire::reply(&asked, &json!({}), &said).body).unwrap();
        let events = streamed.split_terminator("\n\n").map(|event| event.strip_prefix("data: ").unwrap());
        let (last, chunks): (Vec<_>, Vec<_>) = events.partition(|event| *event == "[DONE]");
        let chunks: Vec<Value> = chunks.iter().map(|chunk| serde_json::from_str(chunk).unwrap()).collect();
        let pieces = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
        assert_eq!((pieces.collect::<String>(), last.len()), (said, 1));
    }
}

/// Else no run could tell whether an answer that is not to be used was used.
#[test]
fn a_withdrawn_answer_that_is_used_is_seen_in_the_post() {
    let server = FaultServer::start(|call| {
        let claims = wire::withdrawn(wire::honest_claims(call));
        Play::Whole(wire::reply(call, &json!({}), &answer(&claims)))
    });
    let site = Site::new();
    site.write("tuibao.toml", config(&format!("{}/v1", server.address("http")), false));
    site.run_day("2026-03-03", &[]).exits(0);
    assert!(site.post("2026-03-03").contains(WITHDRAWN));
}
