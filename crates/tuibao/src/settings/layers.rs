//! The layers of the settings, read and laid over each other; an error names the layer that it stands in.

use std::path::Path;

use toml::{Table, Value};

use super::{
    ModelSettings, Settings,
    blame::{Problem, meant, unreadable},
    clock,
    presets::{ENDPOINTS, Kind, SITES, as_fallback, chosen, model_of, preset},
    profiles::{CHOICE, Profile, profile},
};
use crate::{
    cli::{Common, WriterArg},
    exit::{Code, Failure},
};

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const OWN_FILE: &str = "tuibao.toml";
pub(super) const PREFIX: &str = "TUIBAO_";

/// Where a layer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    Default,
    SitePreset,
    Endpoint,
    File,
    Profile,
    Environment,
    Flag,
}

/// One layer, with the name that errors give it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) source: Source,
    pub(super) name: String,
    pub(super) table: Table,
}

/// All layers.
pub(super) struct Layers {
    pub(super) default: Layer,
    /// The profiles that the chosen one is made of, the lowest first.
    pub(super) profiles: Vec<Layer>,
    /// What comes over the default, in order.
    pub(super) above: Vec<Layer>,
}

impl Layers {
    /// Reads all of them.
    pub(super) fn read(common: &Common) -> Result<Self, Failure> {
        let default =
            Layer { source: Source::Default, name: "the defaults".to_owned(), table: default_table()? };
        let own = own_file(common.config.as_deref())?;
        let late: Vec<Layer> = environment().into_iter().chain([flags(common)]).collect();
        let name = [&default].into_iter().chain(&own).chain(&late).rev();
        let name = name.map(|layer| chosen(&layer.table, CHOICE)).find(|name| !name.is_empty());
        let Profile { whole, parts } = profile(name.unwrap_or_default())?;
        let told: Vec<Layer> = own.into_iter().chain([whole]).chain(late).collect();
        let endpoint = chosen_preset(&ENDPOINTS, &told, ["model", "endpoint"])?;
        let site = chosen_preset(&SITES, &told, ["output", "preset"])?;
        Ok(Self { default, profiles: parts, above: site.into_iter().chain(endpoint).chain(told).collect() })
    }

    fn of(&self, source: Source) -> Option<&Layer> {
        self.above.iter().find(|layer| layer.source == source)
    }

    /// In the order in which they complete the settings: the profile comes twice, first so that each other layer can be
    /// blamed for its own mistakes.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Layer> {
        self.of(Source::Profile).into_iter().chain(&self.above)
    }

    /// All in one.
    pub(super) fn merged(&self) -> Table {
        let mut merged = self.default.table.clone();
        for layer in &self.above {
            merge(&mut merged, layer.table.clone());
        }
        merged
    }

    /// What the user's file says in vain, because the profile says otherwise.
    pub(super) fn in_vain(&self) -> Vec<String> {
        let (Some(own), Some(profile)) = (self.of(Source::File), self.of(Source::Profile)) else {
            return Vec::new();
        };
        let keys = overridden(&own.table, &profile.table, "").into_iter();
        keys.map(|key| {
            format!("`{key}` of {} has no effect: {} sets it, and comes after", own.name, profile.name)
        })
        .collect()
    }

    /// The `[[model.fallback]]` tables, each completed to a `[model]`.
    pub(super) fn fallbacks(&self, written: &[Table]) -> Result<Vec<ModelSettings>, Box<Problem>> {
        let (defaults, first) = (model_of(&self.default.table), model_of(&self.merged()));
        let complete = |(place, table): (usize, &Table)| {
            let model =
                as_fallback(&defaults, &first, table).map_err(|failure| Box::new(Problem::from(failure)))?;
            let name = format!("[[model.fallback]] number {}", place + 1);
            unreadable::<ModelSettings>(model, &name)
        };
        written.iter().enumerate().map(complete).collect()
    }
}

/// Reads all layers.
pub(crate) fn load(common: &Common) -> Result<Settings, Failure> {
    clock::check()?;
    let layers = Layers::read(common)?;
    for told in layers.in_vain() {
        tracing::warn!("{told}");
    }
    let mut merged = layers.default.table.clone();
    let mut settings = Err(Failure::say(Code::Internal, "no layer of settings"));
    for layer in layers.steps() {
        let below = merged.clone();
        merge(&mut merged, layer.table.clone());
        settings = Ok(meant(&merged, layer, &below).map_err(|problem| problem.failure())?);
    }
    let settings: Settings = settings?;
    let fallbacks = layers.fallbacks(&settings.model.fallback).map_err(|problem| problem.failure())?;
    Ok(Settings { fallbacks, ..settings })
}

/// `config/default.toml`.
pub(super) fn default_table() -> Result<Table, Failure> {
    parse(DEFAULT, "config/default.toml")
}

/// The preset that the last layer to speak of it chooses.
fn chosen_preset(kind: &Kind, layers: &[Layer], key: [&str; 2]) -> Result<Option<Layer>, Failure> {
    let [table, key] = key;
    let name = layers.iter().rev().find_map(|layer| {
        let table = layer.table.get(table)?.as_table()?;
        table.contains_key(key).then(|| chosen(table, key))
    });
    preset(kind, name.unwrap_or_default())
}

