//! One slot of a worker: an apalis worker with one report at a time, started anew whenever PostgreSQL was away.
//!
//! A report is made by a task of its own, which apalis' fall does not touch: when a heartbeat cannot be written, the apalis
//! worker ends for good, but the report goes on, and its end is written as soon as that is possible.

use std::{sync::Arc, time::Duration};

use apalis::prelude::{BackendExt, BoxDynError, Data, WorkerBuilder, WorkerBuilderExt, WorkerContext};
use apalis_postgres::{Config, PostgresStorage};
use futures::StreamExt;
use tokio::sync::{Semaphore, watch};

use super::{Shop, job};
use crate::lanes::{QUEUE, ReportTask};

/// Before an apalis worker that fell is started anew.
const PAUSE: Duration = Duration::from_secs(1);

/// What a task is done with.
#[derive(Clone)]
struct Bench {
    shop: Arc<Shop>,
    worker: String,
    /// One report at a time, also one that an apalis worker of before has begun.
    free: Arc<Semaphore>,
}

/// Serves until it is told to stop, and what it had begun is done.
pub(super) async fn serve(shop: Arc<Shop>, number: usize, mut ending: watch::Receiver<bool>) {
    let free = Arc::new(Semaphore::new(1));
    for start in 0_u64.. {
        // A report that outlived its apalis worker.
        drop(free.acquire().await);
        if *ending.borrow() {
            return;
        }
        let worker = format!("{}/{number}.{start}", shop.name);
        let bench = Bench { shop: Arc::clone(&shop), worker, free: Arc::clone(&free) };
        if let Err(error) = run(bench, &mut ending).await {
            tracing::warn!(error, "the queue is away: the worker starts anew");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Until it is told to stop, or until the first error: behind one, an apalis worker is dead.
async fn run(bench: Bench, ending: &mut watch::Receiver<bool>) -> Result<(), String> {
    let Shop { pool, heartbeat, missed, poll, .. } = &*bench.shop;
    let config = Config::default()
        .queue(QUEUE)
        .batch_size(1)
        .heartbeat_interval(*heartbeat)
        .missed_heartbeats(*missed);
    let queue = PostgresStorage::<ReportTask>::new(pool).with_config(config).poll_with_interval(*poll);
    let context = WorkerContext::new(&bench.worker);
    let worker = WorkerBuilder::new(&context).backend(queue).data(bench.clone()).concurrency(1).build(handle);
    let mut events = std::pin::pin!(worker.stream());
    loop {
        tokio::select! {
            event = events.next() => match event {
                None => return Ok(()),
                Some(Ok(_)) => (),
                Some(Err(error)) => return Err(error.to_string()),
            },
            // Only this slot's own context; it finishes what it has.
            _ = ending.changed() => drop(context.stop()),
        }
    }
}

/// Always a success for the queue: what became of the report stands in its own row, and another attempt is another task.
async fn handle(task: ReportTask, bench: Data<Bench>) -> Result<(), BoxDynError> {
    let Bench { shop, worker, free } = (*bench).clone();
    let turn = free.acquire_owned().await?;
    tokio::spawn(async move {
        job::make(&shop, task, &worker).await;
        drop(turn);
    })
    .await?;
    Ok(())
}
