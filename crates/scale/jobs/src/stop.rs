//! The wish to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Until SIGINT or SIGTERM. Without a handler for them nobody is ever told, and they end the process as ever.
pub(crate) async fn until_stopped() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => (),
        () = terminated => (),
    }
}
