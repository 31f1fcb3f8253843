//! `tuibao config`: the settings in force and where each comes from; what is wrong with them.

use serde_json::{Map, json};

use crate::{
    cli::{Common, ConfigCommand},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    settings::{self, Effective, Problem},
};

/// Shows the settings, or looks them over.
pub(crate) fn config(command: &ConfigCommand, common: &Common) -> Result<Code, Failure> {
    match command {
        ConfigCommand::Show { prefix } => show(prefix.as_deref().unwrap_or_default(), common),
        ConfigCommand::Check => check(common),
    }
}

fn show(prefix: &str, common: &Common) -> Result<Code, Failure> {
    let mut all = settings::effective(common)?;
    all.retain(|one| below(&dotted(&one.path), prefix));
    if all.is_empty() {
        return Err(Failure::say(Code::Usage, format!("no key begins with `{prefix}`"))
            .hint("`tuibao config show` prints all of them"));
    }
    if common.json {
        let keys: Map<_, _> = all.iter().map(|one| (dotted(&one.path), json!(one))).collect();
        console::data(&serde_json::to_string(&keys).or_fail(Code::Internal)?);
    } else {
        for one in &all {
            console::data(&line(one));
        }
    }
    Ok(Code::Done)
}

/// Whether a key is the one named, or in the table of this name.
fn below(key: &str, prefix: &str) -> bool {
    let rest = key.strip_prefix(prefix);
    prefix.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A line of TOML, with the layer as a comment.
fn line(one: &Effective) -> String {
    console::plain(&format!("{} = {}  # {}", dotted(&one.path), one.value, one.from))
}

/// A key with its tables, as TOML writes it.
fn dotted(path: &[String]) -> String {
    let bare = |key: &String| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    let written = path
        .iter()
        .map(|key| if bare(key) { key.clone() } else { toml::Value::String(key.clone()).to_string() });
    written.collect::<Vec<_>>().join(".")
}

/// Prints what is wrong; exit 2 when anything is.
fn check(common: &Common) -> Result<Code, Failure> {
    let (mut found, in_vain) = match settings::problems(common) {
        Ok(told) => told,
        // A file that cannot be read, or a preset that is not there: nothing behind it can be looked at.
        Err(failure) => (vec![Problem::from(failure)], Vec::new()),
    };
    if found.is_empty() {
        found = Job::problems(&settings::load(common)?).into_iter().map(Problem::from).collect();
    }
    if common.json {
        console::data(&json!({"problems": found, "without_effect": in_vain}).to_string());
    } else {
        tell(&found, &in_vain);
    }
    Ok(if found.is_empty() { Code::Done } else { Code::Usage })
}

fn tell(found: &[Problem], in_vain: &[String]) {
    for problem in found {
        // The hint names the one key that was meant; the list of all is in the JSON.
        let text = problem.to_string();
        let text = text
            .split(", expected one of ")
            .next()
            .filter(|_| problem.hint.starts_with("did you mean"))
            .unwrap_or(&text);
        console::data(&console::plain(&format!("wrong {text}")));
        if !problem.hint.is_empty() {
            console::data(&console::plain(&format!("      hint: {}", problem.hint)));
        }
    }
    for told in in_vain {
        console::data(&console::plain(&format!("note  {told}")));
    }
    if found.is_empty() {
        console::data("ok    configuration");
    }
}
