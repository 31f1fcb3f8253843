//! The server: bound to this machine, until it is told to end.

use std::{future::Future, io, net::Ipv4Addr, sync::Arc};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    changes::look,
    pages::Pages,
    routes::{Shared, router},
    site::Site,
};

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The port is taken, or not ours to take.
    #[error("cannot listen at 127.0.0.1:{port}")]
    Bind {
        /// Which.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// A template is wrong; a fault of ours.
    #[error("a page template is wrong")]
    Template(#[from] Box<tera::Error>),
    /// The system refused while serving.
    #[error("the server ended")]
    Serve(#[source] io::Error),
}

/// A server that listens already and answers once it runs.
pub struct Server {
    listener: TcpListener,
    port: u16,
    site: Arc<Site>,
}

impl Server {
    /// At 127.0.0.1; port 0 is any that is free.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn bind(site: Site, port: u16) -> Result<Self, PreviewError> {
        let failed = |source| PreviewError::Bind { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Self { listener, port, site: Arc::new(site) })
    }

    /// Where it is: `http://127.0.0.1:4760/`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until `end`, then answers what is under way.
    ///
    /// # Errors
    /// [`PreviewError::Template`], [`PreviewError::Serve`].
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) -> Result<(), PreviewError> {
        let (told, stamps) = watch::channel(self.site.stamp());
        let pages = Pages::new()?;
        let shared = Shared { site: Arc::clone(&self.site), pages, port: self.port, stamps };
        let looking = tokio::spawn(look(self.site, told));
        // With the looker ends the sender of stamps, and with it every open stream of events, which would hold the server up.
        let ended = async move {
            end.await;
            looking.abort();
        };
        let serving = axum::serve(self.listener, router(Arc::new(shared)));
        serving.with_graceful_shutdown(ended).await.map_err(PreviewError::Serve)
    }
}
