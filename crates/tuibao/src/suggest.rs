//! `tuibao inspect --suggest-mapping`: a proposed mapping as TOML to copy, words about it on stderr.

use std::{collections::BTreeMap, path::Path};

use corpus::{Format, SuggestError, Suggested, Suggestion};
use serde_json::{Map, Value, json};

use crate::{
    cli::Common,
    console,
    exit::{Code, Failure, OrFail},
    mappings::glob_of,
    places, reading,
    settings::CorpusSettings,
};

/// Proposes a mapping for one file; nothing for one that is read as it is, unless with `--force`.
pub(crate) fn suggest(file: &str, settings: &CorpusSettings, common: &Common) -> Result<Code, Failure> {
    if Path::new(file).is_dir() {
        return Err(Failure::say(Code::Usage, format!("`{file}` is a folder"))
            .hint("name one of its files: a mapping is for files of one shape"));
    }
    let input = reading::input(Path::new(file), None, settings);
    match corpus::suggest(input, &settings.bounds(), common.force).map_err(|error| failed(file, error))? {
        Suggested::Known(formats) => known(file, &formats, common),
        Suggested::Mapping(suggestion) => proposed(file, *suggestion, common),
    }
}

fn failed(file: &str, error: SuggestError) -> Failure {
    match error {
        SuggestError::Unreadable(fault) => places::unreadable(file, fault),
        error => Failure::new(Code::Input, error)
            .within(format!("no mapping for `{file}`"))
            .hint("the README's \"Any other shape\" tells how to write one by hand"),
    }
}

fn known(file: &str, formats: &BTreeMap<Format, u64>, common: &Common) -> Result<Code, Failure> {
    let formats: BTreeMap<&str, u64> =
        formats.iter().map(|(format, count)| (format.name(), *count)).collect();
    let told: Vec<String> = formats.iter().map(|(format, count)| format!("{count} of `{format}`")).collect();
    say(
        common,
        &format!("`{file}` needs no mapping: its first records are read as they are, {}", told.join(", ")),
    );
    say(common, "with --force one is proposed all the same");
    if common.json {
        print(&json!({"known": formats, "mapping": null}))?;
    }
    Ok(Code::Done)
}

fn proposed(file: &str, mut suggestion: Suggestion, common: &Common) -> Result<Code, Failure> {
    suggestion.mapping.files = vec![glob_of(file)];
    let keys = keys(&suggestion).or_fail(Code::Internal)?;
    if common.json {
        let mut value = serde_json::to_value(&suggestion).or_fail(Code::Internal)?;
        if let Some(fields) = value.as_object_mut() {
            fields.insert("mapping".to_owned(), Value::Object(keys));
            fields.insert("known".to_owned(), Value::Null);
        }
        print(&value)?;
    } else {
        block(&suggestion, &keys).or_fail(Code::Internal)?.iter().for_each(|line| console::data(line));
    }
    let Suggestion { tweets, records, .. } = suggestion;
    say(
        common,
        &format!("{tweets} of the {records} records at the beginning of `{file}` become tweets with it"),
    );
    suggestion.remarks.iter().for_each(|remark| say(common, remark));
    let refusal = suggestion.refusal.unwrap_or_default();
    if tweets == 0 {
        let failure =
            Failure::say(Code::Input, format!("no record becomes a tweet with this mapping: {refusal}"));
        return Err(failure.hint("add what is missing, and run `tuibao inspect` with it"));
    }
    if tweets < records {
        say(common, &format!("the first that does not: {refusal}"));
    }
    Ok(Code::Done)
}

/// The keys of a mapping that say something, in their order.
fn keys(suggestion: &Suggestion) -> serde_json::Result<Map<String, Value>> {
    let Value::Object(mut keys) = serde_json::to_value(&suggestion.mapping)? else { return Ok(Map::new()) };
    keys.retain(|_, value| ![json!(""), json!([]), json!(0)].contains(value));
    Ok(keys)
}

/// The mapping as it goes into `tuibao.toml`.
fn block(suggestion: &Suggestion, keys: &Map<String, Value>) -> Result<Vec<String>, toml::ser::Error> {
    let mut lines = vec!["[[corpus.mapping]]".to_owned()];
    for (key, value) in keys {
        let value = toml::Value::try_from(value)?;
        let found = suggestion.found.iter().find(|evidence| evidence.field == key);
        let sample = found.map_or(String::new(), |found| format!("  # {}", console::plain(&found.sample)));
        lines.push(format!("{key} = {value}{sample}"));
    }
    if !suggestion.missing.is_empty() {
        lines.push("# not found:".to_owned());
        lines.extend(suggestion.missing.iter().map(|key| format!("# {key} = \"\"")));
    }
    Ok(lines)
}

fn print(value: &Value) -> Result<(), Failure> {
    console::data(&serde_json::to_string_pretty(value).or_fail(Code::Internal)?);
    Ok(())
}

fn say(common: &Common, words: &str) {
    if !common.quiet {
        console::say(words);
    }
}
