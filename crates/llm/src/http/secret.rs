//! The API key's one way out (the header) and the masks on all others.

use reqwest::{Url, header::HeaderValue};
use secrecy::{ExposeSecret, SecretString};

const MASK: &str = "***";

/// The key without the white space that files and shells add; `None` when nothing is left.
pub(super) fn trimmed(key: &SecretString) -> Option<SecretString> {
    let key = key.expose_secret().trim();
    (!key.is_empty()).then(|| SecretString::from(key))
}

/// The `Authorization` header, marked sensitive so that no log shows it; `None` when the key cannot be a header.
pub(super) fn bearer(key: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(format!("Bearer {}", key.expose_secret())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The text with every copy of the key masked.
pub(super) fn mask(text: &str, key: Option<&SecretString>) -> String {
    match key.map(|key| key.expose_secret().trim()) {
        Some(key) if !key.is_empty() => text.replace(key, MASK),
        _ => text.to_owned(),
    }
}

/// The address without user, password, query and fragment, all of which may hold secrets.
pub(super) fn endpoint_label(url: &Url) -> String {
    let mut label = url.clone();
    label.set_query(None);
    label.set_fragment(None);
    // Both only fail for addresses without a host, which have no credentials either.
    let _ = label.set_username("");
    let _ = label.set_password(None);
    label.to_string()
}
