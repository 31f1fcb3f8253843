//! Changes a JSON value as a value: random bytes alone rarely get past its syntax.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Value, json};

/// Keys that shapes are told by, and those that lead to their fields.
const KEYS: &str = include_str!("../dictionary");

/// Room for what a change of bytes may make of a piece.
const PIECE: usize = 512;

/// Changes one value within a JSON value; anything else, and every third time, its bytes.
pub fn mutate_json(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1 << 32);
    let parsed = data.get(..size).and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let Some(mut value) = parsed.filter(|_| dice.roll(3) > 0) else {
        return fuzzer_mutate(data, size, most);
    };
    for _ in 0..=dice.roll(3) {
        change(&mut value, &mut dice);
    }
    let changed = value.to_string().into_bytes();
    if changed.len() > most {
        return fuzzer_mutate(data, size, most);
    }
    data[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

/// xorshift: what libFuzzer gives is a seed, and one is enough.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % sides.max(1)
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// The value at a place, counted depth first.
fn at<'v>(value: &'v mut Value, place: &mut usize) -> Option<&'v mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| at(item, place)),
        Value::Object(fields) => fields.values_mut().find_map(|field| at(field, place)),
        _ => None,
    }
}

fn change(value: &mut Value, dice: &mut Dice) {
    let (mut from, mut to) = (dice.roll(count(value)), dice.roll(count(value)));
    let other = at(value, &mut from).map(|other| other.clone());
    let Some(target) = at(value, &mut to) else { return };
    match dice.roll(10) {
        0 | 1 => *target = special(dice),
        2 => *target = other.unwrap_or_default(),
        3 => *target = json!([target.take()]),
        4 => *target = json!({key(dice): target.take()}),
        5 => drop_one(target, dice),
        6 => put(target, special(dice), dice),
        7 => put(target, other.unwrap_or_default(), dice),
        8 => rename(target, dice),
        _ => bytes_of(target, dice),
    }
}

fn key(dice: &mut Dice) -> String {
    let keys: Vec<&str> = KEYS.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"')).collect();
    keys[dice.roll(keys.len())].to_owned()
}

fn drop_one(target: &mut Value, dice: &mut Dice) {
    match target {
        Value::Array(items) if !items.is_empty() => drop(items.remove(dice.roll(items.len()))),
        Value::Object(fields) => {
            let name = fields.keys().nth(dice.roll(fields.len())).cloned();
            name.and_then(|name| fields.remove(&name));
        }
        _ => *target = Value::Null,
    }
}

fn put(target: &mut Value, value: Value, dice: &mut Dice) {
    match target {
        Value::Array(items) => items.push(value),
        Value::Object(fields) => drop(fields.insert(key(dice), value)),
        _ => *target = value,
    }
}

fn rename(target: &mut Value, dice: &mut Dice) {
    let Value::Object(fields) = target else { return };
    let chosen = dice.roll(fields.len());
    let old = std::mem::take(fields).into_iter().enumerate();
    *fields = old
        .map(|(place, (name, value))| (if place == chosen { key(dice) } else { name }, value))
        .collect::<Map<_, _>>();
}

/// libFuzzer's own change, of a string's bytes.
fn bytes_of(target: &mut Value, dice: &mut Dice) {
    match target {
        Value::String(text) => {
            let mut bytes = text.clone().into_bytes();
            let size = bytes.len().min(PIECE / 2);
            bytes.resize(PIECE, 0);
            let size = fuzzer_mutate(&mut bytes, size, PIECE);
            *text = String::from_utf8_lossy(bytes.get(..size).unwrap_or_default()).into_owned();
        }
        Value::Number(_) => *target = json!(dice.0 >> dice.roll(64)),
        other => *other = special(dice),
    }
}

fn special(dice: &mut Dice) -> Value {
    const STRINGS: [&str; 29] = [
        "",
        "20",
        "2015203109400965595",
        "9223372036854775808",
        "1.8e18",
        "+5",
        "true",
        "https://x.com/mei/status/20",
        "https://t.co/a1",
        "see https://t.co/a1//t.co/b, https://example.org/?a=1&amp;b=2",
        "RT @mei: 你好 #模型 $AAPL @bob",
        "\u{202e}a\u{200d}b\u{feff}",
        "👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥 \u{2329}\u{200d}👩",
        "e\u{301}\u{338}",
        "#\u{fe0f}\u{20e3}#a",
        "a\r\n\u{2028}\u{85}b\0",
        "Wed Jul 08 21:59:10 +0000 2026",
        "2026-07-08T21:59:10.125Z",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:59-12:00",
        "Mon Jan 01 00:00:00 +0000 +12024",
        "-0001-07-08 21:59:10",
        "@mei",
        "a b",
        "../x",
        "&#8238;&#0;&#x110000;&amp;amp;",
        "['a', \"b\"]",
        "und",
        "retweeted",
    ];
    match dice.roll(12) {
        0 => Value::Null,
        1 => json!(dice.roll(2) == 0),
        2 => json!([]),
        3 => json!({}),
        4 => json!(0),
        5 => json!(u64::MAX >> dice.roll(64)),
        6 => json!(-1),
        7 => json!([1.5e18, 1e308, -0.0, 1_783_547_950_000.9][dice.roll(4)]),
        _ => json!(STRINGS[dice.roll(STRINGS.len())]),
    }
}
