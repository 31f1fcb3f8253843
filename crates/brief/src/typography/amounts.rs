//! Large amounts in 万 and 亿 beside the unit that they were written with: `$640M（6.4 亿美元）`.
//!
//! Only where it is a shift of the decimal point and nothing else; the checker looks for it in the tweets like for any figure.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::quotes::keep;
use crate::pattern::pattern;

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<sign>US\$|[$€£])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?P<word>[Tt]rillion|[Bb]illion|[Mm]illion|bn|mn)|(?P<letter>[TBMKbmk]))(?-u:\b)",
    )
});
/// Digits behind the point that still read well.
const MOST_DECIMALS: usize = 4;
const SCALES: [(u32, &str); 3] = [(12, "万亿"), (8, "亿"), (4, "万")];

/// A text with its amounts of ten thousand and more told in Chinese too, outside quotations.
pub(super) fn beside(text: &str) -> String {
    let kept: Vec<bool> = keep(text).iter().flat_map(|glyph| vec![glyph.kept; glyph.c.len_utf8()]).collect();
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for hit in AMOUNT.captures_iter(text) {
        let Some(whole) = hit.get(0) else { continue };
        let quoted = kept.get(whole.start()).copied().unwrap_or(true);
        let around = (text.get(..whole.start()).unwrap_or(""), text.get(whole.end()..).unwrap_or(""));
        let is_told = |told: &String| text.contains(told.as_str()) || out.contains(told.as_str());
        let told = chinese(&hit).filter(|told| !quoted && stands_alone(around) && !is_told(told));
        out.push_str(text.get(done..whole.end()).unwrap_or(""));
        done = whole.end();
        if let Some(told) = told {
            out.extend(["（", &told, "）"]);
        }
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// No part of a name, a range or a rate, and not in brackets or before ones, where it may be told already.
fn stands_alone((left, right): (&str, &str)) -> bool {
    const RANGE: &str = "-–—~～至到/";
    let touches = left.ends_with(|c: char| c.is_ascii_alphanumeric() || "$€£¥.,+".contains(c));
    let within = left.trim_end_matches(' ').ends_with(|c: char| "(（".contains(c) || RANGE.contains(c));
    let right = right.trim_start_matches(' ');
    let named =
        ["美元", "美金", "欧元", "英镑", "港元", "加元", "澳元"].iter().any(|unit| right.starts_with(unit));
    let goes_on = right.starts_with(|c: char| "(（+".contains(c) || RANGE.contains(c));
    !(touches || within || named || goes_on)
}

fn chinese(hit: &Captures<'_>) -> Option<String> {
    let sign = hit.name("sign").map(|sign| sign.as_str());
    let scale = match (hit.name("word"), hit.name("letter")) {
        (Some(word), _) => word.as_str(),
        // Without a currency `72B` is a model's size.
        (None, letter) => letter.filter(|_| sign.is_some())?.as_str(),
    };
    let power = match scale.chars().next()?.to_ascii_lowercase() {
        't' => 12,
        'b' => 9,
        'm' => 6,
        _ => 3,
    };
    let money = match sign {
        Some("€") => "欧元",
        Some("£") => "英镑",
        Some(_) => "美元",
        None => "",
    };
    Some(format!("{}{money}", shifted(hit.name("digits")?.as_str(), power)?))
}

/// `1.25`, six places up: `125 万`.
fn shifted(digits: &str, power: u32) -> Option<String> {
    let digits = digits.replace(',', "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let value: u128 = format!("{whole}{part}").parse().ok()?;
    // In units of one over `10^decimals`.
    let decimals = u32::try_from(part.len()).ok()?;
    let value = value.checked_mul(10_u128.checked_pow(power)?)?;
    let (zeros, name) = SCALES
        .into_iter()
        .find(|(zeros, _)| 10_u128.checked_pow(zeros + decimals).is_some_and(|unit| value >= unit))?;
    let unit = 10_u128.checked_pow(zeros + decimals)?;
    let width = usize::try_from(zeros + decimals).ok()?;
    let part = format!("{:0width$}", value % unit);
    let part = part.trim_end_matches('0');
    (part.len() <= MOST_DECIMALS).then(|| {
        let point = if part.is_empty() { "" } else { "." };
        format!("{}{point}{part} {name}", value / unit)
    })
}
