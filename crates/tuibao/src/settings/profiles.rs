//! Report profiles: which one is chosen, where it is, and how one is laid over the profile that it builds on.

use std::path::Path;

use toml::{Table, Value};

use super::layers::{Layer, Source, parse, read};
use crate::exit::{Code, Failure};

const BUILT_IN: [(&str, &str); 2] = [
    ("twitter_ai", include_str!("../../../../config/reports/twitter_ai.toml")),
    ("twitter_ai_en", include_str!("../../../../config/reports/twitter_ai_en.toml")),
];
/// Names the profile that a profile builds on.
const BASE: &str = "base";
/// Chooses a profile, in all layers but a profile.
pub(super) const CHOICE: &str = "profile";
const FOLDER: &str = "config/reports";

/// A profile and those below it.
#[derive(Debug)]
pub(super) struct Profile {
    /// All of them in one.
    pub(super) whole: Layer,
    /// Each by itself, the lowest first.
    pub(super) parts: Vec<Layer>,
}

/// The profile of the report, laid over those that it builds on.
pub(super) fn profile(name: &str) -> Result<Profile, Failure> {
    let mut parts = vec![named(name)?];
    let mut told = vec![name.to_owned()];
    while let Some(base) = parts.last_mut().and_then(|lowest| lowest.table.remove(BASE)) {
        let base = base.as_str().unwrap_or_default().to_owned();
        if told.contains(&base) {
            let circle = told.join("`, `");
            return Err(Failure::say(
                Code::Usage,
                format!("the report profiles `{circle}` build on each other"),
            )
            .hint(format!("`{BASE}` is the name of, or the path to, a profile that stands by itself")));
        }
        parts.push(named(&base)?);
        told.push(base);
    }
    parts.reverse();
    let mut table = Table::new();
    for part in &parts {
        build_on(&mut table, part.table.clone());
    }
    let name = parts.last().map(|top| top.name.clone()).unwrap_or_default();
    Ok(Profile { whole: Layer { source: Source::Profile, name, table }, parts })
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
fn named(name: &str) -> Result<Layer, Failure> {
    let file = Path::new(FOLDER).join(format!("{name}.toml"));
    let path = if Path::new(name).extension().is_some_and(|ending| ending == "toml") {
        Path::new(name)
    } else {
        &file
    };
    if path.is_file() {
        return layer(path.display().to_string(), read(path)?);
    }
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
    let Some((_, text)) = built_in else {
        return Err(Failure::say(
            Code::Usage,
            format!("no report profile `{name}`: `{}` is not there", path.display()),
        )
        .hint(format!("built in: {}", BUILT_IN.map(|(name, _)| name).join(", "))));
    };
    layer(format!("profile {name}"), parse(text, name)?)
}

/// A profile is chosen before it is read, so none can choose another.
fn layer(name: String, table: Table) -> Result<Layer, Failure> {
    if table.contains_key(CHOICE) {
        return Err(Failure::say(Code::Usage, format!("in {name}: `{CHOICE}` cannot stand in a profile"))
            .hint(format!("did you mean `{BASE}`?")));
    }
    Ok(Layer { source: Source::Profile, name, table })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn every_built_in_profile_is_whole() {
        for (name, _) in BUILT_IN {
            assert!(profile(name).unwrap().whole.table.contains_key("subject"), "{name}");
        }
    }
}
