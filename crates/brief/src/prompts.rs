//! Prompts: files that an editor can change without Rust, rendered strictly.
//!
//! The files of `prompts/` are compiled in as the default; a folder of the user's takes their place file by file. An
//! unknown variable in a prompt is an error, not an empty string.

use std::path::Path;

use serde::Serialize;
use tera::{Context, Tera};

/// The prompts compiled in: language/name and text.
const BUILT_IN: [(&str, &str); 18] = [
    ("en/system", include_str!("../../../prompts/en/system.md")),
    ("en/opinions", include_str!("../../../prompts/en/opinions.md")),
    ("en/events", include_str!("../../../prompts/en/events.md")),
    ("en/markets", include_str!("../../../prompts/en/markets.md")),
    ("en/special", include_str!("../../../prompts/en/special.md")),
    ("en/overview", include_str!("../../../prompts/en/overview.md")),
    ("en/key_points", include_str!("../../../prompts/en/key_points.md")),
    ("en/again", include_str!("../../../prompts/en/again.md")),
    ("en/repair", include_str!("../../../prompts/en/repair.md")),
    ("zh/system", include_str!("../../../prompts/zh/system.md")),
    ("zh/opinions", include_str!("../../../prompts/zh/opinions.md")),
    ("zh/events", include_str!("../../../prompts/zh/events.md")),
    ("zh/markets", include_str!("../../../prompts/zh/markets.md")),
    ("zh/special", include_str!("../../../prompts/zh/special.md")),
    ("zh/overview", include_str!("../../../prompts/zh/overview.md")),
    ("zh/key_points", include_str!("../../../prompts/zh/key_points.md")),
    ("zh/again", include_str!("../../../prompts/zh/again.md")),
    ("zh/repair", include_str!("../../../prompts/zh/repair.md")),
];

/// All prompts of all languages.
pub struct Prompts {
    tera: Tera,
    texts: Vec<(String, String)>,
}

/// What is wrong with a prompt.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// A file of the user's folder cannot be read.
    #[error("cannot read the prompt `{path}`: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A template that does not parse, an unknown variable, or no such prompt.
    #[error("the prompt `{name}` cannot be rendered: {source}")]
    Template {
        /// Language and name.
        name: String,
        /// Why, with line and column.
        source: Box<tera::Error>,
    },
}

impl Prompts {
    /// The prompts compiled in, each replaced by `folder/<language>/<name>.md` where that exists; and those that only
    /// the folder has.
    ///
    /// # Errors
    /// Names the file that cannot be read or parsed.
    pub fn load(folder: Option<&Path>) -> Result<Self, PromptError> {
        let mut texts: Vec<(String, String)> =
            BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        for (name, text) in folder.map(own_files).transpose()?.into_iter().flatten() {
            texts.retain(|(known, _)| *known != name);
            texts.push((name, text));
        }
        texts.sort();
        let mut tera = Tera::default();
        tera.autoescape_on(Vec::<&str>::new());
        for (name, text) in &texts {
            tera.add_raw_template(name, text)
                .map_err(|source| PromptError::Template { name: name.clone(), source: Box::new(source) })?;
        }
        Ok(Self { tera, texts })
    }

    /// Name and text of every prompt of a language, sorted: what a report in it depends on, for hashing.
    pub fn texts(&self, language: &str) -> impl Iterator<Item = &(String, String)> {
        let folder = format!("{language}/");
        self.texts.iter().filter(move |(name, _)| name.starts_with(&folder))
    }

    pub(crate) fn render(&self, name: &str, values: &impl Serialize) -> Result<String, PromptError> {
        let failed = |source| PromptError::Template { name: name.to_owned(), source: Box::new(source) };
        let context = Context::from_serialize(values).map_err(failed)?;
        self.tera.render(name, &context).map_err(failed)
    }
}

fn own_files(folder: &Path) -> Result<Vec<(String, String)>, PromptError> {
    let mut found = Vec::new();
    let unreadable =
        |path: &Path, source| PromptError::Unreadable { path: path.display().to_string(), source };
    for language in std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))?.flatten() {
        for file in std::fs::read_dir(language.path()).into_iter().flatten().flatten() {
            let path = file.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = std::fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                found.push((format!("{}/{stem}", language.file_name().to_string_lossy()), text));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_variable_is_an_error() {
        let mut prompts = Prompts::load(None).unwrap();
        prompts.tera.add_raw_template("zh/own", "{{ heading }} {{ headnig }}").unwrap();
        let failed = prompts.render("zh/own", &serde_json::json!({"heading": "x"})).unwrap_err();
        assert!(failed.to_string().contains("zh/own"), "{failed}");
    }

    #[test]
    fn every_built_in_prompt_asks_between_boundaries() {
        let prompts = Prompts::load(None).unwrap();
        let values = serde_json::json!({"boundary": "DATA-1", "heading": "H", "count": 10,
            "groups": [{"id": "g", "heading": "G"}], "tweets": "TWEETS", "claims": "CLAIMS"});
        for (name, _) in BUILT_IN.iter().filter(|(name, _)| !has_no_data(name)) {
            let text = prompts.render(name, &values).unwrap();
            let data =
                text.contains("\nDATA-1\nTWEETS\nDATA-1\n") || text.contains("\nDATA-1\nCLAIMS\nDATA-1\n");
            assert!(text.matches("DATA-1").count() == 2 && data, "{name}: {text}");
            let groups = text.contains("\n- g：G\n") || text.contains("\n- g: G\n");
            assert_eq!(groups, text.contains("TWEETS"), "only sections have groups; {name}: {text}");
        }
    }

    fn has_no_data(name: &str) -> bool {
        ["/system", "/again", "/repair"].iter().any(|ending| name.ends_with(ending))
    }

    /// A server keeps what it computed of a prompt's beginning, as long as that is the same to the byte.
    #[test]
    fn the_system_prompt_depends_on_title_and_seal_only_and_asks_for_json() {
        let prompts = Prompts::load(None).unwrap();
        for (name, _) in BUILT_IN.iter().filter(|(name, _)| name.ends_with("/system")) {
            let text =
                prompts.render(name, &serde_json::json!({"report_title": "TITLE", "seal": "SEAL"})).unwrap();
            assert!(
                ["TITLE", "SEAL", "JSON", "{\"claims\": [{"].iter().all(|part| text.contains(part)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_second_request_lists_every_problem() {
        let prompts = Prompts::load(None).unwrap();
        let values = serde_json::json!({"problems": ["not JSON", "cut"]});
        for (name, _) in BUILT_IN.iter().filter(|(name, _)| name.ends_with("/again")) {
            let text = prompts.render(name, &values).unwrap();
            assert!(text.contains("\n- not JSON\n- cut\n\n") && text.contains("JSON"), "{name}: {text}");
        }
    }
}
