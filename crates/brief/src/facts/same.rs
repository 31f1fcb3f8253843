//! Whether two figures say the same.

use super::{Bound, Fact, Unit};

/// Whether the held figure says what the wanted one says: the same value of a unit that does not contradict, or one that
/// the wanted one rounds and says so.
pub(crate) fn same_figure(held: &Fact, wanted: &Fact) -> bool {
    let (
        Fact::Figure { value: a, unit: of_a, bound: exact_a, .. },
        Fact::Figure { value: b, unit: of_b, bound: exact_b, written },
    ) = (held, wanted)
    else {
        return false;
    };
    // Down by eight times is down to an eighth; ten times and ten per cent only look alike.
    let inverse = !close(*a, *b)
        && match (of_a, of_b) {
            (Unit::Times, Unit::Percent) => close(100.0 / a, *b),
            (Unit::Percent, Unit::Times) => close(100.0 / b, *a),
            _ => false,
        };
    let contradicts = matches!((exact_a, exact_b), (Bound::Over, Bound::Under) | (Bound::Under, Bound::Over));
    inverse || fits(*of_a, *of_b) && !contradicts && (close(*a, *b) || rounds(*a, *b, *exact_b, written))
}

/// The first of a text's figures that says what the wanted one says. A sum whose currency the text leaves out has that of its
/// other sums; one in Chinese without any is in yuan.
pub(crate) fn figure_in<'f>(held: &'f [Fact], text: &str, wanted: &Fact) -> Option<&'f Fact> {
    let Fact::Figure { unit, .. } = wanted else { return None };
    let units = || held.iter().filter_map(Fact::unit);
    let is_plain_yuan = *unit == Unit::Yuan && is_chinese(text) && !units().any(Unit::is_money);
    let implied = unit.is_money() && (is_plain_yuan || units().any(|held| held == *unit));
    // The 6 of `第 6 条` is no six weeks where the text has six months.
    let value = |fact: &Fact| fact.value().unwrap_or(f64::NAN);
    let is_other_measure = |held: &Unit| held.is_measure() && held != unit;
    let has_other = unit.is_measure()
        && held.iter().any(|held| {
            close(value(held), value(wanted)) && held.unit().is_some_and(|unit| is_other_measure(&unit))
        });
    held.iter().filter(|held| !has_other || held.unit() == Some(*unit)).find(|held| {
        same_figure(held, wanted)
            || implied && held.unit() == Some(Unit::Plain) && same_figure(held, &wanted.without_unit())
    })
}

/// Whether most of a text's letters are Chinese.
fn is_chinese(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (han, all) = letters.fold((0, 0), |(han, all), c| (han + u32::from(corpus::is_han_char(c)), all + 1));
    han * 2 > all
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

/// A unit that is not said contradicts none, money and shares excepted.
fn fits(held: Unit, wanted: Unit) -> bool {
    held == wanted
        || matches!((held, wanted), (Unit::Plain, Unit::Times) | (Unit::Times, Unit::Plain))
        || matches!(
            (held, wanted),
            (Unit::YuanOrYen, Unit::Yuan | Unit::Yen) | (Unit::Yuan | Unit::Yen, Unit::YuanOrYen)
        )
        || matches!(
            (held, wanted),
            (Unit::Point, Unit::Percent | Unit::Plain) | (Unit::Percent | Unit::Plain, Unit::Point)
        )
        || (wanted == Unit::Plain && held.is_money())
        || (held == Unit::Plain && wanted.is_measure())
        || (wanted == Unit::Plain && held.is_measure())
}

/// `约 120 万` for 1,203,456; `超过 120 万` for 1,230,000; `近 120 万` for 1,190,000.
fn rounds(held: f64, wanted: f64, bound: Bound, written: &str) -> bool {
    let near = (held - wanted).abs() <= 0.05 * wanted.abs();
    let step = wanted / significant(written);
    match bound {
        Bound::Exact => false,
        Bound::About => near && (held - wanted).abs() <= step / 2.0 + 1e-9,
        Bound::Over => near && held >= wanted && held - wanted < step,
        Bound::Under => near && held <= wanted && wanted - held < step,
    }
}

/// The written digits as an integer without trailing zeros, so that value ÷ it is the unit of the last digit.
fn significant(written: &str) -> f64 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let trimmed = digits.trim_start_matches('0').trim_end_matches('0');
    trimmed.parse().unwrap_or(1.0_f64).max(1.0)
}
