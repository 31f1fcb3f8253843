//! The pretended model: it answers from its tweets alone, but gets a fifth of its facts wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use serde_json::{Value, json};

use super::{
    honest,
    operators::{Draft, Operator, Source, World, corrupt, count},
};
use crate::support::{
    dice::Dice,
    endpoint::{Answer, Question},
    fault_server::fnv,
};

/// The share of facts that it gets wrong.
const SHARE: f64 = 0.2;

/// Where a claim was to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Detail,
    Overview,
    KeyPoints,
}

/// When something is said, and in what language.
#[derive(Clone, Copy)]
struct Turn {
    part: Part,
    /// Whether because an earlier claim was refused.
    again: bool,
    chinese: bool,
}

/// One claim that it made.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) part: Part,
    /// What it got wrong; `None` in an honest claim.
    pub(crate) wrong: Option<Operator>,
    /// Whether it was made because an earlier one was refused.
    pub(crate) again: bool,
    pub(crate) said: Draft,
    pub(crate) honest: Draft,
    /// The tweets that the honest claim cites.
    pub(crate) tweets: String,
    /// Whether it came back to be written anew.
    pub(crate) came_back: bool,
}

/// The model of one run.
pub(crate) struct Liar {
    seed: u64,
    /// Whether it gets all that came back wrong again.
    stubborn: bool,
    notes: Mutex<Notes>,
}

#[derive(Default)]
pub(crate) struct Notes {
    /// By short name.
    pub(crate) sources: BTreeMap<String, Source>,
    pub(crate) deeds: Vec<Deed>,
}

impl Liar {
    pub(crate) fn new(seed: u64, stubborn: bool) -> Self {
        Self { seed, stubborn, notes: Mutex::default() }
    }

    /// All that it saw and did.
    pub(crate) fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap()
    }

    pub(crate) fn answer(&self, question: &Question) -> Answer {
        let mut notes = self.notes();
        notes.read(question);
        let part = match (question.section, question.key_points) {
            (Some(_), _) => Part::Detail,
            (None, true) => Part::KeyPoints,
            (None, false) => Part::Overview,
        };
        let said = if question.refused.is_empty() {
            self.first(question, part, &mut notes)
        } else {
            self.again(question, part, &mut notes)
        };
        Answer::Claims(said.iter().map(line).collect())
    }

    fn dice(&self, part: Part, draft: &str, again: bool) -> Dice {
        Dice(fnv(format!("{} {part:?} {again} {draft}", self.seed).as_bytes()))
    }

    fn first(&self, question: &Question, part: Part, notes: &mut Notes) -> Vec<Draft> {
        let honest = if part == Part::Detail { self.told(question, notes) } else { repeated(question) };
        let turn = Turn { part, again: false, chinese: question.chinese };
        honest.into_iter().map(|honest| self.say(honest, turn, notes)).collect()
    }

    /// A claim about each of the first two tweets of each topic.
    fn told(&self, question: &Question, notes: &Notes) -> Vec<Draft> {
        let mut counts: BTreeMap<(usize, u64), usize> = BTreeMap::new();
        let mut told = Vec::new();
        for line in &question.lines {
            let source = &notes.sources[line["id"].as_str().unwrap()];
            let count = counts.entry(source.topic).or_default();
            let mut dice = self.dice(Part::Detail, &source.text, false);
            let claim = (*count < 2)
                .then(|| honest::claim(source, &question.group, question.chinese, &mut dice))
                .flatten();
            *count += usize::from(claim.is_some());
            told.extend(claim);
        }
        told
    }

    /// Says a claim, wrong with a probability that makes a fifth of all facts wrong.
    fn say(&self, honest: Draft, turn: Turn, notes: &mut Notes) -> Draft {
        let Turn { part, again, chinese } = turn;
        let mut dice = self.dice(part, &honest.text, again);
        let is_wrong = again && self.stubborn || dice.unit() < SHARE * count(&honest) as f64;
        let wrong = is_wrong.then(|| notes.corrupted(&honest, chinese, &mut dice)).flatten();
        let (operator, said) =
            wrong.map_or_else(|| (None, honest.clone()), |(operator, said)| (Some(operator), said));
        let cited = honest.cites.iter().filter_map(|alias| notes.sources.get(alias));
        let tweets: Vec<String> =
            cited.map(|one| format!("{} {} {}", one.by, one.at, one.text.replace('\n', " / "))).collect();
        let tweets = tweets.join(" || ");
        notes.deeds.push(Deed {
            part,
            wrong: operator,
            again,
            said: said.clone(),
            honest,
            tweets,
            came_back: false,
        });
        said
    }

    /// What came back: right this time, or wrong in some way again. What was right and came back is left out.
    fn again(&self, question: &Question, part: Part, notes: &mut Notes) -> Vec<Draft> {
        let mut said = Vec::new();
        for line in &question.refused {
            let is_it = |deed: &&mut Deed| {
                deed.part == part && deed.said.text == line["text"] && json!(deed.said.cites) == line["cites"]
            };
            let Some(deed) = notes.deeds.iter_mut().find(is_it) else { continue };
            deed.came_back = true;
            let (honest, was_wrong) = (deed.honest.clone(), deed.wrong.is_some());
            if was_wrong {
                let turn = Turn { part, again: true, chinese: question.chinese };
                said.push(self.say(honest, turn, notes));
            }
        }
        said
    }
}

