//! What downloads share: the HTTP client, the rules, the folder.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    ClientBuilder,
    header::{ACCEPT_ENCODING, HeaderMap, HeaderValue},
    redirect,
};

use crate::{
    FetchError, Patience, Settings,
    address::{Reach, Rules},
    download::Place,
    resolve::Filtered,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MIB: u64 = 1024 * 1024;

/// Downloads files into one folder. Cheap to share, holds no secret.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) rules: Rules,
    pub(crate) max_mb: u64,
    pub(crate) timeout: Duration,
    pub(crate) patience: Patience,
    folder: PathBuf,
}

impl Client {
    /// Prepares the client; opens no connection.
    ///
    /// # Errors
    /// [`FetchError::Settings`] when the HTTP client cannot start, e.g. for want of root certificates.
    pub fn new(settings: &Settings) -> Result<Self, FetchError> {
        let reach = if settings.allow_private { Reach::Everywhere } else { Reach::Public };
        Self::within(settings, reach)
    }

    pub(crate) fn within(settings: &Settings, reach: Reach) -> Result<Self, FetchError> {
        let mut builder = builder()
            .read_timeout(settings.idle())
            // Files are stored as sent, and their size is counted as it arrives.
            .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]))
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate();
        if !settings.system_proxy {
            builder = builder.no_proxy().dns_resolver(Arc::new(Filtered(reach.clone())));
        }
        Ok(Self {
            http: built(builder)?,
            rules: Rules { reach, max_redirects: settings.max_redirects },
            max_mb: settings.max_mb,
            timeout: settings.timeout(),
            patience: Patience::default(),
            folder: settings.folder.join("web"),
        })
    }

    /// The same client, with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The file that an earlier run has kept for an address; opens no connection.
    ///
    /// # Errors
    /// [`FetchError::Forbidden`] when the address could not be fetched either.
    pub fn cached(&self, url: &str) -> Result<Option<PathBuf>, FetchError> {
        let place = Place::of(self.folder(), &self.rules.admit(url)?);
        Ok(Some(place.file).filter(|file| file.is_file()))
    }

    /// Where downloads are kept.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_mb.saturating_mul(MIB)
    }
}

/// What all our clients have in common. Redirects and retries are ours to decide.
pub(crate) fn builder() -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("tuibao/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
}

pub(crate) fn built(builder: ClientBuilder) -> Result<reqwest::Client, FetchError> {
    builder.build().map_err(|error| FetchError::Settings {
        key: "system_proxy",
        reason: format!("the HTTP client cannot start: {}", error.without_url()),
    })
}
