//! How heavy each word is: class-based tf-idf (Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF
//! procedure", 2022), with accounts in the place of occurrences.
//!
//! An account has one voice for a word, shared among the classes in which it says it: whoever says a thing a hundred times
//! is heard once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    WordChoice,
    casing::{Forms, is_cased, is_name},
    read::{Speech, Unit},
};

/// A word of the subject counts this much more, in full from this weight on: the cloud is about the subject, not about chat.
const SUBJECT_BONUS: f64 = 0.6;
const SUBJECT_FULL: f64 = 2.0;
/// An English word that is no name and not of the subject counts this much less: names and terms tell more.
const EVERYDAY_MALUS: f64 = 0.35;
/// What a single account says counts this much less, unless the profile has a name for it: a word of the day has two.
const ALONE_MALUS: f64 = 0.4;
/// A voice in the first topic counts this much, in the last nearly 1, outside of topics less.
const FIRST_TOPIC: f64 = 2.0;
const NO_TOPIC: f64 = 0.7;

/// A word with its weight.
pub(super) struct Weighed {
    pub(super) key: String,
    pub(super) form: String,
    pub(super) weight: f64,
}

#[derive(Default)]
struct Seen<'s> {
    /// Per account: the classes in which it says the word.
    voices: BTreeMap<&'s str, BTreeSet<usize>>,
    forms: Forms,
    known: bool,
}

/// The heaviest words, ties in the order of the text; `topics` is the class of what is in no topic.
pub(super) fn heaviest(speeches: &[Speech], topics: usize, choice: &WordChoice<'_>) -> Vec<Weighed> {
    let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
    for speech in speeches {
        for unit in speech.runs.iter().flatten() {
            hear(seen.entry(&unit.key).or_default(), speech, unit);
        }
    }
    let voices: usize = seen.values().map(|seen| seen.voices.len()).sum();
    let classes: BTreeSet<usize> = speeches.iter().map(|speech| speech.class).collect();
    let average = voices as f64 / classes.len().max(1) as f64;
    let weigh = |(key, seen): (&&str, &Seen<'_>)| weighed(key, seen, (topics, average), choice);
    let mut words: Vec<Weighed> = seen.iter().filter_map(weigh).collect();
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.form.cmp(&b.form)));
    words.truncate(choice.most);
    words
}

fn hear<'s>(seen: &mut Seen<'s>, speech: &'s Speech, unit: &'s Unit) {
    seen.voices.entry(&speech.author).or_default().insert(speech.class);
    seen.forms.add(&unit.form, unit.telling);
    seen.known |= unit.known;
}

fn weighed(
    key: &str,
    seen: &Seen<'_>,
    (topics, average): (usize, f64),
    choice: &WordChoice<'_>,
) -> Option<Weighed> {
    let (form, meant) = seen.forms.usual()?;
    if choice.hide.iter().any(|hidden| hidden.to_lowercase() == form.to_lowercase()) {
        return None;
    }
    let loudness: f64 = seen.voices.values().map(|classes| loudness(classes, topics)).sum();
    let rarity = (1.0 + average / seen.voices.len() as f64).ln();
    let everyday = is_cased(form) && !(meant && is_name(form));
    let subject = choice.subject.score(form).min(SUBJECT_FULL);
    let named = seen.known || subject > 0.0;
    let everyday = if everyday && !named { EVERYDAY_MALUS } else { 1.0 };
    let alone = if seen.voices.len() < 2 && !named { ALONE_MALUS } else { 1.0 };
    let kind = everyday * alone * (1.0 + SUBJECT_BONUS * subject / SUBJECT_FULL);
    Some(Weighed { key: key.to_owned(), form: form.to_owned(), weight: loudness * rarity * kind })
}

/// One voice, shared among its classes.
fn loudness(classes: &BTreeSet<usize>, topics: usize) -> f64 {
    let worth =
        |class: usize| if class < topics { FIRST_TOPIC - class as f64 / topics as f64 } else { NO_TOPIC };
    classes.iter().map(|class| worth(*class)).sum::<f64>() / classes.len().max(1) as f64
}
