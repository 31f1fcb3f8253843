//! One file of the web, kept in the folder and asked for again only if it has changed.

mod place;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use reqwest::{
    Response, StatusCode, Url,
    header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
};
use tokio::time::timeout;
use tracing::debug;

use crate::{
    Client, Fault, FetchError,
    address::label,
    answer::{broken, status_error, text},
    disk::Part,
    retry::Tries,
};
use place::Validators;
pub(crate) use place::{Place, short_hash};

/// A file that is here now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Where.
    pub path: PathBuf,
    /// Whether it was here before: the server says that it has not changed.
    pub from_cache: bool,
    /// Its size.
    pub bytes: u64,
}

/// Brings the file of an `http://` or `https://` address here, or finds that it is here already.
///
/// # Errors
/// A [`FetchError`]; a file that an earlier run brought is then untouched (see [`Client::cached`]).
pub async fn download(client: &Client, url: &str) -> Result<Downloaded, FetchError> {
    let url = client.rules.admit(url)?;
    let place = Place::of(client.folder(), &url);
    let mut tries = Tries::new(&client.patience);
    loop {
        let attempt = timeout(client.timeout, attempt(client, &url, &place)).await;
        match attempt.unwrap_or_else(|_| Err(overdue(client, &url))) {
            Ok(downloaded) => {
                let Downloaded { path, from_cache, bytes } = &downloaded;
                debug!(url = label(&url), path = %path.display(), from_cache, bytes, "downloaded");
                return Ok(downloaded);
            }
            Err(error) => tries.rest(error).await?,
        }
    }
}

fn overdue(client: &Client, url: &Url) -> FetchError {
    let detail = format!("not done within {} s", client.timeout.as_secs());
    let hint = Some("raise `fetch.timeout_seconds`");
    FetchError::Unreachable(Fault { url: label(url), detail, hint, ..Fault::default() })
}

async fn attempt(client: &Client, url: &Url, place: &Place) -> Result<Downloaded, FetchError> {
    let known = place.validators();
    let (at, response) = follow(client, url, known.as_ref()).await?;
    match (response.status(), known) {
        (StatusCode::OK, _) => keep(client, url, (&at, response), place).await,
        (StatusCode::NOT_MODIFIED, Some(known)) if known.are_for(&at) => {
            Ok(Downloaded { path: place.file.clone(), from_cache: true, bytes: known.bytes })
        }
        (status, _) => Err(status_error((status, response.headers()), &label(&at), "", hint(status))),
    }
}

fn hint(status: StatusCode) -> Option<&'static str> {
    match status.as_u16() {
        401 | 403 => Some("the file is not public; download it by hand and name the local file"),
        404 | 410 => Some("the file is not there (any more); correct the address"),
        429 | 500..=599 => Some("the server is busy or broken; try again later"),
        _ => None,
    }
}

/// Asks, and follows redirects within the rules. What is known of a file is told only to the place that it came from.
async fn follow(
    client: &Client,
    url: &Url,
    known: Option<&Validators>,
) -> Result<(Url, Response), FetchError> {
    let (mut at, mut hops) = (url.clone(), 0);
    loop {
        let mut request = client.http.get(at.clone());
        if let Some(known) = known.filter(|known| known.are_for(&at)) {
            request = request.headers(known.headers());
        }
        let response = request.send().await.map_err(|error| broken(error, &label(&at)))?;
        hops += 1;
        match text(response.headers(), LOCATION.as_str()) {
            Some(location) if is_redirect(response.status()) => {
                at = client.rules.redirect(&at, location, hops)?;
            }
            _ => return Ok((at, response)),
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Writes the body beside its place, and puts it there when it is whole.
async fn keep(
    client: &Client,
    url: &Url,
    (at, mut response): (&Url, Response),
    place: &Place,
) -> Result<Downloaded, FetchError> {
    check_kind(&response, at)?;
    let too_large = || FetchError::TooLarge { url: label(url), max_mb: client.max_mb };
    let stated = response.content_length();
    if stated.is_some_and(|stated| stated > client.max_bytes()) {
        return Err(too_large());
    }
    let mut validators = Validators::of(at, response.headers());
    let mut part = Part::new(client.folder())?;
    let mut bytes = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(error, &label(at)))? {
        bytes += chunk.len() as u64;
        if bytes > client.max_bytes() {
            return Err(too_large());
        }
        part.write(&chunk)?;
    }
    if let Some(stated) = stated.filter(|stated| *stated != bytes) {
        let detail = format!("the body broke off after {bytes} of {stated} bytes");
        return Err(FetchError::Unreachable(Fault { url: label(at), detail, ..Fault::default() }));
    }
    validators.bytes = bytes;
    place.put(part, &validators)?;
    Ok(Downloaded { path: place.file.clone(), from_cache: false, bytes })
}

/// A web page is no corpus, and stands often where a file should: a login, a viewer, a hotel's network.
fn check_kind(response: &Response, at: &Url) -> Result<(), FetchError> {
    let header = |name: &str| text(response.headers(), name).unwrap_or_default().to_ascii_lowercase();
    let unusable = |detail: String, hint| {
        Err(FetchError::Unusable(Fault { url: label(at), detail, hint: Some(hint), ..Fault::default() }))
    };
    if header(CONTENT_TYPE.as_str()).starts_with("text/html") {
        let hint = "name the address of the file itself (`raw`, `download`)";
        return unusable("a web page stands in place of a file".to_owned(), hint);
    }
    match header(CONTENT_ENCODING.as_str()).as_str() {
        "" | "identity" | "gzip" | "x-gzip" | "zstd" => Ok(()),
        other => {
            let hint = "download it by hand and name the local file";
            unusable(format!("it is packed as `{other}`"), hint)
        }
    }
}
