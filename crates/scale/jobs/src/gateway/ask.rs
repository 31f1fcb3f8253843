//! How a question gets its answer: from the cache, else by whoever may ask it, within budget and rate.

use std::{sync::Arc, time::Duration};

use axum::http::Method;
use tokio::time::{interval, sleep};

use super::{
    Gate,
    answer::Answer,
    flight::{Boarding, Flight},
    price::Amount,
    question::Question,
    upstream::Sent,
};
use crate::database::patiently;

/// Between two looks whether somebody else has the answer.
const LOOK: Duration = Duration::from_millis(250);
/// The budget comes back by what others do not use.
const WAIT_FOR_BUDGET: Duration = Duration::from_millis(500);
/// How often an upstream that says when to come again is asked again.
const TRIES: u32 = 5;
/// A longer wait is the asker's business.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The answer, and whether it was kept.
pub(super) async fn ask(gate: Arc<Gate>, question: Question) -> (Answer, bool) {
    match answered(&gate, &question).await {
        Ok(answered) => answered,
        Err(error) => {
            tracing::error!(%error, "PostgreSQL refuses");
            (Answer::away("the gateway's PostgreSQL refuses; its log says why"), false)
        }
    }
}

async fn answered(gate: &Gate, question: &Question) -> Result<(Answer, bool), sqlx::Error> {
    let mut flight = None;
    loop {
        if let Some(kept) = kept(gate, question).await {
            tracing::debug!(key = question.key, "kept");
            return Ok((kept, true));
        }
        if flight.is_none() {
            flight = Some(gate.flight(question).await);
        }
        let Some(flight) = &flight else { continue };
        match patiently(|| flight.board()).await? {
            Boarding::Boarded => return fly(gate, question, flight).await,
            Boarding::Asked => sleep(LOOK).await,
            Boarding::Full => sleep(WAIT_FOR_BUDGET).await,
            Boarding::Spent(what) => return Ok((Answer::spent(&what), false)),
        }
    }
}

async fn fly(gate: &Gate, question: &Question, flight: &Flight) -> Result<(Answer, bool), sqlx::Error> {
    // Who asked it before may have landed between our look and our boarding.
    if let Some(kept) = kept(gate, question).await {
        patiently(|| flight.land(None)).await?;
        return Ok((kept, true));
    }
    let (answer, cost) = tokio::select! {
        sent = sent(gate, question, flight) => sent?,
        never = renewing(flight) => match never {},
    };
    // Kept first: who waits for it looks as soon as it has landed.
    if answer.is_good(question) {
        keep(gate, question, &answer).await;
    }
    patiently(|| flight.land(Some(cost))).await?;
    tracing::info!(key = question.key, status = answer.status, tokens = cost.tokens, "asked");
    Ok((answer, false))
}

/// Each attempt takes a slot; an upstream that says when to come again is asked again then.
async fn sent(gate: &Gate, question: &Question, flight: &Flight) -> Result<(Answer, Amount), sqlx::Error> {
    let mut tries = 0;
    loop {
        sleep(patiently(|| flight.limit.slot(flight.worst.tokens)).await?).await;
        tries += 1;
        match gate.upstream.send(Method::POST, &question.path, question.bytes.clone()).await {
            Sent::Wait(_, wait) if tries < TRIES && wait <= LONGEST_WAIT => {
                tracing::warn!(?wait, "the upstream asks all to wait");
                patiently(|| flight.limit.pause(wait)).await?;
            }
            Sent::Back(answer) | Sent::Wait(answer, _) => {
                let cost = answer.cost(question, &gate.prices, flight.worst);
                return Ok((answer, cost));
            }
            Sent::Lost(why) => return Ok((Answer::away(&why), flight.worst)),
        }
    }
}

async fn renewing(flight: &Flight) -> std::convert::Infallible {
    let mut ticks = interval(flight.lease / 4);
    loop {
        ticks.tick().await;
        if let Err(error) = flight.renew().await {
            tracing::warn!(%error, "the lease of a question is not renewed");
        }
    }
}

/// A cache that does not work is none: the question is asked.
async fn kept(gate: &Gate, question: &Question) -> Option<Answer> {
    let bytes = gate.cache.get(&question.shelf()).await;
    let bytes = bytes.inspect_err(|error| tracing::warn!(%error, "the cache cannot be read")).ok()??;
    serde_json::from_slice(&bytes).ok()
}

async fn keep(gate: &Gate, question: &Question, answer: &Answer) {
    let bytes = serde_json::to_vec(answer).unwrap_or_default();
    for pause in [0, 1, 5] {
        sleep(Duration::from_secs(pause)).await;
        match gate.cache.put(&question.shelf(), bytes.clone()).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "an answer is not kept, and may be paid for again"),
        }
    }
}
