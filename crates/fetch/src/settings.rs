//! The keys as written.

use std::{fmt, path::PathBuf, time::Duration};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{FetchError, address::safe_text};

/// The section `[fetch]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where everything is kept: downloads in its `web`, pages of the X API in its `x`.
    pub folder: PathBuf,
    /// The largest file, in MiB as it arrives.
    pub max_mb: u64,
    /// For one attempt, from connecting to the last byte.
    pub timeout_seconds: u64,
    /// The longest silence within an attempt.
    pub idle_seconds: u64,
    /// Redirects of one download.
    pub max_redirects: u32,
    /// Whether downloads may come from private, loopback and link-local addresses.
    pub allow_private: bool,
    /// Whether downloads go through the proxy of the environment, which then resolves names in our place.
    pub system_proxy: bool,
    /// Sources of the X API.
    pub x: Vec<XSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            folder: "corpus/fetched".into(),
            max_mb: 512,
            timeout_seconds: 600,
            idle_seconds: 30,
            max_redirects: 3,
            allow_private: false,
            system_proxy: false,
            x: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.max(1))
    }

    pub(crate) fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds.max(1))
    }
}

/// One entry of `[[fetch.x]]`: a source of the X API, by exactly one of `list`, `search` and `user`.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct XSettings {
    /// The number of a list.
    pub list: Option<String>,
    /// A query of the recent search.
    pub search: Option<String>,
    /// `@handle`, or the number of an account.
    pub user: Option<String>,
    /// The environment variable that holds the bearer token.
    pub bearer_env: String,
    /// A file that holds it, read when the variable is not set.
    pub bearer_file: PathBuf,
    /// Up to and without `/2`. The token goes there and nowhere else.
    pub base_url: String,
    /// The most pages of one run.
    pub max_pages: u32,
    /// The longest wait for rate limits in one run, in all.
    pub max_wait_seconds: u64,
}

impl Default for XSettings {
    fn default() -> Self {
        Self {
            list: None,
            search: None,
            user: None,
            bearer_env: "X_BEARER_TOKEN".into(),
            bearer_file: PathBuf::new(),
            base_url: "https://api.x.com".into(),
            max_pages: 10,
            max_wait_seconds: 900,
        }
    }
}

impl fmt::Debug for XSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, search, user, bearer_env, bearer_file, base_url, max_pages, max_wait_seconds } =
            self;
        f.debug_struct("XSettings")
            .field("list", list)
            .field("search", search)
            .field("user", user)
            .field("bearer_env", bearer_env)
            .field("bearer_file", bearer_file)
            .field("base_url", &safe_text(base_url))
            .field("max_pages", max_pages)
            .field("max_wait_seconds", max_wait_seconds)
            .finish()
    }
}

impl XSettings {
    /// The bearer token: from `environment`, which looks a variable up, else from the file.
    ///
    /// # Errors
    /// [`FetchError::Settings`] without a token, [`FetchError::Disk`] when the file cannot be read.
    pub fn bearer(
        &self,
        environment: impl FnOnce(&str) -> Option<String>,
    ) -> Result<SecretString, FetchError> {
        let token = match environment(&self.bearer_env).filter(|token| !token.trim().is_empty()) {
            Some(token) => token,
            None if self.bearer_file.as_os_str().is_empty() => String::new(),
            None => std::fs::read_to_string(&self.bearer_file)
                .map_err(FetchError::disk("read", &self.bearer_file))?,
        };
        let token = token.trim();
        if token.is_empty() {
            let reason =
                format!("there is no bearer token: `{}` is not set, nor a `bearer_file`", self.bearer_env);
            return Err(FetchError::Settings { key: "bearer_env", reason });
        }
        Ok(token.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Config {
        fetch: Settings,
    }

    #[test]
    fn the_documented_keys_are_the_defaults() {
        let mut documented = toml::from_str::<Config>(include_str!("../fetch.toml")).unwrap().fetch;
        let x = documented.x.remove(0);
        assert_eq!(documented, Settings::default());
        assert_eq!(x, XSettings { list: Some("84839422".into()), ..XSettings::default() });
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        for text in ["[fetch]\nmax_gb = 1", "[[fetch.x]]\nlist = '1'\ntoken = 'secret'"] {
            assert!(toml::from_str::<Config>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_token_comes_from_the_variable_else_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let bearer_file = folder.path().join("token");
        std::fs::write(&bearer_file, "from-file\n").unwrap();
        let keys = XSettings { bearer_file, ..XSettings::default() };
        let read = |keys: &XSettings, value: Option<&str>| {
            use secrecy::ExposeSecret as _;
            keys.bearer(|_| value.map(str::to_owned)).map(|token| token.expose_secret().to_owned())
        };
        assert_eq!(read(&keys, Some(" from-env ")).unwrap(), "from-env");
        assert_eq!(read(&keys, Some(" ")).unwrap(), "from-file");
        assert_eq!(read(&keys, None).unwrap(), "from-file");
        let error = read(&XSettings::default(), None).unwrap_err().to_string();
        assert!(error.contains("X_BEARER_TOKEN"), "{error}");
    }

    #[test]
    fn debug_output_shows_no_password() {
        let base_url = "https://me:CANARY@api.x.com/?k=CANARY".into();
        let shown = format!("{:?}", XSettings { base_url, ..XSettings::default() });
        assert!(shown.contains("api.x.com") && !shown.contains("CANARY"), "{shown}");
    }
}
