//! What must hold for any bytes that the ingest stage is given. The targets differ only in what they feed it.

mod tree;

use std::{io::Cursor, sync::Arc};

use corpus::{Format, IngestSettings, Ingested, Input, Mapped, Origin, Rejected, Tweet, ingest};
use unicode_normalization::is_nfc;

pub use tree::mutate_json;

/// One thread, and bounds that small inputs reach.
pub const SMALL: IngestSettings =
    IngestSettings { threads: 1, memory: 12 << 10, file: 1 << 20, page: 1 << 14, record: 1 << 12 };

const MOST_ENTITIES: usize = 256;
const LONGEST_TEXT: usize = 64 * 1024;
const LONGEST_DETAIL: usize = 200;

/// A file with these bytes.
pub fn file(name: &str, bytes: &[u8], mapping: Option<Arc<Mapped>>) -> Input {
    let bytes = bytes.to_vec();
    Input {
        name: name.to_owned(),
        open: Box::new(move || Ok(Origin::Stream(Box::new(Cursor::new(bytes.clone()))))),
        mapping,
        owner: None,
    }
}

/// All that these files hold, as the caller is given it.
pub fn read(inputs: &[Input], settings: &IngestSettings) -> Ingested {
    let mut all = Ingested::default();
    ingest(inputs, settings, |part| all.add(part)).expect("a file in memory can be opened");
    all
}

/// Reads these files and checks everything that must hold for any bytes.
pub fn check(inputs: &[Input], settings: &IngestSettings) -> Ingested {
    let all = read(inputs, settings);
    let records = (all.tweets.len() + all.rejected.len()) as u64 + all.notices;
    assert_eq!(all.records(), records);
    assert_eq!(all.formats.values().sum::<u64>(), all.tweets.len() as u64);
    all.tweets.iter().for_each(is_sound);
    all.rejected.iter().for_each(is_told);
    if !all.tweets.is_empty() {
        come_back(all.tweets.get(..8).unwrap_or(&all.tweets));
    }
    all
}

/// The same with more threads and other memory: in the same order, to the last byte.
pub fn is_the_same_with_threads(inputs: &[Input], settings: &IngestSettings, one: &Ingested) {
    let two = read(inputs, &IngestSettings { threads: 2, memory: 64 << 20, ..*settings });
    assert_eq!((&one.tweets, &one.rejected), (&two.tweets, &two.rejected));
    assert_eq!((one.notices, &one.formats), (two.notices, &two.formats));
}

fn is_sound(tweet: &Tweet) {
    assert!(tweet.id.0 >= 1 && tweet.id.0 <= i64::MAX as u64, "id {}", tweet.id);
    assert!(tweet.source.line >= 1);
    is_clean(&tweet.text);
    assert!(tweet.text.chars().count() <= LONGEST_TEXT);
    assert!(!tweet.author.name.is_empty());
    is_clean_line(&tweet.author.name);
    is_handle(&tweet.author.handle);
    is_handle(tweet.speaker());
    if let Some(reference) = &tweet.reference {
        reference.text.as_deref().into_iter().for_each(is_clean);
        reference.handle.as_deref().into_iter().for_each(is_handle);
        assert!(reference.id.is_none_or(|id| id.0 >= 1));
    }
    for url in tweet.urls.iter().chain(&tweet.media) {
        is_clean_line(url);
        assert!(url.starts_with("http://") || url.starts_with("https://"), "{url:?}");
        assert!(!url.contains(char::is_whitespace), "{url:?}");
    }
    tweet.mentions.iter().for_each(|name| is_handle(name));
    tweet.hashtags.iter().chain(&tweet.cashtags).for_each(|tag| is_clean_line(tag));
    for list in [&tweet.urls, &tweet.media, &tweet.mentions, &tweet.hashtags, &tweet.cashtags] {
        assert!(list.len() <= MOST_ENTITIES && list.iter().all(|item| !item.is_empty()));
    }
    if let Some(lang) = &tweet.lang {
        assert!(lang.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{lang:?}");
    }
}

fn is_handle(name: &str) {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    assert!(plain && (1..=50).contains(&name.len()), "{name:?}");
}

fn is_clean_line(line: &str) {
    is_clean(line);
    assert!(!line.contains(['\n', '\t']), "{line:?}");
}

/// Written down apart from the code under test: controls, bidi marks, zero-width characters, tags.
fn is_clean(text: &str) {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            )
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
            || matches!(c, '\u{e0000}'..='\u{e0fff}')
    };
    assert!(!text.contains(hidden), "{text:?}");
    assert!(is_nfc(text), "{text:?}");
    assert_eq!(text, text.trim(), "{text:?}");
    assert!(!text.starts_with('\u{200d}') && !text.ends_with('\u{200d}'), "{text:?}");
    let joined_plainly =
        |three: &[char]| three[1] == '\u{200d}' && (three[0].is_ascii() || three[2].is_ascii());
    assert!(!text.chars().collect::<Vec<_>>().windows(3).any(joined_plainly), "{text:?}");
}

fn is_told(fault: &Rejected) {
    assert!(fault.source.line >= 1, "{fault:?}");
    assert!(fault.detail.chars().count() <= LONGEST_DETAIL);
    is_clean_line(&fault.detail);
}

/// Tweets that are written as the project's own JSONL are read as the same tweets.
fn come_back(tweets: &[Tweet]) {
    let lines: Vec<String> =
        tweets.iter().map(|tweet| serde_json::to_string(tweet).expect("it can be written")).collect();
    let settings = IngestSettings { page: 32 << 20, record: 32 << 20, file: 1 << 30, ..SMALL };
    let again = read(&[file("again.jsonl", lines.join("\n").as_bytes(), None)], &settings);
    assert_eq!(again.rejected, [], "{lines:?}");
    assert!(again.formats.keys().all(|format| *format == Format::Normalised), "{lines:?}");
    assert_eq!(again.tweets.len(), tweets.len(), "{lines:?}");
    for (again, tweet) in again.tweets.into_iter().zip(tweets) {
        assert_eq!(&Tweet { source: tweet.source.clone(), ..again }, tweet);
    }
}
