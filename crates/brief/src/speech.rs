//! Who says what within a text: a name, a word for saying, and what follows it to the end of the sentence.
//!
//! A claim that lets one of a tweet's speakers say what the tweet lets another one say is found out by the figures and dates
//! of the statement. What a tweet says outside of any speech is its author's and lets nobody be refused.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    aliases::Aliases,
    align::{SENTENCE, capitals_within, names},
    facts::{self, Fact, held, same_date, same_figure},
    pattern::pattern,
    pool::fold,
};

static SAYS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)称|表示|认为|指出|预计|预测|估计|说|透露|提到|承认|(?P<colon>[:：](?:\s|$|['‘“]))|(?-u:\b)(?:says?|said|told|thinks?|claims?|estimates?|expects?|sees|puts|reports?|reported|argues?|warns?)(?-u:\b)",
    )
});

/// Somebody's words.
#[derive(Debug)]
struct Speech {
    /// Names in front of the word for saying; those of earlier speeches of the sentence too.
    speakers: BTreeSet<String>,
    figures: Vec<Fact>,
    dates: Vec<Fact>,
}

impl Speech {
    fn has(&self, wanted: &Fact) -> bool {
        self.figures.iter().any(|held| same_figure(held, wanted) || same_figure(held, &wanted.without_unit()))
            || self.dates.iter().any(|held| same_date(held, wanted))
    }
}

/// A text as its speeches, and what stands outside of them as one without a speaker.
fn speeches(text: &str, aliases: &Aliases, known: &BTreeSet<String>) -> Vec<Speech> {
    let within = capitals_within(text);
    let mut all = Vec::new();
    for sentence in SENTENCE.split(text) {
        let mut speakers = BTreeSet::new();
        let mut begun = 0;
        for hit in SAYS.captures_iter(sentence) {
            let Some(verb) = hit.get(0) else { continue };
            let before = sentence.get(begun..verb.start()).unwrap_or_default();
            let clause = before.rsplit(['，', ',', '“', '"']).next().unwrap_or(before);
            let mut named = names(clause, aliases, known, &within);
            if hit.name("colon").is_none() {
                let capitals =
                    facts::names(clause).into_iter().filter(|name| name.starts_with(char::is_uppercase));
                named.extend(capitals.map(|name| aliases.canonical(fold(&name))));
            }
            if named.is_empty() {
                continue;
            }
            let told = before.strip_suffix(clause).unwrap_or_default();
            all.push(speech(&speakers, told));
            speakers.extend(named);
            begun = verb.end();
        }
        all.push(speech(&speakers, sentence.get(begun..).unwrap_or_default()));
    }
    all
}

fn speech(speakers: &BTreeSet<String>, words: &str) -> Speech {
    let (figures, dates) = held(words);
    Speech { speakers: speakers.clone(), figures, dates }
}

/// A figure or a date that a claim lets somebody tell whom the tweets name, and that each of them lets somebody else tell.
pub(crate) fn misquoted(
    claim: &str,
    tweets: &[&str],
    aliases: &Aliases,
    known: &BTreeSet<String>,
) -> Option<Fact> {
    let told = speeches(claim, aliases, known);
    if told.iter().all(|speech| speech.speakers.is_empty()) {
        return None;
    }
    let held: Vec<Speech> = tweets.iter().flat_map(|tweet| speeches(tweet, aliases, known)).collect();
    let all = tweets.join("\n");
    let named = names(&all, aliases, known, &capitals_within(&all));
    let is_named = |speech: &&Speech| speech.speakers.iter().any(|name| named.contains(name));
    told.iter().filter(is_named).find_map(|speech| {
        let is_anothers = |fact: &&Fact| {
            let mut holders = held.iter().filter(|other| other.has(fact)).peekable();
            holders.peek().is_some()
                && holders
                    .all(|other| !other.speakers.is_empty() && other.speakers.is_disjoint(&speech.speakers))
        };
        speech.figures.iter().chain(&speech.dates).find(is_anothers).cloned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::folded_names;

    #[test]
    fn a_figure_is_told_by_who_tells_it_in_the_tweet() {
        let tweet = "Sen. Aldane says the bill has 62 votes. Whip's office told us 57. Goldman: it adds 0.2pp to GDP. Total: 900";
        for (claim, is_wrong) in [
            ("Aldane 称有 57 票", true),
            ("Aldane 称有 62 票", false),
            ("Whip 办公室称有 57 票", false),
            ("Aldane 估计贡献 0.2 个百分点", true),
            ("Aldane 称总数为 900", false),
            ("法案有 57 票", false),
        ] {
            let found = misquoted(claim, &[tweet], &aliases(), &folded_names(claim));
            assert_eq!(found.is_some(), is_wrong, "{claim}: {found:?}");
        }
    }

    fn aliases() -> Aliases {
        Aliases::new(&[("高盛".to_owned(), vec!["Goldman".to_owned()])].into())
    }
}
