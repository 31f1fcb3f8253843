//! What is wrong with a layer of the settings: which key, why, and which key was meant.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;
use toml::{Table, Value};

use super::{
    Settings,
    layers::{Layer, PREFIX, Source},
};
use crate::exit::{Code, Failure};

/// How alike two keys are from which on one was meant by the other.
const ALIKE: f64 = 0.75;
/// The same for whole paths and variables, of which there are many.
const MUCH_ALIKE: f64 = 0.9;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Problem {
    /// The layer: a file, a variable, the command line.
    pub(crate) layer: String,
    /// The line of the file, where that is known.
    pub(crate) line: Option<usize>,
    /// The key with all its tables; empty when it is not about one.
    pub(crate) key: String,
    pub(crate) message: String,
    pub(crate) hint: String,
    #[serde(skip)]
    pub(super) path: Vec<Step>,
}

/// One step of the way to a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    Place(usize),
}

impl Problem {
    /// As the one failure of a command.
    pub(super) fn failure(&self) -> Failure {
        let Self { layer, message, hint, .. } = self;
        let place = if layer.is_empty() { String::new() } else { format!("in {layer}: ") };
        Failure::say(Code::Usage, format!("{place}{message}")).hint(hint.as_str())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let hint = failure.hint.clone().unwrap_or_default();
        let message = Failure { hint: None, ..failure }.to_string();
        let message = message.trim_start_matches("error: ").to_owned();
        Self { layer: String::new(), line: None, key: String::new(), message, hint, path: Vec::new() }
    }
}

impl fmt::Display for Problem {
    /// `tuibao.toml:3: window.timezon: unknown field …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = [Some(self.layer.clone()), self.line.map(|line| line.to_string())];
        let place = place.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":");
        for part in [&place, &self.key].into_iter().filter(|part| !part.is_empty()) {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// The settings as this layer leaves them; `below` is what was there before it.
pub(super) fn meant(merged: &Table, layer: &Layer, below: &Table) -> Result<Settings, Box<Problem>> {
    unreadable(merged.clone(), &layer.name).map_err(|problem| {
        let wanted = layer.source == Source::Environment || near(&problem.message).is_none();
        let near = unknown(&problem.message).filter(|_| wanted).and_then(|key| elsewhere(&key, layer, below));
        match near {
            Some(hint) => Box::new(Problem { hint, ..*problem }),
            None => problem,
        }
    })
}

/// A table as settings, or what hinders it.
pub(super) fn unreadable<T: DeserializeOwned>(table: Table, layer: &str) -> Result<T, Box<Problem>> {
    serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
        let mut path: Vec<Step> = error.path().iter().filter_map(step).collect();
        let message = error.inner().message().trim().replace('\n', " ");
        // The way ends at the table where a key is unknown, not at the key.
        if let Some(key) = unknown(&message).map(Step::Key).filter(|key| path.last() != Some(key)) {
            path.push(key);
        }
        let hint = match near(&message) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "every key stands in config/default.toml or in the profile, config/reports/twitter_ai.toml"
                    .to_owned()
            }
        };
        Box::new(Problem { layer: layer.to_owned(), line: None, key: dotted(&path), message, hint, path })
    })
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { variant } => Some(Step::Key(variant.clone())),
        Segment::Seq { index } => Some(Step::Place(*index)),
        Segment::Unknown => None,
    }
}

/// `notify[0].service`.
pub(super) fn dotted(path: &[Step]) -> String {
    let part = |(place, step): (usize, &Step)| match step {
        Step::Key(key) if place == 0 => key.clone(),
        Step::Key(key) => format!(".{key}"),
        Step::Place(place) => format!("[{place}]"),
    };
    path.iter().enumerate().map(part).collect()
}

/// The key that no setting has.
fn unknown(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field `")?;
    rest.split('`').next().map(str::to_owned)
}

/// The nearest of the keys that serde lists behind an unknown one.
fn near(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return None;
    }
    let mut named = message.split('`').skip(1).step_by(2);
    let unknown = named.next()?;
    nearest(unknown, named.map(|known| (known, known.to_owned())), ALIKE)
}

/// A hint for a key that stands in the wrong table, or for a variable, whose name has all tables in it.
fn elsewhere(key: &str, layer: &Layer, below: &Table) -> Option<String> {
    let known = leaves(below);
    if layer.source == Source::Environment {
        let variable = layer.name.rsplit(' ').next()?;
        let names: Vec<_> = known.iter().map(|path| (variable_of(path), path)).collect();
        let candidates = names.iter().map(|(name, path)| (name.as_str(), (name, *path)));
        let (name, path) = nearest(variable, candidates, MUCH_ALIKE)?;
        return Some(format!("did you mean `{}`? the variable is {name}", path.last()?));
    }
    let candidates = known.iter().filter_map(|path| Some((path.last()?.as_str(), path)));
    nearest(key, candidates, MUCH_ALIKE).map(|path| format!("did you mean `{}`?", path.join(".")))
}

/// What the most alike name stands for.
fn nearest<'n, T>(wanted: &str, known: impl Iterator<Item = (&'n str, T)>, least: f64) -> Option<T> {
    let rated = known.map(|(name, what)| (strsim::jaro_winkler(wanted, name), what));
    let best = rated.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > least).then_some(best.1)
}

/// Every key of a table, with the tables that it stands in.
pub(super) fn leaves(table: &Table) -> Vec<Vec<String>> {
    let below = |(key, value): (&String, &Value)| match value {
        Value::Table(table) if !table.is_empty() => {
            leaves(table).into_iter().map(|rest| [vec![key.clone()], rest].concat()).collect()
        }
        _ => vec![vec![key.clone()]],
    };
    table.iter().flat_map(below).collect()
}

fn variable_of(path: &[String]) -> String {
    format!("{PREFIX}{}", path.join("__").to_uppercase())
}
