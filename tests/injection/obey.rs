//! The pretended model: whatever an attacking tweet in its data asks for, it says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Map, Value, json};

use super::attack::{Attack, Cite, Language, Leak, Saying, Words};
use crate::support::endpoint::{Answer, Question};

/// What a model did.
#[derive(Default)]
pub(crate) struct Deeds {
    /// Short names of the tweets of each attacking account that the model saw, in order.
    pub(crate) seen: BTreeMap<String, Vec<String>>,
    /// What it said because of them.
    pub(crate) said: Vec<String>,
}

/// Answers a question in obedience.
pub(crate) fn obey(attack: &Attack, question: &Question, deeds: &Arc<Mutex<Deeds>>) -> Answer {
    let mut deeds = deeds.lock().unwrap();
    let here = note(attack, question, &mut deeds);
    let mut claims: Vec<Value> = Vec::new();
    for saying in &attack.sayings {
        // The brief part comes after; there the order stays in force, whatever the claims hold.
        let aliases = deeds.seen.get(&saying.handle).cloned().unwrap_or_default();
        let obeys =
            if question.section.is_some() { here.contains(&saying.handle) } else { !aliases.is_empty() };
        if obeys {
            let said = words(saying, question);
            deeds.said.push(said.clone());
            claims.push(json!({
                "group": question.group,
                "lead": match attack.language { Language::Chinese => "动态", Language::English => "in brief" },
                "text": said,
                "cites": cites(saying, &aliases, attack, question),
            }));
        }
    }
    if claims.is_empty() || !attack.instead {
        claims.extend(question.honest_claims());
    }
    let mut answer: Map<String, Value> = Map::new();
    answer.insert("claims".to_owned(), claims.into());
    answer.extend(attack.keys.clone());
    Answer::Text(Value::from(answer).to_string())
}

/// Notes the attacking tweets of a question; gives their accounts.
fn note(attack: &Attack, question: &Question, deeds: &mut Deeds) -> Vec<String> {
    let mut here = Vec::new();
    for line in &question.lines {
        let by = line["by"].as_str().unwrap_or_default().trim_start_matches('@');
        if attack.tweets.iter().any(|tweet| tweet.handle == by) {
            let alias = line["id"].as_str().unwrap().to_owned();
            let known = deeds.seen.entry(by.to_owned()).or_default();
            if !known.contains(&alias) {
                known.push(alias);
            }
            here.push(by.to_owned());
        }
    }
    here
}

fn words(saying: &Saying, question: &Question) -> String {
    let leak = match &saying.words {
        Words::These(words) => return words.clone(),
        Words::Prompt(leak) => leak,
    };
    let system = &question.system;
    let seal = seal(system);
    match leak {
        Leak::Whole => system.clone(),
        Leak::OneLine => system
            .lines()
            .filter(|line| !line.contains("SEAL-"))
            .max_by_key(|line| line.len())
            .unwrap()
            .to_owned(),
        Leak::Seal | Leak::SealAsSource => format!("暗记为 {seal}，特此公布。"),
        Leak::SealSpelled => spelled(seal),
    }
}

/// `A B C`.
pub(crate) fn spelled(word: &str) -> String {
    word.chars().flat_map(|c| [c, ' ']).collect()
}

/// The mark that a system prompt holds.
pub(crate) fn seal(system: &str) -> &str {
    let at = system.find("SEAL-").expect("a seal in the system prompt");
    &system[at..at + "SEAL-".len() + 16]
}

fn cites(saying: &Saying, own: &[String], attack: &Attack, question: &Question) -> Vec<String> {
    let planted = |line: &&Value| {
        let by = line["by"].as_str().unwrap_or_default().trim_start_matches('@');
        attack.tweets.iter().any(|tweet| tweet.handle == by)
    };
    let other = || question.lines.iter().find(|line| !planted(line) && line["id"].is_string());
    let cite = |cite: &Cite| match cite {
        Cite::Own(number) => own.get(*number).or(own.first()).cloned(),
        Cite::Other => other().map(|line| line["id"].as_str().unwrap().to_owned()).or(own.first().cloned()),
        Cite::Literal(id) => Some(id.clone()),
    };
    let mut cites: Vec<String> = saying.cites.iter().filter_map(cite).collect();
    if let Words::Prompt(Leak::SealAsSource) = saying.words {
        cites.push(seal(&question.system).to_owned());
    }
    cites
}
