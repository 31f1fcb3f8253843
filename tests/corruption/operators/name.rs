//! Wrong names: another version or ticker, an invented long form, two that change places, words in another's mouth.

use std::sync::LazyLock;

use regex::Regex;

use super::{HANDLE, NAME, Source, World, replaced, swapped};
use crate::support::dice::Dice;

static TICKER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$[A-Z]{2,5}\b").unwrap());
static VERSION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[A-Z][A-Za-z]+-(?P<n>\d{1,2}(?:\.\d)?)(?P<more>B?)\b").unwrap());
static ACRONYM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[A-Z]{3,5}\b").unwrap());

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

pub(super) fn version(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let hits: Vec<regex::Captures<'_>> = VERSION.captures_iter(text).collect();
    let hit = dice.choose(&hits)?;
    let (whole, number) = (hit.get(0)?, hit.name("n")?);
    let wrong = match dice.below(3) {
        0 => format!("{} Pro", whole.as_str()),
        1 => format!("{}-Mini", whole.as_str()),
        _ => {
            let raised =
                number.as_str().parse::<f64>().ok()? + if number.as_str().contains('.') { 0.1 } else { 1.0 };
            let number = number.start() - whole.start()..number.end() - whole.start();
            replaced(whole.as_str(), number, &format!("{}", (raised * 10.0).round() / 10.0))
        }
    };
    let is_there = folded(&world.text()).contains(&folded(&wrong));
    (!is_there).then(|| replaced(text, whole.range(), &wrong))
}

pub(super) fn ticker(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let hits: Vec<regex::Match<'_>> = TICKER.find_iter(text).collect();
    let other = dice.choose(&["$NVDA", "$AMD", "$TSLA", "$ETH", "$MSFT"])?;
    let hit = dice.choose(&hits)?;
    (!world.text().contains(&other[1..])).then(|| replaced(text, hit.range(), other))
}

const CHINESE_FORMS: [&str; 4] =
    ["约束自回归语言模型", "动态推理加速架构", "统一多模态表示框架", "分布式键值存储系统"];
const ENGLISH_WORDS: [&str; 26] = [
    "Adaptive",
    "Balanced",
    "Constrained",
    "Dynamic",
    "Embedded",
    "Federated",
    "General",
    "Hybrid",
    "Inference",
    "Joint",
    "Kernel",
    "Language",
    "Model",
    "Neural",
    "Optimised",
    "Parallel",
    "Quantised",
    "Recurrent",
    "Sparse",
    "Tensor",
    "Unified",
    "Vector",
    "Weighted",
    "Xenial",
    "Yield",
    "Zonal",
];

pub(super) fn expansion(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let alone = |hit: &regex::Match<'_>| {
        let before = text[..hit.start()].chars().next_back();
        let behind = text[hit.end()..].chars().next();
        !before.is_some_and(|c| matches!(c, '$' | '@' | '-'))
            && !behind.is_some_and(|c| matches!(c, '-' | '（' | '('))
    };
    let hits: Vec<regex::Match<'_>> = ACRONYM.find_iter(text).filter(alone).collect();
    let hit = dice.choose(&hits)?;
    let long = if world.chinese {
        format!("（{}）", dice.choose(&CHINESE_FORMS)?)
    } else {
        let words = hit.as_str().bytes().map(|letter| ENGLISH_WORDS[usize::from(letter - b'A')]);
        format!(" ({})", words.collect::<Vec<_>>().join(" "))
    };
    Some(replaced(text, hit.end()..hit.end(), &long))
}

pub(super) fn swap_names(text: &str, dice: &mut Dice) -> Option<String> {
    // The first word of a sentence has a capital also where it is no name.
    let is_name = |hit: &regex::Match<'_>| {
        let before = text[..hit.start()].trim_end();
        let begins = before.is_empty() || before.ends_with(['.', ':', '!', '?', '“', '"']);
        let is_part = text[..hit.start()].ends_with(['@', '$']);
        hit.as_str().starts_with(char::is_uppercase) && hit.len() > 2 && !begins && !is_part
    };
    // Neighbours may be two words of one name.
    let are_apart = |one: &regex::Match<'_>, other: &regex::Match<'_>| {
        let (end, start) = (one.end().min(other.end()), one.start().max(other.start()));
        text[end..start].chars().any(char::is_alphabetic)
    };
    let names: Vec<regex::Match<'_>> = NAME.find_iter(text).filter(is_name).collect();
    let one = dice.choose(&names)?;
    let others: Vec<&regex::Match<'_>> =
        names.iter().filter(|other| other.as_str() != one.as_str() && are_apart(one, other)).collect();
    let other = dice.choose(&others)?;
    let (first, second) = if one.start() < other.start() { (one, *other) } else { (*other, one) };
    Some(swapped(text, first.range(), second.range()))
}

/// The words of one author in another's mouth, whom no cited tweet names.
pub(super) fn attribution(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let said = world.text().to_lowercase();
    let strangers: Vec<&&Source> =
        world.others.iter().filter(|other| !said.contains(&other.by[1..].to_lowercase())).collect();
    let other = dice.choose(&strangers)?;
    let hit = HANDLE.find(text)?;
    Some(replaced(text, hit.range(), &other.by))
}
