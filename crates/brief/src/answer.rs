//! An answer as drafts: read tolerantly where it can only be meant one way, then held strictly to what was asked.

use std::collections::BTreeSet;

use corpus::is_han_char;
use llm::read_json;
use serde_json::{Map, Value};

use crate::{
    ask::Question,
    outline::Group,
    verify::{DraftClaim, Writer},
};

/// What an answer gave.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The claims that have the form asked for.
    pub(crate) drafts: Vec<DraftClaim>,
    /// What is wrong, in words for the model.
    pub(crate) problems: Vec<String>,
}

/// More claims than any part of a report has: an answer that runs on and on.
const MOST_CLAIMS: usize = 100;
/// A text beyond it is no sentence or two.
const LONGEST_TEXT: usize = 1000;
/// Characters of what is repeated, and of a run of repeats that no sentence has.
const LONGEST_UNIT: usize = 12;
const LEAST_RUN: usize = 14;
/// The least share of Chinese among the ordinary words of a Chinese answer.
pub(crate) const LEAST_HAN: f64 = 0.5;
/// The most in an answer of another language.
pub(crate) const MOST_HAN: f64 = 0.2;

/// Reads an answer's text.
pub(crate) fn read(text: &str, question: &Question<'_>) -> Reading {
    let value = read_json(text).map_err(|error| error.to_string());
    let items = match value.and_then(|value| sealed(text, value, question)).and_then(items) {
        Ok(items) => items,
        Err(problem) => return Reading { problems: vec![problem], ..Reading::default() },
    };
    let mut reading = Reading::default();
    for (place, item) in items.iter().enumerate().take(MOST_CLAIMS) {
        match draft(item, question.groups()) {
            Ok(draft) => reading.drafts.push(draft),
            Err(problem) => reading.problems.push(format!("claims[{place}]: {problem}")),
        }
    }
    if items.is_empty() && !question.lines.is_empty() {
        reading.problems.push("`claims` is empty".to_owned());
    }
    let without_repeats = distinct(std::mem::take(&mut reading.drafts));
    if without_repeats.len() * 2 < items.len().min(MOST_CLAIMS) && reading.problems.is_empty() {
        reading.problems.push("most claims repeat each other".to_owned());
    }
    reading.drafts = without_repeats;
    reading.problems.extend(wrong_language(&mut reading.drafts, question.language()));
    reading
}

/// The answer, unless it holds the seal of the system prompt, however that is spelled: it then says what it was told to keep,
/// and nothing of it is used.
fn sealed(text: &str, value: Value, question: &Question<'_>) -> Result<Value, String> {
    let plain =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let seal = plain(&question.seal());
    let holds = [text, &value.to_string()].iter().any(|text| plain(text).contains(&seal));
    if holds { Err("the answer holds the seal of the instructions".to_owned()) } else { Ok(value) }
}

/// The claims of `{"claims": […]}`; also of a bare list, and of a single claim.
fn items(value: Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(items) => Ok(items),
        Value::Object(mut fields) => match fields.remove("claims") {
            Some(Value::Array(items)) => Ok(items),
            Some(one @ Value::Object(_)) => Ok(vec![one]),
            Some(_) => Err("`claims` is not a list".to_owned()),
            None if fields.contains_key("text") && fields.contains_key("cites") => {
                Ok(vec![Value::Object(fields)])
            }
            None => Err(format!("the key `claims` is missing{}", found_instead(&fields))),
        },
        _ => Err("the answer is not an object with the key `claims`".to_owned()),
    }
}

/// The keys that are there, as far as they are words: what a model writes may come from a tweet, and goes back to the model.
fn found_instead(fields: &Map<String, Value>) -> String {
    let is_word = |key: &&str| key.len() <= 20 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let keys: Vec<&str> = fields.keys().map(String::as_str).filter(is_word).take(5).collect();
    if keys.is_empty() { String::new() } else { format!("; there is `{}`", keys.join("`, `")) }
}

