//! **ping**: a sign of life to a monitor such as healthchecks.io, which raises the alarm when none comes.

use std::time::Duration;

use reqwest::{
    Client, Method, Request, Url,
    header::{CONTENT_TYPE, HeaderValue},
};
use secrecy::ExposeSecret;

use crate::{
    DeliverError, PingSettings, Target, http,
    retry::{Attempt, Patience, patiently},
    target::secret,
};

/// For one attempt: a run does not wait for who watches it.
const TIMEOUT: Duration = Duration::from_secs(5);
const PATIENCE: Patience = Patience { retries: 1, base: Duration::from_secs(1), max_wait: TIMEOUT };

/// What a monitor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Work begins.
    Start,
    /// All is well.
    Success,
    /// It ended with this exit code.
    Failure(u8),
}

/// Tells a monitor.
#[derive(Debug)]
pub struct Pinger {
    http: Client,
    target: Target,
}

impl Pinger {
    /// Prepares; opens no connection. `None` when there is no address.
    ///
    /// # Errors
    /// [`DeliverError::Settings`] when the address cannot be read or is none.
    pub fn new(
        settings: &PingSettings,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, DeliverError> {
        let named = secret("url", &settings.url_env, &settings.url_file, environment)?;
        let written = Some(&settings.url).filter(|url| !url.expose_secret().is_empty());
        let Some(url) = named.as_ref().or(written) else { return Ok(None) };
        Ok(Some(Self { http: http::client(TIMEOUT)?, target: Target::at(url.clone())? }))
    }

    /// Gives a sign, with a line of text. Unlike a message it may arrive twice.
    ///
    /// # Errors
    /// When the monitor did not take it; the reason is free of the address.
    pub async fn ping(&self, sign: Sign, line: &str) -> Result<(), DeliverError> {
        let url = sign.address(self.target.address()?);
        patiently(PATIENCE, async || {
            let mut request = Request::new(Method::POST, url.clone());
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            request.headers_mut().insert(CONTENT_TYPE, text);
            *request.body_mut() = Some(line.to_owned().into());
            Ok(match http::send(&self.http, &self.target, request).await {
                Attempt::Unknown(reason) => Attempt::Later(reason, None),
                other => other,
            })
        })
        .await
    }
}

impl Sign {
    /// The address for this sign, behind what the base address has for a path.
    fn address(self, mut base: Url) -> Url {
        let behind = match self {
            Self::Start => "start".to_owned(),
            Self::Success => return base,
            Self::Failure(code) => code.to_string(),
        };
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push(&behind);
        }
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_behind_the_path() {
        let base = |text: &str| Url::parse(text).unwrap();
        assert_eq!(
            Sign::Success.address(base("https://hc.example/uuid")).as_str(),
            "https://hc.example/uuid"
        );
        assert_eq!(
            Sign::Start.address(base("https://hc.example/uuid/")).as_str(),
            "https://hc.example/uuid/start"
        );
        assert_eq!(
            Sign::Failure(3).address(base("https://hc.example/u?create=1")).as_str(),
            "https://hc.example/u/3?create=1"
        );
    }
}
