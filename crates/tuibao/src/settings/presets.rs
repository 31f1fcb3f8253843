//! What is known of others, as pieces of configuration: endpoints with their address, quirks and prices
//! (`config/endpoints/<name>.toml`), site generators with their folders and front matter (`config/sites/<name>.toml`).
//!
//! A preset comes behind `config/default.toml` and before everything that the user says.

use std::path::Path;

use toml::{Table, Value};

use super::layers::{Layer, Source, merge, parse, read};
use crate::exit::{Code, Failure};

/// Presets of one kind: where a user's own are, which are built in, and what to do without one.
pub(super) struct Kind {
    source: Source,
    what: &'static str,
    folder: &'static str,
    built_in: &'static [(&'static str, &'static str)],
    without: &'static str,
}

/// `model.endpoint`.
pub(super) const ENDPOINTS: Kind = Kind {
    source: Source::Endpoint,
    what: "endpoint",
    folder: "config/endpoints",
    built_in: &[
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
    ],
    without: "for any other leave `model.endpoint` empty and set `model.base_url`",
};

/// `output.preset`.
pub(super) const SITES: Kind = Kind {
    source: Source::SitePreset,
    what: "site preset",
    folder: "config/sites",
    built_in: &[
        ("jekyll", include_str!("../../../../config/sites/jekyll.toml")),
        ("jekyll_assets", include_str!("../../../../config/sites/jekyll_assets.toml")),
        ("hugo", include_str!("../../../../config/sites/hugo.toml")),
        ("astro", include_str!("../../../../config/sites/astro.toml")),
        ("hexo", include_str!("../../../../config/sites/hexo.toml")),
        ("plain", include_str!("../../../../config/sites/plain.toml")),
    ],
    without: "for any other site set the keys of [output] and `post.head` yourself",
};

/// Keys of how patient we are: those of a fallback are the first endpoint's unless it says otherwise.
const PATIENCE: [&str; 6] =
    ["timeout_seconds", "idle_seconds", "max_retries", "backoff_seconds", "max_wait_seconds", "call_minutes"];

/// The preset of this name: below the kind's folder here, else compiled in. None for the empty name.
pub(super) fn preset(kind: &Kind, name: &str) -> Result<Option<Layer>, Failure> {
    if name.is_empty() {
        return Ok(None);
    }
    let file = Path::new(kind.folder).join(format!("{name}.toml"));
    if file.is_file() {
        return Ok(Some(Layer {
            source: kind.source,
            name: file.display().to_string(),
            table: read(&file)?,
        }));
    }
    let Some((_, text)) = kind.built_in.iter().find(|(known, _)| *known == name) else {
        let known = kind.built_in.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(Failure::say(
            Code::Usage,
            format!("no {} `{name}`: `{}` is not there", kind.what, file.display()),
        )
        .hint(format!("built in: {known}; {}", kind.without)));
    };
    let layer_name = format!("{} {name}", kind.what);
    Ok(Some(Layer { source: kind.source, table: parse(text, &layer_name)?, name: layer_name }))
}

/// Refuses a name that no preset of a site generator has.
pub(crate) fn site_preset(name: &str) -> Result<(), Failure> {
    preset(&SITES, name).map(drop)
}

/// The preset that a table chooses by this key.
pub(super) fn chosen<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A `[[model.fallback]]` table completed: the defaults, the first endpoint's patience, the preset, what the table says.
pub(super) fn as_fallback(defaults: &Table, first: &Table, fallback: &Table) -> Result<Table, Failure> {
    let mut model = defaults.clone();
    let patience = first.iter().filter(|(key, _)| PATIENCE.contains(&key.as_str()));
    merge(&mut model, patience.map(|(key, value)| (key.clone(), value.clone())).collect());
    if let Some(Layer { table, .. }) = preset(&ENDPOINTS, chosen(fallback, "endpoint"))? {
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
        for (name, _) in ENDPOINTS.built_in {
            let layer = preset(&ENDPOINTS, name).unwrap().unwrap();
            assert_eq!(layer.table.keys().collect::<Vec<_>>(), ["model"], "{name}");
            let model = model_of(&layer.table);
            for key in ["base_url", "api_key_env", "ask"] {
                assert!(model.contains_key(key), "{name} lacks {key}");
            }
        }
    }

    #[test]
    fn an_unknown_preset_is_named_with_those_there_are() {
        let failure = preset(&ENDPOINTS, "depseek").unwrap_err();
        assert!(failure.hint.unwrap().contains("deepseek, qwen"));
        assert!(preset(&ENDPOINTS, "").unwrap().is_none());
    }
}
