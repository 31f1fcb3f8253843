//! One delivery of a report: take it, make it, note what came of it.

use std::{convert::Infallible, future::Future, time::Duration};

use tokio::time::sleep;

use super::{
    Shop,
    decide::{Exit, Verdict, decide},
    scratch::Scratch,
};
use crate::{
    database::patiently,
    error::JobsError,
    lanes::{Report, ReportTask},
    lease::{Taken, end, renew, take},
    place::{Place, is_remote},
};

/// Between two looks at somebody else's lease.
const LOOK: Duration = Duration::from_secs(1);

/// Does what a task asks for, if it is still to be done.
pub(super) async fn make(shop: &Shop, task: ReportTask, worker: &str) {
    let taken = match until_taken(shop, task, worker).await {
        Ok(Some(report)) => report,
        Ok(None) => return,
        Err(error) => return tracing::error!(%error, ?task, "the report cannot be taken"),
    };
    let report = &*taken;
    tracing::info!(report = report.name(), attempt = report.attempts, "begun");
    let verdict = keeping(shop, report, worker, made(shop, report)).await;
    tracing::info!(report = report.name(), ?verdict, "ended");
    let ended = patiently(|| end(&shop.pool, (report, worker), &verdict)).await;
    if let Err(error) = ended {
        tracing::error!(%error, report = report.name(), "its end cannot be noted; it will be made again, and be up to date");
    }
}

/// Waits for the lease of a dead worker to end. One that is renewed is that of somebody alive, to whom the report is left: the
/// sweep sees when he dies after all.
async fn until_taken(shop: &Shop, task: ReportTask, worker: &str) -> Result<Option<Box<Report>>, JobsError> {
    let mut first = None;
    loop {
        match patiently(|| take(&shop.pool, task, worker, shop.lease())).await? {
            Taken::Ours(report) => return Ok(Some(report)),
            Taken::Theirs(until) if *first.get_or_insert(until) == until => sleep(LOOK).await,
            Taken::Theirs(_) | Taken::Over => return Ok(None),
        }
    }
}

/// Renews the lease as long as the work goes on.
async fn keeping<T>(shop: &Shop, report: &Report, worker: &str, work: impl Future<Output = T>) -> T {
    tokio::select! {
        done = work => done,
        never = renewing(shop, report, worker) => match never {},
    }
}

async fn renewing(shop: &Shop, report: &Report, worker: &str) -> Infallible {
    loop {
        sleep(shop.heartbeat).await;
        if let Err(error) = renew(&shop.pool, report.id, worker, shop.lease()).await {
            tracing::warn!(%error, report = report.name(), "the lease is not renewed");
        }
    }
}

async fn made(shop: &Shop, report: &Report) -> Verdict {
    let attempts = u32::try_from(report.attempts).unwrap_or(u32::MAX);
    if attempts > shop.patience.attempts {
        let reason = format!("gave up: its worker died in each of {} attempts", shop.patience.attempts);
        return Verdict::Dead { code: None, reason };
    }
    let (exit, told) = match attempt(shop, report).await {
        Ok(ended) => ended,
        Err(error) => (Exit::Broken(error.to_string()), String::new()),
    };
    decide(&exit, &told, attempts, shop.patience)
}

/// In the shared folder itself, or in a scratch folder when there is none, or when others may be at the site.
async fn attempt(shop: &Shop, report: &Report) -> Result<(Exit, String), JobsError> {
    let site = shop.site.as_deref().unwrap_or(&report.site);
    if !is_remote(site) && !report.independent {
        return Ok(shop.program.make(report, &shop.folder(site)).await);
    }
    let place = if is_remote(site) { site.to_owned() } else { shop.folder(site).display().to_string() };
    let scratch = Scratch::of(&shop.program, report, Place::open(&place)?).await?;
    let ended = shop.program.make(report, scratch.path()).await;
    if matches!(ended.0, Exit::Code(0 | 3)) {
        let files = scratch.publish().await?;
        tracing::info!(report = report.name(), files, "uploaded");
    }
    Ok(ended)
}
