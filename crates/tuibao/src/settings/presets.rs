//! Endpoints whose address, quirks and prices are known: `config/endpoints/<name>.toml`.
//!
//! A preset is a piece of configuration: its `[model]` comes behind `config/default.toml` and before everything that the user
//! says.

use std::path::Path;

use toml::{Table, Value};

use super::layers::{Layer, merge, parse, read};
use crate::exit::{Code, Failure};

const FOLDER: &str = "config/endpoints";
const BUILT_IN: [(&str, &str); 10] = [
    ("openai", include_str!("../../../../config/endpoints/openai.toml")),
    ("deepseek", include_str!("../../../../config/endpoints/deepseek.toml")),
    ("qwen", include_str!("../../../../config/endpoints/qwen.toml")),
    ("glm", include_str!("../../../../config/endpoints/glm.toml")),
    ("kimi", include_str!("../../../../config/endpoints/kimi.toml")),
    ("doubao", include_str!("../../../../config/endpoints/doubao.toml")),
    ("openrouter", include_str!("../../../../config/endpoints/openrouter.toml")),
    ("ollama", include_str!("../../../../config/endpoints/ollama.toml")),
    ("vllm", include_str!("../../../../config/endpoints/vllm.toml")),
    ("llamacpp", include_str!("../../../../config/endpoints/llamacpp.toml")),
];

/// Keys of how patient we are: those of a fallback are the first endpoint's unless it says otherwise.
const PATIENCE: [&str; 6] =
    ["timeout_seconds", "idle_seconds", "max_retries", "backoff_seconds", "max_wait_seconds", "call_minutes"];

/// The preset of this name: below `config/endpoints` here, else compiled in. None for the empty name.
pub(super) fn preset(name: &str) -> Result<Option<Layer>, Failure> {
    if name.is_empty() {
        return Ok(None);
    }
    let file = Path::new(FOLDER).join(format!("{name}.toml"));
    if file.is_file() {
        return Ok(Some(Layer { name: file.display().to_string(), table: read(&file)? }));
    }
    let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
        let known = BUILT_IN.map(|(name, _)| name).join(", ");
        return Err(Failure::say(
            Code::Usage,
            format!("no endpoint `{name}`: `{}` is not there", file.display()),
        )
        .hint(format!(
            "built in: {known}; for any other leave `model.endpoint` empty and set `model.base_url`"
        )));
    };
    let layer_name = format!("endpoint {name}");
    Ok(Some(Layer { table: parse(text, &layer_name)?, name: layer_name }))
}

/// The endpoint that a `[model]` table chooses.
pub(super) fn chosen(model: &Table) -> &str {
    model.get("endpoint").and_then(Value::as_str).unwrap_or_default()
}

/// A `[[model.fallback]]` table completed: the defaults, the first endpoint's patience, the preset, what the table says.
pub(super) fn as_fallback(defaults: &Table, first: &Table, fallback: &Table) -> Result<Table, Failure> {
    let mut model = defaults.clone();
    let patience = first.iter().filter(|(key, _)| PATIENCE.contains(&key.as_str()));
    merge(&mut model, patience.map(|(key, value)| (key.clone(), value.clone())).collect());
    if let Some(Layer { table, .. }) = preset(chosen(fallback))? {
        merge(&mut model, model_of(&table));
    }
    merge(&mut model, fallback.clone());
    Ok(model)
}

/// The `[model]` of a table; empty when there is none.
pub(super) fn model_of(table: &Table) -> Table {
    table.get("model").and_then(Value::as_table).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_model_that_can_be_asked() {
        for (name, _) in BUILT_IN {
            let layer = preset(name).unwrap().unwrap();
            assert_eq!(layer.table.keys().collect::<Vec<_>>(), ["model"], "{name}");
            let model = model_of(&layer.table);
            for key in ["base_url", "api_key_env", "ask"] {
                assert!(model.contains_key(key), "{name} lacks {key}");
            }
        }
    }

    #[test]
    fn an_unknown_preset_is_named_with_those_there_are() {
        let failure = preset("depseek").unwrap_err();
        assert!(failure.hint.unwrap().contains("deepseek, qwen"));
        assert!(preset("").unwrap().is_none());
    }
}
