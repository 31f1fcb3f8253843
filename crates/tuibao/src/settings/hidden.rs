//! What of a setting must not be shown. Keys and tokens have no place in the settings, but people put them there.

use std::sync::LazyLock;

use regex::Regex;
use toml::Value;

/// What stands in a secret's place.
const HIDDEN: &str = "(hidden)";
/// Last words of keys whose text is a secret.
const SECRET: [&str; 8] =
    ["key", "apikey", "token", "secret", "password", "passwd", "authorization", "bearer"];

/// User and password of an address, and the values of its query.
#[expect(clippy::expect_used, reason = "a literal pattern")]
static IN_ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(://)[^/?#\s@]*@|([?&][^=&#\s]*=)[^&#\s]+").expect("a pattern"));

/// What keys of services look like.
#[expect(clippy::expect_used, reason = "a literal pattern")]
static LIKE_A_KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(bearer\s|basic\s|sk-|gh[pousr]_|github_pat_|xox[a-z]-|glpat-|eyJ[a-z0-9])")
        .expect("a pattern")
});

/// A value as it may be shown under this key.
pub(super) fn shown(key: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if is_secret(key, text) => Value::String(HIDDEN.to_owned()),
        Value::String(text) => Value::String(IN_ADDRESS.replace_all(text, hide).into_owned()),
        Value::Array(list) => Value::Array(list.iter().map(|value| shown(key, value)).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.clone(), shown(key, value))).collect())
        }
        other => other.clone(),
    }
}

fn hide(found: &regex::Captures<'_>) -> String {
    match (found.get(1), found.get(2)) {
        (Some(scheme), _) => format!("{}{HIDDEN}@", scheme.as_str()),
        (_, Some(name)) => format!("{}{HIDDEN}", name.as_str()),
        _ => HIDDEN.to_owned(),
    }
}

fn is_secret(key: &str, text: &str) -> bool {
    let key = key.to_lowercase();
    let last = key.rsplit(['_', '-', ' ']).next().unwrap_or_default();
    // The name of a variable is shown, a key that was written in its place is not.
    let no_variable =
        last == "env" && !text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    !text.is_empty() && (SECRET.contains(&last) || no_variable || LIKE_A_KEY.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(key: &str, text: &str) -> String {
        shown(key, &Value::String(text.to_owned())).as_str().unwrap().to_owned()
    }

    #[test]
    fn secrets_are_hidden_and_all_else_is_shown() {
        assert_eq!(seen("api_key", "CANARY"), "(hidden)");
        assert_eq!(seen("x-api-key", "CANARY"), "(hidden)");
        assert_eq!(seen("api_key_env", "sk-canary"), "(hidden)");
        assert_eq!(seen("api_key_env", "OPENAI_API_KEY"), "OPENAI_API_KEY");
        assert_eq!(seen("api_key_file", "/run/secrets/key"), "/run/secrets/key");
        assert_eq!(seen("key_points", "核心信息"), "核心信息");
        assert_eq!(
            seen("base_url", "https://me:CANARY@host/v1?a=CANARY&b=CANARY#x"),
            "https://(hidden)@host/v1?a=(hidden)&b=(hidden)#x"
        );
        assert_eq!(seen("base_url", "https://api.openai.com/v1"), "https://api.openai.com/v1");
        assert_eq!(seen("anything", "Bearer CANARY"), "(hidden)");
    }

    #[test]
    fn lists_and_tables_are_looked_through() {
        let value: Value =
            toml::from_str::<toml::Table>("body = [{ token = 'CANARY', text = 'a' }]").unwrap().into();
        assert!(!shown("notify", &value).to_string().contains("CANARY"));
    }
}
