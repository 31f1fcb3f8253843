//! Reads an audit file.

use serde_json::Value;

/// All claims in the order of the post, each with its part: `overview`, `key_points` or a section's id.
pub(crate) fn claims(audit: &Value) -> Vec<(&str, &Value)> {
    let brief = &audit["brief"];
    let sections =
        list(&brief["sections"]).iter().map(|section| (section["id"].as_str().unwrap(), &section["claims"]));
    let parts = ["overview", "key_points"].map(|part| (part, &brief[part])).into_iter().chain(sections);
    parts.flat_map(|(part, claims)| list(claims).iter().map(move |claim| (part, claim))).collect()
}

/// The claims of the detailed part.
pub(crate) fn detail(audit: &Value) -> Vec<(&str, &Value)> {
    claims(audit).into_iter().filter(|(part, _)| !matches!(*part, "overview" | "key_points")).collect()
}

/// The elements of an array.
#[track_caller]
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}
