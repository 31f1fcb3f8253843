//! What every shape has to tell about a tweet, and the one way from there to a clean [`Tweet`].

use chrono::{DateTime, Utc};

use super::{
    entities::{Found, extract},
    fields::{self, Refusal},
};
use crate::{
    Author, Kind, Metrics, Reference, Source, Tweet, TweetId,
    text::{Encoding, clean, clean_line, next_short},
};

/// Links, tags and the like that one record may list.
pub(super) const MOST_ENTITIES: usize = 256;
const LONGEST_URL: usize = 4096;
/// x-digest's mark between the tweets of a thread.
const THREAD_MARK: &str = "\n[->] ";

/// A text as its source writes it, with what the source says is in it; an empty list means "look yourself".
#[derive(Default)]
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    /// Line feeds are written as a backslash and an `n`.
    pub(super) escaped_lines: bool,
    /// Tweets of a thread are joined to one text, with [`THREAD_MARK`] between them.
    pub(super) joins_threads: bool,
    /// Short link and what it stands for; `None` for one that only shows a picture or the quoted tweet.
    pub(super) links: Vec<(&'a str, Option<&'a str>)>,
    pub(super) hashtags: Vec<&'a str>,
    pub(super) cashtags: Vec<&'a str>,
    pub(super) mentions: Vec<&'a str>,
    pub(super) media: Vec<&'a str>,
    /// Title and beginning of an article, which stand in for a text that is only the link to it.
    pub(super) article: Vec<&'a str>,
}

impl Written<'_> {
    /// The text alone, as it goes into a [`Reference`].
    pub(super) fn clean_text(&self) -> String {
        let text = self.clean_words();
        if self.article.is_empty() || !text.split_whitespace().all(|word| word.contains("://")) {
            return text;
        }
        clean(&self.article.join("\n\n"), Encoding::default())
    }

    fn clean_words(&self) -> String {
        let links = self.links.get(..MOST_ENTITIES).unwrap_or(&self.links);
        let encoding = Encoding { html: true, links };
        // A text with real line feeds is not written that way: its backslashes are its own.
        if self.escaped_lines && self.text.contains("\\n") && !self.text.contains('\n') {
            return clean(&self.text.replace("\\n", "\n"), encoding);
        }
        if self.joins_threads && self.text.contains(THREAD_MARK) {
            return clean(&self.text.replace(THREAD_MARK, "\n\n"), encoding);
        }
        clean(self.text, encoding)
    }

    /// Whether the text may hold what the source does not list.
    fn may_hold_more(&self, text: &str) -> bool {
        let unlisted = |list: &[&str], signs: &[char]| list.is_empty() && text.contains(signs);
        unlisted(&self.hashtags, &['#', '＃'])
            || unlisted(&self.cashtags, &['$'])
            || unlisted(&self.mentions, &['@', '＠'])
            || self.links.is_empty() && text.contains("://")
    }
}

/// A tweet before it is cleaned.
pub(super) struct Draft<'a> {
    pub(super) id: TweetId,
    pub(super) author: Author,
    pub(super) created_at: DateTime<Utc>,
    pub(super) lang: Option<&'a str>,
    pub(super) kind: Kind,
    pub(super) reference: Reference,
    /// The record holds the retweeted tweet; text and metrics are that one's.
    pub(super) has_original: bool,
    pub(super) metrics: Metrics,
    pub(super) promoted: Option<bool>,
    pub(super) written: Written<'a>,
}

impl Draft<'_> {
    pub(super) fn finish(mut self, source: &Source) -> Tweet {
        if matches!(self.kind, Kind::Original | Kind::Retweet) && !self.has_original {
            self.read_prefix();
        }
        let text = self.written.clean_text();
        if self.kind == Kind::Retweet {
            self.reference.text = Some(text.clone());
        }
        let found = if self.written.may_hold_more(&text) { extract(&text) } else { Found::default() };
        let links = self.written.links.into_iter().filter_map(|(_, long)| long).collect();
        let mut tweet = Tweet {
            id: self.id,
            author: self.author,
            created_at: self.created_at,
            text,
            lang: self.lang.map(str::to_owned),
            kind: self.kind,
            reference: (self.kind != Kind::Original).then_some(self.reference),
            metrics: self.metrics,
            urls: or_found(links, found.urls),
            hashtags: or_found(self.written.hashtags, found.hashtags),
            cashtags: or_found(self.written.cashtags, found.cashtags),
            mentions: or_found(self.written.mentions, found.mentions),
            media: or_found(self.written.media, Vec::new()),
            promoted: self.promoted,
            source: source.clone(),
        };
        tidy(&mut tweet);
        tweet
    }

    /// Without the original in the record, `RT @name: ` tells whose words these are. The likes of a retweet are 0
    /// whatever the original has, so a 0 says nothing here.
    fn read_prefix(&mut self) {
        if let Some((handle, text)) = split_prefix(self.written.text) {
            self.kind = Kind::Retweet;
            self.reference.handle.get_or_insert_with(|| handle.to_owned());
            self.written.text = text;
            self.written.mentions.retain(|mention| !mention.eq_ignore_ascii_case(handle));
        }
        if self.kind == Kind::Retweet {
            self.metrics = without_zeros(self.metrics);
        }
    }
}

