//! The settings in force, key by key, and which layer each comes from.

use serde::Serialize;
use toml::{Table, Value};

use super::{
    blame::leaves,
    hidden::shown,
    layers::{Layer, Layers, Source},
};
use crate::{cli::Common, exit::Failure};

/// A key with its value; what may be secret is not in it.
#[derive(Debug, Serialize)]
pub(crate) struct Effective {
    #[serde(skip)]
    pub(crate) path: Vec<String>,
    pub(crate) value: Value,
    pub(crate) layer: Source,
    /// The file, profile, preset or variable.
    pub(crate) from: String,
}

/// All keys, in the order of their names.
pub(crate) fn effective(common: &Common) -> Result<Vec<Effective>, Failure> {
    super::load(common)?;
    let layers = Layers::read(common)?;
    let merged = layers.merged();
    let all = leaves(&merged).into_iter().filter_map(|path| {
        let value = shown(path.last()?, find(&merged, &path)?);
        let (layer, from) = origin(&layers, &path);
        Some(Effective { path, value, layer, from })
    });
    Ok(all.collect())
}

/// The last layer that sets a key; of a profile, the one of those that it is made of.
fn origin(layers: &Layers, path: &[String]) -> (Source, String) {
    let has = |layer: &&Layer| find(&layer.table, path).is_some();
    let last = layers.above.iter().rev().find(has).unwrap_or(&layers.default);
    let part = layers.profiles.iter().rev().find(has).filter(|_| last.source == Source::Profile);
    (last.source, part.unwrap_or(last).name.clone())
}

fn find<'t>(table: &'t Table, path: &[String]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() { Some(value) } else { find(value.as_table()?, rest) }
}
