//! As much of a page as the way to the next one needs. The rest is `ingest`'s.

use serde_json::{Map, Value};

const COMPLAINT_CHARS: usize = 200;

/// A page of tweets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// As it came, on one line.
    pub(super) line: Vec<u8>,
    pub(super) tweets: u64,
    pub(super) newest_id: Option<u64>,
    pub(super) oldest_id: Option<u64>,
    pub(super) next_token: Option<String>,
    /// What the API says in place of tweets.
    pub(super) complaint: Option<String>,
}

impl Page {
    /// `None` when the body is no JSON object.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let page: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let tweets = match page.get("data") {
            Some(Value::Array(tweets)) => tweets.as_slice(),
            None | Some(Value::Null) => &[],
            Some(one) => std::slice::from_ref(one),
        };
        let ids = || tweets.iter().filter_map(|tweet| tweet.get("id")?.as_str()?.parse::<u64>().ok());
        let token = page
            .get("meta")
            .and_then(|meta| meta.get("next_token")?.as_str())
            .filter(|token| !token.is_empty());
        Some(Self {
            line: one_line(body),
            tweets: tweets.len() as u64,
            newest_id: ids().max(),
            oldest_id: ids().min(),
            next_token: token.map(str::to_owned),
            complaint: page.get("errors").and_then(complaint).filter(|_| tweets.is_empty()),
        })
    }

    /// Whether anything is lost without it.
    pub(super) fn has_news(&self, known: Option<u64>) -> bool {
        (self.tweets > 0 && (self.newest_id > known || self.newest_id.is_none())) || self.complaint.is_some()
    }

    /// Whether it goes down to a tweet that is known.
    pub(super) fn reaches(&self, known: Option<u64>) -> bool {
        matches!((self.oldest_id, known), (Some(oldest), Some(known)) if oldest <= known)
    }
}

/// Line breaks in JSON stand only between its tokens; those in texts are escaped.
fn one_line(body: &[u8]) -> Vec<u8> {
    let spaced = |byte: &u8| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte };
    body.trim_ascii().iter().map(spaced).collect()
}

/// The first problem, in the API's words.
pub(super) fn complaint(errors: &Value) -> Option<String> {
    let first = errors.get(0)?;
    let words = ["detail", "message", "title"].into_iter().find_map(|key| first.get(key)?.as_str());
    Some(excerpt(words.unwrap_or("errors without words")))
}

/// The start of a text on one line, without control characters, which could deceive a terminal.
pub(super) fn excerpt(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(COMPLAINT_CHARS).collect();
    words.join(" ").chars().take(COMPLAINT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn pages_are_read_in_every_shape() {
        let full = page("{\"data\":[{\"id\":\"9\"},\n{\"id\":\"7\"}],\r\n\"meta\":{\"next_token\":\"t\"}}\n");
        assert_eq!((full.tweets, full.newest_id, full.oldest_id), (2, Some(9), Some(7)));
        assert_eq!(full.next_token.as_deref(), Some("t"));
        assert!(!full.line.contains(&b'\n') && !full.line.contains(&b'\r'));
        assert!(
            full.reaches(Some(7)) && full.reaches(Some(8)) && !full.reaches(Some(6)) && !full.reaches(None)
        );

        assert!(full.has_news(None) && full.has_news(Some(8)) && !full.has_news(Some(9)));
        assert_eq!(page(r#"{"data":{"id":"5"}}"#).newest_id, Some(5));
        for empty in [r#"{"meta":{"result_count":0}}"#, r#"{"data":null}"#, r#"{"data":[],"errors":[]}"#] {
            assert!(!page(empty).has_news(None), "{empty}");
        }
        let problem = page(r#"{"errors":[{"title":"Not Found Error","detail":"no\u001b such list"}]}"#);
        assert!(problem.has_news(Some(9)));
        assert_eq!(problem.complaint.as_deref(), Some("no such list"));
        assert_eq!(page(r#"{"data":[{"id":"1"}],"errors":[{"detail":"x"}]}"#).complaint, None);
    }

    #[test]
    fn what_is_no_page_is_none() {
        for text in ["", "<html>", "[1]", "\"x\"", "{\"data\":[{\"id\":\"9\"}"] {
            assert_eq!(Page::read(text.as_bytes()), None, "{text}");
        }
    }
}
