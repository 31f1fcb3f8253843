//! Labelled sets of adverts in one shape, whatever their fields are called.
//!
//! | fields | set | what it tells |
//! |---|---|---|
//! | `ad` | tweets by id; texts from a corpus | drop, and promotion (drop or suspect) |
//! | `labels`, a list | posts without author | an advert is what has any label but `clean` and `topic_…`: both |
//! | `label`, `handle` | posts of accounts that were promoted: weak | promotion only |
//! | `label` | chat messages | drop only |

use std::collections::BTreeMap;

use chrono::DateTime;
use corpus::{AdOutcome, AdRules, Author, Example, Tweet, TweetId};

use crate::labelled::{LabelledError, Row};

/// One labelled text.
pub struct AdRow {
    /// As the filter would get it.
    pub tweet: Tweet,
    /// The reader's outcome, where the set has three.
    pub outcome: Option<AdOutcome>,
    /// Whether it is an advert to drop, and whether it is promotion; `None` where the set does not tell.
    pub labels: [Option<bool>; 2],
    /// The day that it is judged with, of tweets labelled by whole days.
    pub day: Option<String>,
}

/// A set.
pub struct AdSet {
    /// The name to print.
    pub name: String,
    /// Its rows.
    pub rows: Vec<AdRow>,
    /// Rows whose tweet is not in the corpus.
    pub missing: usize,
}

impl AdSet {
    /// Reads rows as they are labelled; `corpus` has the tweets of sets that name them by id.
    ///
    /// # Errors
    /// When a row has none of the known fields.
    pub fn new(name: String, rows: &[Row], corpus: &BTreeMap<TweetId, Tweet>) -> Result<Self, LabelledError> {
        let mut set = Self { name, rows: Vec::with_capacity(rows.len()), missing: 0 };
        for (place, row) in rows.iter().enumerate() {
            if row.fields.contains_key("ad") {
                match by_id(row, corpus)? {
                    Some(row) => set.rows.push(row),
                    None => set.missing += 1,
                }
            } else {
                set.rows.push(by_text(row, place)?);
            }
        }
        Ok(set)
    }

    /// Whether its rows are whole days of tweets with three outcomes.
    pub fn has_outcomes(&self) -> bool {
        self.rows.first().is_some_and(|row| row.outcome.is_some())
    }

    /// Which of the two models the set measures: 0 drop, 1 promotion.
    pub fn head(&self) -> usize {
        usize::from(self.rows.first().is_some_and(|row| row.labels.first().is_some_and(Option::is_none)))
    }

    /// The places of the rows of each day; rows without a day stand alone.
    pub fn batches(&self) -> Vec<Vec<usize>> {
        let mut days: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut alone = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            match &row.day {
                Some(day) => days.entry(day).or_default().push(at),
                None => alone.push(vec![at]),
            }
        }
        days.into_values().chain(alone).collect()
    }

    /// What the model sees of each row, for training as set number `set`.
    pub fn examples(&self, set: usize, rules: &AdRules) -> Vec<Example> {
        let mut placed: Vec<(usize, Example)> = Vec::with_capacity(self.rows.len());
        for batch in self.batches() {
            let rows: Vec<(usize, &AdRow)> =
                batch.iter().filter_map(|at| Some((*at, self.rows.get(*at)?))).collect();
            let tweets: Vec<&Tweet> = rows.iter().map(|(_, row)| &row.tweet).collect();
            let features = rules.features(&tweets).into_iter();
            placed.extend(
                rows.iter()
                    .zip(features)
                    .map(|((at, row), features)| (*at, Example { features, set, labels: row.labels })),
            );
        }
        placed.sort_by_key(|(at, _)| *at);
        placed.into_iter().map(|(_, example)| example).collect()
    }
}

fn by_id(row: &Row, corpus: &BTreeMap<TweetId, Tweet>) -> Result<Option<AdRow>, LabelledError> {
    let outcome = match row.field("ad")?.as_str() {
        "drop" => AdOutcome::Drop,
        "suspect" => AdOutcome::Suspect,
        "keep" => AdOutcome::Keep,
        _ => return Err(LabelledError::Field { id: row.name(), field: "ad".to_owned() }),
    };
    let tweet = row.name().parse().ok().and_then(|id: TweetId| corpus.get(&id)).cloned();
    let labels = [Some(outcome == AdOutcome::Drop), Some(outcome != AdOutcome::Keep)];
    Ok(tweet.map(|tweet| AdRow { tweet, outcome: Some(outcome), labels, day: row.field("day").ok() }))
}

fn by_text(row: &Row, place: usize) -> Result<AdRow, LabelledError> {
    let labels = if row.fields.contains_key("labels") {
        let is_advert =
            row.field("labels")?.split(' ').any(|label| label != "clean" && !label.starts_with("topic_"));
        [Some(is_advert); 2]
    } else {
        let is_advert = Some(row.field("label")? == "ad");
        if row.handle.is_empty() { [is_advert, None] } else { [None, is_advert] }
    };
    Ok(AdRow { tweet: tweet(row, place), outcome: None, labels, day: None })
}

/// A row as ingest would make it: entities decoded, short links dropped.
fn tweet(row: &Row, place: usize) -> Tweet {
    let id = row.name().parse().unwrap_or(TweetId(place as u64 + 1));
    let author = Author { handle: row.handle.clone(), name: row.handle.clone(), followers: row.followers };
    Tweet::plain(id, author, DateTime::UNIX_EPOCH, without_short_links(&row.clean_text()))
}

fn without_short_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("https://t.co/") {
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: [Option<bool>; 2]) {
        let row: Row = serde_json::from_str(line).unwrap();
        let set = AdSet::new("set".into(), &[row], &BTreeMap::new()).unwrap();
        assert_eq!(set.rows[0].labels, expected, "{line}");
    }

    #[test]
    fn the_fields_tell_what_a_set_is() {
        check(r#"{"id": "1", "text": "x", "labels": ["clean", "topic_ai"]}"#, [Some(false); 2]);
        check(r#"{"id": "1", "text": "x", "labels": ["scam", "topic_ai"]}"#, [Some(true); 2]);
        check(r#"{"id": "1", "text": "x", "label": "ad"}"#, [Some(true), None]);
        check(r#"{"id": "1", "text": "x", "handle": "a", "label": "ok"}"#, [None, Some(false)]);
    }

    #[test]
    fn a_tweet_that_is_not_in_the_corpus_is_counted() {
        let row: Row = serde_json::from_str(r#"{"id": "1", "ad": "drop"}"#).unwrap();
        assert_eq!(AdSet::new("set".into(), &[row], &BTreeMap::new()).unwrap().missing, 1);
    }

    #[test]
    fn short_links_go() {
        assert_eq!(without_short_links("see https://t.co/a1B2, now https://t.co/x"), "see , now");
    }
}
