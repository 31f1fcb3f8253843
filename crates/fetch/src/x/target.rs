//! What is asked for, and how the API spells it.

use reqwest::Url;

use super::state::Cursor;
use crate::{FetchError, XSettings, download::short_hash};

/// As much as `ingest` can use, and nothing that needs the author's own token.
const FIELDS: [(&str, &str); 5] = [
    ("max_results", "100"),
    (
        "tweet.fields",
        "article,attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,id,\
         in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,text",
    ),
    (
        "expansions",
        "attachments.media_keys,author_id,edit_history_tweet_ids,in_reply_to_user_id,referenced_tweets.id,\
         referenced_tweets.id.attachments.media_keys,referenced_tweets.id.author_id",
    ),
    ("user.fields", "created_at,description,id,name,public_metrics,username,verified,verified_type"),
    (
        "media.fields",
        "alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width",
    ),
];
const SLUG_CHARS: usize = 40;

/// One of the three kinds of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    List(String),
    Search(String),
    /// An account by number.
    User(String),
    /// An account by name; its number is asked for once.
    Handle(String),
}

impl Target {
    /// The one that the keys name.
    pub(super) fn of(keys: &XSettings) -> Result<Self, FetchError> {
        match (keys.list.as_deref(), keys.search.as_deref(), keys.user.as_deref()) {
            (Some(list), None, None) if is_number(list) => Ok(Self::List(list.to_owned())),
            (Some(list), None, None) => Err(wrong("x.list", format!("`{list}` is not the number of a list"))),
            (None, Some(query), None) if query.trim().is_empty() => {
                Err(wrong("x.search", "it is empty".to_owned()))
            }
            (None, Some(query), None) => Ok(Self::Search(query.trim().to_owned())),
            (None, None, Some(user)) => Self::account(user),
            _ => Err(wrong("x", "each needs exactly one of `list`, `search` and `user`".to_owned())),
        }
    }

    fn account(user: &str) -> Result<Self, FetchError> {
        let handle = user.strip_prefix('@').unwrap_or(user);
        let is_handle = (1..=15).contains(&handle.len())
            && handle.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
        match () {
            () if is_number(user) => Ok(Self::User(user.to_owned())),
            () if is_handle => Ok(Self::Handle(handle.to_ascii_lowercase())),
            () => Err(wrong("x.user", format!("`{user}` is neither a handle nor the number of an account"))),
        }
    }

    /// The name of its folder.
    pub(super) fn slug(&self) -> String {
        match self {
            Self::List(id) => format!("list-{id}"),
            Self::User(id) => format!("user-{id}"),
            Self::Handle(handle) => format!("user-@{handle}"),
            Self::Search(query) => {
                let words =
                    query.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
                let words: String = words.collect::<Vec<_>>().join("-").chars().take(SLUG_CHARS).collect();
                format!("search-{}-{}", words.to_ascii_lowercase(), short_hash(query))
            }
        }
    }

    /// Where a handle's number is told.
    pub(super) fn lookup(handle: &str) -> Vec<&str> {
        vec!["2", "users", "by", "username", handle]
    }

    /// The address of the page at `cursor`. `user` is the number of an account that was named by its handle.
    pub(super) fn page(&self, base: &Url, user: Option<&str>, cursor: &Cursor) -> Url {
        let path = match self {
            Self::List(id) => ["2", "lists", id, "tweets"],
            Self::Search(_) => ["2", "tweets", "search", "recent"],
            Self::User(id) => ["2", "users", id, "tweets"],
            Self::Handle(_) => ["2", "users", user.unwrap_or_default(), "tweets"],
        };
        let mut url = joined(base, &path);
        let mut query = url.query_pairs_mut();
        if let Self::Search(text) = self {
            query.append_pair("query", text);
        }
        query.extend_pairs(FIELDS);
        // Lists know no such parameter; there the pages tell when the known part begins.
        if let Some(since) = cursor.since_id.filter(|_| !matches!(self, Self::List(_))) {
            query.append_pair("since_id", &since.to_string());
        }
        if let Some(token) = &cursor.token {
            let name = if matches!(self, Self::Search(_)) { "next_token" } else { "pagination_token" };
            query.append_pair(name, token);
        }
        drop(query);
        url
    }
}

/// The base with more path. Bases that cannot have one were refused before.
pub(super) fn joined(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.chars().all(|char| char.is_ascii_digit())
}

fn wrong(key: &'static str, reason: String) -> FetchError {
    FetchError::Settings { key, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(list: &str, search: &str, user: &str) -> XSettings {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        XSettings { list: some(list), search: some(search), user: some(user), ..XSettings::default() }
    }

    #[test]
    fn keys_name_exactly_one_source() {
        for (list, search, user, slug) in [
            ("84839422", "", "", Some("list-84839422")),
            ("", "", "@Karpathy", Some("user-@karpathy")),
            ("", "", "karpathy", Some("user-@karpathy")),
            ("", "", "33836629", Some("user-33836629")),
            ("", "", "@33836629", Some("user-@33836629")),
            ("", "大模型 lang:zh", "", Some("search-lang-zh-")),
            ("1", "x", "", None),
            ("", "", "", None),
            ("../1", "", "", None),
            ("", "", "@not a handle", None),
            ("", "", "@../../x", None),
            ("", " ", "", None),
        ] {
            let target = Target::of(&keys(list, search, user));
            match slug {
                Some(slug) => assert!(target.unwrap().slug().starts_with(slug), "{slug}"),
                None => assert!(target.is_err(), "{list} {search} {user}"),
            }
        }
    }

    #[test]
    fn each_kind_spells_its_pages_in_its_own_way() {
        let base = Url::parse("https://gate.example/x/").unwrap();
        let cursor = Cursor { token: Some("t".into()), since_id: Some(7), ..Cursor::default() };
        for (target, path, has, lacks) in [
            (Target::List("1".into()), "/x/2/lists/1/tweets", "pagination_token=t", "since_id"),
            (Target::Search("a & b".into()), "/x/2/tweets/search/recent", "next_token=t", "pagination_token"),
            (Target::User("3".into()), "/x/2/users/3/tweets", "since_id=7", "next_token"),
            (Target::Handle("a".into()), "/x/2/users/9/tweets", "pagination_token=t", "query="),
        ] {
            let url = target.page(&base, Some("9"), &cursor);
            let query = url.query().unwrap();
            assert_eq!(url.path(), path);
            assert!(
                query.contains(has) && !query.contains(lacks) && query.contains("max_results=100"),
                "{query}"
            );
        }
        let url = Target::Search("a & b".into()).page(&base, None, &Cursor::default());
        assert!(url.query_pairs().any(|(name, value)| name == "query" && value == "a & b"));
    }
}
