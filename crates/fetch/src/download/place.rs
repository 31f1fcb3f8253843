//! Where a download is kept, and what its server said about its version.

use std::{
    fs,
    path::{Path, PathBuf},
};

use reqwest::{
    Url,
    header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};
use serde::{Deserialize, Serialize};

use crate::{
    FetchError,
    address::label,
    answer::text,
    disk::{self, Part},
};

const HASH_CHARS: usize = 16;
const NAME_CHARS: usize = 80;

/// The files of one address.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    /// Hidden, so that no walk over the folder takes it for a corpus.
    meta: PathBuf,
}

impl Place {
    /// A name that tells addresses apart and people what it is; no part of the query is in it but its hash.
    pub(crate) fn of(folder: &Path, url: &Url) -> Self {
        let hash = short_hash(url.as_str());
        let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
        let plain: Vec<char> = last.chars().map(|char| if is_plain(char) { char } else { '_' }).collect();
        // The end tells the kind of a file.
        let last: String = plain.iter().skip(plain.len().saturating_sub(NAME_CHARS)).collect();
        let name = if last.is_empty() { hash } else { format!("{hash}-{last}") };
        Self { meta: folder.join(format!(".{name}.meta.json")), file: folder.join(name) }
    }

    /// What is known of the file, if it is here and as long as it was.
    pub(super) fn validators(&self) -> Option<Validators> {
        let known: Validators = serde_json::from_slice(&fs::read(&self.meta).ok()?).ok()?;
        let file = fs::metadata(&self.file).ok()?;
        (file.is_file() && file.len() == known.bytes).then_some(known)
    }

    /// Puts a whole file here. At no moment do old validators stand beside a new file.
    pub(super) fn put(&self, part: Part, validators: &Validators) -> Result<(), FetchError> {
        disk::remove(&self.meta)?;
        part.replace(&self.file)?;
        let text = serde_json::to_vec_pretty(validators).unwrap_or_default();
        disk::replace(&self.meta, &text)
    }
}

/// What the server said about a file's version.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Validators {
    /// For people: where it came from at last, without the query.
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
    pub(super) bytes: u64,
}

impl Validators {
    pub(super) fn of(at: &Url, headers: &HeaderMap) -> Self {
        let header = |name: HeaderName| text(headers, name.as_str()).map(str::to_owned);
        Self { url: label(at), etag: header(ETAG), last_modified: header(LAST_MODIFIED), bytes: 0 }
    }

    /// Whether they are this place's word: what one server calls unchanged says nothing about another's file.
    pub(super) fn are_for(&self, at: &Url) -> bool {
        self.url == label(at) && (self.etag.is_some() || self.last_modified.is_some())
    }

    pub(super) fn headers(&self) -> HeaderMap {
        let pairs = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        let header = |(name, value): (HeaderName, &Option<String>)| {
            Some((name, HeaderValue::from_str(value.as_deref()?).ok()?))
        };
        pairs.into_iter().filter_map(header).collect()
    }
}

/// Sixteen hex digits of a text's hash.
pub(crate) fn short_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(HASH_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(url: &str) -> String {
        let place = Place::of(Path::new(""), &Url::parse(url).unwrap());
        place.file.to_str().unwrap().to_owned()
    }

    #[test]
    fn names_are_plain_and_tell_addresses_apart() {
        for (url, ending) in [
            ("https://a.example/day.jsonl.gz?key=CANARY", "-day.jsonl.gz"),
            ("https://a.example/x/..%2f..%2fetc", "-..%2f..%2fetc"),
            ("https://a.example/推文.json", ".json"),
            ("https://a.example/", ""),
        ] {
            let name = name(url);
            let ending: String = ending.replace('%', "_");
            assert!(name.ends_with(&ending) && name.is_ascii() && !name.contains("CANARY"), "{name}");
            assert!(!name.contains('/') && !name.starts_with('.'), "{name}");
        }
        assert_ne!(name("https://a.example/day?page=1"), name("https://a.example/day?page=2"));
        assert_eq!(name(&format!("https://a.example/{}.zst", "x".repeat(300))).len(), 97);
    }
}