pub(super) fn parse(text: &str, name: &str) -> Result<Table, Failure> {
    text.parse::<Table>().map_err(|error| {
        Failure::new(Code::Usage, anyhow::Error::new(error).context(format!("`{name}` is not valid TOML")))
    })
}

pub(super) fn read(path: &Path) -> Result<Table, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Code::Usage,
            anyhow::Error::new(error).context(format!("cannot read the configuration `{name}`")),
        )
    })?;
    parse(&text, &name)
}

fn own_file(named: Option<&Path>) -> Result<Option<Layer>, Failure> {
    let path = match named {
        Some(path) => path,
        None if Path::new(OWN_FILE).is_file() => Path::new(OWN_FILE),
        None => return Ok(None),
    };
    Ok(Some(Layer { source: Source::File, name: path.display().to_string(), table: read(path)? }))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment() -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    // A variable that is not Unicode cannot be one of ours.
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let is_key =
        |name: &str| name.starts_with(PREFIX) && !name.ends_with("_API_KEY") && name != clock::VARIABLE;
    for (name, value) in texts.filter(|(name, _)| is_key(name)) {
        let keys: Vec<String> = name.trim_start_matches(PREFIX).split("__").map(str::to_lowercase).collect();
        layers.push(Layer {
            source: Source::Environment,
            table: nested(&keys, scalar(&value)),
            name: format!("the environment variable {name}"),
        });
    }
    layers.sort_by(|a, b| a.name.cmp(&b.name));
    layers
}

/// A value of the environment: TOML where it reads as such, else a string.
fn scalar(text: &str) -> Value {
    let parsed = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn nested(keys: &[String], value: Value) -> Table {
    let mut table = Table::new();
    if let [first, rest @ ..] = keys {
        let inner = if rest.is_empty() { value } else { Value::Table(nested(rest, value)) };
        table.insert(first.clone(), inner);
    }
    table
}

fn flags(common: &Common) -> Layer {
    let mut table = Table::new();
    let mut set = |section: &str, key: &str, value: Value| {
        merge(&mut table, nested(&[section.to_owned(), key.to_owned()], value));
    };
    if !common.corpus.is_empty() {
        set("corpus", "paths", Value::Array(common.corpus.iter().cloned().map(Value::String).collect()));
    }
    if let Some(out) = &common.out {
        set("output", "site", Value::String(out.display().to_string()));
    }
    if let Some(writer) = common.writer {
        let mode = match writer {
            WriterArg::Model => "model",
            WriterArg::Extractive => "extractive",
        };
        set("writer", "mode", Value::String(mode.to_owned()));
    }
    if let Some(format) = common.log_format {
        set("log", "format", Value::String(format.name().to_owned()));
    }
    if let Some(profile) = &common.profile {
        table.insert(CHOICE.to_owned(), Value::String(profile.clone()));
    }
    Layer { source: Source::Flag, name: "the command line".to_owned(), table }
}

pub(super) fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

/// Keys that both tables set, to different values.
fn overridden(below: &Table, above: &Table, path: &str) -> Vec<String> {
    let both = below.iter().filter_map(|(key, value)| Some((format!("{path}{key}"), value, above.get(key)?)));
    both.flat_map(|(key, value, over)| match (value, over) {
        (Value::Table(below), Value::Table(above)) => overridden(below, above, &format!("{key}.")),
        (value, over) if value == over => Vec::new(),
        _ => vec![key],
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(table: Table) -> Layer {
        Layer { source: Source::File, name: "own.toml".to_owned(), table }
    }

    /// The defaults, completed by the profile.
    fn whole() -> Table {
        let mut merged = default_table().unwrap();
        merge(&mut merged, profile("twitter_ai").unwrap().whole.table);
        merged
    }

    #[test]
    fn the_default_file_has_every_key() {
        let merged = whole();
        meant(&merged, &layer(Table::new()), &merged).unwrap();
    }

    #[test]
    fn an_unknown_key_is_named_with_the_nearest_one() {
        let below = whole();
        let own = layer(parse("[window]\ntimezon = 'UTC'", "own").unwrap());
        let mut merged = below.clone();
        merge(&mut merged, own.table.clone());
        let failure = meant(&merged, &own, &below).unwrap_err().failure();
        assert!(
            failure.to_string().contains("own.toml") && failure.to_string().contains("timezon"),
            "{failure}"
        );
        assert_eq!(failure.hint.as_deref(), Some("did you mean `timezone`?"));
    }

    #[test]
    fn values_of_the_environment_are_toml_or_text() {
        assert_eq!(scalar("3"), Value::Integer(3));
        assert_eq!(scalar("true"), Value::Boolean(true));
        assert_eq!(scalar("Asia/Tokyo"), Value::String("Asia/Tokyo".into()));
        assert_eq!(
            nested(&["window".into(), "timezone".into()], scalar("UTC")).to_string().trim(),
            "[window]\ntimezone = \"UTC\""
        );
    }
}