/// What a retweet's own counts say: its reposts are the original's, of the others only those that are not 0.
pub(super) fn without_zeros(metrics: Metrics) -> Metrics {
    let told = |count: Option<u64>| count.filter(|&count| count > 0);
    let Metrics { likes, reposts, replies, quotes, bookmarks, views } = metrics;
    let [likes, replies, quotes, bookmarks, views] = [likes, replies, quotes, bookmarks, views].map(told);
    Metrics { likes, reposts, replies, quotes, bookmarks, views }
}

fn split_prefix(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix("RT @")?.split_once(':')?;
    let handle = fields::handle(name)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (handle, rest.trim_start()))
}

fn or_found(listed: Vec<&str>, found: Vec<String>) -> Vec<String> {
    if listed.is_empty() { found } else { listed.into_iter().map(str::to_owned).collect() }
}

/// Brings every field but the text to what may stand in a report, and the lists to a length that fits in memory.
pub(super) fn tidy(tweet: &mut Tweet) {
    tweet.author.name = Some(clean_line(&tweet.author.name))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| tweet.author.handle.clone());
    tweet.lang = tweet.lang.take().filter(|lang| is_language(lang));
    keep(&mut tweet.urls, |url| Some(clean_line(url)).filter(|url| is_link(url)));
    keep(&mut tweet.media, |url| Some(clean_line(url)).filter(|url| is_link(url)));
    keep(&mut tweet.hashtags, |written| Some(tag(written, &['#', '＃'])));
    keep(&mut tweet.cashtags, |written| Some(tag(&written.to_ascii_uppercase(), &['$'])));
    keep(&mut tweet.mentions, |name| fields::handle(name).map(str::to_owned));
}

/// A tag without its marks, and without what clings to them: `#️⃣` is an emoji that begins with one.
fn tag(written: &str, marks: &[char]) -> String {
    let clings = |c: char| c.is_whitespace() || matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    clean_line(written).trim_start_matches(|c| marks.contains(&c) || clings(c)).to_owned()
}

/// The codes that mean "undetermined" are no language.
fn is_language(code: &str) -> bool {
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain && (2..=35).contains(&code.len()) && code != "und"
}

fn is_link(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && !url.contains(' ') && url.len() <= LONGEST_URL && next_short(url).is_none()
}

fn keep(list: &mut Vec<String>, change: impl Fn(&str) -> Option<String>) {
    let mut kept: Vec<String> = Vec::new();
    for item in list.iter().take(MOST_ENTITIES).filter_map(|item| change(item)) {
        if !item.is_empty() && !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

/// The page of one of these tweets: X adds it to a text that it cut, and to a quote. The record tells it anyway.
pub(super) fn links_to(url: &str, ids: &[Option<TweetId>]) -> bool {
    fields::id_of_page(url).is_some_and(|id| ids.contains(&Some(id)))
}

/// A link that stands for a picture or video of a tweet: `…/status/1/photo/1`.
pub(super) fn is_media_link(url: &str) -> bool {
    url.split_once("/status/").is_some_and(|(_, rest)| rest.contains("/photo/") || rest.contains("/video/"))
}

/// A record without any text field is no tweet; an empty text is one (a picture alone).
pub(super) fn required_text<'a>(
    text: Option<&'a super::json::Json>,
    field: &str,
) -> Result<&'a str, Refusal> {
    text.and_then(sonic_rs::JsonValueTrait::as_str)
        .ok_or_else(|| Refusal::of(super::RejectReason::NoText, field, text))
}
