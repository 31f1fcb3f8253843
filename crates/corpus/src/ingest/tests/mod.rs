//! Whole files through [`ingest`]: containers, layouts, faults and counts. Each shape has its own tests in its file.

mod hostile;
mod order;
mod readme;
mod samples;

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::*;

/// A file with these bytes.
pub(super) fn file(name: &str, bytes: &[u8]) -> Input {
    let bytes = bytes.to_vec();
    Input {
        name: name.to_owned(),
        open: Box::new(move || Ok(Origin::Stream(Box::new(io::Cursor::new(bytes.clone()))))),
        mapping: None,
        owner: None,
    }
}

/// Everything that these files hold, as one.
pub(super) fn all(inputs: &[Input], settings: &Settings) -> Ingested {
    let mut all = Ingested::default();
    ingest(inputs, settings, |part| all.add(part)).unwrap();
    all
}

fn ingest_bytes(bytes: &[u8]) -> Ingested {
    all(&[file("test.jsonl", bytes)], &Settings::default())
}

/// Reads a file that is given as text.
pub(super) fn read(text: &str) -> Ingested {
    ingest_bytes(text.as_bytes())
}

/// Reads JSONL of these records.
pub(super) fn lines(records: &[Value]) -> Ingested {
    read(&records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"))
}

/// The one tweet of a file with this one record, which must be of this shape.
#[track_caller]
pub(super) fn one(record: &Value, format: Format) -> Tweet {
    let mut ingested = lines(std::slice::from_ref(record));
    assert_eq!(ingested.rejected, []);
    assert_eq!(ingested.formats, BTreeMap::from([(format, 1)]));
    ingested.tweets.pop().unwrap()
}

/// Why the one record of a file is refused.
#[track_caller]
pub(super) fn refused(record: &Value) -> RejectReason {
    let ingested = lines(std::slice::from_ref(record));
    assert_eq!((ingested.tweets.len(), ingested.rejected.len()), (0, 1), "{record}");
    ingested.rejected[0].reason
}

fn tweet(id: u64) -> String {
    let author = json!({"handle": "ann", "name": "Ann"});
    json!({"id": id.to_string(), "author": author, "created_at": "2026-01-01T00:00:00Z", "text": "x"})
        .to_string()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// Compares ids with their lines, and the rejects.
#[track_caller]
fn check(file: &[u8], tweets: &[(u64, u64)], rejected: &[(u64, RejectReason)]) {
    let ingested = ingest_bytes(file);
    let found: Vec<_> = ingested.tweets.iter().map(|tweet| (tweet.id.0, tweet.source.line)).collect();
    let faults: Vec<_> = ingested.rejected.iter().map(|fault| (fault.source.line, fault.reason)).collect();
    assert_eq!((found.as_slice(), faults.as_slice()), (tweets, rejected), "{:?}", ingested.rejected);
}

#[test]
fn containers_are_known_by_content() {
    let (one, two) = (format!("{}\n", tweet(1)), format!("{}\n", tweet(2)));
    let both = [one.as_bytes(), two.as_bytes()].concat();
    let expected = [(1, 1), (2, 2)];
    check(&both, &expected, &[]);
    check(&[gz(one.as_bytes()), gz(two.as_bytes())].concat(), &expected, &[]);
    check(&zstd::encode_all(&both[..], 1).unwrap(), &expected, &[]);
}

#[test]
fn a_damaged_container_gives_what_it_has() {
    let members =
        [gz(format!("{}\n", tweet(1)).as_bytes()), gz(format!("{}\n", tweet(2)).as_bytes())].concat();
    check(&members[..members.len() - 6], &[(1, 1), (2, 2)], &[(3, RejectReason::Damaged)]);
    check(&members[..members.len() - 30], &[(1, 1)], &[(2, RejectReason::Damaged)]);
    check(&gz(format!("[{}", tweet(1)).as_bytes())[..20], &[], &[(1, RejectReason::Damaged)]);
    check(&[gz(tweet(1).as_bytes()), b"rubbish".to_vec()].concat(), &[(1, 1)], &[(2, RejectReason::Damaged)]);
    let zst = zstd::encode_all(tweet(1).as_bytes(), 1).unwrap();
    check(&zst[..zst.len() - 5], &[], &[(1, RejectReason::Damaged)]);
}

#[test]
fn sizes_are_limited() {
    let limits = Settings { file: 1 << 20, page: 4000, record: 400, ..Settings::default() };
    let long = tweet(2).replace('x', &"x".repeat(500));
    let page = format!("{{\"tweets\":[{}]}}", [tweet(3), tweet(4), tweet(5), tweet(6)].join(","));
    let huge = tweet(7).replace('x', &"x".repeat(5000));
    let text = [tweet(1), long, page, huge, tweet(8)].join("\n");
    let ingested = all(&[self::file("test.jsonl", text.as_bytes())], &limits);
    assert_eq!(ingested.tweets.iter().map(|tweet| tweet.id.0).collect::<Vec<_>>(), [1, 3, 4, 5, 6, 8]);
    let faults: Vec<_> = ingested.rejected.iter().map(|fault| (fault.source.line, fault.reason)).collect();
    assert_eq!(faults, [(2, RejectReason::TooLarge), (4, RejectReason::TooLarge)]);

    let small = Settings { file: tweet(1).len() as u64 + 9, ..limits };
    let ingested = all(&[file("test.jsonl", &gz([tweet(1), tweet(2)].join("\n").as_bytes()))], &small);
    assert_eq!((ingested.tweets.len(), ingested.rejected.len()), (1, 1));
    assert_eq!(ingested.rejected[0].reason, RejectReason::TooLarge);
}

#[test]
fn lines_stand_for_themselves() {
    check(b"", &[], &[]);
    check(b"\xef\xbb\xbf \r\n\n", &[], &[]);
    check(format!("\u{feff}{}\r\n\r\n{}", tweet(1), tweet(2)).as_bytes(), &[(1, 1), (2, 3)], &[]);
    check(
        format!("{}\n{{\"id\":\n{}", tweet(1), tweet(2)).as_bytes(),
        &[(1, 1), (2, 3)],
        &[(2, RejectReason::BadJson)],
    );
    check(
        format!("{}\n{}", tweet(1), tweet(2).get(..30).unwrap()).as_bytes(),
        &[(1, 1)],
        &[(2, RejectReason::BadJson)],
    );
    check(
        format!("{}{}\nnull\n", tweet(1), tweet(2)).as_bytes(),
        &[(1, 1), (2, 1)],
        &[(2, RejectReason::UnknownShape)],
    );
}

#[test]
fn arrays_count_their_elements() {
    check(format!("[\n{},\n\n{}\n]\n", tweet(1), tweet(2)).as_bytes(), &[(1, 1), (2, 2)], &[]);
    check(
        format!("[{},{{\"id\":}},{}]", tweet(1), tweet(3)).as_bytes(),
        &[(1, 1), (3, 3)],
        &[(2, RejectReason::BadJson)],
    );
    check(
        format!("[{},{}", tweet(1), tweet(2).get(..30).unwrap()).as_bytes(),
        &[(1, 1)],
        &[(2, RejectReason::Damaged)],
    );
}

#[test]
fn an_object_may_be_pretty_printed() {
    let page: Value = serde_json::from_str(&format!("{{\"statuses\":[{},{}]}}", tweet(1), tweet(2))).unwrap();
    check(serde_json::to_string_pretty(&page).unwrap().as_bytes(), &[(1, 1), (2, 1)], &[]);
    check(page.to_string().as_bytes(), &[(1, 1), (2, 1)], &[]);
}

#[test]
fn odd_characters_do_not_cost_the_tweet() {
    let record = |text: &str| tweet(1).replace("\"x\"", &format!("\"{text}\""));
    assert_eq!(read(&record("a\u{2028}b\u{85}c")).tweets[0].text, "a\nb\nc");
    assert_eq!(read(&record("a\\ud83d b")).tweets[0].text, "a\u{fffd} b");
    let bytes: Vec<u8> = record("aXb").bytes().map(|byte| if byte == b'X' { 0xff } else { byte }).collect();
    assert_eq!(ingest_bytes(&bytes).tweets[0].text, "a\u{fffd}b");
    let emoji = ingest_bytes(record("👩‍👧").as_bytes());
    assert_eq!(emoji.tweets[0].text, "👩‍👧");
}

#[test]
fn one_file_may_mix_shapes_and_every_record_is_counted() {
    let records = [
        serde_json::from_str(&tweet(1)).unwrap(),
        json!({"id_str": "2", "created_at": "Tue Nov 30 23:57:10 +0000 2021", "text": "x", "user": {"screen_name": "a"}}),
        json!({"id": "3", "author_id": "7", "created_at": "2026-01-01T00:00:00Z", "text": "x"}),
        json!({"id": 4, "id_str": "4", "date": "2026-01-01 00:00:00+00:00", "rawContent": "x", "user": {"username": "a"}}),
        json!({"tweetUrl": "https://x.com/a/status/2015203109400965595", "fullText": "x", "user": {"screenName": "a"}}),
        json!({"id": "6", "_handle": "a", "text": "x", "created_at": "2026-01-01T00:00Z", "is_retweet": false}),
        json!({"delete": {"status": {"id_str": "7"}}}),
        json!({"id": "8", "label": 1}),
        json!("header"),
    ];
    let ingested = lines(&records);
    let formats: Vec<_> = ingested.formats.keys().copied().collect();
    let all = [
        Format::Normalised,
        Format::ApiV1,
        Format::ApiV2,
        Format::Twscrape,
        Format::XKitDaily,
        Format::XKitUserTweets,
    ];
    assert_eq!(
        (formats.as_slice(), ingested.formats.values().sum::<u64>()),
        (&all[..], 6),
        "{:?}",
        ingested.rejected
    );
    let counted = ingested.tweets.len() as u64 + ingested.notices + ingested.rejected.len() as u64;
    assert_eq!((counted, ingested.notices), (9, 1));
    assert!(ingested.rejected.iter().all(|fault| fault.reason == RejectReason::UnknownShape));
}

#[test]
fn a_fault_shows_little_and_nothing_that_moves_a_cursor() {
    let ingested = read(&format!("{{\"\u{1b}[2J{}", "y".repeat(3000)));
    let detail = &ingested.rejected[0].detail;
    assert!(detail.chars().count() <= 200 && !detail.contains('\u{1b}'), "{detail}");
}
