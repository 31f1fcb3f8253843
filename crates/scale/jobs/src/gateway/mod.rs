//! `gateway`: the one way to the model for all workers.
//!
//! An endpoint like OpenAI's that answers from a shared cache, asks each question once however many ask it at the same time, and
//! keeps to one rate limit and one budget together with all other gateways. It has the API key, so that no worker needs one.

mod answer;
mod args;
mod ask;
mod flight;
mod limit;
mod price;
mod question;
mod upstream;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, Response, header::AUTHORIZATION},
};
use secrecy::SecretString;
use tokio::{net::TcpListener, sync::mpsc};

pub use self::args::GatewayArgs;
use self::{
    answer::Answer,
    flight::Flight,
    limit::Limit,
    price::{Amount, Prices},
    question::Question,
    upstream::{Sent, Upstream},
};
use crate::{
    database::patiently,
    error::JobsError,
    names::{secret_of, worker_name},
    place::Place,
    stop::until_stopped,
};

/// A question may be so long.
const BODY_BYTES: usize = 32 << 20;

/// What all questions share.
#[derive(Debug)]
struct Gate {
    upstream: Upstream,
    cache: Place,
    limit: Limit,
    prices: Prices,
    token: Option<blake3::Hash>,
    name: String,
    asked: AtomicU64,
    room: u64,
    lease: Duration,
    /// Open as long as a question is on its way.
    open: mpsc::Sender<()>,
}

/// Serves until it is told to stop (SIGTERM, SIGINT), and questions that are on their way are answered and kept.
///
/// # Errors
///
/// An address that others reach without a token; PostgreSQL refuses; the cache cannot be opened.
pub async fn gateway(args: &GatewayArgs) -> Result<(), JobsError> {
    if !args.listen.ip().is_loopback() && args.token_env.is_none() {
        let why = format!("`{}` can be reached from other machines: `--token-env` is needed", args.listen);
        return Err(JobsError::Usage(why));
    }
    let (open, mut closed) = mpsc::channel(1);
    let gate = Arc::new(open_gate(args, open).await?);
    let listener =
        TcpListener::bind(args.listen).await.map_err(JobsError::machine(args.listen.to_string()))?;
    tracing::info!(listen = %args.listen, "the gateway is open");
    let router = Router::new().fallback(serve).with_state(Arc::clone(&gate));
    let serving = axum::serve(listener, router).with_graceful_shutdown(until_stopped());
    serving.await.map_err(JobsError::machine("the gateway"))?;
    drop(gate);
    tracing::info!("closed: questions that are on their way are waited for");
    tokio::select! {
        _ = closed.recv() => (),
        () = until_stopped() => (),
    }
    Ok(())
}

async fn open_gate(args: &GatewayArgs, open: mpsc::Sender<()>) -> Result<Gate, JobsError> {
    // Its tables are large: the first question should not wait for them.
    tokio::task::spawn_blocking(|| llm::estimate_tokens("warm"));
    let key = args.api_key_env.as_deref().map(secret_of).transpose()?.map(SecretString::from);
    let token = args.token_env.as_deref().map(secret_of).transpose()?;
    let timeout = Duration::from_secs(args.timeout_seconds.max(1));
    let limit = Limit { pool: args.database.open_patiently(12).await?, account: args.account.clone() };
    patiently(|| limit.set(args.limits())).await?;
    Ok(Gate {
        upstream: Upstream::new(&args.upstream, key, timeout)?,
        cache: Place::open(&args.cache)?,
        limit,
        prices: Prices::new(&args.price),
        token: token.map(|token| blake3::hash(token.as_bytes())),
        name: worker_name(),
        asked: AtomicU64::new(0),
        room: args.room,
        lease: Duration::from_secs(args.lease_seconds.max(4)),
        open,
    })
}

impl Gate {
    async fn flight(&self, question: &Question) -> Flight {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        Flight {
            limit: self.limit.clone(),
            key: question.key.clone(),
            by: format!("{} {number}", self.name),
            worst: self.worst(question).await,
            lease: self.lease,
        }
    }

    /// Counting tokens takes a while, which others need not wait for.
    async fn worst(&self, question: &Question) -> Amount {
        let (question, prices, room) = (question.clone(), self.prices.clone(), self.room);
        let counted = tokio::task::spawn_blocking(move || question.worst(&prices, room)).await;
        counted.unwrap_or(Amount { tokens: i64::from(u32::MAX), micros: 0 })
    }

    fn lets_in(&self, request: &Request) -> bool {
        let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        // Hashes are compared in constant time.
        self.token.is_none_or(|token| blake3::hash(shown.trim().as_bytes()) == token)
    }
}

async fn serve(State(gate): State<Arc<Gate>>, request: Request) -> Response<Body> {
    if !gate.lets_in(&request) {
        return Answer::stranger().response(false);
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Ok(bytes) = to_bytes(body, BODY_BYTES).await else {
        return Answer::unreadable("the question is too long or broke off").response(false);
    };
    if parts.method != Method::POST {
        return pass(&gate, parts.method, &path, bytes.into()).await;
    }
    let Some(question) = Question::read(gate.upstream.base(), &path, bytes.into()) else {
        return Answer::unreadable("the question is no JSON object").response(false);
    };
    // A task of its own: the answer is kept even when the asker has gone, because it is paid for.
    let open = gate.open.clone();
    let asked = tokio::spawn(async move {
        let answered = ask::ask(gate, question).await;
        drop(open);
        answered
    });
    match asked.await {
        Ok((answer, kept)) => answer.response(kept),
        Err(_) => Answer::away("the gateway failed").response(false),
    }
}

/// What is no question, such as the list of models: neither kept nor counted.
async fn pass(gate: &Gate, method: Method, path: &str, body: Vec<u8>) -> Response<Body> {
    match gate.upstream.send(method, path, body).await {
        Sent::Back(answer) | Sent::Wait(answer, _) => answer.response(false),
        Sent::Lost(why) => Answer::away(&why).response(false),
    }
}
