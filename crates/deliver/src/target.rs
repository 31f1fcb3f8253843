//! A target as meant: its preset, with what the user says over it, and its secrets, which leave it only in requests.

use std::{fmt, fs, path::Path, sync::atomic::AtomicBool};

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::{
    DeliverError, Service, TargetSettings, When,
    message::Style,
    preset::{Form, Preset},
};

const MASK: &str = "***";
/// Shorter parts of an address are words such as `hook` or `send`, not secrets.
const SECRET_LENGTH: usize = 6;

/// Somebody who is told.
pub struct Target {
    pub(crate) settings: TargetSettings,
    pub(crate) preset: Preset,
    pub(crate) token: Option<SecretString>,
    pub(crate) secret: Option<SecretString>,
    url: SecretString,
    /// Whether it was sent something since the program began, so that a pause is due.
    pub(crate) spoken: AtomicBool,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { settings, .. } = self;
        f.debug_struct("Target")
            .field("name", &settings.name)
            .field("service", &settings.service)
            .finish_non_exhaustive()
    }
}

impl Target {
    /// With its secrets, which come from the environment that is given, or from files.
    ///
    /// # Errors
    /// [`DeliverError::Settings`] when something is missing or cannot be used.
    pub fn new(
        settings: &TargetSettings,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, DeliverError> {
        named(&settings.name)?;
        let find = |what, variable: &str, file: &Path| secret(what, variable, file, &environment);
        let mut preset = Preset::of(settings.service)?;
        adjust(&mut preset, settings);
        let url = find("url", &settings.url_env, &settings.url_file)?;
        let target = Self {
            url: address(&preset, url.as_ref())?,
            token: find("token", &settings.token_env, &settings.token_file)?,
            secret: find("secret", &settings.secret_env, &settings.secret_file)?,
            settings: settings.clone(),
            preset,
            spoken: AtomicBool::new(false),
        };
        target.complete()?;
        Ok(target)
    }

    /// An address that takes what it is sent as it is, and is a secret.
    pub(crate) fn at(url: SecretString) -> Result<Self, DeliverError> {
        let plain = json!({"name": "ping", "service": Service::Webhook});
        let target = Self {
            url,
            token: None,
            secret: None,
            settings: serde_json::from_value(plain)
                .map_err(|error| DeliverError::settings(error.to_string()))?,
            preset: Preset::of(Service::Webhook)?,
            spoken: AtomicBool::new(false),
        };
        target.complete()?;
        Ok(target)
    }

    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Which service it is.
    pub fn service(&self) -> Service {
        self.settings.service
    }

    /// Which reports it is told of.
    pub fn when(&self) -> When {
        self.settings.when
    }

    /// Where messages go, with the token; a secret.
    pub(crate) fn address(&self) -> Result<Url, DeliverError> {
        let token = self.token.as_ref().map_or("", ExposeSecret::expose_secret);
        let url = self.url.expose_secret().replace("{token}", token);
        let url = Url::parse(&url).map_err(|_| DeliverError::settings("the address is none"))?;
        let schemes: &[&str] =
            if self.preset.form == Form::Mail { &["smtp", "smtps"] } else { &["http", "https"] };
        if !schemes.contains(&url.scheme()) || url.host_str().is_none() {
            return Err(DeliverError::settings(format!(
                "the address of a target for {} begins with `{}://`",
                self.settings.service,
                schemes.join("://` or `")
            )));
        }
        Ok(url)
    }

    /// How its text is made.
    pub(crate) fn style(&self) -> Style<'_> {
        let Preset { escape, unit, limit, text, .. } = &self.preset;
        Style { template: text, escape: *escape, unit: *unit, limit: *limit }
    }

    /// A text in which none of its secrets is left.
    pub(crate) fn masked(&self, text: &str) -> String {
        let mut secrets: Vec<String> = [&self.token, &self.secret]
            .into_iter()
            .flatten()
            .map(|secret| secret.expose_secret().to_owned())
            .collect();
        if let Ok(url) = self.address() {
            secrets.push(url.to_string());
            secrets.extend(url.path_segments().into_iter().flatten().map(str::to_owned));
            secrets.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
            secrets.extend([url.username().to_owned(), url.password().unwrap_or_default().to_owned()]);
        }
        secrets.retain(|secret| secret.len() >= SECRET_LENGTH);
        // The longest first, so that no part of one stays.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
    }

    /// Whether nothing is missing that its service needs.
    fn complete(&self) -> Result<(), DeliverError> {
        self.address()?;
        let settings = &self.settings;
        let missing = match settings.service {
            Service::Telegram if self.token.is_none() => "`token_env` or `token_file`",
            Service::Telegram if settings.chat.is_empty() => "`chat`",
            Service::Email if settings.from.is_empty() => "`from`",
            Service::Email if settings.to.is_empty() => "`to`",
            _ => return Ok(()),
        };
        Err(DeliverError::settings(format!("a target for {} needs {missing}", settings.service)))
    }
}

/// The user's words over the preset's.
fn adjust(preset: &mut Preset, settings: &TargetSettings) {
    if let Some(template) = &settings.template {
        preset.text.clone_from(template);
    }
    if let Some(html) = &settings.html {
        preset.html.clone_from(html);
    }
    if let Some(body) = &settings.body {
        preset.body.clone_from(body);
        preset.form = Form::Json;
    }
    preset.limit = settings.limit.unwrap_or(preset.limit);
    preset.pause_seconds = settings.pause_seconds.unwrap_or(preset.pause_seconds);
}

fn named(name: &str) -> Result<(), DeliverError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(plain) {
        return Ok(());
    }
    Err(DeliverError::settings(format!("`name = \"{name}\"`: use letters, digits, `_` and `-`")))
}

fn address(preset: &Preset, url: Option<&SecretString>) -> Result<SecretString, DeliverError> {
    let base = match url {
        Some(url) => url.expose_secret(),
        None if preset.base.is_empty() => {
            return Err(DeliverError::settings("no address: set `url_env` or `url_file`"));
        }
        None => &preset.base,
    };
    let base = if preset.path.is_empty() { base } else { base.trim_end_matches('/') };
    Ok(format!("{base}{}", preset.path).into())
}

/// A secret from a variable, else from a file; a variable that is named must be set when there is no file.
pub(crate) fn secret(
    what: &str,
    variable: &str,
    file: &Path,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, DeliverError> {
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if !variable.is_empty()
        && let Some(found) = environment(variable).and_then(given)
    {
        return Ok(Some(found.into()));
    }
    if !file.as_os_str().is_empty() {
        let text = fs::read_to_string(file).map_err(|error| {
            DeliverError::settings(format!("cannot read `{what}_file = \"{}\"`: {error}", file.display()))
        })?;
        return Ok(given(text).map(Into::into));
    }
    if variable.is_empty() {
        return Ok(None);
    }
    Err(DeliverError::settings(format!("the environment variable `{variable}` of `{what}_env` is not set")))
}
