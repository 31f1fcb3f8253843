//! Wrong figures: another digit, unit or magnitude, or two that change places.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    super::figures::{Figure, Unit, figures, is_among, told},
    World, replaced, swapped,
};
use crate::support::dice::Dice;

/// Hedges, behind which another figure may round the tweet's own.
static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:超过|超|逾|至少|不到|不足|接近|近|约|大约|over|above|more than|at least|under|nearly|almost|about|around|up to|less than|~|>|<|不少于|不超过|多于|高于|低于|突破)\s?[$€¥]?$").unwrap()
});

fn is_hedged(text: &str, figure: &Figure) -> bool {
    HEDGE.is_match(&text[..figure.place.start])
}

pub(super) fn digit(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let all = figures(text);
    let figure = dice.choose(&all)?;
    let held = world.numbers();
    let digits = &text[figure.digits.clone()];
    let places: Vec<usize> =
        digits.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for _ in 0..8 {
        let at = *dice.choose(&places)?;
        let new = char::from(b'1' + dice.below(9) as u8);
        let changed = replaced(digits, at..at + 1, &new.to_string());
        let raw: f64 = changed.replace(',', "").parse().ok()?;
        let is_near = is_hedged(text, figure) && held.iter().any(|one| (one - raw).abs() <= 0.12 * raw);
        if changed != digits && !is_among(raw, &held) && !is_among(raw * figure.scale, &held) && !is_near {
            return Some(replaced(text, figure.digits.clone(), &changed));
        }
    }
    None
}

/// Units that stand for others only by mistake.
const UNITS: [(Unit, Unit); 18] = [
    (Unit::Dollar, Unit::Euro),
    (Unit::Dollar, Unit::Yuan),
    (Unit::Dollar, Unit::Percent),
    (Unit::Yuan, Unit::Dollar),
    (Unit::Percent, Unit::Times),
    (Unit::Percent, Unit::Dollar),
    (Unit::Times, Unit::Percent),
    (Unit::Minute, Unit::Hour),
    (Unit::Hour, Unit::Day),
    (Unit::Hour, Unit::Minute),
    (Unit::Day, Unit::Week),
    (Unit::Day, Unit::Hour),
    (Unit::Week, Unit::Month),
    (Unit::Month, Unit::Year),
    (Unit::Month, Unit::Week),
    (Unit::Megawatt, Unit::Gigawatt),
    (Unit::Gigawatt, Unit::Megawatt),
    (Unit::Gigabyte, Unit::Terabyte),
];

pub(super) fn unit(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let tweet = world.text();
    let held = figures(&tweet);
    let says =
        |value: f64, unit: Unit| held.iter().any(|one| one.unit == unit && is_among(value, &[one.value()]));
    let mut choices = Vec::new();
    for figure in figures(text) {
        let wrong = UNITS.iter().filter(|(of, other)| {
            *of == figure.unit && says(figure.value(), *of) && !says(figure.value(), *other)
        });
        choices.extend(wrong.map(|(_, other)| (figure.clone(), *other)));
    }
    let (figure, other) = dice.choose(&choices)?;
    Some(replaced(text, figure.place.clone(), &told(figure.value(), *other, world.chinese)))
}

pub(super) fn magnitude(text: &str, world: &World<'_>, dice: &mut Dice) -> Option<String> {
    let held = world.numbers();
    let scaled: Vec<Figure> = figures(text).into_iter().filter(|one| one.scale >= 1e4).collect();
    let figure = dice.choose(&scaled)?;
    let by = if world.chinese { 1e4 } else { 1e3 };
    let value = if dice.below(2) == 0 { figure.value() * by } else { figure.value() / by };
    let wrong = told(value, figure.unit, world.chinese);
    (!is_among(value, &held)).then(|| replaced(text, figure.place.clone(), &wrong))
}

/// Figures of one unit, so that each is still found again.
pub(super) fn swap_figures(text: &str, dice: &mut Dice) -> Option<String> {
    let all = figures(text);
    let mut pairs = Vec::new();
    for (place, one) in all.iter().enumerate() {
        let alike = all[place + 1..]
            .iter()
            .filter(|other| other.unit == one.unit && !is_among(other.value(), &[one.value()]));
        pairs.extend(alike.map(|other| (one.place.clone(), other.place.clone())));
    }
    let (one, other) = dice.choose(&pairs)?.clone();
    Some(swapped(text, one, other))
}
