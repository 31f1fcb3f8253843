//! How shapes are told apart: each by keys that no other one has, the surest first.

use sonic_rs::JsonValueTrait;

use super::{
    super::{
        Format,
        fields::{first, object, text},
        index::{Fields, Indexed},
        json::Json,
    },
    api_v2, collectors,
    layout::Layout,
    normalised, platform, scrapers,
};

/// The shape of a record.
pub(super) enum Shape {
    Normalised,
    ApiV2,
    /// A status of a personal archive: v1.1 without its author, its long text elsewhere.
    Archived,
    Laid(Format, &'static Layout<'static>),
}

impl Shape {
    pub(super) fn format(&self) -> Format {
        match self {
            Self::Normalised => Format::Normalised,
            Self::ApiV2 => Format::ApiV2,
            Self::Archived => Format::Archive,
            Self::Laid(format, _) => *format,
        }
    }
}

type Test = fn(&Indexed<'_>) -> bool;

/// In this order: what stands above has keys of its own, what stands below is told by what it has together.
static LAID: [(Format, Test, &Layout<'static>); 17] = [
    (
        Format::Graphql,
        |r| has(r, "rest_id") && has(r, "legacy") && text(r, "/__typename") != Some("User"),
        &platform::GRAPHQL,
    ),
    (Format::Twscrape, |r| has(r, "rawContent") && has(r, "id_str"), &scrapers::TWSCRAPE),
    (Format::Snscrape, is_snscrape, &scrapers::TWSCRAPE),
    (
        Format::XKitDaily,
        |r| has(r, "tweetUrl") && (has(r, "fullText") || has(r, "user")),
        &collectors::X_KIT_DAILY,
    ),
    (Format::XKitUserTweets, is_x_kit_user, &collectors::X_KIT_USER),
    (Format::Rettiwt, |r| has(r, "tweetBy"), &scrapers::RETTIWT),
    (Format::TwitterapiIo, |r| first(r, &["/author/userName"]).is_some(), &scrapers::TWITTERAPI_IO),
    (Format::AgentTwitterClient, |r| has(r, "permanentUrl") && has(r, "text"), &scrapers::AGENT),
    (Format::AgentTwitterClient, |r| has(r, "PermanentURL") && has(r, "Text"), &scrapers::AGENT_GO),
    (Format::Twitter154, |r| has(r, "tweet_id") && has(r, "creation_date"), &scrapers::TWITTER154),
    (Format::Gnip, |r| has(r, "actor") && text(r, "/verb") == Some("share"), &platform::GNIP_SHARE),
    (Format::Gnip, |r| has(r, "actor") && has(r, "body"), &platform::GNIP),
    (Format::Twint, |r| text(r, "/tweet").is_some() && has(r, "conversation_id"), &scrapers::TWINT),
    (Format::XDigest, |r| text(r, "/author").is_some() && has(r, "conv"), &collectors::X_DIGEST),
    (
        Format::FollowBuilders,
        |r| has(r, "isQuote") && has(r, "text") && !has(r, "author"),
        &collectors::FOLLOW_BUILDERS,
    ),
    (
        Format::Syndication,
        |r| text(r, "/__typename") == Some("Tweet") && has(r, "user"),
        &platform::SYNDICATION,
    ),
    (Format::Feed, |r| has(r, "pubDate") && has(r, "title"), &collectors::FEED),
];

pub(super) static ARCHIVED: &Layout<'static> = &platform::API_V1;

/// The shape of a record; `None` for a page, a notice, or something else.
pub(super) fn shape(record: &Indexed<'_>) -> Option<Shape> {
    if is_notice(record) {
        return None;
    }
    if normalised::recognise(record) {
        return Some(Shape::Normalised);
    }
    if first(record, &["/tweet/id_str", "/tweet/full_text"]).is_some() {
        return Some(Shape::Archived);
    }
    if let Some((format, _, layout)) = LAID.iter().find(|(_, is, _)| is(record)) {
        return Some(Shape::Laid(*format, layout));
    }
    if has(record, "text") && api_v2::recognise(record) {
        return Some(Shape::ApiV2);
    }
    if is_api_v1(record) {
        return Some(Shape::Laid(Format::ApiV1, &platform::API_V1));
    }
    is_flat(record).then_some(Shape::Laid(Format::Flat, &collectors::FLAT))
}

fn has(record: &Indexed<'_>, key: &str) -> bool {
    record.field(key).is_some()
}

fn is_snscrape(record: &Indexed<'_>) -> bool {
    let marked = text(record, "/_type").is_some_and(|name| name.ends_with(".Tweet"));
    let older = has(record, "content") && (has(record, "outlinks") || has(record, "renderedContent"));
    marked || older || has(record, "rawContent")
}

/// The collector's own flags, which no API has.
fn is_x_kit_user(record: &Indexed<'_>) -> bool {
    has(record, "_handle") || (has(record, "is_retweet") && has(record, "favorite_count"))
}

/// Keys that no other shape has together with a text.
fn is_api_v1(record: &Indexed<'_>) -> bool {
    let texts = ["/extended_tweet", "/full_text", "/text", "/retweeted_status"];
    let own = [
        "/user",
        "/id_str",
        "/favorite_count",
        "/retweeted_status",
        "/in_reply_to_status_id_str",
        "/full_text",
    ];
    first(record, &texts).is_some() && first(record, &own).is_some()
        || first(record, &["/user/screen_name"]).is_some() && has(record, "created_at")
}

/// An id or a link to a tweet beside a text.
fn is_flat(record: &Indexed<'_>) -> bool {
    let layout = &collectors::FLAT;
    let is_text = first(record, layout.text).is_some_and(JsonValueTrait::is_str);
    let page = || super::text_at(record, layout.page).is_some_and(|link| link.contains("/status/"));
    is_text
        && (first(record, &["/id_str", "/tweet_id", "/tweetid", "/status_id"]).is_some()
            || page()
            || is_plain_flat(record))
}

/// `id` alone is everybody's key: the record must say who and when, too.
fn is_plain_flat(record: &Indexed<'_>) -> bool {
    let layout = &collectors::FLAT;
    has(record, "id") && first(record, layout.handle).is_some() && first(record, layout.created_at).is_some()
}

/// Lines that a stream or an API sends beside tweets: deletions, limits, warnings, errors, empty pages.
pub(super) fn is_notice(record: &Indexed<'_>) -> bool {
    const STREAM: [&str; 9] = [
        "/delete",
        "/scrub_geo",
        "/limit",
        "/status_withheld",
        "/user_withheld",
        "/warning",
        "/disconnect",
        "/errors",
        "/error",
    ];
    const WORDS: [&str; 5] = ["/text", "/full_text", "/rawContent", "/fullText", "/data"];
    const LISTS: [&str; 5] = ["/statuses", "/results", "/tweets", "/items", "/x"];
    if first(record, &WORDS).is_some() {
        return false;
    }
    let gone =
        text(record, "/__typename").is_some_and(|name| matches!(name, "TweetTombstone" | "TweetUnavailable"));
    let compliance = has(record, "id") && text(record, "/action").is_some();
    let deleted = text(record, "/verb") == Some("delete");
    let problem = has(record, "title") && has(record, "detail") && has(record, "type");
    let empty_page = text(record, "/id").is_none() && first(record, &["/meta/result_count"]).is_some();
    let empty_list = || {
        let lists = LISTS.iter().filter_map(|list| first(record, &[list]));
        lists.filter_map(sonic_rs::JsonContainerTrait::as_array).any(sonic_rs::Array::is_empty)
    };
    gone || deleted || compliance || problem || empty_page || first(record, &STREAM).is_some() || empty_list()
}

/// The web client's answer to a question about a user, who is no tweet.
pub(super) fn is_user(value: &Json) -> bool {
    text(value, "/data/user/result/__typename") == Some("User")
}

/// What stands between the tweets of a timeline: cursors, people to follow, instructions.
pub(super) fn is_furniture(item: &Indexed<'_>) -> bool {
    has(item, "entryId")
        || has(item, "type") && object(item, &["/value", "/content"]).is_none() && !has(item, "text")
}
