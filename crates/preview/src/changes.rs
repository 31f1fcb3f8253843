//! Tells open pages that a report has changed.
//!
//! By looking at times and sizes twice a second, not by the system's notices: a site has some hundred files, and looking works
//! the same on network folders, in containers and on every system.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use futures::Stream;
use tokio::{sync::watch, task::spawn_blocking, time};

use crate::site::Site;

const PAUSE: Duration = Duration::from_millis(500);

/// Looks while somebody listens. A change is told when it has come to rest: a report is several files.
pub(crate) async fn look(site: Arc<Site>, told: watch::Sender<u64>) {
    let mut before = *told.borrow();
    loop {
        time::sleep(PAUSE).await;
        if told.receiver_count() < 2 {
            // Only the server itself: nobody has a page open.
            continue;
        }
        let looked = Arc::clone(&site);
        let Ok(now) = spawn_blocking(move || looked.stamp()).await else { continue };
        if now == before {
            told.send_if_modified(|stamp| std::mem::replace(stamp, now) != now);
        }
        before = now;
    }
}

/// The stamp of now, then each later one; ends with the server.
pub(crate) fn events(
    stamps: watch::Receiver<u64>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let events = futures::stream::unfold((stamps, true), |(mut stamps, first)| async move {
        if !first {
            stamps.changed().await.ok()?;
        }
        let stamp = *stamps.borrow_and_update();
        Some((Ok(Event::default().data(stamp.to_string())), (stamps, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
