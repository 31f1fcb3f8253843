//! All that is wrong with the settings as written: what one layer gets wrong is taken out of it, and the next fault looked for.

use std::{collections::BTreeMap, fs};

use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    blame::{Problem, Step, dotted, meant},
    layers::{Layer, Layers, merge},
    presets::model_of,
};
use crate::{cli::Common, exit::Failure};

/// Faults that are looked for in one layer.
const MOST: usize = 100;

/// What is wrong, layer by layer; and what is right but has no effect.
pub(crate) fn problems(common: &Common) -> Result<(Vec<Problem>, Vec<String>), Failure> {
    let layers = Layers::read(common)?;
    let mut merged = layers.default.table.clone();
    let mut found: Vec<Problem> = Vec::new();
    for layer in layers.steps() {
        for problem in absorb(&mut merged, layer) {
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
    }
    let written = model_of(&merged).remove("fallback").and_then(|list| list.try_into::<Vec<Table>>().ok());
    found.extend(layers.fallbacks(&written.unwrap_or_default()).err().map(|problem| *problem));
    found.sort_by_key(|problem| (problem.line.is_none(), problem.layer.clone(), problem.line));
    Ok((found, layers.in_vain()))
}

/// Lays the right part of a layer over the others, and gives what is wrong with the rest.
fn absorb(merged: &mut Table, layer: &Layer) -> Vec<Problem> {
    let mut table = layer.table.clone();
    let mut found = Vec::new();
    let mut gone = BTreeMap::new();
    while found.len() < MOST {
        let mut candidate = merged.clone();
        merge(&mut candidate, table.clone());
        let Err(problem) = meant(&candidate, layer, merged) else {
            *merged = candidate;
            break;
        };
        let problem = *problem;
        let removed = take_out(&mut table, &problem.path);
        let path = as_written(problem.path, &mut gone);
        found.push(Problem {
            line: line_of(layer, &path),
            key: dotted(&path),
            path,
            message: problem.message,
            ..problem
        });
        if !removed {
            break;
        }
    }
    found
}

/// Takes a key out, or the entry of a list that it stands in; the innermost table on the way to it when it is not there
/// itself, as when it is missing.
fn take_out(table: &mut Table, path: &[Step]) -> bool {
    let Some((Step::Key(first), rest)) = path.split_first() else { return false };
    let taken = match (table.get_mut(first), rest) {
        (Some(Value::Table(inner)), [_, ..]) => take_out(inner, rest),
        (Some(Value::Array(list)), [Step::Place(place), ..]) if *place < list.len() => {
            list.remove(*place);
            true
        }
        _ => false,
    };
    taken || table.remove(first).is_some()
}

/// A path with the places of lists as they are in the file: of each list, entries before were taken out.
fn as_written(path: Vec<Step>, gone: &mut BTreeMap<String, usize>) -> Vec<Step> {
    let mut written: Vec<Step> = Vec::new();
    let mut counted = false;
    for step in path {
        let list = dotted(&written);
        written.push(match step {
            // What is taken out is the entry of the outermost list.
            Step::Place(place) if !counted => {
                counted = true;
                let before = gone.entry(list).or_default();
                *before += 1;
                Step::Place(place + *before - 1)
            }
            step => step,
        });
    }
    written
}

/// The line of a file on which a key stands, counted from 1.
fn line_of(layer: &Layer, path: &[Step]) -> Option<usize> {
    let text = fs::read_to_string(&layer.name).ok()?;
    let table = DeTable::parse(&text).ok()?;
    let mut at = None;
    let mut value: Option<&DeValue<'_>> = None;
    for step in path {
        (at, value) = match (step, value) {
            (Step::Key(name), None) => entry(table.get_ref(), name)?,
            (Step::Key(name), Some(DeValue::Table(inner))) => entry(inner, name)?,
            (Step::Place(place), Some(DeValue::Array(list))) => {
                let one = list.get(*place)?;
                (Some(one.span().start), Some(one.get_ref()))
            }
            _ => break,
        };
    }
    Some(text.get(..at?)?.matches('\n').count() + 1)
}

type Entry<'t, 'i> = (Option<usize>, Option<&'t DeValue<'i>>);

fn entry<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<Entry<'t, 'i>> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == name)?;
    Some((Some(key.span().start), Some(value.get_ref())))
}
