//! The layers of the settings, read and laid over each other; an error names the layer that it stands in.

use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    ModelSettings, Settings, clock,
    presets::{ENDPOINTS, Kind, SITES, as_fallback, chosen, model_of, preset},
};
use crate::{
    cli::{Common, WriterArg},
    exit::{Code, Failure},
};

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const BUILT_IN_PROFILES: [(&str, &str); 2] = [
    ("twitter_ai", include_str!("../../../../config/reports/twitter_ai.toml")),
    ("twitter_ai_en", include_str!("../../../../config/reports/twitter_ai_en.toml")),
];
/// Names the profile that a profile builds on.
const BASE: &str = "base";
const OWN_FILE: &str = "tuibao.toml";
const PROFILE_FOLDER: &str = "config/reports";
const PREFIX: &str = "TUIBAO_";

/// One layer, with the name that errors give it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) table: Table,
}

/// Reads all layers.
pub(crate) fn load(common: &Common) -> Result<Settings, Failure> {
    clock::check()?;
    let mut merged = parse(DEFAULT, "config/default.toml")?;
    let own = own_file(common.config.as_deref())?;
    let profile = profile(common)?;
    for key in own.iter().flat_map(|own| overridden(&own.table, &profile.table, "")) {
        tracing::warn!("`{key}` of tuibao.toml has no effect: {} sets it, and comes after", profile.name);
    }
    let defaults = model_of(&merged);
    // The profile completes the defaults, so that each later layer can be blamed for its own mistakes.
    merge(&mut merged, profile.table.clone());
    let mut settings = meant(&merged, &profile.name)?;
    let layers: Vec<Layer> =
        own.into_iter().chain([profile]).chain(environment()).chain([flags(common)]).collect();
    let endpoint = chosen_preset(&ENDPOINTS, &layers, ["model", "endpoint"])?;
    let site = chosen_preset(&SITES, &layers, ["output", "preset"])?;
    for layer in site.into_iter().chain(endpoint).chain(layers) {
        merge(&mut merged, layer.table);
        settings = meant(&merged, &layer.name)?;
    }
    settings.fallbacks = fallbacks(&defaults, &model_of(&merged), &settings.model.fallback)?;
    Ok(settings)
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

/// The `[[model.fallback]]` tables, each completed to a `[model]`.
fn fallbacks(defaults: &Table, first: &Table, written: &[Table]) -> Result<Vec<ModelSettings>, Failure> {
    let complete = |(place, table): (usize, &Table)| {
        let model = as_fallback(defaults, first, table)?;
        ModelSettings::deserialize(Value::Table(model))
            .map_err(|error| unreadable(&error, &format!("[[model.fallback]] number {}", place + 1)))
    };
    written.iter().enumerate().map(complete).collect()
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
    Ok(Some(Layer { name: path.display().to_string(), table: read(path)? }))
}

/// The profile of the report, laid over those that it builds on.
fn profile(common: &Common) -> Result<Layer, Failure> {
    let name = common.profile.as_deref().unwrap_or("twitter_ai");
    let mut layer = named_profile(name)?;
    let mut told = vec![name.to_owned()];
    while let Some(base) = layer.table.remove(BASE) {
        let base = base.as_str().unwrap_or_default().to_owned();
        if told.contains(&base) {
            let circle = told.join("`, `");
            return Err(Failure::say(
                Code::Usage,
                format!("the report profiles `{circle}` build on each other"),
            )
            .hint(format!("`{BASE}` is the name of, or the path to, a profile that stands by itself")));
        }
        let above = std::mem::replace(&mut layer.table, named_profile(&base)?.table);
        build_on(&mut layer.table, above);
        told.push(base);
    }
    Ok(layer)
}

/// Lays a profile over its base, table by table. A list of tables is the upper one's, in its order, and each of them is laid
/// over the base's with the same `id`.
fn build_on(base: &mut Table, above: Table) {
    for (key, value) in above {
        let value = match (base.remove(&key), value) {
            (Some(Value::Table(mut below)), Value::Table(above)) => {
                build_on(&mut below, above);
                Value::Table(below)
            }
            (Some(Value::Array(below)), Value::Array(above)) => {
                Value::Array(above.into_iter().map(|entry| completed(entry, &below)).collect())
            }
            (_, value) => value,
        };
        base.insert(key, value);
    }
}

fn completed(entry: Value, base: &[Value]) -> Value {
    let below = entry.get("id").and_then(|id| base.iter().find(|below| below.get("id") == Some(id)));
    match (below.cloned(), entry) {
        (Some(Value::Table(mut below)), Value::Table(above)) => {
            build_on(&mut below, above);
            Value::Table(below)
        }
        (_, entry) => entry,
    }
}

/// A profile by path, or by name: below config/reports here, else compiled in.
fn named_profile(name: &str) -> Result<Layer, Failure> {
    let file = Path::new(PROFILE_FOLDER).join(format!("{name}.toml"));
    let path = if Path::new(name).extension().is_some_and(|ending| ending == "toml") {
        Path::new(name)
    } else {
        &file
    };
    if path.is_file() {
        return Ok(Layer { name: path.display().to_string(), table: read(path)? });
    }
    let built_in = BUILT_IN_PROFILES.iter().find(|(known, _)| *known == name);
    let Some((_, text)) = built_in else {
        return Err(Failure::say(
            Code::Usage,
            format!("no report profile `{name}`: `{}` is not there", path.display()),
        )
        .hint(format!("built in: {}", BUILT_IN_PROFILES.map(|(name, _)| name).join(", "))));
    };
    Ok(Layer { name: format!("profile {name}"), table: parse(text, name)? })
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
    Layer { name: "the command line".to_owned(), table }
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

fn meant(merged: &Table, layer: &str) -> Result<Settings, Failure> {
    Settings::deserialize(Value::Table(merged.clone())).map_err(|error| unreadable(&error, layer))
}

fn unreadable(error: &toml::de::Error, layer: &str) -> Failure {
    let failure =
        Failure::say(Code::Usage, format!("in {layer}: {}", error.to_string().trim().replace('\n', " ")));
    match did_you_mean(error.message()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(
            "every key stands in config/default.toml or in the profile, config/reports/twitter_ai.toml",
        ),
    }
}

/// The nearest of the keys that serde lists behind an unknown one.
fn did_you_mean(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return None;
    }
    let mut named = message.split('`').skip(1).step_by(2);
    let unknown = named.next()?;
    let near = named
        .map(|known| (strsim::jaro_winkler(unknown, known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (near.0 > 0.75).then(|| near.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_has_every_key() {
        let mut merged = parse(DEFAULT, "default").unwrap();
        merge(&mut merged, parse(BUILT_IN_PROFILES[0].1, "profile").unwrap());
        meant(&merged, "default").unwrap();
    }

    #[test]
    fn a_profile_is_laid_over_its_base() {
        let mut base = parse(
            "[report]\nname = 'a'\nbrief = 'B'\n[[kinds]]\nid = 'x'\nphrase = 'X'\nwords = { w = 1 }\n[[kinds]]\nid = 'y'\n[rank]\nnews = ['n']",
            "base",
        )
        .unwrap();
        let above = "[report]\nname = 'b'\n[[kinds]]\nid = 'z'\n[[kinds]]\nid = 'x'\nphrase = 'P'\n[rank]\nnews = ['m']";
        build_on(&mut base, parse(above, "above").unwrap());
        let wanted = "[report]\nname = 'b'\nbrief = 'B'\n[[kinds]]\nid = 'z'\n[[kinds]]\nid = 'x'\nphrase = 'P'\nwords = { w = 1 }\n[rank]\nnews = ['m']";
        assert_eq!(base, parse(wanted, "wanted").unwrap());
    }

    #[test]
    fn an_unknown_key_is_named_with_the_nearest_one() {
        let mut merged = parse(DEFAULT, "default").unwrap();
        merge(&mut merged, parse(BUILT_IN_PROFILES[0].1, "profile").unwrap());
        merge(&mut merged, parse("[window]\ntimezon = 'UTC'", "own").unwrap());
        let failure = meant(&merged, "own.toml").unwrap_err();
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
