//! The audit of a report for reading: each claim with its facts, its sources and their words.

use std::collections::BTreeMap;

use brief::{Evidence, Refused};
use corpus::{Tweet, TweetId};
use report::{Trace, TraceError, TracedClaim, tweet_url};
use serde::Serialize;

use crate::markdown::language;

/// All that an audit page shows.
#[derive(Serialize)]
pub(crate) struct Account {
    /// Whether the post is the one that the audit was written for.
    untouched: bool,
    sections: Vec<Section>,
    refused: Vec<Refusal>,
}

#[derive(Serialize)]
struct Section {
    name: String,
    claims: Vec<Claim>,
}

#[derive(Serialize)]
struct Claim {
    line: Option<usize>,
    lead: String,
    text: String,
    lang: String,
    writer: String,
    sole: bool,
    facts: Vec<Fact>,
    sources: Vec<Source>,
}

#[derive(Serialize)]
struct Fact {
    kind: String,
    written: String,
    /// `found`, or how else it is known.
    verdict: &'static str,
    handle: String,
}

#[derive(Serialize)]
struct Source {
    handle: String,
    url: String,
    text: String,
    lang: String,
    time: String,
}

#[derive(Serialize)]
struct Refusal {
    section: String,
    text: String,
    lang: String,
    problems: Vec<String>,
}

type Tweets<'a> = BTreeMap<TweetId, &'a Tweet>;

/// Of an audit's bytes, beside the post as it is now.
pub(crate) fn account(audit: &[u8], post: &[u8]) -> Result<Account, TraceError> {
    let trace = Trace::read(audit)?;
    let tweets = trace.tweets();
    let markdown = String::from_utf8_lossy(post);
    let mut sections: Vec<Section> = Vec::new();
    for line in trace.lines(&markdown) {
        let shown = claim(line.claim, line.line, &tweets);
        match sections.iter_mut().find(|section| section.name == words(line.section)) {
            Some(section) => section.claims.push(shown),
            None => sections.push(Section { name: words(line.section), claims: vec![shown] }),
        }
    }
    let refused = trace.refused().iter().map(refusal).collect();
    Ok(Account { untouched: trace.is_of(post), sections, refused })
}

fn claim(claim: &TracedClaim, line: Option<usize>, tweets: &Tweets<'_>) -> Claim {
    let sources = claim.cites.iter().map(|cite| {
        let tweet = tweets.get(&cite.id);
        let text = tweet.map_or_else(String::new, |tweet| tweet.text.clone());
        Source {
            handle: cite.handle.clone(),
            url: tweet_url(&cite.handle, cite.id),
            lang: language(&text).to_owned(),
            text,
            time: tweet
                .map_or_else(String::new, |tweet| tweet.created_at.format("%Y-%m-%d %H:%M UTC").to_string()),
        }
    });
    Claim {
        line,
        lead: claim.lead.clone(),
        text: claim.text.clone(),
        lang: language(&claim.text).to_owned(),
        writer: name(&claim.writer),
        sole: claim.sole_source,
        facts: claim.evidence.iter().map(|evidence| fact(evidence, tweets)).collect(),
        sources: sources.collect(),
    }
}

fn fact(evidence: &Evidence, tweets: &Tweets<'_>) -> Fact {
    let tweet = evidence.tweet.and_then(|id| tweets.get(&id));
    let verdict = match (evidence.tweet, &evidence.fact) {
        (Some(_), _) => "found",
        (None, brief::Fact::Figure { .. }) => "counted by the program",
        (None, _) => "a word of the report",
    };
    Fact {
        kind: tagged(&evidence.fact, "kind"),
        written: evidence.fact.written().to_owned(),
        verdict,
        handle: tweet.map_or_else(String::new, |tweet| tweet.author.handle.clone()),
    }
}

fn refusal(refused: &Refused) -> Refusal {
    Refusal {
        section: words(&refused.section),
        text: refused.draft.text.clone(),
        lang: language(&refused.draft.text).to_owned(),
        problems: refused.problems.iter().map(|problem| tagged(problem, "problem")).collect(),
    }
}

/// `key_points` as words.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The name that the audit file has for a value.
fn name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().map(words).unwrap_or_default()
}

/// The same of a value that has its name under a key.
fn tagged(value: &impl Serialize, key: &str) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.get(key).map(name).unwrap_or_default()
}