fn draft(item: &Value, groups: &[Group]) -> Result<DraftClaim, String> {
    let fields = item.as_object().ok_or("not an object with the keys `group`, `lead`, `text`, `cites`")?;
    let text = fields.get("text").ok_or_else(|| format!("`text` is missing{}", found_instead(fields)))?;
    let text = text.as_str().ok_or("`text` is not a string")?.trim();
    if text.is_empty() {
        return Err("`text` is empty".to_owned());
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(format!("`text` is longer than {LONGEST_TEXT} characters"));
    }
    if runs_on(text) {
        return Err("`text` repeats the same words over and over".to_owned());
    }
    let cites = cites(fields.get("cites").ok_or("`cites` is missing")?)?;
    let string = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| format!("`{name}` is not a string")),
    };
    Ok(DraftClaim {
        group: group(string("group")?, groups),
        lead: string("lead")?.trim().to_owned(),
        text: text.to_owned(),
        cites,
        derived: Vec::new(),
        writer: Writer::Model,
    })
}

/// Whether a few characters repeat without end, as a model does that has lost its thread.
fn runs_on(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=LONGEST_UNIT).any(|unit| {
        let same = chars.iter().zip(chars.iter().skip(unit)).map(|(one, other)| one == other);
        let longest = same.fold((0, 0), |(run, longest), same| {
            let run = if same { run + 1 } else { 0 };
            (run, longest.max(run))
        });
        longest.1 >= LEAST_RUN.max(unit * 4)
    })
}

/// A group by its id or its heading; what names neither belongs to the first.
fn group(named: &str, groups: &[Group]) -> String {
    let named = named.trim();
    let found = groups.iter().find(|group| group.id == named || group.heading == named);
    found.or(groups.first()).map_or_else(String::new, |group| group.id.clone())
}

/// Short names as models write them: `"t3"`, `3`, `"T3"`, `"[t3]"`, `"t1, t3"`.
fn cites(value: &Value) -> Result<Vec<String>, String> {
    let named = match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    let mut cites = Vec::new();
    for name in named {
        match name {
            Value::Number(number) => cites.push(format!("t{number}")),
            Value::String(text) => cites.extend(text.split([',', '，', '、', ' ']).filter_map(alias)),
            _ => return Err("`cites` is not a list of strings".to_owned()),
        }
    }
    Ok(cites)
}

fn alias(text: &str) -> Option<String> {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_number = plain.chars().all(|c| c.is_ascii_digit());
    (!plain.is_empty()).then(|| if is_number { format!("t{plain}") } else { plain })
}

/// The first of each text.
fn distinct(drafts: Vec<DraftClaim>) -> Vec<DraftClaim> {
    let mut seen = BTreeSet::new();
    drafts.into_iter().filter(|draft| seen.insert((draft.text.clone(), draft.cites.clone()))).collect()
}

/// Takes out all drafts when most are in another language than the report's; a few are the gate's to refuse, so that one
/// foreign sentence does not cost the rest.
fn wrong_language(drafts: &mut Vec<DraftClaim>, language: &str) -> Option<String> {
    let is_wrong = |draft: &&DraftClaim| {
        han_share(&draft.text)
            .is_some_and(|share| if language == "zh" { share < LEAST_HAN } else { share > MOST_HAN })
    };
    let wrong = drafts.iter().filter(is_wrong).count();
    (wrong * 2 > drafts.len()).then(|| {
        drafts.clear();
        format!("`text` is not written in the language `{language}`")
    })
}

/// Chinese characters among these and ordinary words in other scripts; `None` without any. Handles, tickers and what has a
/// capital or a digit may be names, which are spelled alike in every language.
pub(crate) fn han_share(text: &str) -> Option<f64> {
    let han = text.chars().filter(|c| is_han_char(*c)).count();
    let is_ordinary = |word: &&str| {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '$' | '#'));
        letters.chars().count() > 1 && letters.chars().all(char::is_lowercase)
    };
    let words = text.split(|c: char| c.is_whitespace() || is_han_char(c)).filter(is_ordinary).count();
    (han + words > 0).then(|| han as f64 / (han + words) as f64)
}

#[cfg(test)]
mod tests;
