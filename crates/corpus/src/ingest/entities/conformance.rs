//! The *extract* suite of twitter-text, which lies beside the checkout.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Entity, Kind, around, find};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/twitter_text/extract.yml");

#[derive(serde::Deserialize)]
struct Suite {
    tests: BTreeMap<String, Vec<Case>>,
}

#[derive(serde::Deserialize)]
struct Case {
    description: String,
    text: String,
    expected: Value,
}

#[test]
fn the_suite_of_twitter_text() {
    let Ok(yaml) = std::fs::read_to_string(PATH) else {
        println!("skipped: no suite at {PATH}");
        return;
    };
    let suite: Suite = serde_saphyr::from_str(&yaml).unwrap();
    let mut faults = Vec::new();
    for (section, cases) in &suite.tests {
        let failed: Vec<String> = cases.iter().filter_map(|case| fault(section, case)).collect();
        println!("{section:<32}{:>4}/{}", cases.len() - failed.len(), cases.len());
        faults.extend(failed);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(suite.tests.values().map(Vec::len).sum::<usize>(), 238, "cases in the suite");
}

fn fault(section: &str, case: &Case) -> Option<String> {
    let found = answer(section, &case.text);
    let Case { description, text, expected } = case;
    (found != *expected)
        .then(|| format!("{section}: {description}\n  {text}\n  found {found}, expected {expected}"))
}

/// What we find, in the shape of the section.
fn answer(section: &str, text: &str) -> Value {
    let found = find(text);
    let kinds: &[Kind] = match section.split('_').next() {
        Some("mentions" | "replies") => &[Kind::Mention, Kind::List],
        Some("hashtags") => &[Kind::Hashtag],
        Some("cashtags") => &[Kind::Cashtag],
        _ if section.contains("urls") => &[Kind::Link, Kind::BareLink],
        _ => panic!("unknown section `{section}`"),
    };
    let mut found = found.iter().filter(|entity| kinds.contains(&entity.kind));
    if section == "replies" {
        let reply = found.next().filter(|entity| around(text, entity.range.start).0.trim().is_empty());
        return reply.map_or(Value::Null, |entity| json!(entity.name(text)));
    }
    let with_place = section.ends_with("_indices") || section == "urls_with_directional_markers";
    let shown = |entity| if with_place { placed(section, entity, text) } else { json!(entity.name(text)) };
    found.map(shown).collect()
}

/// With its place in characters.
fn placed(section: &str, entity: &Entity, text: &str) -> Value {
    let characters = |place: usize| around(text, place).0.chars().count();
    let indices = [characters(entity.range.start), characters(entity.range.end)];
    let name = entity.name(text);
    match section.split('_').next() {
        Some("urls") => json!({"url": name, "indices": indices}),
        Some("hashtags") => json!({"hashtag": name, "indices": indices}),
        Some("cashtags") => json!({"cashtag": name, "indices": indices}),
        _ if section.contains("lists") => {
            let (user, list) = name.split_at(name.find('/').unwrap_or(name.len()));
            json!({"screen_name": user, "list_slug": list, "indices": indices})
        }
        _ => json!({"screen_name": name, "indices": indices}),
    }
}