impl Notes {
    fn read(&mut self, question: &Question) {
        let Some(section) = question.section else { return };
        for line in &question.lines {
            let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let topic = (section, line["topic"].as_u64().unwrap());
            let source =
                Source { alias: word("id"), by: word("by"), at: word("at"), text: word("text"), topic };
            self.sources.entry(word("id")).or_insert(source);
        }
    }

    fn corrupted(&self, honest: &Draft, chinese: bool, dice: &mut Dice) -> Option<(Operator, Draft)> {
        let cited: Vec<&Source> = honest.cites.iter().filter_map(|alias| self.sources.get(alias)).collect();
        let is_other = |other: &&Source| !cited.iter().any(|one| one.topic == other.topic);
        let others = self.sources.values().filter(is_other).collect();
        let world = World { cited: cited.clone(), others, chinese };
        let mut operators = Operator::ALL.to_vec();
        while !operators.is_empty() {
            let operator = operators.swap_remove(dice.below(operators.len()));
            let wrong = corrupt(operator, honest, &world, dice)
                .filter(|wrong| wrong.text != honest.text || wrong.cites != honest.cites);
            if let Some(wrong) = wrong {
                return Some((operator, wrong));
            }
        }
        None
    }
}

/// Claims that the brief part has at most.
const MOST_REPEATED: usize = 10;

/// Of each topic the first claim given, as the brief part; an overview begins with one that has no lead.
fn repeated(question: &Question) -> Vec<Draft> {
    let repeat = |(place, claim): (usize, &Value)| {
        let word = |key: &str| claim[key].as_str().unwrap_or_default().to_owned();
        let lead = match word("lead") {
            _ if place == 0 && !question.key_points => String::new(),
            none if none.is_empty() => honest::lead(question.chinese),
            lead => lead,
        };
        let cites = claim["cites"].as_array().unwrap().iter();
        let cites = cites.map(|alias| alias.as_str().unwrap().to_owned()).collect();
        Draft { group: String::new(), lead, text: word("text"), cites, lists: true }
    };
    let mut told = BTreeSet::new();
    let first = question.lines.iter().filter(|claim| told.insert(claim["topic"].as_u64()));
    first.take(MOST_REPEATED).enumerate().map(repeat).collect()
}

fn line(draft: &Draft) -> Value {
    let Draft { group, lead, text, cites, .. } = draft;
    json!({"group": group, "lead": lead, "text": text, "cites": cites})
}
