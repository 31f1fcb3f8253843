//! All that is wrong with the settings as written: what one layer gets wrong is taken out of it, and the next fault looked for.

use std::fs;

use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    blame::{Problem, Step, meant},
    layers::{Layer, Layers, merge},
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
    if found.is_empty() {
        let written = super::load(common)?.model.fallback;
        found.extend(layers.fallbacks(&written).err().map(Problem::from));
    }
    Ok((found, layers.in_vain()))
}

/// Lays the right part of a layer over the others, and gives what is wrong with the rest.
fn absorb(merged: &mut Table, layer: &Layer) -> Vec<Problem> {
    let mut table = layer.table.clone();
    let mut found = Vec::new();
    while found.len() < MOST {
        let mut candidate = merged.clone();
        merge(&mut candidate, table.clone());
        let Err(problem) = meant(&candidate, layer, merged) else {
            *merged = candidate;
            break;
        };
        let removed = take_out(&mut table, &problem.path);
        found.push(Problem { line: line_of(layer, &problem.path), ..problem });
        if !removed {
            break;
        }
    }
    found
}

/// Takes a key out; the innermost table or list on the way to it when it is not there itself, as when it is missing.
fn take_out(table: &mut Table, path: &[Step]) -> bool {
    let Some((Step::Key(first), rest)) = path.split_first() else { return false };
    let inner = table.get_mut(first).and_then(Value::as_table_mut).filter(|_| !rest.is_empty());
    inner.is_some_and(|inner| take_out(inner, rest)) || table.remove(first).is_some()
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
